/**
 * Play: a replay that goes on by itself, one part of the transcript after the other: what
 * happens between two requests is a step too. It pauses when the tab is left, and stops when the reader does something else in the panel.
 */
import { button, h } from "../dom.js";
import { openBench } from "../panel/bench.js";
import { fetching } from "../panel/fetching.js";
import { panelOf } from "../panel/panel.js";
import { moved } from "../panel/stale.js";
import { replayOf, sum } from "./replay.js";
import { perform } from "./transcript.js";

const PACE = 2000; // milliseconds between two steps: time to read one line
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

const players = new Map(); // a replay's Player

/**
 * Performs a transcript from its beginning.
 * @param {HTMLElement} example whose app answers
 * @param {HTMLElement} list an `ol.exchanges`
 */
export function play(example, list) {
  const replay = replayOf(panelOf(example));
  if (!players.has(replay)) players.set(replay, new Player(replay));
  return players.get(replay).start(list);
}

class Player {
  constructor(replay) {
    this.replay = replay;
    this.panel = replay.panel;
    this.list = null;
    this.parts = []; // of the transcript; `at` is the next one
    this.at = 0;
    this.found = new Map(); // what differs in each response
    this.why = ""; // it paused, until that is said
    this.state = "ended"; // playing, paused, stopped, done
    this.toggle = button("Pause", () => this.press());
    this.next = button("Step", () => this.step());
    this.row = h("div", { className: "live-row", hidden: true }, this.toggle, this.next);
    replay.bar.append(this.row);
    replay.player = this;
    document.addEventListener("visibilitychange", () => document.hidden && this.pause("You left the tab."));
    CALM.addEventListener("change", () => this.pause());
    this.panel.example.addEventListener("example-edited", () => this.stop("The code was edited."));
  }

  /** From the beginning; the reader's own visits wait, as in every replay. */
  async start(list) {
    const { replay, panel } = this;
    await panel.act(async () => {
      panel.say("", "");
      await openBench(panel);
      await fetching(panel.view);
      await replay.begin(list.querySelector(":scope > .exchange"));
      this.turn = panel.replay;
    });
    if (panel.replay !== this.turn || !this.turn) return; // the app did not start, or the reader left
    Object.assign(this, { list, parts: replay.parts, at: 0, found: new Map(), queue: panel.queue, state: "paused" });
    for (const one of [replay.back, replay.next]) one.hidden = true;
    this.row.hidden = false;
    if (!CALM.matches && !document.hidden) this.state = "playing";
    this.draw();
    (CALM.matches ? this.next : this.toggle).focus({ preventScroll: true });
    await this.perform();
  }

  press() {
    if (this.state === "playing") return this.pause();
    if (this.state !== "paused") return this.start(this.list);
    this.state = "playing";
    this.draw();
    return this.perform();
  }

  /** One step, after which it waits. */
  step() {
    if (this.busy || !["playing", "paused"].includes(this.state)) return;
    this.pause();
    return this.perform();
  }

  pause(why = "") {
    clearTimeout(this.timer);
    if (this.state !== "playing") return;
    this.state = "paused";
    this.draw();
    this.why = why;
    if (!this.busy) this.tellWhy();
  }

  /** Says why it paused: after the step that was under way, whose own line would stand over it. */
  tellWhy() {
    if (this.why && this.state === "paused") this.panel.say("", `${this.why} The replay is paused.`);
    this.why = "";
  }

  stop(why) {
    clearTimeout(this.timer);
    if (this.state !== "playing" && this.state !== "paused") return;
    this.state = "stopped";
    this.draw();
    this.where(`${why} The replay stopped.`);
  }

  /** The replay was left, or is one of a single exchange now. */
  end() {
    clearTimeout(this.timer);
    this.state = "ended";
    this.row.hidden = true;
    for (const one of [this.replay.back, this.replay.next]) one.hidden = false;
  }

  where(text) {
    this.replay.where.textContent = text;
  }

  draw() {
    const over = this.state === "stopped" || this.state === "done";
    const name = this.state === "playing" ? "Pause" : "Continue";
    this.toggle.textContent = over ? "Play again" : name;
    this.toggle.hidden = CALM.matches && !over;
    this.next.setAttribute("aria-disabled", String(over)); // a disabled button would lose the focus
  }

  /** The next part, and in `PACE` the one after it. */
  async perform() {
    const { panel, parts, at } = this;
    clearTimeout(this.timer);
    if (this.busy) return;
    if (panel.replay !== this.turn || panel.queue !== this.queue) return this.stop("You pressed something else.");
    const part = parts[at];
    let done = false;
    this.busy = true;
    this.where(`Step ${at + 1} of ${parts.length}: ${part.name ?? part.step}.`);
    this.queue = panel.act(async () => {
      await perform([part], browserOf(this));
      done = true;
    });
    await this.queue;
    this.busy = false;
    if (panel.replay !== this.turn) return; // left meanwhile
    this.tellWhy();
    if (!done) return this.stop(`Step ${at + 1} of ${parts.length} failed.`);
    this.at += 1;
    if (this.at === parts.length) this.finish();
    else if (this.state === "playing") this.timer = setTimeout(() => this.perform(), PACE);
  }

  finish() {
    if (this.state !== "playing" && this.state !== "paused") return;
    this.state = "done";
    const focused = document.activeElement === this.next;
    this.draw();
    if (focused) this.toggle.focus({ preventScroll: true });
    this.where(`The end. ${sum(this.found)}`);
  }
}

/** What one part does to the panel, in a sentence each: see perform() in transcript.js. */
function browserOf({ panel, replay, found }) {
  const tell = async (line, act = () => panel.app.call("jar")) => {
    await act();
    panel.forget(line);
    panel.say("", line);
  };
  return {
    request: async (part) => {
      const own = new Map();
      replay.item = part.item;
      await replay.request(part, true, own);
      found.set(part, own.get(part));
    },
    closeBrowser: () => tell("The browser is closed.", () => panel.app.call("jar", { close: true })),
    newVisitor: () => {
      replay.newVisitor();
      return tell("Another visitor, who has no cookies yet.");
    },
    firstVisitor: () => {
      replay.switchTo(panel.visitors[0]);
      return tell("The first visitor is back.");
    },
    wait: async (milliseconds) => {
      panel.replay.now += milliseconds;
      await panel.app.call("jar");
      panel.stale.clock(milliseconds);
      panel.showState(true);
      panel.say("", `The clock moved: ${moved(milliseconds)}.`);
    },
  };
}
