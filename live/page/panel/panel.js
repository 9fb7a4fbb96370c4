/**
 * The live panel: a small browser (page, cookie jar, clock, visitors) around one example's app, which runs in the
 * page's worker. See live/page/server.js for the worker, live/worker/browser.py for what the browser models.
 */
import { style } from "../dom.js";
import { cause } from "../editor/places.js";
import { files } from "../edits.js";
import * as server from "../server.js";
import { App, mustAnswer, newVisitor, sentence } from "./app.js";
import { openBench } from "./bench.js";
import { compare } from "./describe.js";
import { fetching } from "./fetching.js";
import { bringBackPanel, keepPanel } from "./keeping.js";
import { prepareFrame, showPage } from "./page.js";
import { cookiePresses, presses } from "./presses.js";
import { Stale } from "./stale.js";
import { awaitsRun, pressed } from "./unrun.js";
import viewStyle from "./view.css";
import { View } from "./view.js";

const styled = style(viewStyle).catch(() => {}); // without it, the panel is plain
const panels = new Map();

/** Starts fetching Python: a reader is about to press Run. */
export const prepare = () => server.start().catch(() => {}); // Run says what went wrong

/**
 * Opens the panel of an example, or runs its app afresh in the panel that is open.
 * @param {HTMLElement} example a `.example[data-app]`, with its files in `script.example-files`
 */
export async function open(example) {
  const panel = panelOf(example);
  await panel.run();
  if (panel.app.loaded) import("./typing.js").then(({ addSwitch }) => addSwitch(panel)).catch(() => {}); // Run works without it
  import("../offline.js").then(({ afterRun }) => afterRun()).catch(() => {}); // all works without it
}

/** The panel of an example, made on the first call; it does nothing yet. */
export function panelOf(example) {
  if (!panels.has(example)) panels.set(example, new Panel(example));
  return panels.get(example);
}

/** Runs an example afresh if its panel shows what has been edited since. */
export function renew(example) {
  const { app } = panels.get(example) ?? {};
  if (app?.loaded && app.stale) return panels.get(example).run();
}

/**
 * @typedef {(exchanges: Exchange[]) => string} Notice
 * @typedef {{ replace?: boolean, follow?: boolean, referrer?: string | null, notice?: Notice }} Options
 */

/** What the panel shows, of whom: visitors, the clock, the pages that Back and Forward lead to. */
class Panel {
  constructor(example) {
    this.example = example;
    this.env = newKeys(example);
    this.visitors = [newVisitor(1)];
    this.visitor = this.visitors[0];
    this.offset = 0;
    this.replay = null; // live/page/replay/replay.js: { env, now, leave }, while it has the panel
    this.queue = Promise.resolve();
    this.history = [];
    this.at = -1;
    const turn = () => ({ visitor: this.visitor, time: this.time, env: this.replay?.env ?? this.env });
    this.app = new App(example, turn, {
      log: (text) => this.view.addToLog(text),
      failed: (line) => {
        this.view.showBlank(line);
        this.view.tabs.show("Server log");
      },
    });
    const show = bringBackPanel(this);
    const press = presses(this);
    this.view = new View(example, this.app.path, this.env, press);
    this.stale = new Stale(this.view.frame, { reload: press.reload, run: () => this.run() });
    this.expired = [];
    this.say = (status, notice) => this.view.say(status, notice);
    this.showVisitors();
    show();
    example.append(this.view.section);
    this.bench = null; // from Run on: see bench.js
    prepareFrame(this.view.frame);
    if ("versions" in example.dataset) this.act(async () => (await import("./versions.js")).addVersions(this));
    example.addEventListener("example-edited", () => this.stale.edited(Boolean(this.app.loaded) && this.app.stale));
  }

  /** The clock, as the worker is told: moved by the reader, or standing still in a replay. */
  get time() {
    return this.replay ? { frozen: this.replay.now } : { offset: this.offset };
  }

  /** Does one thing at a time, in the order of the presses, and says what goes wrong. */
  act(what) {
    this.queue = this.queue.then(async () => {
      await styled;
      const { section, heard } = this.view;
      const slow = setTimeout(() => this.say("", "Waiting for the app."), 1000);
      section.setAttribute("aria-busy", "true");
      heard.textContent = "";
      try {
        await what();
      } catch (error) {
        if (!(error instanceof server.Trouble)) console.error(error);
        this.say(
          "",
          error instanceof server.Trouble ? error.message : `This panel failed (${error.message}). Press Run again.`,
        );
      } finally {
        clearTimeout(slow);
        keepPanel(this);
        section.removeAttribute("aria-busy");
      }
    });
    return this.queue;
  }

  /** Run: the app afresh, with this visitor's cookies, at the address in the box. Ends a replay. */
  run() {
    const now = files(this.example);
    pressed(this.example);
    return this.act(async () => {
      tellRun(this.example, null);
      this.replay?.leave();
      this.say("", "");
      await openBench(this);
      server.useFlask(this.app.flask);
      await fetching(this.view);
      this.view.tabs.show("Page");
      const line = await this.app.load(awaitsRun(this.example) ? now : undefined);
      const ran = JSON.parse(this.app.loaded);
      await this.visit("GET", this.view.address.value || "/", undefined, { notice: () => line });
      tellRun(this.example, ran);
    });
  }

  /**
   * Requests a path, follows redirects, shows the page at the end, and remembers it for Back: as a new page, or in
   * the place of the one that is shown. `notice` makes a line out of the exchanges, which is shown first.
   * @param {string} method
   * @param {string} path
   * @param {[string, string][]} [form]
   * @param {Options} [options]
   */
  async visit(method, path, form, { replace = false, follow = true, referrer = null, notice = () => "" } = {}) {
    const { exchanges, error, ms, log } = await this.request(method, path, form, { follow, referrer });
    mustAnswer({ error });
    this.expired = [];
    const last = exchanges.at(-1);
    // A redirect after a form turns it into a GET: Reload then repeats the GET, not the form.
    const entry = { last, form: last.method === method ? form : undefined, referrer };
    if (replace && this.at >= 0) this.history[this.at] = entry;
    else this.history.splice(++this.at, Infinity, entry);
    const { scripts } = await this.showExchange(last);
    this.stale.clear();
    this.stale.edited(this.app.stale);
    const steps = exchanges.map(({ method, path, status }) => `${method} ${path} ${status}`);
    this.visitor.refused = exchanges.flatMap(({ refused }) => refused);
    this.showState(true);
    const lines = [notice(exchanges), ...notesOn(this, last, log, scripts)].filter(Boolean);
    this.say(`${steps.slice(-3).join(" → ")}, ${ms < 1 ? "under 1" : Math.round(ms)} ms`, lines.join(" "));
  }

  /** Requests without showing, and adds the exchanges to the Requests tab. */
  async request(method, path, form, { follow = true, referrer = null, aside = false } = {}) {
    if (!aside) this.stale.since(`${method} ${path}`); // until it has come
    const reply = await this.app.call("visit", { method, path, form, follow, referrer });
    this.view.addExchanges(reply.exchanges ?? [], aside);
    return reply;
  }

  showVisitors() {
    this.view.showVisitors(this.visitors, this.visitor);
  }

  /** Drops the page and the way back to it. */
  forget(line) {
    this.history = [];
    this.at = -1;
    this.expired = [];
    this.view.showBlank(line);
    this.stale.clear(false);
    this.showState(true);
  }

  async showExchange(exchange) {
    const referrer = exchange.path;
    this.view.showBlank("");
    this.view.address.value = exchange.path;
    return showPage(this.view.frame, exchange, doings(this, referrer));
  }

  /** Shows the jar and the session, and marks what changed since it was shown last. */
  showState(mark) {
    const { state } = this.app;
    const before = this.visitor.session;
    this.visitor.session = state.session;
    this.bench?.changed(mark && cookieOf(before) !== cookieOf(state.session));
    const changes = compare(mark ? before?.payload : state.session?.payload, state.session?.payload);
    this.view.showSession(state, changes, this.expired);
    this.view.showCookies(state, this.visitor.refused, (cookie) => cookiePresses(this, cookie));
  }
}

/** Tells that Run has begun, with null, and that it is done, with the files that were run. */
const tellRun = (example, detail) => example.dispatchEvent(new CustomEvent("example-run", { bubbles: true, detail }));

/** What a shown page can do: see showPage(). */
const doings = (panel, referrer) => ({
  request: async (path) => (await panel.request("GET", path, undefined, { referrer, aside: true })).exchanges.at(-1),
  visit: (method, path, form, files = false) => {
    const notice = () => (files ? "This page doesn't upload files: it sends their names as text." : "");
    return panel.act(() => panel.visit(method, path, form, { referrer, notice }));
  },
  leave: (url) => panel.say("", `${url} is not part of this app, and was not opened.`),
});

/** What there is to say of a response beside its status. */
function notesOn({ visitor, example, app }, last, log, scripts) {
  const notes = visitor.refused.map(({ cookie, reason }) => `The browser rejected the cookie ${cookie}: ${reason}.`);
  if (last.note) notes.push(last.note);
  if (scripts)
    notes.push("The scripts of this page don't run here. To see what they do, run the app on your computer.");
  if (last.code >= 500) notes.push(sentence(cause(log, example)), "See the Server log for details.");
  if (app.stale) notes.push("The code was edited since it was started: Run takes the edits.");
  return notes;
}

/** A key made for this reader's page: it outlives a restart of the server, as a configured key does. */
function newKeys({ dataset: { env = "" } }) {
  return Object.fromEntries(
    env
      .split(" ")
      .map((name) => [name, randomKey()])
      .filter(([name]) => name),
  );
}

/** What tells one session cookie from another. */
const cookieOf = (session) => session && JSON.stringify([session.payload, session.signed, session.expires]);

/** 32 random bytes in hexadecimal, as `secrets.token_hex()` gives. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
