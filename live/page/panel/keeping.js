/** Keeps a panel's visitors, clock, keys and address while the tab is open, and brings them back. Nothing runs by it. */
import { keep, kept } from "../kept.js";
import { newVisitor } from "./app.js";
import { moved } from "./stale.js";

/** @type {Record<string, any>} */
const panels = { ...kept()?.panels };

/** Keeps what a panel has now. What a replay puts aside is what stays. */
export function keepPanel(panel) {
  const { visitors, visitor } = panel.replay?.kept ?? panel;
  panels[panel.app.path] = {
    env: panel.env,
    offset: panel.offset,
    visitors: visitors.map(({ jar }) => jar),
    visitor: visitors.indexOf(visitor),
    address: panel.replay?.address ?? panel.view.address.value,
    tab: panel.view.tabs.shown,
  };
  keep("panels", panels);
}

/** Gives a new panel what was kept of it. Returns a line that says so, or nothing; damaged parts are left out. */
export function bringBackPanel(panel) {
  const { env, offset, visitors, visitor, address, tab } = Object(panels[panel.app.path]);
  const found = [];
  for (const name of Object.keys(panel.env)) {
    if (typeof Object(env)[name] === "string") panel.env[name] = env[name];
  }
  if (Array.isArray(visitors) && visitors.length && visitors.every((jar) => jar === null || typeof jar === "string")) {
    panel.visitors = visitors.map((jar, index) => ({ ...newVisitor(index + 1), jar }));
    panel.visitor = panel.visitors[visitor] ?? panel.visitors[0];
    if (visitors.some((jar) => /\{/.test(jar ?? ""))) found.push("your cookies");
  }
  if (Number.isSafeInteger(offset) && offset) {
    panel.offset = offset;
    found.push(`the clock at ${moved(offset)}`);
  }
  return () => {
    if (typeof address === "string") panel.view.address.value = address;
    if (panel.view.tabs.names.includes(tab)) panel.view.tabs.show(tab);
    const what = found.length ? `Back from before: ${found.join(" and ")}. ` : "";
    if (panels[panel.app.path]) panel.say("", `${what}Press Run to start the app.`);
  };
}
