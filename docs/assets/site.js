// What the theme leaves out for readers without a mouse. Nothing on the site needs this file to be readable.

// The theme opens its drawer and its search by labels of hidden checkboxes, which no keyboard reaches.
for (const [id, name] of [
  ["__drawer", "Navigation"],
  ["__search", "Search"],
]) {
  const toggle = /** @type {HTMLInputElement} */ (document.getElementById(id));
  const label = document.querySelector(`.md-header label.md-header__button[for="${id}"]`);
  const button = document.createElement("button");
  button.type = "button";
  button.className = `${label.className} opens${id}`;
  button.setAttribute("aria-label", name);
  button.setAttribute("aria-expanded", "false");
  button.append(...label.childNodes);
  button.addEventListener("click", () => {
    toggle.click();
    if (id === "__search") /** @type {HTMLElement} */ (document.querySelector(".md-search__input")).focus();
  });
  toggle.addEventListener("change", () => button.setAttribute("aria-expanded", String(toggle.checked)));
  label.replaceWith(button);
}
document.querySelector(".md-search").setAttribute("aria-label", "Search");

// On narrow screens the drawer shows one section at a time; these labels open them, and answer to Enter.
const narrow = matchMedia("(max-width: 76.234375em)");
function reachSections() {
  for (const label of document.querySelectorAll("label.md-nav__link")) {
    label.toggleAttribute("tabindex", narrow.matches);
    if (narrow.matches) label.tabIndex = 0;
  }
}
narrow.addEventListener("change", reachSections);
reachSections();

// The theme adds its copy buttons in toolbars that are landmarks without a name.
function nameToolbars() {
  document.querySelectorAll("nav.md-code__nav:not([aria-label])").forEach((toolbar) => {
    const code = [...document.querySelectorAll("pre")].indexOf(toolbar.closest("pre")) + 1;
    toolbar.setAttribute("aria-label", `Tools of code block ${code}`);
  });
}

// A table that is wider than the screen scrolls in a box of the theme's: without a link in it, no key reaches that.
const boxes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const scrolls = target.scrollWidth > target.clientWidth;
    target.toggleAttribute("tabindex", scrolls);
    if (scrolls) Object.assign(target, { tabIndex: 0, role: "group", ariaLabel: "Table" });
  }
});
const reached = new WeakSet(); // to observe a box again would report it again
function reachTables() {
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) {
    if (!reached.has(box)) boxes.observe(box);
    reached.add(box);
  }
}

function mendTheme() {
  nameToolbars();
  reachTables();
}
new MutationObserver(mendTheme).observe(document.body, { childList: true, subtree: true });
mendTheme();

/** The text at an address. */
async function text(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(String(response.status));
  return response.text();
}

/** Copies a text that is still to come. WebKit lets a page copy only while a press is handled, so it is asked at once. */
async function copy(text) {
  if (!("ClipboardItem" in window)) return navigator.clipboard.writeText(await text);
  const blob = text.then((came) => new Blob([came], { type: "text/plain" }));
  return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
}

// The page as Markdown can be copied without opening it.
for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a.page-copy"))) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "page-copy-button";
  button.textContent = "Copy page as Markdown";
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      await copy(text(link.href));
      status.textContent = " Copied.";
    } catch {
      status.textContent = " This browser didn't let the page copy. Open the link and copy from there.";
    }
  });
  link.after(" · ", button, status);
}
