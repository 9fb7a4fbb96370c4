/**
 * Prints which version of each browser is the oldest that has what the site's scripts use, as JSON:
 * { oldest: { chrome: { version, date, feature } }, features: { name: { chrome: version } } }. Computed from
 * @mdn/browser-compat-data: nothing is run in those versions.
 *
 *   node tests/site/oldest.mjs
 *
 * The names are found in the sources without types. So a member that several interfaces have counts with the oldest of
 * them, and one of our own objects that is named like a new one of a browser has to be listed in OURS.
 */
import { globSync, readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { transform } from "esbuild";

const ENGINES = ["chrome", "firefox", "safari"];
const SOURCES = ["live/{page,inspector,search,worker}/**/*.js", "docs/assets/*.js"];
const PYTHON = "node_modules/pyodide/pyodide.asm.wasm";

// Used where the browser has it; elsewhere something else is done, or nothing is missed.
const OPTIONAL = {
  ClipboardItem: "writeText does the same in a browser that waits for a promise",
  CompressionStream: "the panel says that links can't be made; DecompressionStream, as old, is asked for",
  connection: "Save-Data: without it, nothing is known",
  saveData: "see connection",
  requestIdleCallback: "setTimeout takes its place",
  caretPositionFromPoint: "the caret is then put at the start",
  caretRangeFromPoint: "asked only where caretPositionFromPoint is missing",
  offsetNode: "see caretPositionFromPoint",
  toWellFormed: "the text is then taken as it is",
};
// Members of the site's own objects, of Pyodide's, and of styles.
const OURS = new Set(
  `handle phrases node format changed tag bytes details where session run path turn opaque lines limits element queue
  cookies last forget layer zip check address share side conditions draw removed
  added when sources build watch deleted margin`.split(/\s+/),
);

const { api, browsers, javascript, webassembly } = JSON.parse(
  readFileSync("node_modules/@mdn/browser-compat-data/data.json", "utf8"),
);

/** The version of each engine that has a feature first, without a flag or a prefix; Infinity if there is none. */
function added({ support }) {
  return ENGINES.map((engine) => {
    const versions = [support[engine]].flat().filter((one) => !(one.flags || one.prefix || one.alternative_name));
    const numbers = versions
      .filter((one) => !one.version_removed)
      .map((one) => parseFloat(`${one.version_added}`.replace("≤", "")));
    return Math.min(...numbers.filter((number) => !Number.isNaN(number)), Infinity);
  });
}

const globals = new Map(); // name: versions
const members = new Map(); // name: [[interface, versions]]
for (const [owner, { __compat, ...parts }] of [...Object.entries(api), ...Object.entries(javascript.builtins)]) {
  if (__compat) {
    globals.set(owner, added(__compat));
    members.set(owner, [...(members.get(owner) ?? []), ["self", added(__compat)]]); // self.caches
  }
  for (const [part, { __compat }] of Object.entries(parts)) {
    const name = part.replace(/_(static|event)$/, "");
    if (__compat) members.set(name, [...(members.get(name) ?? []), [owner, added(__compat)]]);
  }
}

/** The oldest of several, engine by engine. */
const oldest = (rows) => ENGINES.map((_, at) => Math.min(...rows.map((row) => row[at])));

const used = new Map();
for (const path of globSync(SOURCES)) {
  const { code } = await transform(readFileSync(path, "utf8"), { minifyWhitespace: true, legalComments: "none" });
  const text = code.replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
  for (const [, owner, member] of text.matchAll(/(?<![.\w$#])([A-Z]\w*)(?:\.(\w+))?/g)) {
    if (globals.has(owner)) used.set(owner, globals.get(owner));
    const own = members.get(member)?.find(([one]) => one === owner);
    if (own) used.set(`${owner}.${member}`, own[1]);
  }
  for (const [, member] of text.matchAll(/(?<![A-Z]\w*)\.(\w+)/g))
    if (members.has(member) && !OURS.has(member)) used.set(member, oldest(members.get(member).map(([, row]) => row)));
}
for (const name of Object.keys(OPTIONAL)) used.delete(name);

// Python's code: V8 is asked whether it is valid without what LLVM calls legacy exceptions.
setFlagsFromString("--no-experimental-wasm-legacy-eh");
if (!WebAssembly.validate(readFileSync(PYTHON)))
  used.set("WebAssembly's exceptions", added(webassembly["exception-handling"].__compat));

const rows = [...used];
const result = {
  oldest: {},
  features: Object.fromEntries(
    rows.map(([name, row]) => [name, Object.fromEntries(ENGINES.map((engine, at) => [engine, row[at]]))]),
  ),
};
for (const [at, engine] of ENGINES.entries()) {
  const [feature, row] = rows.toSorted(([, one], [, other]) => other[at] - one[at])[0];
  result.oldest[engine] = { version: row[at], date: browsers[engine].releases[row[at]]?.release_date, feature };
}
console.log(JSON.stringify(result));
