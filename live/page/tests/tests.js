/**
 * Runs the tests of a page where the reader meets them: pytest, in the page's worker, on the page's own test file.
 *
 * The section Tests lists them all; the mark at the end of a paragraph opens a popover with those of the paragraph
 * (live/page/tests/popover.js). Without this script a mark leads to its first test in the section.
 */
import { button, h } from "../dom.js";
import { colored } from "../editor/highlight.js";
import { linked } from "../editor/places.js";
import { all as edits } from "../edits.js";
import { fetchFiles } from "../files.js";
import { call, idle, onProgress, start } from "../server.js";
import { judge } from "./marks.js";
import { addPopover } from "./popover.js";
import { followRuns } from "./quick.js";
import { usesOf } from "./uses.js";

const section = document.querySelector(".page-tests");
const file = section.dataset.test;
const folder = /test_(\w+)\.py$/.exec(file)[1];
const fetched = fetchFiles(section.dataset.files);
const [all, status] = section.previousElementSibling.children; // made by live.js
/** @typedef {{ quick: boolean }} Run `quick` is one that nobody asked for: it follows a run of edited code */
/** @type {Run | null} the one under way */
let current = null;

const tests = [...section.querySelectorAll(".page-test")].map((details) => ({
  name: details.id,
  details: /** @type {HTMLDetailsElement} */ (details),
  sentence: details.querySelector("summary").firstChild.textContent.trim(),
  evidence: details.querySelector(".test-evidence").textContent,
  needs: details.dataset.needs,
  result: null,
  shown: [],
}));
const runnable = tests.filter((test) => !test.needs);

for (const code of section.querySelectorAll(".page-test code"))
  code.replaceChildren(...colored(code.textContent, "test.py"));
for (const test of tests) test.details.append(controls(test));
document.addEventListener("example-edited", forget);
followRuns({ folder, runAll: () => run(runnable, true), stop: () => current?.quick && end(current, "") });

/** Runs every test of the page that needs nothing but Python. */
export const runAll = () => run(runnable);

const popover = addPopover(tests, controls, usesOf(fetched), (some) => run(some.filter((test) => !test.needs)));

/** Opens the popover of a mark, and moves the focus into it. */
export const open = popover.open;

openTarget();
addEventListener("hashchange", openTarget);

/** Opens the test that the address names, by its name of today or by an older one, whose alias is before it. */
function openTarget() {
  let target = document.getElementById(location.hash.slice(1));
  while (target?.matches("a:empty")) target = /** @type {HTMLElement} */ (target.nextElementSibling);
  const test = tests.find((one) => one.details === target);
  if (!test) return;
  test.details.open = true;
  popover.openAt(test);
}

/** Whether a test may run on something else than the page came with. */
function edited() {
  return Object.keys(edits()).some((path) => path.startsWith(`${folder}/`));
}

/** The files as the repository has them, and in their place those that the reader has edited. */
async function currentFiles() {
  const now = { ...(await fetched()).files };
  for (const [path, text] of Object.entries(edits())) if (`snippets/${path}` in now) now[`snippets/${path}`] = text;
  return now;
}

/** The controls and the outcome of one test, as the section and the popover show them. */
function controls(test) {
  const box = h("div", { className: "test-controls" });
  if (test.needs) {
    const command = `python -m pytest -m "" ${file} -k ${test.name}`;
    box.append(h("p", {}, `Needs ${test.needs}. To run it on your computer: `, h("code", {}, command)));
    return box;
  }
  const press = button("Run this test", () => run([test]));
  const outcome = h("span", { className: "test-outcome" });
  const report = h("pre", { className: "test-report", tabIndex: 0, hidden: true });
  box.append(press, outcome, report);
  test.shown.push({ box, press, outcome, report });
  show(test);
  return box;
}

/** A report in which the lines of every example on the page lead to its editor. */
function linkedToAll(text) {
  let nodes = [text];
  for (const example of document.querySelectorAll(".example[data-app]:not([data-local])")) {
    nodes = nodes.flatMap((node) => (typeof node === "string" ? linked(node, example) : [node]));
  }
  return nodes;
}

/** Brings every place that shows a test up to date with its result. */
function show(test) {
  const { result } = test;
  test.details.dataset.outcome = result ? result.outcome : "";
  judge(test.name, tests, edited());
  for (const { press, outcome, report } of test.shown) {
    outcome.className = `test-outcome ${result?.outcome ?? ""}`;
    outcome.textContent = result?.text ?? "";
    report.hidden = !result?.report;
    report.replaceChildren(...linkedToAll(result?.report ?? ""));
    press.setAttribute("aria-disabled", String(Boolean(current && !current.quick))); // a disabled button would lose the focus
  }
}

function settle(test, outcome, text, report = "", untrue = false) {
  test.result = { outcome, text, report, untrue };
  show(test);
}

/** Runs one test. What comes after the run's end says nothing about the code as it is then. */
async function runOne(test, mine) {
  settle(test, "running", "Running…");
  const withEdits = edited() ? ", with your edits" : "";
  const remedy = "Press Run this test to try again.";
  try {
    const message = { call: "prove", time: { offset: 0 }, files: await currentFiles(), test: file, names: [test.name] };
    const { proofs: found, broken } = await call(message, remedy);
    if (current !== mine) return;
    const result = found[test.name];
    if (broken || !result) return settle(test, "failed", "The test file could not be imported:", broken);
    const cases = result.cases > 1 ? `, ${result.cases} cases` : "";
    const took = `${Math.round(result.seconds * 1000)} ms${cases}${withEdits}`;
    if (result.passed) settle(test, "passed", `\u2713 Passed in ${took}`);
    else settle(test, "failed", `\u2717 Failed in ${took}`, result.report, true);
  } catch (trouble) {
    if (mine.quick) throw trouble; // nobody waits for this test, and the next ones would meet the same
    if (current === mine) settle(test, "failed", `\u2717 ${trouble.message}`);
  }
}

/**
 * Runs tests, one message each: what the reader asks of an app meanwhile waits for one test at most.
 * @param {any[]} chosen
 * @param {boolean} [quick]
 * @returns {Promise<{ passed: number, failed: any[] } | null>} nothing if it ended before its last test
 */
async function run(chosen, quick = false) {
  if (current && (quick || !current.quick)) return null;
  if (current) end(current, "");
  const mine = { quick };
  current = mine;
  if (!quick) all.setAttribute("aria-disabled", "true");
  tests.forEach(show);
  const stop = onProgress(({ loaded, total }) => {
    status.textContent = `Fetching Python: ${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
  });
  try {
    await start();
    for (const [index, test] of chosen.entries()) {
      if (quick) await idle();
      if (current !== mine) return null;
      if (chosen.length > 1) status.textContent = `Running ${index + 1} of ${chosen.length}`;
      await runOne(test, mine);
      if (current !== mine) return null;
    }
    const failed = chosen.filter((test) => test.result.outcome === "failed");
    const passed = chosen.length - failed.length;
    const line = `${passed} passed${failed.length ? `, ${failed.length} failed` : ""}`;
    end(mine, `${line}${edited() ? ", with your edits" : ""}`);
    return { passed, failed };
  } catch (trouble) {
    if (current === mine) end(mine, trouble.message);
    return null;
  } finally {
    stop();
  }
}

/** Ends a run, also before its last test: that one has no result then. */
function end(run, line) {
  if (current !== run) return;
  current = null;
  status.textContent = line;
  all.removeAttribute("aria-disabled");
  for (const test of tests) if (test.result?.outcome === "running") test.result = null;
  tests.forEach(show);
}

/** A result before an edit says nothing about the code after it, nor does a run that is under way. */
function forget() {
  if (runnable.some((test) => test.result)) status.textContent = "";
  for (const test of runnable) test.result = null;
  if (current) end(current, "The code was edited, so the tests stopped.");
  else tests.forEach(show);
}
