/**
 * A challenge: the reader edits a wrong app until the statements about the right one are true. Their tests run in the
 * page's worker as those of the section Tests do; the edited file takes the place of the right app. What is shown as
 * true is what pytest said of the code as it was checked.
 */
import { button, h, hidden, style } from "../dom.js";
import { edit } from "../editor/editor.js";
import { changed, files, original } from "../edits.js";
import { fetchFiles } from "../files.js";
import { onProgress, start } from "../server.js";
import changesStyle from "../share/changes.css";
import { changesOf, describe } from "../share/changes.js";
import fixStyle from "./fix.css";
import { judge, starts } from "./judge.js";
import * as progress from "./progress.js";

const OLDER = "You fixed this app as an earlier version of this site had it, which doesn't count any more.";
const SIGNS = { passed: ["\u2713", "true: "], failed: ["\u2717", "not true: "], "": ["\u00b7", "not checked: "] };

const challenges = new Map();

/**
 * Opens the challenge of an example, and checks its app.
 * @param {HTMLElement} example a `.example[data-fix]`
 */
export async function open(example) {
  await Promise.all([style(fixStyle), style(changesStyle)]);
  if (!challenges.has(example)) {
    const { files: data } = await fetchFiles(`../fix/${example.dataset.fix}.json`)();
    challenges.set(example, new Challenge(example, /** @type {any} */ (data)));
  }
  return challenges.get(example).open();
}

class Challenge {
  /**
   * @param {HTMLElement} example
   * @param {import("./judge.js").Data} data
   */
  constructor(example, data) {
    this.example = example;
    this.data = data;
    this.busy = false;
    this.line = h("p", { className: "fix-line" });
    this.line.setAttribute("role", "status");
    this.rows = data.tests.map(([, , text]) => h("li", {}, h("span", { className: "fix-sign" }), h("span", {}, text)));
    this.check = button("Check", () => this.run());
    this.hint = h("p", { hidden: true }, `Hint: ${data.hint}`);
    this.fix = h("div", { className: "changed-lines", hidden: true }, ...this.describeFix());
    this.forget = button("Forget that I fixed it", () => this.forgotten(), { hidden: true });
    const buttons = h(
      "div",
      { className: "fix-buttons" },
      this.check,
      folding("Hint", this.hint),
      folding("Show the fix", this.fix),
      this.forget,
      button("Close the challenge", () => this.close()),
    );
    this.section = h(
      "section",
      { className: "fix" },
      h("p", {}, "Change the code above until these statements are true, then press Check:"),
      h("ul", {}, ...this.rows),
      this.line,
      buttons,
      this.hint,
      this.fix,
    );
    this.section.setAttribute("aria-label", `Fix ${data.app}`);
    this.section.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) this.close();
    });
    example.querySelector(".example-run").before(this.section);
    example.addEventListener("example-edited", () => this.edited());
    for (const index of this.rows.keys()) this.mark(index, "");
  }

  /** The lines that differ between the wrong app and the right one. */
  describeFix() {
    const before = original(this.example);
    return Object.entries(this.data.fixed).flatMap(([path, text]) => [
      h("p", {}, path),
      ...changesOf(before[path], text).map(describe),
    ]);
  }

  async open() {
    this.section.hidden = false;
    await edit(this.example);
    this.section.scrollIntoView({ block: "nearest" });
    return this.run(progress.state(this.data.app) === "older" ? OLDER : "");
  }

  close() {
    this.section.hidden = true;
    /** @type {HTMLElement} */ (this.example.querySelector(".live-fix")).focus();
  }

  /** What was checked was other code. */
  edited() {
    if (this.busy || this.section.hidden) return;
    for (const index of this.rows.keys()) this.mark(index, "");
    this.line.textContent = "The code was edited since the last check.";
  }

  mark(index, outcome) {
    const row = this.rows[index];
    const [sign, words] = SIGNS[outcome];
    row.dataset.outcome = outcome;
    row.firstChild.replaceChildren(h("span", { ariaHidden: "true" }, sign), hidden(words));
  }

  /** Checks the code as it is now; `note` is said before the result. */
  async run(note = "") {
    if (this.busy) return;
    this.busy = true;
    this.check.setAttribute("aria-disabled", "true");
    const say = (text) => (this.line.textContent = [note, text].filter(Boolean).join(" "));
    const done = onProgress(({ loaded, total }) =>
      say(`Fetching Python: ${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`),
    );
    const now = files(this.example);
    for (const index of this.rows.keys()) this.mark(index, "");
    try {
      await start();
      done();
      say("Checking.");
      const trouble = await starts(this.example, this.data, now);
      if (trouble) for (const index of this.rows.keys()) this.mark(index, "failed");
      else await judge(this.example, this.data, now, (index, outcome) => this.mark(index, outcome));
      say(trouble || this.result(now));
    } catch ({ message }) {
      for (const [index, row] of this.rows.entries()) if (!row.dataset.outcome) this.mark(index, "failed");
      say(message);
    } finally {
      done();
      this.busy = false;
      this.check.removeAttribute("aria-disabled");
      this.forget.hidden = !progress.state(this.data.app);
      if (JSON.stringify(files(this.example)) !== JSON.stringify(now)) this.edited();
    }
  }

  /** The line after a check. Progress counts only for code that the reader has changed. */
  result(now) {
    const all = this.rows.length;
    const passed = this.rows.filter((row) => row.dataset.outcome === "passed").length;
    if (all === 1 && !passed) return "The statement is not true.";
    if (passed < all) return `${passed} of ${all} statements ${passed === 1 ? "is" : "are"} true.`;
    const whole = { 1: "The statement is", 2: "Both statements are" }[all] ?? `All ${all} statements are`;
    if (!changed(this.example).length || JSON.stringify(files(this.example)) !== JSON.stringify(now))
      return `${whole} true.`;
    return `${whole} true: you fixed this app.${progress.keep(this.data.app, true) ? "" : " This browser can't keep that."}`;
  }

  forgotten() {
    progress.keep(this.data.app, false);
    this.forget.hidden = true;
    this.line.textContent = "Forgotten: this app counts as not fixed.";
    this.check.focus();
  }
}

/** A button that shows and hides an element. */
function folding(name, element) {
  const press = button(name, () => {
    element.hidden = !element.hidden;
    press.setAttribute("aria-expanded", String(!element.hidden));
  });
  press.setAttribute("aria-expanded", "false");
  return press;
}
