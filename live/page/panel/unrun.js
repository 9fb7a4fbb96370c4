/**
 * Which edits came with a link, or are from before the page was left, and were not run since: only a press runs them. Comes
 * with the panel; what was edited before that has not been run either.
 */
import { all, changed } from "../edits.js";

const unrun = new Set(Object.keys(all())); // "count_visits/app.py"

addEventListener(
  "example-edited",
  (/** @type {CustomEvent} */ { target, detail: { path, typed } }) => {
    const place = `${/** @type {HTMLElement} */ (target).dataset.folder}/${path}`;
    if (!(place in all())) unrun.delete(place);
    else if (!typed) unrun.add(place);
  },
  true, // before those who ask for it here
);

// Where the browser keeps the page for Back, its edits are from before as well.
addEventListener("pagehide", () => {
  for (const place of Object.keys(all())) unrun.add(place);
});

const places = (example) => changed(example).map((path) => `${example.dataset.folder}/${path}`);

/** Whether an example has edits that the reader neither typed nor ran. */
export const awaitsRun = (example) => places(example).some((place) => unrun.has(place));

/** The reader pressed what runs an example as it is now. */
export function pressed(example) {
  for (const place of places(example)) unrun.delete(place);
}
