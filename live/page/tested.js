/** What tests and benchmarks call in a page. No page imports this file, so readers never fetch it. */
export * as edits from "./edits.js";
export * as panel from "./panel/panel.js";
export * as transcript from "./replay/transcript.js";
export * as server from "./server.js";
