/**
 * A session cookie, taken apart: its value in three parts, each of which lights what is said of it, and the other way
 * round. A press on a part selects it in the field, where it can be changed.
 */
import { h, hidden, style } from "../dom.js";
import { files } from "../edits.js";
import { Trouble } from "../server.js";
import partsStyle from "./parts.css";

const NAMES = ["payload", "timestamp", "signature"];
const INSPECTOR = new URL("../../tools/cookie-inspector/", import.meta.url); // this module is in assets/live/

/** Where each part of a value is: [start, end] of payload, timestamp and signature. Null if it has fewer parts. */
function places(value) {
  const end = value.lastIndexOf(".");
  const middle = end > 0 ? value.lastIndexOf(".", end - 1) : -1;
  if (middle < 1) return null;
  return [
    [0, middle],
    [middle + 1, end],
    [end + 1, value.length],
  ];
}

/**
 * The value of a session cookie in three parts, and what a part is made of.
 * @param {HTMLTextAreaElement} field its value, which may be edited
 * @param {HTMLElement} list a `dl`; of its `dd`, those with `data-of` are about a part
 */
export function takenApart(field, list) {
  style(partsStyle); // without it, colours and lights are missing
  const line = h("p", { className: "live-value" });
  const about = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("dd[data-of]")]);
  for (const one of about) one.previousElementSibling.className = `cookie-${one.dataset.of}`;
  const light = (name) => {
    for (const one of [...line.querySelectorAll("button"), ...about])
      one.classList.toggle("lit", one.dataset.of === name);
  };
  const listen = (element, name) => {
    for (const type of ["pointerenter", "focus"]) element.addEventListener(type, () => light(name));
    for (const type of ["pointerleave", "blur"]) element.addEventListener(type, () => light(null));
  };
  const draw = () => {
    const { value } = field;
    const buttons = places(value)?.map(([start, end], index) => {
      const name = NAMES[index];
      const select = () => {
        field.focus();
        field.setSelectionRange(start, end);
        light(name);
      };
      const part = h(
        "button",
        { type: "button", className: `cookie-${name}`, onclick: select },
        value.slice(start, end),
      );
      part.prepend(hidden(`${name[0].toUpperCase()}${name.slice(1)}: `));
      part.dataset.of = name;
      listen(part, name);
      return part;
    });
    line.replaceChildren(...(buttons ?? []).flatMap((part, index) => (index ? [".", part] : [part])));
  };
  for (const one of about) {
    one.tabIndex = 0;
    listen(one, one.dataset.of);
  }
  field.addEventListener("input", draw);
  draw();
  return line;
}

/** The key that an app signs with, as far as the page knows it: its environment's, or one that the code labels. */
export function keyOf({ env, replay, example }) {
  const given = (replay?.env ?? env).SECRET_KEY;
  const [, dev] =
    Object.values(files(example))
      .join("\n")
      .match(/^app\.secret_key = "(dev)"/m) ?? [];
  return given ?? dev ?? "";
}

/**
 * Opens the inspector with a cookie and its key. Both go through the tab's own storage, from which the inspector takes
 * them out: they are in no address, so in no history either, and are not sent.
 */
export function inspect(cookie, key) {
  try {
    sessionStorage.setItem(`live ${INSPECTOR.pathname}`, JSON.stringify({ cookie, key }));
  } catch {
    throw new Trouble("The browser keeps nothing for this page. Press Copy, and paste the value into the inspector.");
  }
  location.assign(INSPECTOR);
}
