/**
 * Side by side: a wrong app and the right one get the same requests, each from a browser of its own. A row shows the two
 * pages and the cookies that the browsers then have; above them is the difference of the codes.
 */

import { button, h, style } from "../dom.js";
import * as edits from "../edits.js";
import panelStyle from "../panel/view.css";
import { onProgress, start } from "../server.js";
import changesStyle from "../share/changes.css";
import { asked, run } from "./asked.js";
import besideStyle from "./beside.css";
import { describeCode } from "./code.js";
import { SIGNS } from "./differences.js";
import { Row } from "./row.js";

const styled = Promise.all([panelStyle, changesStyle, besideStyle].map(style)).catch(() => {});

const comparisons = new Map();

/**
 * Runs both apps with the same requests and shows the responses beside each other, in the wrong app's example.
 * @param {HTMLElement} wrong
 * @param {HTMLElement} right
 */
export function compare(wrong, right) {
  if (!comparisons.has(wrong)) comparisons.set(wrong, new Comparison(wrong, right));
  return comparisons.get(wrong).run();
}

class Comparison {
  constructor(wrong, right) {
    this.examples = [wrong, right];
    this.names = this.examples.map(({ dataset }) => dataset.app);
    this.rows = [];
    this.line = h("p", { className: "live-line" });
    this.line.setAttribute("role", "status");
    this.found = h("div");
    const close = button("Close the comparison", () => this.close());
    this.section = h(
      "section",
      { className: "live-panel beside", hidden: true, tabIndex: -1 },
      h("div", { className: "beside-head" }, this.line, close),
      this.found,
    );
    this.section.setAttribute("aria-label", this.names.join(" beside "));
    wrong.append(this.section);
    addEventListener("example-edited", ({ target }) => {
      if (this.section.hidden || this.busy || !this.examples.includes(target)) return;
      this.line.textContent = `The code was edited since. ${this.again}`;
    });
    addEventListener("resize", () => {
      for (const row of this.rows) row.fit();
    });
  }

  get again() {
    return `Press Compare with ${this.names[1]} to run both again.`;
  }

  async run() {
    if (this.busy) return;
    this.busy = true;
    this.section.hidden = false;
    this.section.setAttribute("aria-busy", "true");
    this.line.textContent = "Running both apps.";
    setTimeout(() => this.section.focus({ preventScroll: true })); // after what else the press does
    this.section.scrollIntoView({ block: "nearest" });
    const done = onProgress(({ loaded, total }) => {
      this.line.textContent = `Fetching Python: ${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
    });
    try {
      await Promise.all([styled, start()]);
      done();
      const { rows, why } = asked(this.examples);
      // Names of their own in the worker: not the panels', nor those of another comparison with the same right app.
      const id = `beside/${this.examples[0].dataset.folder}/${this.names[0]}`;
      const runs = [];
      for (const [side, example] of this.examples.entries()) {
        const parts = rows.map((row) => (row.parts ? row.parts[side] : row)).filter(Boolean);
        runs.push(await run(example, parts, `${id}/${example.dataset.app}`));
      }
      await this.show(rows, why, runs);
    } catch (trouble) {
      this.rows = [];
      this.found.replaceChildren();
      this.line.textContent = trouble.message;
    } finally {
      done();
      this.busy = false;
      this.section.removeAttribute("aria-busy");
      const fits = this.section.getBoundingClientRect().height < innerHeight - 100;
      this.section.scrollIntoView({ block: fits ? "nearest" : "start" });
    }
  }

  async show(rows, why, runs) {
    const say = () => {
      this.line.textContent = "These pages only show the responses. To use one of them, press Run at its app.";
    };
    const doings = runs.map(({ fetch }) => ({ request: fetch, visit: say, leave: say }));
    this.rows = [];
    const items = rows.map(({ step, parts }) => {
      if (step) return h("li", { className: "beside-step" }, step);
      const responses = runs.map(({ found }, side) => found.get(parts[side]));
      const row = new Row(this.names, parts, responses, doings);
      this.rows.push(row);
      return row.item;
    });
    const names = this.names.map((name, side) => h("span", {}, `${SIGNS[side]} ${name}`));
    this.found.replaceChildren(
      ...(why ? [h("p", {}, why)] : []),
      describeCode(this.examples),
      h("div", { className: "beside-names" }, ...names),
      h("ol", { className: "beside-list" }, ...items),
    );
    await Promise.all(this.rows.filter(({ differs }) => differs).map((row) => row.draw()));
    this.line.textContent = this.verdict();
  }

  verdict() {
    const differing = this.rows.filter(({ differs }) => differs).length;
    const edited = this.examples.filter((example) => edits.changed(example).length).map(({ dataset }) => dataset.app);
    const total = this.rows.length;
    const found = differing
      ? `${differing} of ${total} ${total === 1 ? "response" : "responses"} ${differing === 1 ? "differs" : "differ"}.`
      : total === 1
        ? "The response is the same."
        : `All ${total} responses are the same.`;
    return edited.length ? `${found} With your edits in ${edited.join(" and ")}.` : found;
  }

  close() {
    this.section.hidden = true;
    [...this.examples[0].querySelectorAll(".example-actions button")]
      .find(({ textContent }) => textContent.startsWith("Compare"))
      .focus();
  }
}
