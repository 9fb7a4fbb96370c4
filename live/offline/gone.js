/**
 * The service worker of a build without one: it deletes what an earlier build's kept, and takes itself away. To build so,
 * set SERVICE_WORKER=gone (extensions/offline.py).
 */
const last = /** @type {any} */ (self);
const OURS = `offline ${new URL(last.registration.scope).pathname} `;

last.addEventListener("install", () => last.skipWaiting());
last.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith(OURS)) await caches.delete(name);
      await last.registration.unregister();
    })(),
  );
});
