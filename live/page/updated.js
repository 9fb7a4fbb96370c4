/**
 * Notices that the site was updated after this page was loaded: what the page fetches later may be gone then. The reader
 * is told in one line, and Reload brings the new build with their edits.
 */
import * as edits from "./edits.js";

/** For messages that stand elsewhere on the page. */
export const UPDATED = "The site was updated after you opened this page. Reload the page; your edits are kept.";
const KEPT = `edits of ${location.pathname}`; // in sessionStorage, from Reload to the new page

let notice;

/**
 * Whether an address is gone, and not only out of reach; if so, the page offers Reload.
 * @param {string} [address] of what could not be fetched. Without one, it is the page's own first module, whose address
 *   contains a hash of it and of all modules, style sheets and files of Python that it leads to.
 */
export async function updated(address = document.querySelector('script[src*="/live-"]').getAttribute("src")) {
  const response = await fetch(address, { method: "HEAD", cache: "no-store" }).catch(() => null);
  const gone = response?.status === 404 || response?.status === 410;
  if (gone) offerReload();
  return gone;
}

function offerReload() {
  if (notice) return;
  notice = document.createElement("p");
  notice.className = "live-updated";
  notice.setAttribute("role", "status");
  const reload = document.createElement("button");
  reload.type = "button";
  reload.className = "live-button";
  reload.textContent = "Reload";
  reload.addEventListener("click", () => {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(edits.all()));
      location.reload();
    } catch {
      notice.firstChild.data = "This browser can't keep your edits while the page reloads. Copy them first. ";
      reload.addEventListener("click", () => location.reload(), { once: true });
    }
  });
  notice.append("The site was updated after you opened this page. ", reload);
  document.body.append(notice);
}

/** Brings back the edits that Reload kept. Nothing runs by that. */
export function restore() {
  let kept;
  try {
    kept = JSON.parse(sessionStorage.getItem(KEPT));
    sessionStorage.removeItem(KEPT);
  } catch {
    return;
  }
  for (const [path, text] of Object.entries(kept ?? {})) {
    const [, folder, file] = /^([^/]*)\/(.*)$/.exec(path);
    for (const example of document.querySelectorAll(`.example[data-app][data-folder="${CSS.escape(folder)}"]`)) {
      edits.change(example, file, text);
    }
  }
}

// A module that nobody waits for, such as the one of the tests.
addEventListener("unhandledrejection", () => updated());
