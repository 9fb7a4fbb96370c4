// The search worker: it speaks the messages of the theme's own, so that the theme's box, keys and lists work with it.

import { createSearch, failed } from "./results.js";

// The theme's kinds of messages. Its setup, 0, brings an index of its own, which is empty here.
const READY = 1;
const QUERY = 2;
const RESULT = 3;

let search;
let latest;

/** The search over the index that this worker's own address names. A failed attempt isn't kept, so that the next key tries again. */
function loaded() {
  search ??= fetch(new URL(self.location.hash.slice(1), self.location.href))
    .then((response) => {
      if (!response.ok) throw new Error(`${response.status}`);
      return response.json();
    })
    .then(({ pages }) => createSearch(pages))
    .catch(() => {
      search = undefined;
      return failed;
    });
  return search;
}

async function answer(query) {
  latest = query;
  const find = query.trim() ? await loaded() : () => [];
  // Only what is in the box now is wanted, however many keys were pressed while the index loaded.
  if (query === latest) self.postMessage({ type: RESULT, data: { items: find(query) } });
}

self.addEventListener("message", ({ data: { type, data } }) => {
  if (type === QUERY) answer(data);
});
self.postMessage({ type: READY });
