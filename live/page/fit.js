/**
 * What only some readers need: fingers, forced colors, narrow windows, the drawer by keyboard, a page that is opened from
 * the search. Fetched for them alone (live/page/live.js).
 */
import { style } from "./dom.js";
import forcedStyle from "./forced.css";
import stackedStyle from "./stacked.css";
import touchStyle from "./touch.css";

/** Does something while a media query matches, from now on. */
function when(query, act) {
  const media = matchMedia(query);
  const look = () => act(media.matches);
  media.addEventListener("change", look);
  look();
}

const asked = (sheet) => (matches) => matches && style(sheet).catch(() => {});
when("(pointer: coarse)", asked(touchStyle));
when("(forced-colors: active)", asked(forcedStyle));
when("(max-width: 44em)", (narrow) => narrow && stack());

/** Tables that are wider than a narrow window put the cells of a row below each other, each after its column's name. */
async function stack() {
  const wide = [...document.querySelectorAll("article table:not([class])")].filter(
    (table) => table.offsetWidth > table.parentElement.parentElement.clientWidth,
  );
  if (!wide.length) return;
  await style(stackedStyle).catch(() => {});
  for (const table of wide) {
    const names = [...table.querySelectorAll("th")].map((cell) => cell.textContent.trim());
    // As blocks, they would be none of these in some browsers.
    const roles = { table: [table], row: table.querySelectorAll("tr"), columnheader: table.querySelectorAll("th") };
    Object.assign(roles, { cell: table.querySelectorAll("td") });
    for (const [role, elements] of Object.entries(roles)) for (const one of elements) one.setAttribute("role", role);
    for (const row of table.querySelectorAll("tbody tr"))
      for (const [index, cell] of [...row.children].entries()) cell.setAttribute("data-column", names[index]);
    table.classList.add("stacked");
  }
}

const NOT_IN_DRAWER = ".md-skip, .md-header, .md-tabs, .md-content, .md-sidebar--secondary, .md-footer";

/**
 * Moves the focus into the drawer and keeps it there while it is open; Escape closes it.
 * @param {HTMLInputElement} toggle the theme's, which was just switched
 */
export function drawer(toggle) {
  for (const part of document.querySelectorAll(NOT_IN_DRAWER)) part.inert = toggle.checked;
  if (!toggle.checked) {
    /** @type {HTMLElement} */ (document.querySelector(".opens__drawer")).focus();
    return;
  }
  const links = document.querySelectorAll(".md-sidebar--primary :is(a[href], label[tabindex='0'])");
  [...links].find((one) => one.checkVisibility({ visibilityProperty: true }))?.focus({ preventScroll: true });
}

addEventListener("keydown", ({ key }) => {
  const toggle = /** @type {HTMLInputElement} */ (document.getElementById("__drawer"));
  if (key === "Escape" && toggle?.checked) toggle.click();
});
// A window that grows shows the drawer's links beside the page: nothing may stay inert behind it.
when("(min-width: 76.25em)", (wide) => {
  const toggle = /** @type {HTMLInputElement} */ (document.getElementById("__drawer"));
  if (wide && toggle?.checked) toggle.click();
});

// The theme marks what was searched for wherever its letters are, also within names in code.
if (new URLSearchParams(location.search).has("h")) {
  const article = document.querySelector("article");
  const letter = /[\p{L}\p{N}_]/u;
  const unmark = () => {
    for (const mark of article.querySelectorAll("mark[data-md-highlight]")) {
      const before = mark.previousSibling?.textContent.at(-1) ?? "";
      const after = mark.nextSibling?.textContent[0] ?? "";
      if (mark.closest("code, pre, .example, .exchanges, .page-test") || letter.test(before) || letter.test(after))
        mark.replaceWith(...mark.childNodes);
    }
  };
  new MutationObserver(unmark).observe(article, { childList: true, subtree: true });
  unmark();
}
