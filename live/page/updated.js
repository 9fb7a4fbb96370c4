/**
 * Notices that the site was updated after this page was loaded: what the page fetches later may be gone then. The reader
 * is told in one line, and Reload brings the new build with their edits (live/page/kept.js).
 */
import { write } from "./kept.js";

/** For messages that stand elsewhere on the page. */
export const UPDATED = "The site was updated after you opened this page. Reload the page; your edits are kept.";

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

/** Shows the line with Reload, once. */
export function offerReload() {
  if (notice) return;
  notice = document.createElement("p");
  notice.className = "live-updated";
  notice.setAttribute("role", "status");
  const reload = document.createElement("button");
  reload.type = "button";
  reload.className = "live-button";
  reload.textContent = "Reload";
  reload.addEventListener("click", () => {
    if (write()) return location.reload();
    notice.firstChild.data = "This browser can't keep your edits while the page reloads. Copy them first. ";
    reload.addEventListener("click", () => location.reload(), { once: true });
  });
  notice.append("The site was updated after you opened this page. ", reload);
  document.body.append(notice);
}

// A module that nobody waits for, such as the one of the tests.
addEventListener("unhandledrejection", () => updated());
