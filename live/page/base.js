/** What the page's modules share, as one file to fetch: live/build/bundle.mjs puts it in the place of these three. */
export * from "./dom.js";
export * from "./edits.js";
export * from "./updated.js";
