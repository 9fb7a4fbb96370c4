/**
 * Side by side: a wrong app and the right one get the same requests, each from a fresh visitor at the transcripts' clock
 * and with their key, and what differs between the answers is marked.
 */

import { button, h, style } from "../dom.js";
import * as edits from "../edits.js";
import { newVisitor } from "../panel/app.js";
import panelStyle from "../panel/view.css";
import { ENVIRONMENT, perform, read, START } from "../replay/transcript.js";
import { longestCommon } from "../sequence.js";
import { call, onProgress, start } from "../server.js";
import besideStyle from "./beside.css";

style(panelStyle);
style(besideStyle);

const LONGEST = 4000; // characters shown of a body
const TOKENS = 700; // more than this many are not compared one by one

const comparisons = new Map();

/**
 * Runs both apps with the same requests and shows the answers beside each other, in the wrong app's example.
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
    this.line = h("p", { className: "live-line" });
    this.line.setAttribute("role", "status");
    this.list = h("ol", { className: "beside-list" });
    this.section = h(
      "section",
      { className: "live-panel beside", hidden: true },
      this.line,
      this.list,
      button("Close the comparison", () => this.close()),
    );
    this.section.setAttribute("aria-label", this.names.join(" beside "));
    wrong.append(this.section);
    addEventListener("example-edited", ({ target }) => {
      if (this.section.hidden || this.busy || !this.examples.includes(target)) return;
      this.line.textContent = `The code was edited since. ${this.again}`;
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
    this.section.scrollIntoView({ block: "nearest" });
    const done = onProgress(({ loaded, total }) => {
      this.line.textContent = `Fetching Python: ${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
    });
    try {
      await start();
      done();
      const parts = this.parts();
      /** @type {[unknown, unknown]} */
      const answers = [null, null];
      // Names of their own in the worker: not the panels', nor those of another comparison with the same right app.
      const id = `beside/${this.examples[0].dataset.folder}/${this.names[0]}`;
      for (const [index, example] of this.examples.entries())
        answers[index] = await answersOf(example, parts, `${id}/${example.dataset.app}`);
      this.show(parts, answers);
    } catch (trouble) {
      this.list.replaceChildren();
      this.line.textContent = trouble.message;
    } finally {
      done();
      this.busy = false;
      this.section.removeAttribute("aria-busy");
      this.section.scrollIntoView({ block: "nearest" });
    }
  }

  /** The requests: the wrong app's transcript on this page, else the right one's, else the front page. */
  parts() {
    const lists = [...document.querySelectorAll("ol.exchanges")];
    for (const {
      dataset: { folder, app },
    } of this.examples) {
      const list = lists.find((one) => one.dataset.example === `${folder}/${app}`);
      if (list) return read(list);
    }
    return [{ name: "GET /", method: "GET", path: "/" }];
  }

  show(parts, [wrong, right]) {
    const requests = parts.filter(({ step }) => !step);
    let differing = 0;
    this.list.replaceChildren(
      ...parts.map((part) => {
        if (part.step) return h("li", { className: "beside-step" }, part.step);
        const rows = compareAnswers(wrong.get(part), right.get(part));
        const names = rows.filter(({ differs }) => differs).map(({ name }) => name);
        if (names.length) differing++;
        return this.describe(part, rows, names);
      }),
    );
    const edited = this.examples.filter((example) => edits.changed(example).length).map(({ dataset }) => dataset.app);
    const total = requests.length;
    const found = differing
      ? `${differing} of ${total} ${total === 1 ? "response" : "responses"} ${differing === 1 ? "differs" : "differ"}.`
      : total === 1
        ? "The response is the same."
        : `All ${total} responses are the same.`;
    this.line.textContent = edited.length ? `${found} With your edits in ${edited.join(" and ")}.` : found;
  }

  /** One request, with one column where the answers are the same and two where they differ. */
  describe({ name, form }, rows, differing) {
    const column = (title, side) => {
      const group = h(
        "div",
        { className: "beside-column" },
        h("p", { className: "beside-name" }, title),
        h("dl", {}, ...rows.flatMap((row) => [h("dt", {}, row.name), h("dd", {}, ...row.texts[side])])),
      );
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", `${title}, ${name}`);
      return group;
    };
    const verdict = differing.length
      ? h("strong", { className: "beside-differs" }, `≠ differs: ${differing.join(", ")}`)
      : h("span", {}, "= same");
    const sent = form ? `${name} with ${new URLSearchParams(form)}` : name;
    const columns = differing.length ? this.names.map(column) : [column("both", 0)];
    return h(
      "li",
      {},
      h("p", { className: "beside-request" }, h("span", {}, sent), " ", verdict),
      h("div", { className: "beside-columns" }, ...columns),
    );
  }

  close() {
    this.section.hidden = true;
    [...this.examples[0].querySelectorAll(".example-actions button")]
      .find(({ textContent }) => textContent.startsWith("Compare"))
      .focus();
  }
}

/**
 * What an app answers, each exchange by its part. Throws if it does not start, or gives no answer.
 * @param {HTMLElement} example
 * @param {Part[]} parts as live/page/replay/transcript.js reads them
 * @param {string} id the app's name in the worker
 */
async function answersOf(example, parts, id) {
  const { app, env = "" } = example.dataset;
  const first = newVisitor(1);
  let visitor = first;
  let visitors = 1;
  let now = START;
  const ask = async (message) => {
    const reply = await call(
      { example: id, jar: visitor.jar, address: visitor.address, time: { frozen: now }, ...message },
      `Fix ${app} or press Reset code, then compare again.`,
    );
    visitor.jar = reply.jar;
    return reply;
  };
  const names = env
    .split(" ")
    .filter(Boolean)
    .map((name) => [name, "a value for this comparison"]);
  const { error } = await ask({
    call: "load",
    app,
    files: edits.files(example),
    env: { ...Object.fromEntries(names), ...ENVIRONMENT },
  });
  if (error) throw new Error(`${app} did not start. ${error} Fix it, then compare again.`);
  const found = new Map();
  await perform(parts, {
    async request(part) {
      const { method, path, form } = part;
      const { exchanges, error, state } = await ask({ call: "visit", method, path, form, follow: false });
      if (error) throw new Error(`${app} did not respond to ${part.name}. ${error} Fix it, then compare again.`);
      found.set(part, { ...exchanges.at(-1), session: state.session });
    },
    newVisitor: () => (visitor = newVisitor(++visitors)),
    firstVisitor: () => (visitor = first),
    closeBrowser: () => ask({ call: "jar", close: true }),
    wait: (milliseconds) => (now += milliseconds),
  });
  return found;
}

/** The rows of two answers: { name, differs, texts: [nodes of the one, nodes of the other] }. */
function compareAnswers(...answers) {
  const lines = answers.map(({ headers }) => {
    const found = {};
    for (const [name, value] of headers) found[name] = found[name] ? `${found[name]}\n${value}` : value;
    return found;
  });
  const names = ["Location", "Set-Cookie", ...lines.flatMap(Object.keys)].filter(
    (name, index, all) => all.indexOf(name) === index,
  );
  const rows = [["status", ...answers.map(({ status }) => status)]];
  for (const name of names) {
    const texts = lines.map((found) => found[name]);
    if (/^content-length$/i.test(name) || texts.every((text) => text === undefined)) continue; // follows from the body
    const shown = name === "Location" || name === "Set-Cookie";
    if (shown || texts[0] !== texts[1]) rows.push([name, ...texts]);
  }
  const payloads = answers.map(({ headers, session }) => {
    const set = headers.some(([name, value]) => /^set-cookie$/i.test(name) && value.startsWith(`${session?.name}=`));
    return set && session.payload !== undefined ? json(session.payload) : undefined;
  });
  if (payloads.some(Boolean)) rows.push(["payload", ...payloads]);
  const bodies = answers.map(bodyOf);
  if (bodies.some(Boolean)) rows.push(["body", ...bodies]);
  return rows.map(([name, one, other]) => ({ name, differs: one !== other, texts: mark(one, other) }));
}

/** JSON on one line, spaced as Python does. */
const json = (value) =>
  JSON.stringify(value, null, 1)
    .replace(/([[{])\n\s*/g, "$1")
    .replace(/\n\s*([\]}])/g, "$1")
    .replace(/\n\s*/g, " ");

/** An answer's body; browsers do not show that of a redirect. */
function bodyOf({ headers, text, type, base64 }) {
  if (headers.some(([name]) => /^location$/i.test(name))) return undefined;
  if (text === undefined) return `${type}: ${base64}`.slice(0, LONGEST);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text.trim() || undefined;
}

/** Two texts as nodes, with what only one of them has marked. */
function mark(one, other) {
  if (one === other) return [[one], [other]];
  const missing = () => [h("mark", {}, "none")];
  if (one === undefined || other === undefined)
    return [one, other].map((text) => (text === undefined ? missing() : [h("mark", {}, text)]));
  const tokens = [one, other].map((text) => text.match(/[\p{L}\p{N}_-]+|[^\p{L}\p{N}_-]/gu) ?? []);
  const common = tokens.some(({ length }) => length > TOKENS)
    ? [new Set(), new Set()]
    : longestCommon(tokens[0], tokens[1]);
  return tokens.map((list, side) => {
    const nodes = [];
    for (const [index, token] of list.entries()) {
      const differs = !common[side].has(index);
      const last = nodes.at(-1);
      if (last?.differs === differs) last.text += token;
      else nodes.push({ differs, text: token });
    }
    return nodes.map(({ differs, text }) => (differs ? h("mark", {}, text) : text));
  });
}
