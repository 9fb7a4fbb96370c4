/**
 * Lists what the site keeps in this browser, and deletes it when asked (docs/kept.md). Of storage that other sites of the
 * same host share, only the entries below this site's own address are looked at.
 */
import { button, h, style } from "./dom.js";
import panelStyle from "./panel/panel.css";

const ROOT = new URL("../../", import.meta.url).pathname; // this module is in assets/live/
const THEME = { __palette: "Your color scheme", __tabs: "Your operating system in commands" };
const kilo = (bytes) => `${Math.ceil(bytes / 1000).toLocaleString("en")} KB`;

/** The keys of a storage that begin so; none where the browser gives the page no storage. */
function keysOf(name, start) {
  try {
    return Object.keys(self[name]).filter((key) => key.startsWith(start));
  } catch {
    return [];
  }
}

/** @returns {Promise<{ what: string, remove: () => unknown }[]>} */
async function found() {
  const list = [];
  for (const key of keysOf("sessionStorage", `live ${ROOT}`)) {
    const what = `What you did on ${key.slice("live ".length)}, ${kilo(sessionStorage.getItem(key).length)}, until this tab is closed`;
    list.push({ what, remove: () => sessionStorage.removeItem(key) });
  }
  for (const key of keysOf("localStorage", `live ${ROOT}fixed`)) {
    const remove = () => {
      localStorage.removeItem(key);
      for (const count of document.querySelectorAll(".fix-count")) count.remove();
    };
    list.push({ what: `Which apps you fixed, ${kilo(localStorage.getItem(key).length)}`, remove });
  }
  for (const name of ["localStorage", "sessionStorage"]) {
    for (const key of keysOf(name, `${ROOT}.__`)) {
      const theme = THEME[key.slice(ROOT.length + 1)] ?? `The theme's ${key.slice(ROOT.length + 1)}`;
      list.push({
        what: `${theme}, ${kilo(self[name].getItem(key).length)}`,
        remove: () => self[name].removeItem(key),
      });
    }
  }
  const names = await (self.caches?.keys() ?? []);
  for (const name of names.filter((one) => one.startsWith("live "))) {
    list.push({ what: "A copy of the memory of a started Python", remove: () => caches.delete(name) });
  }
  return list;
}

/**
 * Shows the list in an element, with a button that deletes all of it.
 * @param {HTMLElement} element
 */
export async function showStored(element) {
  style(panelStyle);
  const heading = h("h2", {}, "What it keeps now");
  const lines = h("ul");
  const status = h("p");
  status.setAttribute("role", "status");
  const press = button("Delete all of it", async () => {
    for (const { remove } of await found()) await remove();
    await draw();
    status.textContent = "Deleted. Other tabs keep their own edits until you close them.";
  });
  async function draw() {
    const list = await found().catch(() => []);
    lines.replaceChildren(...list.map(({ what }) => h("li", {}, what)));
    if (!list.length) lines.append(h("li", {}, "Nothing."));
    press.setAttribute("aria-disabled", String(!list.length));
  }
  await draw();
  element.replaceChildren(heading, lines, press, status);
}
