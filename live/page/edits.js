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
 * @param {HTMLElement} [typed] the example, if the reader typed the text in it
 */
export function change(example, path, text, typed) {
  const first = original(example)[path];
  if (!Object.hasOwn(original(example), path) || files(example)[path] === text) return;
  if (text === first) edits.delete(place(example, path));
  else edits.set(place(example, path), text);
  keep("edits", all());
  const folder = CSS.escape(example.dataset.folder);
  for (const one of document.querySelectorAll(`.example[data-app][data-folder="${folder}"]`)) {
    if (Object.hasOwn(original(one), path))
      one.dispatchEvent(new CustomEvent("example-edited", { bubbles: true, detail: { path, text, typed } }));
  }
}

/**
 * Brings every file of an example back to what the page came with.
 * @param {HTMLElement} example
 */
export function reset(example) {
  for (const path of changed(example)) change(example, path, original(example)[path]);
}
