/**
 * Run as you type: a switch in the bar of each example that was run. With it on, the app is started again, and the page
 * that is shown is requested again, once the reader has stopped typing and the code can be compiled. Runs begin by an
 * edit, never by a run, so an app that fails or changes its data is not started over and over.
 */
import { h } from "../dom.js";
import { faulty } from "../editor/syntax.js";
import { changed, files } from "../edits.js";
import { awaitsRun } from "./unrun.js";

const PAUSE = 700; // milliseconds without a key
const ROOT = new URL("../../", import.meta.url).pathname; // this module is in assets/live/
const KEY = `live ${ROOT}typing`; // as stored.js has it

let on = read();
let keeps = true;
const switches = new Map(); // a panel's Switch

function read() {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}

/** Turns it on or off for all examples, and keeps that where the browser can. */
function turn(value) {
  on = value;
  try {
    if (on) localStorage.setItem(KEY, "on");
    else localStorage.removeItem(KEY);
    keeps = true;
  } catch {
    keeps = false;
  }
  for (const one of switches.values()) one.show();
}

// The page's other tabs.
addEventListener("storage", ({ key }) => {
  if (key !== KEY && key !== null) return;
  on = read();
  for (const one of switches.values()) one.show();
});

/**
 * Adds the switch to the bar of a panel's example, once.
 * @param {any} panel live/page/panel/panel.js's, which has been run
 */
export function addSwitch(panel) {
  if (!switches.has(panel)) switches.set(panel, new Switch(panel));
}

class Switch {
  constructor(panel) {
    this.panel = panel;
    this.timer = 0;
    this.box = h("input", { type: "checkbox" });
    this.box.addEventListener("change", () => {
      turn(this.box.checked);
      this.wait(); // for edits that have not been run
    });
    const id = `bench-note-${switches.size}`;
    this.note = h("span", { className: "bench-note", id });
    this.box.setAttribute("aria-describedby", id);
    panel.example
      .querySelector(".bench-full")
      .before(h("span", { className: "bench-typing" }, h("label", {}, this.box, "Run as I type"), this.note));
    const { example } = panel;
    example.addEventListener("example-edited", ({ detail }) => {
      this.show();
      clearTimeout(this.timer); // what is run is what was typed last
      if (detail.typed === example) this.wait();
    });
    example.addEventListener("example-run", () => this.show());
    this.show();
    this.wait(); // for what was typed while Python came
  }

  /** What has to be pressed before anything runs as it is typed, if anything. */
  get lacks() {
    if (awaitsRun(this.panel.example)) return "once you press Run";
    return this.panel.replay ? "after the replay" : "";
  }

  show() {
    this.box.checked = on;
    this.note.textContent = on ? this.lacks || (keeps ? "" : "until you leave this page") : "";
  }

  /** Runs the code after a pause, if it may. */
  wait() {
    clearTimeout(this.timer);
    if (on) this.timer = setTimeout(() => this.due && this.panel.act(() => this.due && this.run()), PAUSE);
  }

  /** Whether there is something to run. */
  get due() {
    return on && !this.lacks && this.panel.app.stale; // it has been run: see addSwitch()
  }

  /** Runs the code as it is now, and asks for the shown page again, unless a form was sent for it. */
  async run() {
    const { panel } = this;
    const { app, example, view } = panel;
    const now = JSON.stringify(files(example));
    for (const path of changed(example)) if (await faulty(example, path)) return;
    if (JSON.stringify(files(example)) !== now) return; // a later edit has its own turn
    const shown = panel.history[panel.at];
    const again = shown?.last.method === "GET";
    const { scrollX, scrollY } = view.frame.contentWindow;
    const tab = view.tabs.shown;
    try {
      const line = await app.load();
      await panel.visit("GET", again ? shown.last.path : "/", undefined, {
        replace: again,
        referrer: again ? shown.referrer : null,
        notice: () => line,
      });
      view.frame.contentWindow.scrollTo(scrollX, scrollY);
    } finally {
      view.tabs.show(tab); // an app that fails does not take the reader elsewhere
    }
  }
}
