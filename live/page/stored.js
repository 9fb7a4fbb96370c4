/**
 * Lists what the site keeps in this browser, and deletes it when asked (docs/kept.md). Of storage that other sites of the
 * same host share, only the entries below this site's own address are looked at.
 */
import { button, h, style } from "./dom.js";
import { begin, keeps, kept, possible, STOPPED, stop } from "./offline.js";
import panelStyle from "./panel/panel.css";

const ROOT = new URL("../../", import.meta.url).pathname; // this module is in assets/live/
const THEME = { __palette: "Your color scheme", __tabs: "Your operating system in commands" };
Object.assign(THEME, { [STOPPED.slice(1)]: "That you stopped keeping pages" });
const kilo = (bytes) => `${Math.ceil(bytes / 1000).toLocaleString("en")} KB`;

/** The keys of a storage that begin so; none where the browser gives the page no storage. */
function keysOf(name, start) {
  try {
    return Object.keys(self[name]).filter((key) => key.startsWith(start));
  } catch {
    return [];
  }
}

/** @returns {Promise<{ what: string, links?: string[], remove: () => unknown }[]>} */
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
  for (const key of keysOf("localStorage", `live ${ROOT}typing`)) {
    list.push({ what: "That examples run as you type", remove: () => localStorage.removeItem(key) });
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
  const { pages, files } = await kept();
  if (pages.length || files) {
    const what = `For reading offline, until you stop it: ${files} files, and these pages (${pages.length}):`;
    list.push({ what, links: pages, remove: () => stop() });
  }
  return list;
}

/** The button that begins or stops keeping pages, and what came of it. */
function offlineParts(redraw) {
  const status = h("p");
  status.setAttribute("role", "status");
  let on = false;
  const press = button("", async () => {
    press.setAttribute("aria-disabled", "true");
    status.textContent = on ? "" : "Fetching the runtime, 7 MB at most …";
    try {
      await (on ? stop({ forGood: true }) : begin());
      status.textContent = on
        ? "Stopped, and what was kept is deleted."
        : "Done. This page, and each page that you open from now on, can be read offline.";
    } catch {
      status.textContent =
        "This browser couldn't keep the pages: it has no room for them, doesn't allow it, or is offline. The site works without it.";
    }
    press.removeAttribute("aria-disabled");
    await redraw();
  });
  const show = async () => {
    on = await keeps();
    press.textContent = on ? "Stop keeping pages" : "Keep for offline reading";
    press.hidden = !possible();
    if (press.hidden) status.textContent = "This browser, or a private window, can't keep pages for reading offline.";
  };
  return { parts: [press, status], show };
}

/** A list of kept pages. */
const linked = (paths) =>
  paths && h("ul", {}, ...paths.map((path) => h("li", {}, h("a", { href: path }, path.slice(ROOT.length) || "Home"))));

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
  const offline = offlineParts(() => draw());
  async function draw() {
    await offline.show().catch(() => {});
    const list = await found().catch(() => []);
    lines.replaceChildren(
      ...list.map((/** @type {{ what: string, links?: string[] }} */ { what, links }) =>
        h("li", {}, what, linked(links)),
      ),
    );
    if (!list.length) lines.append(h("li", {}, "Nothing."));
    press.setAttribute("aria-disabled", String(!list.length));
  }
  await draw();
  element.replaceChildren(heading, lines, press, status);
  document.querySelector(".offline")?.replaceChildren(...offline.parts);
}
