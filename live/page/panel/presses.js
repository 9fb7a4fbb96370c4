/** What each control of a panel does when it is pressed. */
import { Trouble } from "../server.js";
import { newVisitor } from "./app.js";
import { date } from "./describe.js";
import { ORIGIN, parseUrl } from "./page.js";
import { inspect, keyOf } from "./parts.js";
import { moved } from "./stale.js";

// Between these, Python, Flask and cookies can all write a date.
const [EARLIEST, LATEST] = [Date.UTC(2000), Date.UTC(3000)];

/** All controls but those of cookies. */
export function presses(panel) {
  const clock = async (name, step) => {
    const before = panel.app.state;
    const { state } = await panel.app.call("jar");
    const gone = before.cookies.filter(({ key }) => !state.cookies.some((cookie) => `${cookie.key}` === `${key}`));
    panel.expired.push(...gone.map(({ name }) => name));
    panel.stale.clock(step);
    panel.showState(true);
    const expired = gone.length ? ` Expired: ${gone.map(({ name }) => name).join(", ")}.` : "";
    panel.say("", `${name}: it is ${date(state.now)} UTC.${expired}`);
  };
  const switchTo = (index, notice = `Visitor ${index + 1} is back.`) =>
    panel.act(async () => {
      panel.visitor = panel.visitors[index];
      panel.showVisitors();
      panel.stale.since("this visitor");
      panel.expired = [];
      panel.history = [];
      panel.at = -1;
      await panel.app.call("jar");
      panel.showState(false);
      await panel.visit("GET", panel.view.address.value || "/", undefined, { notice: () => notice });
    });
  return {
    ...places(panel),
    ...endings(panel),
    switchTo,
    copy: (name, value) => copy(panel, name, value),
    newVisitor: () => {
      panel.visitors.push(newVisitor(panel.visitors.length + 1));
      return switchTo(panel.visitors.length - 1, `Visitor ${panel.visitors.length} is new and has no cookies.`);
    },
    moveClock: (step, name) =>
      panel.act(() => {
        if (panel.replay) panel.replay.now += step;
        else panel.offset += step;
        return clock(name, step);
      }),
    setClock: (event) => {
      event.preventDefault();
      const then = Date.parse(`${panel.view.when.value}Z`);
      return panel.act(() => {
        if (!(then >= EARLIEST && then < LATEST))
          throw new Trouble("Choose a date and a time between the years 2000 and 2999.");
        const step = then - 1000 * Math.floor(panel.app.state.now);
        if (panel.replay) panel.replay.now = then;
        else panel.offset = then - Date.now();
        return clock(moved(step), step);
      });
    },
    now: () =>
      panel.replay
        ? panel.run()
        : panel.act(() => {
            const step = -panel.offset;
            panel.offset = 0;
            return clock("Now", step);
          }),
  };
}

/** Address, Reload, Back and Forward. */
const places = (panel) => ({
  enter: (event) => {
    event.preventDefault();
    panel.act(() => {
      const { value } = panel.view.address;
      const url = parseUrl(value, `${ORIGIN}/`);
      if (url?.origin !== ORIGIN) throw new Trouble(`${value} is not part of this app.`);
      return panel.visit("GET", url.pathname + url.search);
    });
  },
  reload: () =>
    panel.act(() => {
      const shown = panel.history[panel.at];
      if (!shown) return panel.visit("GET", panel.view.address.value || "/");
      return panel.visit(shown.last.method, shown.last.path, shown.form, { replace: true, referrer: shown.referrer });
    }),
  /** Back and Forward show a page from the browser's memory, as browsers do, unless it says no-store. */
  go: (step) =>
    panel.act(async () => {
      const entry = panel.history[panel.at + step];
      if (!entry) return panel.say("", `There is no page to go ${step < 0 ? "back" : "forward"} to.`);
      panel.at += step;
      const { last } = entry;
      if (last.headers.some(([name, value]) => /^cache-control$/i.test(name) && /no-store/i.test(value))) {
        return panel.visit("GET", last.path, undefined, { replace: true });
      }
      await panel.showExchange(last);
      panel.say(
        `${last.method} ${last.path}`,
        "This page is from the browser's memory: the app was not asked. Reload asks it.",
      );
    }),
});

/** The tab, the browser, the server: each can end. */
const endings = (panel) => ({
  closeTab: () =>
    panel.act(async () => {
      await panel.app.call("jar");
      panel.forget("The tab is closed. Reload opens the app in a new one.");
      panel.say("", "Tab closed. The cookies stay: they belong to the browser, not to the tab.");
    }),
  closeBrowser: () =>
    panel.act(async () => {
      const before = panel.app.state.cookies.length;
      const kept = (await panel.app.call("jar", { close: true })).state.cookies.length;
      panel.forget("The browser is closed. Reload opens it again.");
      panel.say(
        "",
        `Browser closed. Cookies without an expiry are gone (${before - kept}), the others stay (${kept}).`,
      );
    }),
  restart: () =>
    panel.act(async () => {
      await panel.app.restart();
      panel.stale.since("the server's restart");
      panel.showState(true);
      panel.say("", "Server restarted. What the app held in memory is gone; its files and the browser's cookies stay.");
    }),
});

/** What can be done to one cookie of the jar. */
export function cookiePresses(panel, { key, name, value }) {
  const change = (args, what) =>
    panel.act(async () => {
      await panel.app.call("jar", args);
      panel.stale.since(`the change of ${name}`);
      panel.showState(true);
      panel.say("", `${what} Press Reload to send it.`);
    });
  return {
    save: (text) => change({ change: [key, text] }, `${name} was changed by hand.`),
    takeApart: () => panel.act(() => inspect(value, keyOf(panel))),
    remove: () => change({ delete: key }, `${name} was deleted.`),
    copy: () => copy(panel, name, value),
  };
}

async function copy(panel, name, value) {
  try {
    await navigator.clipboard.writeText(value);
    panel.say("", `The value of ${name} was copied.`);
  } catch {
    panel.say("", `The browser does not let this page copy. Select the value of ${name} and copy it by hand.`);
  }
}
