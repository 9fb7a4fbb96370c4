/** The buttons in an example's bar. What a press needs may not come: the example says so then. */
import { button, tell } from "./dom.js";
import { updated } from "./updated.js";

export const REST = 200; // milliseconds; a pointer or a Tab that passes by is no intent

/** Adds a button; `what` names what its press fetches. */
export function addButton(parent, name, example, what, press) {
  const added = button(name, () =>
    press().catch(
      async () =>
        (await updated()) ||
        tell(example, `The ${what} could not be fetched. Check the connection, then reload this page.`),
    ),
  );
  parent.append(added);
  return added;
}

/** Adds a button that runs an example's Python in some way, which is fetched when the reader nears it. */
export function addRunner(parent, name, example, run) {
  const added = addButton(parent, name, example, "live panel", run);
  let rest;
  const meant = () => {
    if (navigator.connection?.saveData) return;
    rest = setTimeout(() => import("./panel/panel.js").then(({ prepare }) => prepare()).catch(() => updated()), REST);
  };
  for (const type of ["pointerenter", "focus"]) added.addEventListener(type, meant);
  for (const type of ["pointerleave", "blur"]) added.addEventListener(type, () => clearTimeout(rest));
  return added;
}
