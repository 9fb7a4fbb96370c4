/** What several modules of the page do to it: style sheets, messages, buttons. */
import { updated } from "./updated.js";

export const REST = 200; // milliseconds; a pointer or a Tab that passes by is no intent

/**
 * Asks for a style sheet, once.
 * @param {string} address relative to the page's modules, as importing the .css gives it
 * @returns {HTMLLinkElement}
 */
export function style(address) {
  const { href } = new URL(address, import.meta.url);
  const there = document.querySelector(`link[href="${href}"]`);
  if (there) return there;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  link.addEventListener("error", () => updated(href));
  document.head.append(link);
  return link;
}

/** Tells the reader a line below an example's bar, or below the page's title. Returns its element. */
export function tell(place, text) {
  const line = place.querySelector(":scope > .live-told") ?? document.createElement("p");
  line.className = "live-told";
  line.setAttribute("role", "status");
  if (!line.parentNode) place.firstElementChild.after(line);
  line.textContent = text;
  return line;
}

/** Adds a button whose press needs what may not come: the example says so then. */
export function addButton(parent, name, example, what, press) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "live-button";
  button.textContent = name;
  button.addEventListener("click", () =>
    press().catch(async () => {
      if (await updated()) return;
      tell(example, `The ${what} could not be fetched. Check the connection, then reload this page.`);
    }),
  );
  parent.append(button);
  return button;
}

/** Adds a button that runs an example's Python in some way, which is fetched when the reader nears it. */
export function addRunner(parent, name, example, run) {
  const button = addButton(parent, name, example, "live panel", run);
  let rest;
  const meant = () => {
    if (navigator.connection?.saveData) return;
    rest = setTimeout(() => import("./panel/panel.js").then(({ prepare }) => prepare()).catch(() => updated()), REST);
  };
  for (const type of ["pointerenter", "focus"]) button.addEventListener(type, meant);
  for (const type of ["pointerleave", "blur"]) button.addEventListener(type, () => clearTimeout(rest));
  return button;
}
