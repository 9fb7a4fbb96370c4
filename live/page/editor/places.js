/** Finds the lines of an example's own files that a text names, as tracebacks and warnings do, and leads to them. */
import { files } from "../edits.js";

const MOST = 500; // links made of one text: an app may print without end

/** Matches `File "app.py", line 3`, `app.py, line 3` and `app.py:3`, for files of this example alone; in a test's report
 * their paths are longer. */
function pattern(example) {
  const paths = Object.keys(files(example))
    .sort((a, b) => b.length - a.length)
    .map(escaped);
  const folder = escaped(example.dataset.folder);
  return new RegExp(
    `(?<![\\w./-])(?:File ")?(?:(?:/proofs/)?snippets/${folder}/)?(${paths.join("|")})(?:"?, line |:)(\\d+)\\b`,
    "g",
  );
}

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

/**
 * A text as nodes, in which each place is a button that puts the cursor there.
 * @param {string} text
 * @param {HTMLElement} example whose files are meant
 * @returns {(string | HTMLButtonElement)[]}
 */
export function linked(text, example) {
  const nodes = [];
  let done = 0;
  for (const match of text.matchAll(pattern(example))) {
    if (nodes.length > 2 * MOST) break;
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      className: "live-place",
      textContent: match[0],
    });
    button.addEventListener("click", () =>
      example.dispatchEvent(
        new CustomEvent("example-place", { bubbles: true, detail: { path: match[1], line: Number(match[2]) } }),
      ),
    );
    nodes.push(text.slice(done, match.index), button);
    done = match.index + match[0].length;
  }
  return [...nodes, text.slice(done)].filter(Boolean);
}

/**
 * The one line that tells what a log's last traceback ended with, and where in the example's own files.
 * @param {string} log
 * @param {HTMLElement} example
 * @returns {string} such as "KeyError: 'name' (app.py, line 12)"; empty if there is no traceback
 */
export function cause(log, example) {
  const start = log.lastIndexOf("Traceback (most recent call last):");
  if (start < 0) return "";
  const lines = log.slice(start).split("\n").slice(1);
  const error = lines.find((line) => /^\w/.test(line));
  const places = [...lines.join("\n").matchAll(pattern(example))];
  const [, path, line] = places.at(-1) ?? [];
  return error ? `${error.slice(0, 300)}${path ? ` (${path}, line ${line})` : ""}` : "";
}
