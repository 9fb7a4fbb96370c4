/**
 * One popover for all marks of a page, with the tests of the mark's paragraph. It shows on hover and focus, and stays
 * after a click or Enter.
 */
import { button, h } from "../dom.js";

const HOVER = 250; // milliseconds before the pointer's rest counts

/**
 * Adds the popover and gives every mark of the page its part in it.
 * @param {Array<Record<string, any>>} tests the page's tests, as live/page/tests/tests.js has them
 * @param {(test: any) => HTMLElement} controls makes the controls of one test
 * @param {(test: any) => HTMLElement} uses makes the fold with what a test uses
 * @param {(tests: any[]) => void} run runs several
 * @returns {{open: (link: HTMLElement) => void, openAt: (test: any) => void}} what a click on a mark does; what an
 *   address with a test's name does
 */
export function addPopover(tests, controls, uses, run) {
  const popover = h("div", { className: "test-popover md-typeset", popover: "manual" });
  popover.setAttribute("role", "dialog");
  popover.setAttribute("aria-label", "Tests");
  document.body.append(popover);
  let mark = null;
  let kept = false;
  let returning = false; // focus that comes back from the popover must not open it again
  let timer;

  const later = (act) => {
    clearTimeout(timer);
    timer = setTimeout(act, HOVER);
  };
  const leave = () => later(() => kept || popover.matches(":hover") || shut(false));

  function fill(link) {
    for (const one of tests) one.shown = one.shown.filter(({ box }) => !popover.contains(box));
    const shown = (link.dataset.tests ?? link.hash.slice(1))
      .split(" ")
      .map((name) => tests.find((one) => one.name === name));
    const close = button("\u00d7", () => shut(true), { className: "test-close", ariaLabel: "Close" });
    const number = shown.filter((test) => !test.needs).length;
    const together = number > 1 ? button(`Run all ${number} tests`, () => run(shown)) : null;
    popover.replaceChildren(close, ...(together ? [together] : []), ...shown.map((test) => item(test, controls, uses)));
  }

  function show(link, keep) {
    clearTimeout(timer);
    if (mark !== link) fill(link);
    mark?.setAttribute("aria-expanded", "false");
    mark = link;
    kept ||= keep;
    link.setAttribute("aria-expanded", "true");
    popover.showPopover();
    place();
  }

  /** Below the mark if there is room, above it otherwise, always inside the window. */
  function place() {
    if (!mark) return;
    const box = mark.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = popover;
    const below = innerHeight - box.bottom > height + 16 || box.top < height + 16;
    const top = below ? Math.min(box.bottom + 6, innerHeight - height - 8) : box.top - height - 6;
    const left = Math.min(box.left - 24, document.documentElement.clientWidth - width - 8);
    popover.style.left = `${Math.max(8, left)}px`;
    popover.style.top = `${Math.max(8, top)}px`;
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

  function open(link) {
    kept = false;
    show(link, true);
    popover.querySelector("button:not(.test-close)")?.focus();
    if (!popover.contains(document.activeElement)) popover.querySelector(".test-close").focus();
  }

  function openAt(test) {
    const link = document.querySelector(`a.test-mark:is([data-tests~="${test.name}"], [href="#${test.name}"])`);
    if (!link) return;
    link.scrollIntoView({ block: "center" });
    open(link);
    const item = popover.querySelector(`[data-test="${test.name}"]`);
    item.querySelector("details").open = true;
    item.scrollIntoView({ block: "nearest" });
  }

  for (const link of document.querySelectorAll("a.test-mark")) listen(link);

  function listen(link) {
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
      if (event.key !== " ") return;
      event.preventDefault();
      link.click();
    });
  }

  popover.addEventListener("pointerleave", leave);
  addEventListener("keydown", (event) => {
    const inside = popover.contains(document.activeElement);
    // It is the last thing on the page: behind it would be the browser's own controls, and then the page's beginning.
    if (event.key === "Tab" && inside) {
      const stops = [...popover.querySelectorAll("button, a[href], summary, [tabindex='0']")].filter((one) =>
        one.checkVisibility(),
      );
      const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
      if (document.activeElement !== from) return;
      event.preventDefault();
      to.focus();
    } else if (event.key === "Escape") shut(inside || document.activeElement === document.body);
  });
  // It follows its mark, and goes with it if nobody works in it.
  addEventListener(
    "scroll",
    ({ target }) => {
      if (!mark || popover.contains(/** @type {Node} */ (target))) return;
      const { top, bottom } = mark.getBoundingClientRect();
      if ((bottom < 0 || top > innerHeight) && !popover.contains(document.activeElement)) shut(false);
      else place();
    },
    { capture: true, passive: true },
  );
  addEventListener("pointerdown", ({ target }) => {
    if (mark && !popover.contains(target) && target !== mark) shut(false);
  });
  popover.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !popover.contains(relatedTarget) && relatedTarget !== mark) shut(false);
  });
  addEventListener("resize", place);
  new ResizeObserver(place).observe(popover); // its styles, a report or a fold change its height
  // This script came because of the mark that is under the pointer, or has the focus.
  const cause = document.querySelector("a.test-mark:hover, a.test-mark:focus-visible");
  if (cause) later(() => mark ?? show(cause, false));
  return { open, openAt };
}

/** One test in the popover: its sentence and what it ran on, its controls; its source and what it uses, folded. */
function item(test, controls, uses) {
  const source = test.details.querySelector(".highlight").cloneNode(true);
  source.querySelector("nav")?.remove(); // the theme's Copy works on the original only
  const box = h(
    "div",
    { className: "test-item", role: "group", ariaLabel: test.sentence },
    h("p", { className: "test-name" }, test.sentence),
    h("p", { className: "test-evidence" }, `Ran on: ${test.evidence}`),
    controls(test),
    h("details", {}, h("summary", {}, "The test"), source),
    uses(test),
  );
  box.dataset.test = test.name;
  return box;
}
