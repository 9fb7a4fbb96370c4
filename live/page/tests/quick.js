/**
 * After a run of edited code, the page's tests run as well, and the example says what they found. Under Save-Data they
 * don't, because pytest would have to be fetched: the marks say that they have not run, and their popovers offer Run.
 */
import { button, hidden, tell } from "../dom.js";
import { all as edits } from "../edits.js";

/** @type {Map<string, string>} the files of which the reader has pressed Run, as they were then */
const ran = new Map();

/** The line in the example, of a result that an edit takes away. @type {{ line: HTMLElement, text: string } | null} */
let told = null;

/**
 * @param {{ folder: string, runAll: () => Promise<{ passed: number, failed: any[] } | null>, stop: () => void }} tests
 *   the page's: the folder of its examples; runs all that need nothing but Python; ends that
 */
export function followRuns({ folder, runAll, stop }) {
  addEventListener("example-edited", untell);
  addEventListener("example-run", async (/** @type {CustomEvent} */ event) => {
    const example = /** @type {HTMLElement} */ (event.target);
    stop();
    untell();
    for (const [path, text] of Object.entries(event.detail ?? {})) ran.set(`${example.dataset.folder}/${path}`, text);
    if (!event.detail || !mayRun(folder) || /** @type {any} */ (navigator).connection?.saveData) return;
    const found = await runAll();
    if (found) report(example, found);
  });
}

/** Whether the code is edited, and all of the edits have been run: what came with a link runs on the reader's press only. */
function mayRun(folder) {
  const mine = Object.entries(edits()).filter(([path]) => path.startsWith(`${folder}/`));
  return mine.length > 0 && mine.every(([path, text]) => ran.get(path) === text);
}

function report(example, { passed, failed }) {
  const number = passed + failed.length;
  const text = failed.length
    ? `\u2717 ${failed.length} of the ${number} tests on this page fail on your code. `
    : `\u2713 All ${number} tests on this page that run here pass on your code.`;
  const line = tell(example, text);
  const first = document.querySelector('a.test-mark[data-outcome="failed"]');
  if (failed.length && first) {
    line.append(
      button("Show the first", () => {
        first.scrollIntoView({ block: "center" });
        /** @type {HTMLElement} */ (first).focus({ preventScroll: true });
      }),
      hidden(" Its paragraph is marked."),
    );
  }
  told = { line, text: line.textContent };
}

function untell() {
  if (told?.line.textContent === told?.text) told?.line.remove();
  told = null;
}
