/** Tabs as the ARIA Authoring Practices describe them: arrow keys, Home and End move; what has the focus is shown. */
import { h } from "../dom.js";

export class Tabs {
  /**
   * @param {string} label of the example that they belong to
   * @param {Record<string, HTMLElement[]>} contents by the tabs' names
   */
  constructor(label, contents) {
    const id = `live-${label.replace(/\W/g, "-")}`;
    this.names = Object.keys(contents);
    this.tabs = {};
    this.panes = this.names.map((name, index) => {
      const tab = h(
        "button",
        { type: "button", id: `${id}-tab-${index}`, onclick: () => this.show(name) },
        name,
        h("span", { className: "live-count" }),
      );
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", `${id}-pane-${index}`);
      tab.lastChild.setAttribute("aria-hidden", "true");
      const pane = h("div", { className: "live-pane", id: `${id}-pane-${index}` }, ...contents[name]);
      pane.setAttribute("role", "tabpanel");
      pane.setAttribute("aria-labelledby", tab.id);
      pane.tabIndex = 0; // it may scroll, and not every one holds a control
      this.tabs[name] = { tab, pane };
      return pane;
    });
    this.list = h(
      "div",
      { className: "live-tabs", onkeydown: (event) => this.move(event) },
      ...Object.values(this.tabs).map(({ tab }) => tab),
    );
    this.list.setAttribute("role", "tablist");
    this.list.setAttribute("aria-label", `${label}: what to see`);
    this.show(this.names[0]);
  }

  show(name) {
    this.shown = name;
    for (const [key, { tab, pane }] of Object.entries(this.tabs)) {
      tab.setAttribute("aria-selected", key === name);
      tab.tabIndex = key === name ? 0 : -1;
      pane.hidden = key !== name;
    }
  }

  move(event) {
    const { length } = this.names;
    const index = this.names.indexOf(this.shown);
    const next = { ArrowRight: index + 1, ArrowLeft: index + length - 1, Home: 0, End: length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.show(this.names[next % length]);
    this.focus(this.shown);
  }

  focus(name) {
    this.tabs[name].tab.focus();
  }

  /** Shows a number behind a tab's name; none for 0. */
  count(name, number) {
    this.tabs[name].tab.lastChild.textContent = number ? ` ${number}` : "";
  }
}
