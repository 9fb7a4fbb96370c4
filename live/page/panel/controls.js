/** The rows of a panel's controls: address, tabs, visitors, clock, and what can end. */
import { button, h, hidden } from "../dom.js";

const MINUTE = 60_000,
  HOUR = 60 * MINUTE,
  DAY = 24 * HOUR;
const STEPS = { "+1 minute": MINUTE, "+1 hour": HOUR, "+1 day": DAY, "+1 week": 7 * DAY, "+31 days": 31 * DAY };

/**
 * @param {import("./view.js").View} view whose elements they hold
 * @param {Record<string, (...arguments_: any[]) => unknown>} on as View takes it (any: each takes its own)
 */
export function rows(view, on) {
  const places = h(
    "form",
    { className: "live-row", onsubmit: on.enter },
    button("Back", () => on.go(-1)),
    button("Forward", () => on.go(1)),
    button("Reload", on.reload),
    h("label", { className: "live-address" }, "Address", view.address),
  );
  const visitors = h(
    "div",
    { className: "live-row live-visitors" },
    h("label", {}, "Visitor", view.choice),
    button("New visitor", on.newVisitor),
  );
  const steps = Object.entries(STEPS).map(([name, step]) => button(name, () => on.moveClock(step, name)));
  const anyTime = h(
    "form",
    { className: "live-clock-field", noValidate: true, onsubmit: on.setClock },
    h("label", {}, "Clock (UTC)", view.when),
    h("button", { className: "live-button" }, "Set clock"),
  );
  return [
    places,
    h("div", { className: "live-row live-heads" }, view.tabs.list, visitors),
    h("div", { className: "live-view" }, h("div", { className: "live-panes" }, ...view.tabs.panes), view.session),
    h("div", { className: "live-row" }, view.clock, ...steps, button("Now", on.now), anyTime),
    h(
      "div",
      { className: "live-row" },
      button("Close tab", on.closeTab),
      button("Close browser", on.closeBrowser),
      button("Restart server", on.restart),
    ),
  ];
}

/** What an app finds in its environment, a line each; `copy(name, value)` copies one. */
export const environment = (env, copy) =>
  Object.entries(env).map(([name, value]) =>
    h(
      "p",
      { className: "live-env" },
      "The app's environment: ",
      h("code", {}, `${name}=${value}`),
      " (made for this page) ",
      button("Copy", () => copy(name, value)).appendChild(hidden(` ${name}`)).parentNode,
    ),
  );
