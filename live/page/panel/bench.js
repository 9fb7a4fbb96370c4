/**
 * The workbench: an example that runs takes the width of the window, its code on one side, the app's page and session on
 * the other. It is no dialog: the page's text stays above and below it. On a narrow window its bar stays in view, and
 * Code and Result switch in it.
 */
import { button, h, hidden, style } from "../dom.js";
import benchStyle from "./bench.css";

const WIDE = matchMedia("(min-width: 76em)"); // as in bench.css
const LEAST = 25,
  MOST = 75,
  STEP = 2; // per cent of the width that the code may have
const KEYS = { ArrowLeft: -STEP, ArrowRight: STEP, Home: LEAST - MOST, End: MOST - LEAST };

const styled = style(benchStyle).catch(() => {}); // without styles, the panel is below the code

/** The bench that is open: one at a time. */
let current = null;

/** Opens the bench of a panel, which is made on the first call. */
export function openBench(panel) {
  panel.view.section.hidden = false;
  panel.bench ??= new Bench(panel.example, panel.view.section);
  return panel.bench.open();
}

class Bench {
  /**
   * @param {HTMLElement} example a `.example[data-app]`
   * @param {HTMLElement} section its panel
   */
  constructor(example, section) {
    this.example = example;
    this.section = section;
    this.share = 50;
    this.full = button("Full size", () => (this.isOpen ? this.fold(this.full) : this.open()));
    this.full.classList.add("bench-full");
    this.mark = h("span", { className: "bench-mark" });
    this.sides = { Code: button("Code", () => this.show("Code")), Result: button("Result", () => this.show("Result")) };
    this.sides.Result.append(this.mark);
    this.heard = hidden("");
    this.heard.setAttribute("aria-live", "polite");
    const sides = h("span", { className: "bench-sides" }, ...Object.values(this.sides));
    sides.setAttribute("role", "group");
    sides.setAttribute("aria-label", "What to show");
    example.querySelector(".example-actions").append(this.full, sides, this.heard);
    section.before(this.splitter());
    example.classList.add("bench");
    this.show("Result");

    example.addEventListener("example-place", () => this.show("Code"));
    example.querySelector(".example-bar").addEventListener("click", ({ target }) => {
      const name = /** @type {HTMLElement} */ (target).closest("button")?.textContent ?? "";
      if (name === "Edit" || name === "Fix this app") this.show("Code");
      if (!name.startsWith("Compare")) return;
      this.show("Result");
      if (this.isOpen) this.fold();
    });
  }

  get isOpen() {
    return current === this;
  }

  /** Takes the width, and brings the bar to the window's upper edge. */
  async open() {
    await styled;
    if (!this.isOpen) {
      current?.close();
      this.top = this.example.getBoundingClientRect().top;
      current = this;
      this.full.firstChild.textContent = "Back to the text";
      this.example.classList.add("bench-open");
      document.documentElement.classList.add("benched");
    }
    this.show("Result");
    fit();
    this.example.scrollIntoView({ block: "start" });
  }

  /** Goes back into the text, to where the reader was; the focus goes to an element, or else to Run. */
  fold(focused = this.example.querySelector(".live-run")) {
    const { top } = this;
    this.close();
    scrollBy({ top: this.example.getBoundingClientRect().top - top, behavior: "instant" });
    focused.focus({ preventScroll: true });
  }

  close() {
    current = null;
    this.full.firstChild.textContent = "Full size";
    this.example.classList.remove("bench-open");
    document.documentElement.classList.remove("benched");
  }

  /** On a narrow window: the code, or the result. */
  show(side) {
    this.example.dataset.side = side;
    for (const [name, one] of Object.entries(this.sides)) one.setAttribute("aria-pressed", String(name === side));
  }

  /** Says in the bar whether the last press changed the session cookie. */
  changed(changed) {
    this.mark.textContent = changed ? " \u25cf cookie changed" : "";
    const unseen = !WIDE.matches && this.example.dataset.side === "Code";
    this.heard.textContent = changed && unseen ? "The cookie changed: Result shows it." : "";
  }

  splitter() {
    const separator = h("div", { className: "bench-splitter", tabIndex: 0 });
    const attributes = { role: "separator", "aria-orientation": "vertical", "aria-label": "Width of the code" };
    const limits = { "aria-valuemin": LEAST, "aria-valuemax": MOST };
    for (const [name, value] of Object.entries({ ...attributes, ...limits })) separator.setAttribute(name, `${value}`);
    const set = (share) => {
      this.share = Math.min(MOST, Math.max(LEAST, Math.round(share)));
      separator.setAttribute("aria-valuenow", `${this.share}`);
      this.example.style.setProperty("--bench-share", `${this.share}%`);
    };
    separator.addEventListener("keydown", (event) => {
      if (!(event.key in KEYS)) return;
      event.preventDefault();
      set(this.share + KEYS[event.key]);
    });
    separator.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // no text is selected by it
      separator.focus();
      separator.setPointerCapture(event.pointerId);
    });
    separator.addEventListener("pointermove", ({ pointerId, clientX }) => {
      if (!separator.hasPointerCapture(pointerId)) return;
      const { left, width } = this.example.getBoundingClientRect();
      set((100 * (clientX - left)) / width);
    });
    set(this.share);
    return separator;
  }
}

/** Tells the styles where the page's header ends, how wide the window is, and where the text begins in it. */
function fit() {
  const root = document.documentElement;
  const header = document.querySelector(".md-header")?.getBoundingClientRect().height ?? 0;
  const left = current?.example.parentElement.getBoundingClientRect().left ?? 0;
  const sizes = { "--bench-top": header, "--bench-width": root.clientWidth, "--bench-left": left + scrollX };
  for (const [name, size] of Object.entries(sizes)) root.style.setProperty(name, `${size}px`);
}
addEventListener("resize", fit);
WIDE.addEventListener("change", () => current?.example.scrollIntoView({ block: "start" }));

addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || !current || !WIDE.matches) return;
    // What lies over the page closes first.
    const search = /** @type {HTMLInputElement} */ (document.getElementById("__search"));
    if (search?.checked || document.querySelector(":popover-open")) return;
    if (current.section.querySelector(".replay:not([hidden])")) return; // it is the replay that ends
    current.fold();
  },
  true, // before the search box, which closes on the same key, does so
);
