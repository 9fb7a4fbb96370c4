/** What a panel is made of, and the plain ways of showing something in it. What a press does is panel.js's. */
import { h } from "../dom.js";
import { linked } from "../editor/places.js";
import { environment, rows } from "./controls.js";
import { date, describeCookie, describeExchange, describeSession } from "./describe.js";
import { Tabs } from "./tabs.js";

const KEPT_REQUESTS = 100;
const KEPT_LOG = 200_000; // characters

export class View {
  /**
   * @param {HTMLElement} example whose panel this is
   * @param {string} path of its app, as its name
   * @param {Record<string, string>} env the app's environment, which is shown
   * @param {Record<string, (...arguments_: any[]) => unknown>} on what each control does (any: each takes its own): enter, go, reload, switchTo, newVisitor, moveClock, setClock, now, closeTab,
   *   closeBrowser, restart, copy
   */
  constructor(example, path, env, on) {
    this.example = example;
    this.log = "";
    this.status = h("span", { className: "live-status" });
    this.notice = h("span", { className: "live-notice" });
    this.heard = h("span", { className: "live-heard" });
    this.waiting = h("div", { className: "live-waiting", hidden: true });
    this.address = h("input", { type: "text", value: "/", spellcheck: false, autocapitalize: "off" });
    this.frame = h("iframe", { title: "Page" });
    // Without allow-scripts nothing in the shown page can ever run; same-origin lets the panel see what is pressed in it.
    this.frame.setAttribute("sandbox", "allow-same-origin allow-forms");
    this.blank = h("p", { className: "live-blank" });
    this.cookies = h("div");
    this.exchanges = h("ol", { className: "live-exchanges" });
    this.output = h("pre", { className: "live-log" }, "No output yet.");
    this.session = h("div", { className: "live-session" });
    this.session.setAttribute("role", "group");
    this.session.setAttribute("aria-label", "Session cookie");
    this.clock = h("span", { className: "live-time" });
    this.when = h("input", { type: "datetime-local", step: "1", min: "2000-01-01T00:00", max: "2999-12-31T23:59:59" });
    this.choice = h("select", { onchange: () => on.switchTo(this.choice.selectedIndex) });
    this.tabs = new Tabs(path, {
      Page: [this.blank, this.frame],
      Cookies: [this.cookies],
      Requests: [this.exchanges],
      "Server log": [this.output],
    });
    const line = h("p", { className: "live-line" }, this.status, " ", this.notice, " ", this.heard);
    line.setAttribute("role", "status");
    this.limits = h("p", { className: "live-env" });
    this.controls = h(
      "div",
      { className: "live-controls", hidden: true },
      ...rows(this, on),
      ...environment(env, on.copy),
      this.limits,
    );
    this.section = h("section", { className: "live-panel" }, line, this.waiting, this.controls);
    this.section.setAttribute("aria-label", path);
  }

  /** Shows the one line below the bar: what was requested, and what there is to say. */
  say(status, notice) {
    this.status.textContent = status;
    this.notice.replaceChildren(...linked(notice, this.example));
  }

  /** Shows a line in the place of the page; the page again for an empty one. */
  showBlank(line) {
    this.blank.textContent = line;
    this.blank.hidden = !line;
    this.frame.hidden = Boolean(line);
  }

  showVisitors(visitors, visitor) {
    this.choice.replaceChildren(...visitors.map((_, index) => h("option", {}, String(index + 1))));
    this.choice.selectedIndex = visitors.indexOf(visitor);
  }

  addToLog(text) {
    const all = this.log + text;
    this.log = all.slice(-KEPT_LOG);
    if (all === text || all !== this.log) this.output.replaceChildren(...linked(this.log, this.example));
    else this.output.append(...linked(text, this.example));
    this.tabs.count("Server log", this.log.trimEnd().split("\n").length);
  }

  /** What was asked last is open; a page's style sheets and images, which are asked for `aside`, stay closed. */
  addExchanges(exchanges, aside) {
    const items = exchanges.map(describeExchange).reverse();
    if (!aside) {
      for (const fold of this.exchanges.querySelectorAll("details")) fold.open = false;
      for (const item of items) item.querySelector("details").open = true;
    }
    this.exchanges.prepend(...items);
    while (this.exchanges.children.length > KEPT_REQUESTS) this.exchanges.lastChild.remove();
    this.tabs.count("Requests", this.exchanges.children.length);
  }

  /** Shows the clock, the session with what changed in it (see compare() in describe.js), and what `expired`. */
  showSession(state, changes, expired) {
    this.clock.textContent = `${date(state.now)} UTC`;
    this.when.value = new Date(1000 * Math.floor(state.now)).toISOString().slice(0, 19);
    this.session.replaceChildren(...describeSession(state, changes, expired));
    const words = ([key, old, now]) => {
      if (now === undefined) return `${key} is gone.`;
      return old === undefined ? `${key} is ${now}.` : `${key} was ${old}, is ${now}.`;
    };
    this.heard.textContent = changes
      .filter(([, old, now]) => old !== now)
      .map(words)
      .join(" ");
  }

  /** Shows the jar; `on(cookie)` gives what can be done to one, as describeCookie() takes it. */
  showCookies({ cookies, session, now }, refused, on) {
    this.tabs.count("Cookies", cookies.length);
    const lines = refused.map(({ cookie, reason }) =>
      h(
        "p",
        { className: "live-refused" },
        h("strong", {}, `${cookie} was rejected: `),
        `${reason}. Browsers do this silently.`,
      ),
    );
    const list = cookies.map((cookie) =>
      describeCookie(cookie, cookie.name === session?.name ? session : null, now, on(cookie)),
    );
    const pressed = this.cookies.contains(document.activeElement) && document.activeElement.textContent;
    this.cookies.replaceChildren(...lines, ...(list.length ? list : [h("p", {}, "No cookies.")]));
    if (!pressed) return;
    const again = [...this.cookies.querySelectorAll("button")].find(({ textContent }) => textContent === pressed);
    if (again)
      again.focus(); // the pressed button was replaced
    else this.tabs.focus("Cookies");
  }
}
