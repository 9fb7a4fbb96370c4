/** What the page's modules share, as one file to fetch: live/build/bundle.mjs puts it in the place of these. */
export * from "./dom.js";
export * from "./edits.js";
export * from "./kept.js";
export * from "./updated.js";
