/**
 * Runs the proofs of a page where the reader meets them: pytest, in the page's worker, on the page's own test file.
 *
 * Each mark behind a claim opens a popover with the claim, its test and "Run this proof"; the section Proofs has the same
 * for every test, and runs them all. Without this script a mark leads to its test in that section.
 */
import { h } from "../dom.js";
import { colored } from "../editor/highlight.js";
import { linked } from "../editor/places.js";
import { all as edits } from "../edits.js";
import { fetchFiles } from "../files.js";
import { call, onProgress, start } from "../server.js";

const section = document.querySelector(".proofs");

/** Opens the popover of a mark, and moves the focus into it. */
export let open;

/** Runs every proof of the page that needs nothing but Python. */
export let runAll;

enhance();

/** A report in which the lines of every example on the page lead to its editor. */
function linkedToAll(text) {
  let nodes = [text];
  for (const example of document.querySelectorAll(".example[data-app]:not([data-local])")) {
    nodes = nodes.flatMap((node) => (typeof node === "string" ? linked(node, example) : [node]));
  }
  return nodes;
}

function enhance() {
  const test = section.dataset.test;
  const files = fetchFiles(section.dataset.files);
  const proofs = [...section.querySelectorAll(".proof")].map((details) => ({
    name: details.id,
    details: /** @type {HTMLDetailsElement} */ (details),
    claim: details.querySelector("summary").firstChild.textContent,
    needs: details.dataset.needs,
    result: null,
    shown: [],
  }));
  for (const code of section.querySelectorAll(".proof code"))
    code.replaceChildren(...colored(code.textContent, "test.py"));
  const runnable = proofs.filter((proof) => !proof.needs);
  const [all, status] = section.previousElementSibling.children; // made by live.js
  let busy = false;
  /** Whether a proof may run on something else than the page came with. */
  const folder = /test_(\w+)\.py$/.exec(test)[1];
  const edited = () => Object.keys(edits()).some((path) => path.startsWith(`${folder}/`));

  /** The files as the repository has them, and in their place those that the reader has edited. */
  async function currentFiles() {
    const now = { ...(await files()) };
    for (const [path, text] of Object.entries(edits())) if (`snippets/${path}` in now) now[`snippets/${path}`] = text;
    return now;
  }

  /** The controls and the outcome of one proof, as the section and the popover show them. */
  function controls(proof) {
    const box = h("div", { className: "proof-controls" });
    if (proof.needs) {
      const command = `python -m pytest -m "" ${test} -k ${proof.name}`;
      box.append(h("p", {}, `Needs ${proof.needs}. To run it on your computer: `, h("code", {}, command)));
      return box;
    }
    const button = h("button", { type: "button", className: "live-button" }, "Run this proof");
    const outcome = h("span", { className: "proof-outcome" });
    const report = h("pre", { className: "proof-report", tabIndex: 0, hidden: true });
    button.addEventListener("click", () => run([proof]));
    box.append(button, outcome, report);
    proof.shown.push({ button, outcome, report });
    show(proof);
    return box;
  }

  /** Brings every place that shows a proof up to date with its result. */
  function show(proof) {
    const { result } = proof;
    proof.details.dataset.outcome = result ? result.outcome : "";
    for (const { button, outcome, report } of proof.shown) {
      outcome.className = `proof-outcome ${result?.outcome ?? ""}`;
      outcome.textContent = result?.text ?? "";
      report.hidden = !result?.report;
      report.replaceChildren(...linkedToAll(result?.report ?? ""));
      button.setAttribute("aria-disabled", busy); // a disabled button would lose the focus
    }
  }

  function settle(proof, outcome, text, report = "") {
    proof.result = { outcome, text, report };
    show(proof);
  }

  async function runOne(proof) {
    settle(proof, "running", "Running…");
    const withEdits = edited() ? ", with your edits" : "";
    try {
      const remedy = "Press Run this proof to try again.";
      const message = { call: "prove", time: { offset: 0 }, files: await currentFiles(), test, names: [proof.name] };
      const { proofs: found, broken } = await call(message, remedy);
      const result = found[proof.name];
      if (broken || !result) return settle(proof, "failed", "This test file can't be imported here:", broken);
      const cases = result.cases > 1 ? `, ${result.cases} cases` : "";
      const time = `${Math.round(result.seconds * 1000)} ms${cases}${withEdits}`;
      if (result.passed) settle(proof, "passed", `\u2713 Passed in ${time}`);
      else settle(proof, "failed", `\u2717 Failed in ${time}`, result.report);
    } catch (trouble) {
      settle(proof, "failed", `\u2717 ${trouble.message}`);
    }
  }

  async function run(chosen) {
    if (busy) return;
    busy = true;
    all.setAttribute("aria-disabled", "true");
    proofs.forEach(show);
    const stop = onProgress(({ loaded, total }) => {
      status.textContent = `Fetching Python: ${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
    });
    try {
      await start();
      for (const [index, proof] of chosen.entries()) {
        if (chosen.length > 1) status.textContent = `Running ${index + 1} of ${chosen.length}`;
        await runOne(proof);
      }
      const failed = chosen.filter((proof) => proof.result.outcome === "failed").length;
      status.textContent = `${chosen.length - failed} passed${failed ? `, ${failed} failed` : ""}${edited() ? ", with your edits" : ""}`;
    } catch (trouble) {
      status.textContent = trouble.message;
    } finally {
      stop();
      busy = false;
      all.removeAttribute("aria-disabled");
      proofs.forEach(show);
    }
  }

  runAll = () => run(runnable);
  // What was proven before an edit need not hold after it.
  document.addEventListener("example-edited", () => {
    if (busy) return;
    if (runnable.some((proof) => proof.result)) status.textContent = "";
    for (const proof of runnable) proof.result = null;
    proofs.forEach(show);
  });
  for (const proof of proofs) proof.details.append(controls(proof));
  openTarget();
  addEventListener("hashchange", openTarget);

  /** Opens the test that the address names. */
  function openTarget() {
    const target = proofs.find((proof) => `#${proof.name}` === location.hash);
    if (target) target.details.open = true;
  }

  open = addPopovers(proofs, controls);
}

/**
 * One popover for all marks of the page: it shows on hover and focus, and stays after a click or Enter.
 * @returns {(link: HTMLElement) => void} what a click on a mark does
 */
function addPopovers(proofs, controls) {
  const popover = h("div", { className: "proof-popover md-typeset", popover: "manual" });
  popover.setAttribute("role", "dialog");
  popover.setAttribute("aria-label", "Proof");
  document.body.append(popover);
  let mark = null;
  let kept = false;
  let returning = false; // focus that comes back from the popover must not open it again
  let timer;

  function show(link, keep) {
    clearTimeout(timer);
    const proof = proofs.find((one) => link.hash === `#${one.name}`);
    if (mark !== link) {
      for (const one of proofs) one.shown = one.shown.filter(({ button }) => !popover.contains(button));
      const title = h("p", { className: "proof-claim" }, proof.claim);
      const source = proof.details.querySelector(".highlight").cloneNode(true);
      source.querySelector("nav")?.remove(); // the theme's Copy works on the original alone
      const close = h("button", { type: "button", className: "proof-close", ariaLabel: "Close" }, "\u00d7");
      close.addEventListener("click", () => shut(true));
      popover.replaceChildren(close, title, controls(proof), source);
    }
    mark?.setAttribute("aria-expanded", "false");
    mark = link;
    kept ||= keep;
    link.setAttribute("aria-expanded", "true");
    popover.showPopover();
    place(link);
  }

  function place(link) {
    const box = link.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = popover;
    const below = innerHeight - box.bottom > height + 16 || box.top < height + 16;
    popover.style.left = `${Math.max(8, Math.min(box.left - 24, document.documentElement.clientWidth - width - 8))}px`;
    popover.style.top = `${Math.max(8, below ? Math.min(box.bottom + 6, innerHeight - height - 8) : box.top - height - 6)}px`;
  }

  function shut(returnFocus) {
    if (!mark) return;
    const last = mark;
    mark.setAttribute("aria-expanded", "false");
    mark = null;
    kept = false;
    popover.hidePopover();
    returning = true;
    if (returnFocus) last.focus({ preventScroll: true });
    returning = false;
  }

  const later = (act) => {
    clearTimeout(timer);
    timer = setTimeout(act, 250);
  };
  const leave = () => later(() => kept || popover.matches(":hover") || shut(false));

  for (const link of document.querySelectorAll("a.proof-mark")) {
    link.setAttribute("aria-haspopup", "dialog");
    link.setAttribute("aria-expanded", "false");
    link.addEventListener("pointerenter", ({ pointerType }) => {
      if (pointerType === "mouse" && !kept) later(() => show(link, false));
    });
    link.addEventListener("pointerleave", leave);
    link.addEventListener("focus", () => {
      if (link.matches(":focus-visible") && !kept && !returning) show(link, false);
    });
    link.addEventListener("blur", leave);
    link.addEventListener("keydown", (event) => {
      if (event.key === " ") {
        event.preventDefault();
        link.click();
      }
    });
  }
  popover.addEventListener("pointerleave", leave);
  addEventListener("keydown", (event) => event.key === "Escape" && shut(popover.contains(document.activeElement)));
  addEventListener("pointerdown", ({ target }) => {
    if (mark && !popover.contains(target) && target !== mark) shut(false);
  });
  popover.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !popover.contains(relatedTarget) && relatedTarget !== mark) shut(false);
  });
  addEventListener("resize", () => mark && place(mark));
  // This script came because of the mark that is under the pointer, or has the focus.
  const cause = document.querySelector("a.proof-mark:hover, a.proof-mark:focus-visible");
  if (cause) later(() => mark ?? show(cause, false));
  return (link) => {
    kept = false;
    show(link, true);
    (popover.querySelector(".proof-controls button") ?? popover.querySelector(".proof-close")).focus();
  };
}
