/**
 * The marks in the text and their paragraphs: a mark says when one of its tests failed, or has not run on the code as it
 * is edited now; a paragraph whose test failed says so itself.
 */
import { h } from "../dom.js";

const SIGNS = { failed: "\u2717", open: "\u21bb" };

/** All marks of the page. */
export const marks = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("a.test-mark")]);

/** The names of a mark's tests. */
export const namesOf = ({ dataset, hash }) => (dataset.tests ?? hash.slice(1)).split(" ");

/**
 * Brings the marks of a test, and their paragraphs, up to date.
 * @param {string} name the test's
 * @param {Array<{ name: string, needs: string, result: any }>} tests all of the page
 * @param {boolean} edited whether the code is not the page's own
 */
export function judge(name, tests, edited) {
  for (const mark of marks) {
    const names = namesOf(mark);
    if (!names.includes(name)) continue;
    const its = tests.filter((test) => names.includes(test.name));
    sign(mark, its, edited);
    tellParagraph(mark, its.filter(({ result }) => result?.untrue).length, edited);
  }
}

function sign(mark, its, edited) {
  const failed = its.some(({ result }) => result?.outcome === "failed");
  const open = edited && its.some(({ result, needs }) => !needs && result?.outcome !== "passed");
  const outcome = failed ? "failed" : open ? "open" : "";
  if ((mark.dataset.outcome ?? "") === outcome) return;
  mark.dataset.outcome = outcome;
  mark.textContent = (SIGNS[outcome] ?? "\u2713") + (its.length > 1 ? its.length : "");
  const number = its.length > 1 ? `${its.length} tests` : "1 test";
  mark.ariaLabel = { failed: `${number}, failed`, open: `${number}, not run on your edits` }[outcome] ?? number;
}

/** A line at the paragraph's side, and words behind its mark, while a test of it fails. */
function tellParagraph(mark, failed, edited) {
  const old = mark.nextElementSibling?.matches(".claim-outcome") ? mark.nextElementSibling : null;
  const text = failed
    ? ` ${failed > 1 ? `${failed} tests fail` : "A test fails"}${edited ? " on your code" : ""}.`
    : "";
  mark.closest("p, li, td, th, dd")?.classList.toggle("claim-failed", failed > 0);
  if (!failed) old?.remove();
  else if (old) old.textContent = text;
  else mark.after(h("span", { className: "claim-outcome" }, text));
}
