/**
 * The service worker: keeps the pages that a reader opened and the files that they need, so that they work without
 * network. extensions/offline.py puts it at the site's root with four constants before it: BUILD, this build's name;
 * CORE, what every page with an example needs; FILES, all files of this build whose address contains a hash; ASKED, the
 * texts of JSON files that each page asks for, by their addresses.
 *
 * No two builds mix. Each page names its build and is kept below that name, once all that it names is kept. All else has
 * a hash of its contents in its address, so it is the same in each build and kept once. What has neither is never kept.
 */
const worker = /** @type {any} */ (self);
const { BUILD, CORE, FILES, ASKED } = worker.OFFLINE;
const SCOPE = worker.registration.scope;
const NAME = `offline ${new URL(SCOPE).pathname}`;
const SHARED = `${NAME} files`;
const BUILDS = `${NAME} build `;
const HASHED = /^assets\/.*[-.](?:[0-9a-f]{8}|[0-9A-Z]{8})[./]/;
/** How long a reader waits for the network, in milliseconds, before a page that is kept is shown. */
const PATIENCE = 4000;

/** A path below the site's root; undefined elsewhere. */
const inside = (/** @type {URL} */ { href }) => (href.startsWith(SCOPE) ? href.slice(SCOPE.length) : undefined);
const isFile = (/** @type {URL} */ url) => HASHED.test(inside(url) ?? "");
/** An address without what never changes the file. */
const plain = (/** @type {URL} */ { origin, pathname }) => origin + pathname;

/** Keeps a file, unless it is kept; an error if it can't be had or there is no room. */
async function add(/** @type {URL} */ url) {
  const files = await caches.open(SHARED);
  if (await files.match(plain(url))) return;
  const response = await fetch(plain(url));
  if (!response.ok) throw new Error(`${url} is gone`);
  await files.put(plain(url), response);
}

/** Keeps a page with what it names; gives its build, or nothing if it names none. */
async function keep(/** @type {string} */ address, /** @type {Response} */ response) {
  const text = await response.text();
  const build = text.match(/<meta name="build" content="(\w+)">/)?.[1];
  if (!build) return undefined;
  for (const [, link] of text.matchAll(/ (?:src|href)="([^"]+)"/g)) {
    const url = URL.canParse(link, address) && new URL(link, address);
    if (url && isFile(url)) await add(url);
  }
  const pages = await caches.open(BUILDS + build);
  await pages.put(address, new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
  return build;
}

/** The caches of builds, the newest first. */
const builds = async () => (await caches.keys()).filter((name) => name.startsWith(BUILDS)).reverse();

/** A kept page; undefined if there is none, or the browser doesn't give what it keeps. */
async function kept(/** @type {string} */ address) {
  try {
    for (const name of await builds()) {
      const found = await (await caches.open(name)).match(address);
      if (found) return found;
    }
  } catch {}
  return undefined;
}

/** The addresses of all pages that are kept or open. */
async function known() {
  const open = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const found = new Set(open.map(({ url }) => plain(new URL(url))).filter((url) => url.startsWith(SCOPE)));
  for (const name of await builds()) {
    for (const { url } of await (await caches.open(name)).keys()) found.add(url);
  }
  return found;
}

/** Keeps what every page needs, and again each page that is kept or open: all of it, or an error. */
async function keepAll() {
  for (const path of CORE) await add(new URL(path, SCOPE));
  for (const address of await known()) {
    const response = await fetch(address, { cache: "no-cache" });
    if (response.status === 404 || response.redirected) continue;
    if (!response.ok || (await keep(address, response)) !== BUILD) throw new Error(`${address} is of another build`);
  }
}

// If a file or a page can't be had, or there is no room, the worker before this one remains.
worker.addEventListener("install", (/** @type {any} */ event) => {
  worker.skipWaiting();
  event.waitUntil(keepAll());
});

// From a page that found nothing kept, though this worker runs: it was stopped on this page, or the browser deleted it.
worker.addEventListener("message", (/** @type {any} */ event) => {
  const [reply] = event.ports;
  event.waitUntil(
    keepAll().then(
      () => reply.postMessage(true),
      () => reply.postMessage(false),
    ),
  );
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(
    (async () => {
      for (const name of await builds()) if (name !== BUILDS + BUILD) await caches.delete(name);
      const files = await caches.open(SHARED);
      const named = new Set(FILES.map((/** @type {string} */ path) => new URL(path, SCOPE).href));
      for (const request of await files.keys()) if (!named.has(request.url)) await files.delete(request);
      await worker.clients.claim();
      for (const client of await worker.clients.matchAll()) client.postMessage({ build: BUILD });
    })(),
  );
});

/**
 * A response as the one to a request: a worker's location is the response's address if it has one, and the search reads
 * from its own location, behind the #, where its index is. A new response has no address.
 */
const given = (/** @type {Request} */ { destination }, /** @type {Response} */ response) =>
  destination === "worker" ? new Response(response.body, response) : response;

/** A file by its hash: what is kept, or what the network has. */
async function file(/** @type {any} */ event) {
  const address = plain(new URL(event.request.url));
  const files = await caches.open(SHARED).catch(() => undefined);
  const found = await files?.match(address).catch(() => undefined);
  if (found) return given(event.request, found);
  // Not event.request, which fails when its page is left meanwhile: Firefox shows that as an error in the next page.
  const response = await fetch(address);
  if (response.status === 200 && files) event.waitUntil(files.put(address, response.clone()).catch(() => {}));
  return given(event.request, response);
}

/** A page: what the network has, and without one or with a broken server, what is kept. */
async function page(/** @type {Promise<Response>} */ asked, /** @type {string} */ address) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(() => kept(address));
  try {
    const response = (await Promise.race([asked, late])) ?? (await asked);
    return response.status < 500 ? response : ((await kept(address)) ?? response);
  } catch {
    return (await kept(address)) ?? listing();
  }
}

/** What is shown in the place of a page that isn't kept. */
async function listing() {
  const rows = [];
  try {
    for (const address of [...(await known())].sort()) {
      const text = await (await kept(address))?.text();
      if (text) rows.push(`<li><a href="${address}">${text.match(/<title>([^<]*)/)?.[1] ?? address}</a></li>`);
    }
  } catch {}
  const line = "You're offline, and this page isn't kept in your browser.";
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const style =
    ":root { color-scheme: light dark; font: 1rem/1.5 sans-serif } body { max-width: 40em; margin: 2em auto; padding: 0 1em }";
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>This page isn't kept</title>
<meta name="viewport" content="width=device-width"><style>${style}</style>
<main><h1>This page isn't kept</h1><p>${line} ${rows.length ? "These pages are:" : ""}</p><ul>${rows.join("")}</ul></main>`;
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy };
  return new Response(html, { status: 503, headers });
}

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || inside(url) === undefined) return;
  if (request.mode === "navigate") {
    const address = plain(url);
    const asked = fetch(new Request(request, { cache: "no-cache" }));
    const keeping = asked.then(async (response) => {
      if (!response.ok || response.redirected) return;
      const build = await keep(address, response.clone());
      if (build && build !== BUILD) await worker.registration.update();
    });
    event.waitUntil(keeping.catch(() => {}));
    event.respondWith(page(asked, address));
  } else if (isFile(url)) event.respondWith(file(event));
  else if (inside(url) in ASKED)
    event.respondWith(new Response(ASKED[inside(url)], { headers: { "Content-Type": "application/json" } }));
});
