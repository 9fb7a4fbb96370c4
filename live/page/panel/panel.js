/**
 * The live panel: a small browser (page, cookie jar, clock, visitors) around one example's app, which runs in the
 * page's worker. See live/page/server.js for the worker, live/worker/browser.py for what the browser models.
 */
import { changed, files } from "../edits.js";
import * as server from "../server.js";
import { ORIGIN, parseUrl, prepareFrame, showPage } from "./page.js";
import { cause, linked } from "../editor/places.js";

const MINUTE = 60_000,
  HOUR = 60 * MINUTE,
  DAY = 24 * HOUR;
const STEPS = { "+1 minute": MINUTE, "+1 hour": HOUR, "+1 day": DAY, "+31 days": 31 * DAY };
const TABS = ["Page", "Cookies", "Requests", "Server log"];
const KEPT_REQUESTS = 100;
const KEPT_LOG = 200_000; // characters

const panels = new Map();

/** Starts fetching Python: a reader is about to press Run. */
export const prepare = () => server.start().catch(() => {}); // Run says what went wrong

/**
 * Opens the panel of an example, or runs its app afresh in the panel that is open.
 * @param {HTMLElement} example a `.example[data-app]`, with its files in `script.example-files`
 */
export const open = (example) => panelOf(example).run();

/** The panel of an example, made on the first call; it does nothing yet. */
export function panelOf(example) {
  if (!panels.has(example)) panels.set(example, new Panel(example));
  return panels.get(example);
}

/** Runs an example afresh if its panel shows what has been edited since. */
export function renew(example) {
  if (panels.get(example)?.stale) return panels.get(example).run();
}

/** Makes an element: `h("p", { className: "x" }, "text", child)`; null children are left out. */
export function h(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child != null));
  return element;
}

export const button = (name, onclick, more) =>
  h("button", { type: "button", className: "live-button", onclick, ...more }, name);

/** Ends a text with a full stop, unless it is empty. */
const sentence = (text) => text.replace(/[^.!?]$/, "$&.");

/** Text that is heard, not seen. */
const hidden = (text) => h("span", { className: "live-hidden" }, text);

const dateFormat = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
/** An epoch time in seconds as "22 Nov 2026, 12:00:05". All times are UTC, as in HTTP's own dates. */
const date = (seconds) => dateFormat.format(seconds * 1000);

/** The time from `now` to `then`, in the largest unit of which there are two: "in 31 days", "90 seconds ago". */
function fromNow(then, now) {
  const seconds = then - now;
  const units = { day: 86400, hour: 3600, minute: 60, second: 1 };
  // 1% more, so that what was 31 days a second ago does not become 30.
  const unit = Object.keys(units).find((unit) => Math.abs(seconds) * 1.01 >= 2 * units[unit]) ?? "second";
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / units[unit]), unit);
}

/** Puts two payloads side by side: [key, old text or undefined, new text or undefined] for each key. */
function compare(...payloads) {
  // A cookie that no app made may hold a list or a number.
  const [before, after] = payloads.map((payload) => new Map(Object.entries(Object(payload))));
  return [...new Set([...before.keys(), ...after.keys()])].sort().map((key) => {
    const text = (payload) =>
      payload.has(key) ? JSON.stringify(payload.get(key), null, 1).replace(/\n\s*/g, " ") : undefined;
    return [key, text(before), text(after)];
  });
}

class Panel {
  constructor(example) {
    this.example = example;
    this.folder = example.dataset.folder;
    this.app = example.dataset.app;
    this.path = `${this.folder}/${this.app}`;
    // A key made for this reader's page: it outlives a restart of the server, as a configured key does.
    this.env = Object.fromEntries(
      (example.dataset.env ?? "")
        .split(" ")
        .filter(Boolean)
        .map((name) => [name, randomKey()]),
    );
    this.visitors = [{ jar: null, session: null, refused: [] }];
    this.visitor = this.visitors[0];
    this.offset = 0;
    this.replay = null; // live/page/replay/replay.js: { env, now, leave }, while it has the panel
    this.queue = Promise.resolve();
    this.history = [];
    this.at = -1;
    this.log = "";
    this.build();
    example.append(this.section);
    prepareFrame(this.frame);
  }

  /** The clock, as the worker is told: moved by the reader, or standing still in a replay. */
  get time() {
    return this.replay ? { frozen: this.replay.now } : { offset: this.offset };
  }

  // What the panel is made of

  build() {
    this.status = h("span", { className: "live-status" });
    this.notice = h("span", { className: "live-notice" });
    this.heard = hidden("");
    this.bar = h("progress", { max: 1, value: 0 });
    this.bar.setAttribute("aria-label", "Fetching Python");
    this.bytes = h("span");
    this.waiting = h("div", { className: "live-waiting", hidden: true });
    this.address = h("input", { type: "text", value: "/", spellcheck: false, autocapitalize: "off" });
    this.frame = h("iframe", { title: "Page" });
    // Without allow-scripts nothing in the shown page can ever run; same-origin lets the panel see clicks in it.
    this.frame.setAttribute("sandbox", "allow-same-origin allow-forms");
    this.blank = h("p", { className: "live-blank" });
    this.cookies = h("div");
    this.exchanges = h("ol", { className: "live-exchanges" });
    this.output = h("pre", { className: "live-log" }, "Nothing was printed yet.");
    this.session = h("div", { className: "live-session" });
    this.session.setAttribute("role", "group");
    this.session.setAttribute("aria-label", "Session cookie");
    this.clock = h("span", { className: "live-time" });
    this.choice = h("select", { onchange: () => this.switchTo(this.choice.selectedIndex) });

    const form = h(
      "form",
      { className: "live-row", onsubmit: (event) => this.enter(event) },
      button("Back", () => this.go(-1)),
      button("Forward", () => this.go(1)),
      button("Reload", () => this.reload()),
      h("label", { className: "live-address" }, "Address", this.address),
    );
    const visitors = h(
      "div",
      { className: "live-row live-visitors" },
      h("label", {}, "Visitor", this.choice),
      button("New visitor", () => this.newVisitor()),
    );
    const clock = h(
      "div",
      { className: "live-row" },
      this.clock,
      ...Object.entries(STEPS).map(([name, step]) => button(name, () => this.moveClock(step, name))),
      button("Now", () => (this.replay ? this.run() : this.moveClock(null, "Now"))),
    );
    const endings = h(
      "div",
      { className: "live-row" },
      button("Close tab", () => this.closeTab()),
      button("Close browser", () => this.closeBrowser()),
      button("Restart server", () => this.restart()),
    );
    const env = Object.entries(this.env).map(([name, value]) =>
      h(
        "p",
        { className: "live-env" },
        "The app's environment: ",
        h("code", {}, `${name}=${value}`),
        " (made for this page)",
      ),
    );

    const line = h("p", { className: "live-line" }, this.status, " ", this.notice, this.heard);
    line.setAttribute("role", "status");
    this.controls = h(
      "div",
      { className: "live-controls", hidden: true },
      form,
      h("div", { className: "live-row live-heads" }, this.buildTabs(), visitors),
      h("div", { className: "live-view" }, h("div", { className: "live-panes" }, ...this.panes), this.session),
      clock,
      endings,
      ...env,
    );
    this.section = h("section", { className: "live-panel" }, line, this.waiting, this.controls);
    this.section.setAttribute("aria-label", this.path);
    this.showTab("Page");
    this.showVisitors();
  }

  /** The tabs of the ARIA Authoring Practices: arrow keys, Home and End move, and what has the focus is shown. */
  buildTabs() {
    const id = `live-${this.path.replace(/\W/g, "-")}`;
    const contents = [[this.blank, this.frame], [this.cookies], [this.exchanges], [this.output]];
    this.tabs = {};
    this.panes = TABS.map((name, index) => {
      const tab = h(
        "button",
        { type: "button", id: `${id}-tab-${index}`, onclick: () => this.showTab(name) },
        name,
        h("span", { className: "live-count" }),
      );
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", `${id}-pane-${index}`);
      tab.lastChild.setAttribute("aria-hidden", "true");
      const pane = h("div", { className: "live-pane", id: `${id}-pane-${index}` }, ...contents[index]);
      pane.setAttribute("role", "tabpanel");
      pane.setAttribute("aria-labelledby", tab.id);
      pane.tabIndex = 0; // it may scroll, and not every one holds a control
      this.tabs[name] = { tab, pane };
      return pane;
    });
    const list = h(
      "div",
      { className: "live-tabs", onkeydown: (event) => this.moveTab(event) },
      ...Object.values(this.tabs).map(({ tab }) => tab),
    );
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", `${this.path}: what to see`);
    return list;
  }

  showTab(name) {
    this.tab = name;
    for (const [key, { tab, pane }] of Object.entries(this.tabs)) {
      tab.setAttribute("aria-selected", key === name);
      tab.tabIndex = key === name ? 0 : -1;
      pane.hidden = key !== name;
    }
  }

  moveTab(event) {
    const index = TABS.indexOf(this.tab);
    const next = { ArrowRight: index + 1, ArrowLeft: index + TABS.length - 1, Home: 0, End: TABS.length - 1 }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    const name = TABS[next % TABS.length];
    this.showTab(name);
    this.tabs[name].tab.focus();
  }

  count(name, number) {
    this.tabs[name].tab.lastChild.textContent = number ? ` ${number}` : "";
  }

  // Talking to the app

  /** Does one thing at a time, in the order of the presses, and tells what goes wrong. */
  act(what) {
    this.queue = this.queue.then(async () => {
      const slow = setTimeout(() => this.say("", "Waiting for the app."), 1000);
      this.section.setAttribute("aria-busy", "true");
      this.heard.textContent = "";
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
        this.section.removeAttribute("aria-busy");
      }
    });
    return this.queue;
  }

  /** Sends one message for this visitor, and keeps the jar that comes back. */
  async call(call, args = {}) {
    if (call !== "load" && (this.broken || this.generation !== server.generation)) await this.load();
    const message = { call, example: this.path, jar: this.visitor.jar, time: this.time, ...args };
    const mend = changed(this.example).length ? ", or Reset code to undo your edits" : "";
    const reply = await server.call(message, `Press Reload to start it again${mend}; the cookies are kept.`);
    this.visitor.jar = reply.jar;
    this.state = reply.state;
    if (reply.log) this.addToLog(reply.log);
    // A memory that was full once stays so large, and an app may hold on to it.
    if (/^MemoryError\b/m.test(reply.log))
      server.stop("An app took all memory, so Python was ended. Press Reload; the cookies are kept.");
    return reply;
  }

  addToLog(text) {
    const all = this.log + text;
    this.log = all.slice(-KEPT_LOG);
    if (all === text || all !== this.log) this.output.replaceChildren(...linked(this.log, this.example));
    else this.output.append(...linked(text, this.example));
    this.count("Server log", this.log.trimEnd().split("\n").length);
  }

  /** Whether the code was edited after it was loaded. */
  get stale() {
    return this.loaded !== JSON.stringify(files(this.example));
  }

  /** Writes the example's files for the worker and starts the app. Throws Trouble if it does not start. */
  async load() {
    await server.start();
    this.generation = server.generation;
    const texts = files(this.example);
    this.loaded = JSON.stringify(texts);
    this.mustStart(await this.call("load", { app: this.app, files: texts, env: this.replay?.env ?? this.env }));
  }

  mustStart({ error }) {
    this.broken = error;
    if (!error) return;
    this.showBlank(`${this.app} did not start.`);
    this.showTab("Server log");
    const mend = changed(this.example).length
      ? "Mend it, then press Run; Reset code undoes your edits."
      : "Mend it, then press Run.";
    throw new server.Trouble(`${this.app} did not start. ${sentence(error)} ${mend}`);
  }

  mustAnswer({ error }) {
    if (error) throw new server.Trouble(`${error} Press Restart server to start it again.`);
  }

  /** Run: the app afresh, with this visitor's cookies, at the address that stands in the box. Ends a replay. */
  run() {
    return this.act(async () => {
      this.replay?.leave();
      this.say("", "");
      this.section.scrollIntoView({ block: "nearest" });
      await this.fetching();
      this.showTab("Page");
      await this.load();
      await this.visit("GET", this.address.value || "/");
      this.section.scrollIntoView({ block: "nearest" });
    });
  }

  /** Shows how much of Python has come, with a way out, until it runs. */
  async fetching() {
    const cancel = button("Cancel", () => server.stop());
    this.waiting.replaceChildren(this.bar, this.bytes, cancel);
    const cancelled = new Promise((_, reject) => {
      cancel.addEventListener("click", () =>
        reject(new server.Trouble("Cancelled. Press Run to fetch Python after all.")),
      );
    });
    const done = server.onProgress(({ loaded, total }) => {
      this.bar.value = loaded / total;
      this.bytes.textContent = `Fetching Python: ${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
    });
    this.bytes.textContent = "Starting Python";
    this.waiting.hidden = false;
    try {
      await Promise.race([server.start(), cancelled]);
      this.controls.hidden = false;
    } finally {
      done();
      this.waiting.hidden = true;
    }
  }

  /**
   * Requests a path, follows redirects, shows the page at the end, and remembers it for Back: as a new page, or in
   * the place of the one that is shown. `notice` makes a line out of the exchanges, which is told first.
   */
  async visit(method, path, form, { replace = false, follow = true, referrer = null, notice = () => "" } = {}) {
    const { exchanges, error, ms, log } = await this.request(method, path, form, { follow, referrer });
    this.mustAnswer({ error });
    const last = exchanges.at(-1);
    // A redirect after a form turns it into a GET: Reload then repeats the GET, not the form.
    const entry = { last, form: last.method === method ? form : undefined, referrer };
    if (replace && this.at >= 0) this.history[this.at] = entry;
    else this.history.splice(++this.at, Infinity, entry);
    await this.showExchange(last);
    const steps = exchanges.map(({ method, path, status }) => `${method} ${path} ${status}`);
    this.visitor.refused = exchanges.flatMap(({ refused }) => refused);
    this.showState(true);
    const notes = this.visitor.refused.map(
      ({ cookie, reason }) => `The browser refused the cookie ${cookie}: ${reason}.`,
    );
    if (last.note) notes.push(last.note);
    if (last.code >= 500) notes.push(sentence(cause(log, this.example)), "The Server log says why.");
    if (this.stale) notes.push("The code was edited since it was started: Run takes the edits.");
    const lines = [notice(exchanges), ...notes].filter(Boolean);
    this.say(`${steps.slice(-3).join(" → ")}, ${ms < 1 ? "under 1" : Math.round(ms)} ms`, lines.join(" "));
  }

  /** Requests without showing, and adds the exchanges to the Requests tab. */
  async request(method, path, form, { follow = true, referrer = null } = {}) {
    const reply = await this.call("visit", { method, path, form, follow, referrer });
    this.exchanges.prepend(...(reply.exchanges ?? []).map(describeExchange).reverse());
    while (this.exchanges.children.length > KEPT_REQUESTS) this.exchanges.lastChild.remove();
    this.count("Requests", this.exchanges.children.length);
    return reply;
  }

  // What the reader does

  enter(event) {
    event.preventDefault();
    this.act(() => {
      const url = parseUrl(this.address.value, `${ORIGIN}/`);
      if (url?.origin !== ORIGIN) throw new server.Trouble(`${this.address.value} is not part of this app.`);
      return this.visit("GET", url.pathname + url.search);
    });
  }

  reload() {
    return this.act(() => {
      const shown = this.history[this.at];
      if (!shown) return this.visit("GET", this.address.value || "/");
      return this.visit(shown.last.method, shown.last.path, shown.form, { replace: true, referrer: shown.referrer });
    });
  }

  /** Back and Forward show a page from the browser's memory, as browsers do, unless it says no-store. */
  go(step) {
    return this.act(async () => {
      const entry = this.history[this.at + step];
      if (!entry) return this.say("", `There is no page to go ${step < 0 ? "back" : "forward"} to.`);
      this.at += step;
      const { last } = entry;
      if (last.headers.some(([name, value]) => /^cache-control$/i.test(name) && /no-store/i.test(value))) {
        return this.visit("GET", last.path, undefined, { replace: true });
      }
      await this.showExchange(last);
      this.say(
        `${last.method} ${last.path}`,
        "This page is from the browser's memory: the app was not asked. Reload asks it.",
      );
    });
  }

  moveClock(step, name) {
    return this.act(async () => {
      const before = this.state.cookies;
      if (this.replay) this.replay.now += step;
      else this.offset = step === null ? 0 : this.offset + step;
      const { state } = await this.call("jar");
      const gone = before.filter(({ key }) => !state.cookies.some((cookie) => `${cookie.key}` === `${key}`));
      this.showState(true);
      const expired = gone.length ? ` Expired: ${gone.map(({ name }) => name).join(", ")}.` : "";
      this.say("", `${name}: it is ${date(state.now)} UTC.${expired}`);
    });
  }

  closeTab() {
    return this.act(async () => {
      await this.call("jar");
      this.forget("The tab is closed. Reload opens the app in a new one.");
      this.say("", "Tab closed. The cookies stay: they belong to the browser, not to the tab.");
    });
  }

  closeBrowser() {
    return this.act(async () => {
      const before = this.state.cookies.length;
      const kept = (await this.call("jar", { close: true })).state.cookies.length;
      this.forget("The browser is closed. Reload opens it again.");
      this.say("", `Browser closed. Cookies without an expiry are gone (${before - kept}), the others stay (${kept}).`);
    });
  }

  restart() {
    return this.act(async () => {
      this.mustStart(await this.call("restart"));
      this.showState(true);
      this.say("", "Server restarted. What the app held in memory is gone; the browser's cookies stay.");
    });
  }

  newVisitor() {
    this.visitors.push({ jar: null, session: null, refused: [] });
    return this.switchTo(this.visitors.length - 1, `Visitor ${this.visitors.length} came with an empty cookie jar.`);
  }

  switchTo(index, notice = `Visitor ${index + 1} is back.`) {
    return this.act(async () => {
      this.visitor = this.visitors[index];
      this.showVisitors();
      this.history = [];
      this.at = -1;
      await this.call("jar");
      this.showState(false);
      await this.visit("GET", this.address.value || "/", undefined, { notice: () => notice });
    });
  }

  changeCookie(args, what) {
    return this.act(async () => {
      await this.call("jar", args);
      this.showState(true);
      this.say("", `${what} Reload sends what the jar holds now.`);
    });
  }

  async copy({ name, value }) {
    try {
      await navigator.clipboard.writeText(value);
      this.say("", `The value of ${name} was copied.`);
    } catch {
      this.say("", `The browser does not let this page copy. Select the value of ${name} and copy it by hand.`);
    }
  }

  // What the reader sees

  say(status, notice) {
    this.status.textContent = status;
    this.notice.replaceChildren(...linked(notice, this.example));
  }

  showVisitors() {
    this.choice.replaceChildren(...this.visitors.map((_, index) => h("option", {}, String(index + 1))));
    this.choice.selectedIndex = this.visitors.indexOf(this.visitor);
  }

  /** Shows a line in the place of the page. */
  showBlank(line) {
    this.blank.textContent = line;
    this.blank.hidden = !line;
    this.frame.hidden = Boolean(line);
  }

  /** Drops the page and the way back to it. */
  forget(line) {
    this.history = [];
    this.at = -1;
    this.showBlank(line);
    this.showState(true);
  }

  async showExchange(exchange) {
    this.showBlank("");
    this.address.value = exchange.path;
    await showPage(this.frame, exchange, {
      request: (path) =>
        this.request("GET", path, undefined, { referrer: exchange.path }).then(({ exchanges }) => exchanges.at(-1)),
      visit: (method, path, form) => this.act(() => this.visit(method, path, form, { referrer: exchange.path })),
      leave: (url) => this.say("", `${url} is not part of this app, and was not opened.`),
    });
  }

  /** Shows the jar and the session, and marks what changed since it was shown last. */
  showState(mark) {
    const { state } = this;
    this.clock.textContent = `${date(state.now)} UTC`;
    this.count("Cookies", state.cookies.length);
    const before = this.visitor.session;
    this.visitor.session = state.session;
    const changes = compare(mark ? before?.payload : state.session?.payload, state.session?.payload);
    this.session.replaceChildren(...describeSession(state, changes));
    this.heard.textContent = changes
      .filter(([, old, now]) => old !== now)
      .map(([key, old, now]) =>
        now === undefined
          ? `${key} is gone.`
          : old === undefined
            ? `${key} is ${now}.`
            : `${key} was ${old}, is ${now}.`,
      )
      .join(" ");
    this.showCookies(state);
  }

  showCookies({ cookies, session, now }) {
    const refused = this.visitor.refused.map(({ cookie, reason }) =>
      h(
        "p",
        { className: "live-refused" },
        h("strong", {}, `${cookie} was refused: `),
        `${reason}. Browsers drop such a cookie without a word.`,
      ),
    );
    const list = cookies.map((cookie) =>
      this.describeCookie(cookie, cookie.name === session?.name ? session : null, now),
    );
    const pressed = this.cookies.contains(document.activeElement) && document.activeElement.textContent;
    this.cookies.replaceChildren(...refused, ...(list.length ? list : [h("p", {}, "The jar is empty.")]));
    if (pressed) {
      const again = [...this.cookies.querySelectorAll("button")].find(({ textContent }) => textContent === pressed);
      (again ?? this.tabs.Cookies.tab).focus(); // the pressed button was replaced
    }
  }

  describeCookie(cookie, session, now) {
    const value = h("textarea", { value: cookie.value, rows: 2, spellcheck: false });
    const attributes = [
      `Path=${cookie.path}`,
      cookie.host_only ? `for ${cookie.domain} only` : `Domain=${cookie.domain}`,
      cookie.http_only && "HttpOnly",
      cookie.secure && "Secure",
      cookie.same_site && `SameSite=${cookie.same_site}`,
      cookie.partitioned && "Partitioned",
    ];
    const kept =
      cookie.expires === null
        ? "until the browser closes"
        : `until ${date(cookie.expires)} UTC, ${fromNow(cookie.expires, now)}`;
    const rows = [
      ["Attributes", attributes.filter(Boolean).join("; ")],
      ["Kept", kept],
    ];
    if (session) rows.push(...sessionRows(session, now));
    const article = h(
      "div",
      { className: "live-cookie" },
      h("p", {}, h("strong", {}, cookie.name)),
      h("label", {}, h("span", {}, "Value of ", cookie.name), value),
      h(
        "div",
        { className: "live-row" },
        button("Save", () =>
          this.changeCookie({ change: [cookie.key, value.value] }, `${cookie.name} was changed by hand.`),
        ),
        button("Copy", () => this.copy(cookie)),
        button("Delete", () => this.changeCookie({ delete: cookie.key }, `${cookie.name} was deleted.`)),
      ),
      h("dl", {}, ...rows.flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)])),
    );
    for (const control of article.querySelectorAll("button")) control.append(hidden(` ${cookie.name}`));
    return article;
  }
}

/** What there is to know about a session cookie, as [name, text] pairs. */
function sessionRows(session, now) {
  if (session.opaque) return [["Contents", "an id; what it stands for is kept on the server"]];
  if (session.payload === undefined) return [["Contents", "no session: the app sees an empty one"]];
  return [
    ["Payload", JSON.stringify(session.payload, null, 2)],
    ["Signed", `${date(session.signed)} UTC, ${fromNow(session.signed, now)}`],
    ["Signature", session.holds ? "holds" : "does not hold: the app sees an empty session"],
    ["The app refuses it", `after ${date(session.refused)} UTC, ${fromNow(session.refused, now)}`],
  ];
}

/** The summary that stands beside every tab: what the session cookie holds, and what of it changed. */
function describeSession({ session, now }, changes) {
  const mark = ([key, old, text]) => {
    const parts = [h("span", { className: "live-key" }, `${JSON.stringify(key)}: `)];
    if (old === text) return h("li", {}, ...parts, text);
    if (old !== undefined) parts.push(h("del", {}, old), " ");
    if (old !== undefined && text !== undefined) parts.push("→ ");
    if (text !== undefined) parts.push(h("ins", {}, text));
    return h("li", { className: "live-changed" }, ...parts);
  };
  const list = changes.length ? h("ul", {}, ...changes.map(mark)) : null;
  if (!session) return [h("p", {}, h("strong", {}, "No session cookie")), ...(list ? [list] : [])];
  const head = h("p", {}, h("strong", {}, session.name));
  const lines = [];
  if (session.opaque) lines.push("The cookie holds an id. What it stands for is kept on the server.");
  else if (session.payload === undefined) lines.push("This is no session: the app sees an empty one.");
  else {
    head.append(` signed ${date(session.signed).slice(-8)}`);
    if (!session.holds) lines.push("The signature does not hold: the app sees an empty session.");
    else if (!session.accepted) lines.push("Too old: the app sees an empty session.");
    else head.append(", signature holds");
  }
  lines.push(
    session.expires === null
      ? "Kept until the browser closes."
      : `Kept until ${date(session.expires)}, ${fromNow(session.expires, now)}.`,
  );
  return [head, ...(list ? [list] : []), ...lines.map((line) => h("p", {}, line))];
}

/** One exchange as HTTP text, with the cookies' headers marked. */
function describeExchange({ method, path, status, request_headers, request_body, headers, note }) {
  const lines = (pairs) =>
    pairs.flatMap(([name, value]) => [
      h(/^(set-)?cookie$/i.test(name) ? "mark" : "span", {}, `${name}: ${value}`),
      "\n",
    ]);
  return h(
    "li",
    {},
    h(
      "pre",
      {},
      h("strong", {}, `${method} ${path} HTTP/1.1`),
      "\n",
      ...lines(request_headers),
      request_body ? `\n${request_body}\n` : "",
      "\n",
      h("strong", {}, `HTTP/1.1 ${status}`),
      "\n",
      ...lines(headers),
    ),
    note ? h("p", {}, note) : null,
  );
}

/** 32 random bytes in hexadecimal, as `secrets.token_hex()` gives. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
