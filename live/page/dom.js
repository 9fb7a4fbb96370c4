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

const sheets = new Map(); // addresses to promises

/**
 * Asks for a style sheet, once.
 * @param {string} address relative to the page's modules, as importing the .css gives it
 * @returns {Promise<void>} resolved once it is there; if it can't be had, it is asked for again next time
 */
export function style(address) {
  const { href } = new URL(address, import.meta.url);
  const ask = (resolve, reject) => {
    const link = h("link", { rel: "stylesheet", href, onload: () => resolve() });
    link.onerror = () => {
      sheets.delete(href);
      link.remove();
      reject(new Error(`${href} could not be fetched`));
    };
    document.head.append(link);
  };
  if (!sheets.has(href)) {
    sheets.set(href, new Promise(ask));
    sheets.get(href).catch(() => {}); // one that nobody awaits is no error when the page is left
  }
  return sheets.get(href);
}

/** Shows a line below an example's bar, or below the page's title. Returns its element. */
export function tell(place, text) {
  const line = place.querySelector(":scope > .live-told") ?? h("p");
  line.className = "live-told";
  line.setAttribute("role", "status");
  if (!line.parentNode) place.firstElementChild.after(line);
  line.textContent = text;
  return line;
}
