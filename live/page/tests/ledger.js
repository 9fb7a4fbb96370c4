/**
 * Runs the tests of the whole site on its ledger, page after page: pytest, in this page's worker, on each page's own
 * test file. A line's second cell says how its test went.
 */
import { fetchFiles } from "../files.js";
import { call, onProgress, start } from "../server.js";

/** Tests a message: one start of pytest serves them all, and together they stay far below the worker's time limit. */
const TOGETHER = 10;

let running = false;

/**
 * Runs every test that needs nothing but Python, or ends the run that is under way.
 * @param {HTMLButtonElement} button its name changes to "Stop" meanwhile
 * @param {HTMLElement} status the status region beside it
 */
export async function runAll(button, status) {
  if (running) {
    running = false;
    return;
  }
  running = true;
  const name = button.textContent;
  button.textContent = "Stop";
  const counts = { passed: 0, failed: 0 };
  const stop = onProgress(({ loaded, total }) => {
    status.textContent = `Fetching Python: ${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
  });
  try {
    await start();
    for (const page of document.querySelectorAll(".ledger")) {
      if (!running) break;
      status.textContent = `${told(counts)}. Running ${page.previousElementSibling.firstChild.textContent}`;
      await runPage(page, counts);
    }
    status.textContent = told(counts) + (running ? "" : ", then stopped");
  } catch (trouble) {
    status.textContent = trouble.message;
  } finally {
    stop();
    running = false;
    button.textContent = name;
  }
}

const told = ({ passed, failed }) => `${passed} passed${failed ? `, ${failed} failed` : ""}`;

async function runPage(page, counts) {
  const { test } = page.dataset;
  const { files } = await fetchFiles(page.dataset.files)();
  const rows = [...page.querySelectorAll('tr[data-needs=""]')];
  const names = new Map(rows.map((row) => [row, row.querySelector("a").hash.slice(1)]));
  const prove = (some) =>
    call(
      { call: "prove", time: { offset: 0 }, files, test, names: some.map((row) => names.get(row)) },
      "The next tests still run.",
    );
  for (let at = 0; at < rows.length && running; at += TOGETHER) {
    const some = rows.slice(at, at + TOGETHER);
    const reply = await prove(some).catch(() => null);
    for (const row of some) {
      // One that breaks Python takes its neighbors along: each is asked again, alone.
      const { proofs, broken } =
        reply ?? (await prove([row]).catch(({ message }) => ({ proofs: {}, broken: message })));
      const result = proofs[names.get(row)] ?? { passed: false, report: broken };
      counts[result.passed ? "passed" : "failed"]++;
      show(row.cells[1], result);
    }
  }
}

function show(cell, { passed, seconds, report }) {
  const text = `${passed ? "\u2713 passed" : "\u2717 failed"}${seconds === undefined ? "" : ` in ${Math.round(seconds * 1000)} ms`}`;
  const outcome = Object.assign(document.createElement("span"), {
    className: `test-outcome ${passed ? "passed" : "failed"}`,
    textContent: text,
  });
  cell.replaceChildren(outcome);
  if (passed) return;
  cell.append(
    Object.assign(document.createElement("pre"), { className: "test-report", tabIndex: 0, textContent: report }),
  );
}
