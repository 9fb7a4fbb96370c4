/** What tests and benchmarks call in a page. No page imports this file, so readers never fetch it. */
export { change, files } from "./edits.js";
export { prepare } from "./panel/panel.js";
export { ENVIRONMENT, START } from "./replay/transcript.js";
export { call, start } from "./server.js";
