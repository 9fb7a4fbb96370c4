/**
 * Brings back what the reader did on this page before they left it, in this tab: edits, and panels with their visitors
 * and clocks. Nothing runs by that. What is damaged, or of an example that is gone, is left out.
 */
import { tell } from "./dom.js";
import { change, changed } from "./edits.js";
import { kept } from "./kept.js";

const named = (example) => `${example.dataset.folder}/${example.dataset.app}`;

/** Brings back all that is kept. */
export async function bringBack() {
  const { edits, linked, panels } = kept();
  const examples = [...document.querySelectorAll(".example[data-app]:not([data-local])")];
  for (const [place, text] of Object.entries(Object(edits))) {
    const [, folder, path] = /^([^/]*)\/(.*)$/s.exec(place) ?? [];
    if (typeof text !== "string") continue;
    for (const one of examples) if (one.dataset.folder === folder) change(one, path, text);
  }
  const edited = examples.filter((example) => changed(example).length);
  const share = edited.length ? await import("./share/share.js") : null;
  const changes = edited.length ? await import("./share/changes.js") : null;
  for (const example of edited) {
    const stranger = Array.isArray(linked) && linked.includes(named(example));
    if (stranger) share.markLinked(example);
    await changes.showChanges(example);
    tell(
      example,
      `Your edits from before are back${stranger ? ", and with them what came with a link" : ""}. Press Run to run them, or Reset code for the page's own code.`,
    );
  }
  const open = examples.filter((example) => Object.hasOwn(Object(panels), named(example)));
  if (!open.length) return;
  const { panelOf } = await import("./panel/panel.js");
  for (const example of open) panelOf(example);
}
