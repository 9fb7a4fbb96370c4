/** What every module of the page may need: elements, style sheets, one line for the reader. Imports nothing. */

/** Makes an element: `h("p", { className: "x" }, "text", child)`; null children are left out. */
export function h(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child != null));
  return element;
}

/** Makes a button with a name and what it does. */
export const button = (name, onclick, more) =>
  h("button", { type: "button", className: "live-button", onclick, ...more }, name);

/** Text that is heard, not seen. */
export const hidden = (text) => h("span", { className: "live-hidden" }, text);

/**
 * Asks for a style sheet, once.
 * @param {URL} url
 * @returns {Promise<unknown>} once it is there; rejected if it can't be had
 */
export function style(url) {
  sheets.set(
    url.href,
    sheets.get(url.href) ??
      new Promise((onload, onerror) => {
        document.head.append(h("link", { rel: "stylesheet", href: url.href, onload, onerror }));
      }),
  );
  sheets.get(url.href).catch(() => sheets.delete(url.href));
  return sheets.get(url.href);
}
const sheets = new Map();

/** Shows a line below an example's bar, or below the page's title. Returns its element. */
export function tell(place, text) {
  const line = place.querySelector(":scope > .live-told") ?? h("p");
  line.className = "live-told";
  line.setAttribute("role", "status");
  if (!line.parentNode) place.firstElementChild.after(line);
  line.textContent = text;
  return line;
}
