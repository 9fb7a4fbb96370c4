/**
 * Keeps the pages that a reader opens, by a service worker (live/offline/service-worker.js): from the first Run or a press
 * on the page kept/, until the reader stops it there.
 */
import { offerReload } from "./updated.js";

const ROOT = new URL("../../", import.meta.url).pathname; // this module is in assets/live/
const NAME = `offline ${ROOT} `;
/** What says that the reader stopped it. */
export const STOPPED = ".__offline";

const build = () => /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="build"]'))?.content;

/** Whether this site and this browser can. A page in a frame keeps nothing; where storage is blocked, to ask is an error. */
export function possible() {
  try {
    return Boolean(build() && self === top && isSecureContext && navigator.serviceWorker);
  } catch {
    return false;
  }
}

let watching = false;

/** Tells of a newer build as soon as it is kept. */
export function watch() {
  if (watching) return;
  watching = true;
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data.build && build() && data.build !== build()) offerReload();
  });
}

/** @returns {Promise<ServiceWorkerRegistration | undefined>} this site's own, not one of a site above it */
async function registration() {
  const found = possible() ? await navigator.serviceWorker.getRegistration(ROOT) : undefined;
  return found && new URL(found.scope).pathname === ROOT ? found : undefined;
}

/** Whether pages are kept. */
export const keeps = async () => Boolean((await registration().catch(() => undefined))?.active);

/** Keeps this page, the runtime, and each page that is opened from now on; an error if the browser can't. */
export async function keepPages() {
  watch();
  const { installing, waiting, active } = await navigator.serviceWorker.register(`${ROOT}service-worker.js`, {
    updateViaCache: "none",
  });
  const coming = installing ?? waiting;
  if (!coming) return (await caches.has(`${NAME}files`)) || keepAgain(active);
  return new Promise((resolve, reject) => {
    const look = () => {
      if (coming.state === "activated") resolve(coming);
      if (coming.state === "redundant") reject(new Error("no room, or no network"));
    };
    coming.addEventListener("statechange", look);
    look();
  });
}

/** Has a worker that runs already keep all of it: Chromium begins no other one on a page on which the reader stopped it. */
function keepAgain(worker) {
  const { port1, port2 } = new MessageChannel();
  worker.postMessage("keep", [port2]);
  return new Promise((resolve, reject) => {
    port1.onmessage = ({ data }) => (data ? resolve(worker) : reject(new Error("no room, or no network")));
  });
}

/** After Run: keeps pages, unless the reader stopped it or saves data. Where that fails, all else works as without it. */
export async function afterRun() {
  if (!possible() || navigator.connection?.saveData || localStorage.getItem(ROOT + STOPPED)) return;
  await keepPages();
}

/** The press that begins it. */
export async function begin() {
  localStorage.removeItem(ROOT + STOPPED);
  await keepPages();
}

/** Deletes what is kept, and keeps no more. Not even after a Run if it's the reader's will. */
export async function stop({ forGood = false } = {}) {
  if (forGood) localStorage.setItem(ROOT + STOPPED, "1");
  await (await registration())?.unregister();
  for (const name of await caches.keys()) if (name.startsWith(NAME)) await caches.delete(name);
}

/** @returns {Promise<{ pages: string[], files: number }>} the paths of the kept pages, and the number of other files */
export async function kept() {
  const pages = new Set();
  let files = 0;
  for (const name of await caches.keys()) {
    if (!name.startsWith(NAME)) continue;
    const addresses = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
    if (name === `${NAME}files`) files = addresses.length;
    else for (const address of addresses) pages.add(address);
  }
  return { pages: [...pages].sort(), files };
}
