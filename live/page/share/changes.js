/** Shows which lines of an example are not the page's own: a bar beside each, and all of them with what they replaced. */
import { h, style } from "../dom.js";
import { mount } from "../editor/editor.js";
import { changed, files, original } from "../edits.js";
import { longestCommon } from "../sequence.js";
import changesStyle from "./changes.css";

const LONGEST = 2000; // lines; a longer file is said to have changed as a whole

/** @typedef {{ line: number, removed: string[], added: string[] }} Change at a line of the new text, counted from 0 */

/**
 * What changed from one text to another.
 * @param {string} before
 * @param {string} after
 * @returns {Change[]}
 */
export function changesOf(before, after) {
  const [old, now] = [before, after].map((text) => text.replace(/\n$/, "").split("\n"));
  if (old.length > LONGEST || now.length > LONGEST) return [{ line: 0, removed: old, added: now }];
  const [keptOld, keptNow] = longestCommon(old, now);
  const found = [];
  for (let i = 0, j = 0; i < old.length || j < now.length; i++, j++) {
    const change = { line: j, removed: [], added: [] };
    while (i < old.length && !keptOld.has(i)) change.removed.push(old[i++]);
    while (j < now.length && !keptNow.has(j)) change.added.push(now[j++]);
    if (change.removed.length || change.added.length) found.push(change);
  }
  return found;
}

const shown = new Set();

/**
 * Shows them, until the code is the page's own again.
 * @param {HTMLElement} example
 */
export async function showChanges(example) {
  await Promise.all([style(changesStyle), mount(example)]);
  shown.add(example);
  draw(example);
}

let timer;
addEventListener("example-edited", ({ target }) => {
  if (!shown.has(target)) return;
  clearTimeout(timer);
  timer = setTimeout(() => draw(/** @type {HTMLElement} */ (target)), 300);
});

function draw(example) {
  for (const old of example.querySelectorAll(".changed-bar")) old.remove();
  const fold = example.querySelector(":scope > .changed-lines") ?? h("details", { className: "changed-lines" });
  const paths = changed(example);
  const [now, before] = [files(example), original(example)];
  /** @type {[string, Change[]][]} */
  const parts = paths.map((path) => [path, changesOf(before[path], now[path])]);
  for (const [path, changes] of parts) {
    const area = [...example.querySelectorAll(".editor > textarea")].find(({ ariaLabel }) => ariaLabel === path);
    area?.before(...changes.map(bar));
  }
  if (!parts.length) {
    fold.remove();
    return;
  }
  const number = parts.reduce((sum, [, changes]) => sum + changes.length, 0);
  fold.replaceChildren(
    h("summary", {}, `What was changed: ${number} ${number === 1 ? "place" : "places"} in ${paths.join(", ")}`),
    ...parts.flatMap(([path, changes]) => [h("p", {}, path), ...changes.map(describe)]),
  );
  const line = example.querySelector(":scope > [role=status]");
  if (!fold.parentNode) (line ?? example.firstElementChild).after(fold);
}

function bar({ line, added }) {
  const element = h("span", { className: added.length ? "changed-bar" : "changed-bar changed-gone" });
  element.style.setProperty("--line", String(line));
  element.style.setProperty("--lines", String(added.length));
  return element;
}

/** One change as lines that went and lines that came. */
export function describe({ line, removed, added }) {
  const lines = (tag, mark, list) => list.map((text) => h(tag, {}, `${mark} ${text}\n`));
  return h("pre", { ariaLabel: `Line ${line + 1}` }, ...lines("del", "\u2212", removed), ...lines("ins", "+", added));
}
