/** One request to two apps: a line that tells whether their responses differ, and the two browsers beside each other. */
import { h } from "../dom.js";
import { changesOf } from "../share/changes.js";
import { bodyOf, differences, line, linesOf, location, only, sameCookies } from "./differences.js";
import { draw, fit, frame } from "./frames.js";

const LINES = 3; // of HTML, where the pages look the same

/** @param {Part} part */
const sent = ({ name, form }) => (form ? `${name} with ${new URLSearchParams(form)}` : name);

export class Row {
  /**
   * @param {string[]} names of the two apps
   * @param {import("./asked.js").Row["parts"]} parts
   * @param {(import("./asked.js").Response_ | undefined)[]} responses
   * @param {{ request: function, visit: function, leave: function }[]} doings as showPage() takes them
   */
  constructor(names, parts, responses, doings) {
    this.names = names;
    this.parts = parts;
    this.responses = responses;
    this.doings = doings;
    this.differing = differences(responses[0], responses[1]);
    this.differs = this.differing.length > 0;
    this.drawn = false;
    /** @type {HTMLIFrameElement[]} */
    this.frames = [];
    this.columns = this.makeColumns();
    this.fold = h("details", { open: this.differs }, this.summary(), h("div", { className: "beside-columns" }));
    this.fold.lastElementChild.append(...this.columns);
    this.fold.addEventListener("toggle", () => this.fold.open && this.draw());
    this.item = h("li", {}, this.fold);
  }

  summary() {
    const [one, other] = this.parts;
    const names = this.names.map(
      (name, side) => `${name}: ${this.parts[side] ? sent(this.parts[side]) : "no request"}`,
    );
    const title = one === other ? sent(one) : names.join(", ");
    const [mine, theirs] = this.responses;
    const alike = mine && theirs && !mine.down && mine.status === theirs.status;
    const to = alike && location(mine) === location(theirs) ? location(mine) : undefined;
    const verdict = this.differs
      ? h("strong", { className: "beside-differs" }, `\u2260 differs: ${this.differing.join(", ")}`)
      : h("span", {}, "= the same");
    return h(
      "summary",
      { className: "beside-request" },
      h("span", { className: "beside-sent" }, title),
      " ",
      alike ? h("span", { className: "beside-quiet" }, to ? `${mine.status} to ${to}` : mine.status) : null,
      alike ? " " : null,
      verdict,
    );
  }

  /** One column where both browsers show the same, else two. */
  makeColumns() {
    const [mine, theirs] = this.responses;
    const same = !this.differs && (mine.down || sameCookies(mine, theirs));
    if (same) return [this.column("both", 0, this.parts[0])];
    return this.names.map((name, side) => this.column(name, side, this.parts[side] ?? this.parts[1 - side]));
  }

  /**
   * @param {string} title
   * @param {number} side
   * @param {Part} part whose name it has
   */
  column(title, side, { name }) {
    const mine = this.responses[side];
    const theirs = this.responses[1 - side];
    const group = h("div", { className: "beside-column" }, h("p", { className: "beside-name" }, title));
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", `${title}, ${name}`);
    if (!mine) group.append(line(side, false, "No request."));
    else {
      const { above, below } = linesOf(side, mine, theirs ?? { ...mine });
      group.append(...above);
      if (!mine.down && location(mine) === undefined && bodyOf(mine)) {
        const shown = frame(`Page of ${title}, ${name}`);
        this.frames[side] = shown;
        group.append(line(side, Boolean(theirs) && bodyOf(mine) !== bodyOf(theirs), shown));
      }
      group.append(...below);
    }
    return group;
  }

  /** Shows the pages, once they can be seen. */
  async draw() {
    const sides = [...this.frames.keys()].filter((side) => this.frames[side]);
    if (this.drawn) return this.fit();
    this.drawn = true;
    if (!sides.length) return;
    const of = (list) => sides.map((side) => list[side]);
    const found = await draw(of(this.frames), of(this.responses), of(this.doings));
    if (found === "same" && this.differing.includes("page") && sides.length === 2) this.showHtml();
  }

  fit() {
    const frames = this.frames.filter(Boolean);
    if (this.drawn && this.fold.open && frames.length) fit(frames);
  }

  /** Pages that look the same may differ in what is not seen. */
  showHtml() {
    const [one, other] = this.responses.map(bodyOf);
    const changes = changesOf(one, other);
    for (const [side, key] of ["removed", "added"].entries()) {
      const found = changes.flatMap((change) => change[key]).map((text) => text.trim());
      const shown = found.filter(Boolean).slice(0, LINES);
      const lines = shown.map((text) =>
        line(side, true, only(side, text.length > 160 ? `${text.slice(0, 160)}\u2026` : text)),
      );
      this.frames[side].closest(".beside-line").after(...lines);
    }
  }
}
