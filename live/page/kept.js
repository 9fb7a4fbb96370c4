/**
 * What the reader did on this page, in the tab's sessionStorage until the tab is closed: edits, and of each panel the
 * visitors, the clock and the keys made for it. Where nothing can be kept, the page works all the same without it.
 */
const KEY = `live ${location.pathname}`;
const VERSION = 1; // another build may keep something else here, which is ignored

/** @typedef {{ version: number, edits?: Record<string, string>, linked?: string[], panels?: Record<string, any> }} Kept */

/** @returns {Kept | null} what is kept of this page; its parts may be damaged */
export function kept() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY));
    return found?.version === VERSION ? found : null;
  } catch {
    return null;
  }
}

const now = kept() ?? { version: VERSION };
let timer;

/** Keeps one part of it, soon. */
export function keep(part, value) {
  now[part] = value;
  clearTimeout(timer);
  timer = setTimeout(write, 300);
}

/** Keeps at once what `keep` was given. Returns whether the browser could. */
export function write() {
  clearTimeout(timer);
  timer = 0;
  try {
    const empty = !Object.values(now).some((part) => Object.keys(Object(part)).length);
    if (empty) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(now));
    return true;
  } catch {
    try {
      sessionStorage.removeItem(KEY); // rather nothing than something older
    } catch {}
    return false;
  }
}

addEventListener("pagehide", () => timer && write());
