/**
 * Which challenges the reader has solved: in localStorage, until they forget it (docs/kept.md). Beside a page's link in
 * the navigation stands how many of its challenges that are.
 */
import challenges from "../../challenges.json";
import { h, hidden, style } from "../dom.js";
import fixStyle from "./fix.css";

const ROOT = new URL("../../", import.meta.url).pathname; // this module is in assets/live/
const KEY = `live ${ROOT}fixed`; // as live.js and stored.js have it
const VERSION = 1;

/** @returns {Record<string, string>} the hashes of the challenges that were solved, by their apps */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return found?.version === VERSION ? Object(found.fixed) : {};
  } catch {
    return {};
  }
}

/** Whether a challenge was solved as it is now ("now"), or as an older build had it ("older"), or not (""). */
export function state(app) {
  const hash = kept()[app];
  if (typeof hash !== "string") return "";
  return hash === challenges[app]?.hash ? "now" : "older";
}

/** Keeps that a challenge was solved, or forgets it. Returns whether the browser could. */
export function keep(app, solved) {
  const fixed = kept();
  if (solved) fixed[app] = challenges[app].hash;
  else delete fixed[app];
  try {
    if (Object.keys(fixed).length) localStorage.setItem(KEY, JSON.stringify({ version: VERSION, fixed }));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  } finally {
    show();
  }
}

/** Brings the navigation up to date. The numbers lie over it, so that nothing moves. */
export function show() {
  const pages = {};
  for (const [app, { page }] of Object.entries(challenges)) {
    pages[ROOT + page] ??= { solved: 0, all: 0 };
    const one = pages[ROOT + page];
    one.all++;
    if (state(app) === "now") one.solved++;
  }
  if (Object.values(pages).some(({ solved }) => solved)) style(fixStyle);
  for (const old of document.querySelectorAll(".fix-count")) old.remove();
  for (const link of document.querySelectorAll(".md-sidebar--primary a.md-nav__link")) {
    const { solved, all } = pages[/** @type {HTMLAnchorElement} */ (link).pathname] ?? {};
    if (!solved || link.matches('[href*="#"]')) continue;
    link.append(h("span", { className: "fix-count" }, `${solved} of ${all}`, hidden(" fixed")));
  }
}
