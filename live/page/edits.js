/**
 * What the reader has changed in the examples of this page: texts, kept while the tab is open. live/page/editor/editor.js shows and
 * makes the changes; what runs, proves or takes away an example asks here for its files.
 *
 * A file belongs to its folder: where two examples of one folder carry it (say, templates/home.html), a change counts
 * for both.
 */
import { keep } from "./kept.js";

const brought = new WeakMap(); // an example's files, as the page came with them
const edits = new Map(); // "count_visits/app.py" -> the reader's text
const unrun = new Set(); // of these, the ones that came with a link or from before, and that no press has run yet

const place = (example, path) => `${example.dataset.folder}/${path}`;

/**
 * The files of an example as the page came with them.
 * @param {HTMLElement} example a `.example[data-app]`, with its files in `script.example-files`
 * @returns {Record<string, string>} paths mapped to texts, the app first
 */
export function original(example) {
  if (!brought.has(example)) brought.set(example, JSON.parse(example.querySelector(".example-files").textContent));
  return brought.get(example);
}

/**
 * The files of an example as they stand now, edited or not.
 * @param {HTMLElement} example
 * @returns {Record<string, string>} paths mapped to texts, the app first
 */
export function files(example) {
  const pairs = Object.entries(original(example));
  return Object.fromEntries(pairs.map(([path, text]) => [path, edits.get(place(example, path)) ?? text]));
}

/**
 * The paths of an example's files that the reader has changed.
 * @param {HTMLElement} example
 * @returns {string[]}
 */
export const changed = (example) => Object.keys(original(example)).filter((path) => edits.has(place(example, path)));

/**
 * All that is changed on this page.
 * @returns {Record<string, string>} "count_visits/app.py" mapped to its text
 */
export const all = () => Object.fromEntries(edits);

/**
 * Keeps a file's new text, and tells every example that carries the file by a bubbling `example-edited` event, whose
 * detail is { path, text, typed }. A text that is the original again counts as no change. A path that the example lacks
 * is ignored.
 * @param {HTMLElement} example
 * @param {string} path
 * @param {string} text
 * @param {boolean} [typed] whether the reader typed it, in this example
 */
export function change(example, path, text, typed = false) {
  const first = original(example)[path];
  if (!Object.hasOwn(original(example), path) || files(example)[path] === text) return;
  if (text === first) {
    edits.delete(place(example, path));
    unrun.delete(place(example, path));
  } else {
    edits.set(place(example, path), text);
    if (!typed) unrun.add(place(example, path));
  }
  keep("edits", all());
  const folder = CSS.escape(example.dataset.folder);
  for (const one of document.querySelectorAll(`.example[data-app][data-folder="${folder}"]`)) {
    if (!Object.hasOwn(original(one), path)) continue;
    const detail = { path, text, typed: typed && one === example };
    one.dispatchEvent(new CustomEvent("example-edited", { bubbles: true, detail }));
  }
}

/**
 * Brings every file of an example back to what the page came with.
 * @param {HTMLElement} example
 */
export function reset(example) {
  for (const path of changed(example)) change(example, path, original(example)[path]);
}

/** Whether an example has edits that the reader neither typed nor ran: only a press may run them. */
export const awaitsRun = (example) => changed(example).some((path) => unrun.has(place(example, path)));

/** The reader pressed what runs an example as it is now. */
export function pressed(example) {
  for (const path of changed(example)) unrun.delete(place(example, path));
}

// Where the browser keeps the page for Back, its edits are from before as well.
addEventListener("pagehide", () => {
  for (const one of edits.keys()) unrun.add(one);
});
