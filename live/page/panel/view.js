/** What a panel is made of, and the plain ways of showing something in it. What a press does is panel.js's. */
import { button, h, hidden } from "../dom.js";
import { linked } from "../editor/places.js";
import { date, describeCookie, describeExchange, describeSession } from "./describe.js";
import { Tabs } from "./tabs.js";

const MINUTE = 60_000,
  HOUR = 60 * MINUTE,
  DAY = 24 * HOUR;
const STEPS = { "+1 minute": MINUTE, "+1 hour": HOUR, "+1 day": DAY, "+31 days": 31 * DAY };
const KEPT_REQUESTS = 100;
const KEPT_LOG = 200_000; // characters

export class View {
  /**
   * @param {HTMLElement} example whose panel this is
   * @param {string} path of its app, as its name
   * @param {Record<string, string>} env the app's environment, which is shown
   * @param {Record<string, (...arguments_: any[]) => unknown>} on what each control does (any: each takes its own): enter, go, reload, switchTo, newVisitor, moveClock, now, closeTab,
   *   closeBrowser, restart
   */
  constructor(example, path, env, on) {
    this.example = example;
    this.log = "";
    this.status = h("span", { className: "live-status" });
    this.notice = h("span", { className: "live-notice" });
    this.heard = hidden("");
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
    this.choice = h("select", { onchange: () => on.switchTo(this.choice.selectedIndex) });
    this.tabs = new Tabs(path, {
      Page: [this.blank, this.frame],
      Cookies: [this.cookies],
      Requests: [this.exchanges],
      "Server log": [this.output],
    });
    const line = h("p", { className: "live-line" }, this.status, " ", this.notice, this.heard);
    line.setAttribute("role", "status");
    this.limits = h("p", { className: "live-env" });
    this.controls = h(
      "div",
      { className: "live-controls", hidden: true },
      ...this.rows(on),
      ...environment(env),
      this.limits,
    );
    this.section = h("section", { className: "live-panel" }, line, this.waiting, this.controls);
    this.section.setAttribute("aria-label", path);
  }

  rows(on) {
    const form = h(
      "form",
      { className: "live-row", onsubmit: on.enter },
      button("Back", () => on.go(-1)),
      button("Forward", () => on.go(1)),
      button("Reload", on.reload),
      h("label", { className: "live-address" }, "Address", this.address),
    );
    const visitors = h(
      "div",
      { className: "live-row live-visitors" },
      h("label", {}, "Visitor", this.choice),
      button("New visitor", on.newVisitor),
    );
    const steps = Object.entries(STEPS).map(([name, step]) => button(name, () => on.moveClock(step, name)));
    return [
      form,
      h("div", { className: "live-row live-heads" }, this.tabs.list, visitors),
      h("div", { className: "live-view" }, h("div", { className: "live-panes" }, ...this.tabs.panes), this.session),
      h("div", { className: "live-row" }, this.clock, ...steps, button("Now", on.now)),
      h(
        "div",
        { className: "live-row" },
        button("Close tab", on.closeTab),
        button("Close browser", on.closeBrowser),
        button("Restart server", on.restart),
      ),
    ];
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

  addExchanges(exchanges) {
    this.exchanges.prepend(...exchanges.map(describeExchange).reverse());
    while (this.exchanges.children.length > KEPT_REQUESTS) this.exchanges.lastChild.remove();
    this.tabs.count("Requests", this.exchanges.children.length);
  }

  /** Shows the clock and the session, and marks what changed in it: see compare() in describe.js. */
  showSession(state, changes) {
    this.clock.textContent = `${date(state.now)} UTC`;
    this.session.replaceChildren(...describeSession(state, changes));
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

const environment = (env) =>
  Object.entries(env).map(([name, value]) =>
    h(
      "p",
      { className: "live-env" },
      "The app's environment: ",
      h("code", {}, `${name}=${value}`),
      " (made for this page)",
    ),
  );
