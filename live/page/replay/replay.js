/**
 * Replay: a fresh visitor performs a transcript up to one exchange, in the panel of its app, at the transcript's own
 * clock and with its key, so that the app must give the bytes that the page shows. The reader's own visitors, cookies
 * and clock wait until the replay is left.
 */
import { button, h, style } from "../dom.js";
import { mustAnswer, newVisitor } from "../panel/app.js";
import { openBench } from "../panel/bench.js";
import { fetching } from "../panel/fetching.js";
import { panelOf } from "../panel/panel.js";
import { pressed } from "../panel/unrun.js";
import replayStyle from "./replay.css";
import { answerOf, differences, ENVIRONMENT, perform, read, START } from "./transcript.js";

style(replayStyle);

const replays = new Map(); // a panel's Replay

/**
 * Performs a transcript up to one exchange.
 * @param {HTMLElement} example whose app answers
 * @param {HTMLElement} item the exchange, an `li` of an `ol.exchanges`
 * @returns {Promise<string[]>} the responses, as extensions/predict.py looks at them
 */
export async function replay(example, item) {
  const one = replayOf(panelOf(example));
  await one.play(item);
  return one.given;
}

/** The replay of a panel, which is made on the first call. */
export function replayOf(panel) {
  if (!replays.has(panel)) replays.set(panel, new Replay(panel));
  return replays.get(panel);
}

// Escape leaves a replay, unless something lies over the page, which closes first; the workbench stays open.
addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
    const search = /** @type {HTMLInputElement} */ (document.getElementById("__search"));
    if (search?.checked || document.querySelector(":popover-open")) return;
    for (const one of replays.values()) if (!one.bar.hidden) one.leave();
  },
  true, // as in bench.js
);

// What a replay said of the exchanges no longer stands once the code is another.
addEventListener("example-edited", ({ target }) => {
  const { dataset } = /** @type {HTMLElement} */ (target);
  for (const list of document.querySelectorAll("ol.exchanges")) {
    if (list.dataset.example === `${dataset.folder}/${dataset.app}`) clear(list);
  }
});

function clear(list) {
  for (const outcome of list.querySelectorAll(".exchange-outcome")) outcome.remove();
}

class Replay {
  constructor(panel) {
    this.panel = panel;
    this.player = null; // play.js
    this.where = h("span", { className: "replay-where" });
    this.back = button("Previous", () => this.move(-1));
    this.next = button("Next", () => this.move(1));
    const keys = Object.keys(panel.env).flatMap((name) => [
      " ",
      h("code", {}, `${name}=${ENVIRONMENT[name] ?? panel.env[name]}`),
    ]);
    this.bar = h(
      "div",
      { className: "replay", hidden: true },
      h(
        "p",
        {},
        this.where,
        keys.length ? " The clock is stopped. The app's environment is the transcript's:" : " The clock is stopped.",
        ...keys,
      ),
      h(
        "div",
        { className: "live-row" },
        this.back,
        this.next,
        button("To the transcript", () => this.show()),
        button("Exit replay", () => this.leave()),
      ),
    );
    this.bar.setAttribute("role", "group");
    this.bar.setAttribute("aria-label", "Replay");
    panel.view.controls.before(this.bar);
  }

  get exchanges() {
    return this.parts.filter(({ step }) => !step);
  }

  play(item) {
    const { panel } = this;
    return panel.act(async () => {
      panel.say("", "");
      await openBench(panel);
      await fetching(panel.view);
      await this.begin(item);
      const answers = new Map();
      await perform(this.parts.slice(0, this.parts.findIndex((part) => part.item === item) + 1), {
        request: (part) => this.request(part, part.item === item, answers),
        closeBrowser: () => panel.app.call("jar", { close: true }),
        newVisitor: () => this.newVisitor(),
        firstVisitor: () => this.switchTo(panel.visitors[0]),
        wait: (milliseconds) => (panel.replay.now += milliseconds),
      });
    });
  }

  /** Loads the app at the beginning of the transcript that has this exchange. */
  async begin(item) {
    this.enter(item);
    this.panel.view.tabs.show("Page");
    pressed(this.panel.example);
    await this.panel.app.load();
  }

  /** Puts the reader's visitors aside, and takes the panel to the beginning of the transcript. */
  enter(item) {
    const { panel } = this;
    const { visitors, visitor, history, at } = panel.replay?.kept ?? panel;
    const kept = { visitors, visitor, history, at };
    const address = panel.replay?.address ?? panel.view.address.value;
    const leave = () => {
      Object.assign(panel, kept, { replay: null });
      panel.view.address.value = address;
      panel.showVisitors();
      showBar(this, false);
    };
    panel.replay = { env: { ...panel.env, ...ENVIRONMENT }, now: START, kept, address, leave };
    panel.stale.since("this replay");
    Object.assign(panel, { visitors: [], history: [], at: -1, expired: [] });
    this.newVisitor();
    this.item = item;
    this.list = item.parentNode;
    this.parts = read(this.list);
    clear(this.list);
    this.given = [];
    const { exchanges } = this;
    const index = exchanges.findIndex((part) => part.item === item);
    this.where.textContent = `Replay of exchange ${index + 1} of ${exchanges.length}, ${exchanges[index].name}.`;
    this.back.setAttribute("aria-disabled", index === 0); // a disabled button would lose the focus
    this.next.setAttribute("aria-disabled", index === exchanges.length - 1);
    showBar(this, true);
  }

  newVisitor() {
    const { panel } = this;
    panel.visitors.push(newVisitor(panel.visitors.length + 1));
    this.switchTo(panel.visitors.at(-1));
  }

  switchTo(visitor) {
    this.panel.visitor = visitor;
    this.panel.showVisitors();
  }

  /** Performs one exchange, says beside it whether the answer is the page's, and shows the last one's page. */
  async request(part, last, answers) {
    const { panel } = this;
    const { method, path, form } = part;
    const judge = (exchanges) => {
      const given = answerOf(exchanges.at(-1));
      const written = given.headers.some((line) => line.startsWith("Set-Cookie: ")) && panel.app.state.session?.payload;
      this.given.push([given.status, ...given.headers, written ? JSON.stringify(written) : "", given.body].join("\n"));
      const found = differences(given, part.answer);
      answers.set(part, found);
      const outcome = h(
        "span",
        { className: found.length ? "exchange-outcome differs" : "exchange-outcome" },
        found.length ? `✗ differs now: ${found.join(", ")}` : "✓ same again",
      );
      part.item.querySelector(".exchange-request").firstChild.after(outcome);
      return sum(answers);
    };
    if (last) return panel.visit(method, path, form, { follow: false, notice: judge });
    const { exchanges, error } = await panel.request(method, path, form, { follow: false });
    mustAnswer({ error });
    panel.visitor.session = panel.app.state.session; // the next one's changes are marked against it
    return judge(exchanges);
  }

  move(step) {
    const { exchanges } = this;
    const next = exchanges[exchanges.findIndex(({ item }) => item === this.item) + step];
    return next && this.play(next.item);
  }

  /** Back to where the reader came from. */
  show() {
    this.item.scrollIntoView({ block: "center" });
    this.item.querySelector(".exchange-replay").focus({ preventScroll: true });
  }

  async leave() {
    await this.panel.run();
    this.panel.example.querySelector(".live-run").focus({ preventScroll: true }); // the pressed button is gone
  }
}

/** Shows or hides the replay's own controls. */
function showBar(replay, shown) {
  replay.player?.end();
  replay.bar.hidden = !shown;
  for (const line of replay.panel.view.section.querySelectorAll(".live-env")) line.hidden = shown;
}

/** One line for what a replay found: a Map of parts to the names of what differs. */
export function sum(answers) {
  const number = answers.size;
  const differing = [...answers].filter(([, found]) => found.length);
  if (!differing.length)
    return number === 1 ? "The response matches the page." : `All ${number} responses match the page.`;
  const which = differing.map(([{ name }, found]) => `${name} (${found.join(", ")})`).join("; ");
  return `${differing.length} of ${number} ${number === 1 ? "response" : "responses"} ${differing.length === 1 ? "differs" : "differ"} from the page: ${which}.`;
}
