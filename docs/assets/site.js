// What the theme leaves out for readers without a mouse. Nothing on the site needs this file to be readable.

// The theme opens its drawer and its search by labels of hidden checkboxes, which no keyboard reaches.
for (const [id, name] of [["__drawer", "Navigation"], ["__search", "Search"]]) {
  for (const label of document.querySelectorAll(`.md-header label.md-header__button[for="${id}"]`)) {
    label.tabIndex = 0;
    label.setAttribute("role", "button");
    label.setAttribute("aria-label", name);
    label.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        label.click();
      }
    });
  }
}

// The theme adds its copy buttons in toolbars that are landmarks without a name.
new MutationObserver((_changes, observer) => {
  const toolbars = document.querySelectorAll("nav.md-code__nav:not([aria-label])");
  toolbars.forEach((toolbar, index) => toolbar.setAttribute("aria-label", `Code tools ${index + 1}`));
}).observe(document.body, { childList: true, subtree: true });
