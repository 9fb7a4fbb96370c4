/**
 * Marks a syntax error in its line while the reader types. Python finds it, if it runs already: this fetches nothing.
 * Comes with the panel, so before the first Run nothing is marked.
 */
import { changed, files } from "../edits.js";
import * as server from "../server.js";

const PAUSE = 400; // milliseconds without a key
const timers = new WeakMap();

addEventListener("example-edited", (/** @type {CustomEvent} */ { target, detail: { path } }) => {
  const example = /** @type {HTMLElement} */ (target);
  if (!server.running() || !example.querySelector(".live-edit")) return;
  clearTimeout(timers.get(example));
  timers.set(
    example,
    setTimeout(() => check(example, path), PAUSE),
  );
});

async function check(example, path) {
  try {
    await faulty(example, path);
  } catch {} // Python was stopped meanwhile: whoever pressed something is told
}

/**
 * Whether a file as the reader edited it can't be compiled; its line is marked then.
 * @param {HTMLElement} example
 * @param {string} path
 */
export async function faulty(example, path) {
  const text = files(example)[path];
  if (!changed(example).includes(path) || !/\.py$|^templates\/.*\.html$/.test(path)) return false;
  const found = await server.call({ call: "check", example: "", time: { offset: 0 }, path, text });
  if (found.error && files(example)[path] === text) mark(example, path, found);
  return Boolean(found.error);
}

/**
 * @param {HTMLElement} example
 * @param {string} path
 * @param {{ error?: string, line?: number }} found
 */
function mark(example, path, { error, line }) {
  example.dispatchEvent(new CustomEvent("example-place", { bubbles: true, detail: { path, line, error } }));
}

/**
 * Marks the line that an error names, such as "SyntaxError: invalid syntax (app.py, line 3)".
 * @param {HTMLElement} example
 * @param {string} error as the worker tells why an app did not start
 */
export function markError(example, error) {
  const [, what, path, line] = /^(.*) \((\S+), line (\d+)\)$/s.exec(error) ?? [];
  if (path && Object.hasOwn(files(example), path) && example.querySelector(".live-edit"))
    mark(example, path, { error: what, line: Number(line) });
}
