/** Lets the reader switch Flask in a panel. Each other version is fetched when it is chosen, and Python starts with it. */
import { flasks } from "#runtime"; // by live/build/bundle.mjs: the runtime's own first
import { fetchPacked } from "../../worker/packed.js";
import { h } from "../dom.js";
import { Trouble } from "../server.js";
import { UPDATED, updated } from "../updated.js";

/** What came, by version: each is fetched once. */
const came = { [Object.keys(flasks)[0]]: null };

async function fetchVersion(version) {
  try {
    const zip = await (await fetchPacked(`${flasks[version].zip}.zip`)).arrayBuffer();
    return { version, zip };
  } catch {
    const text = `Flask ${version} could not be fetched. Check the connection, then choose it again.`;
    throw new Trouble((await updated()) ? UPDATED : text);
  }
}

/**
 * Adds the choice to a panel.
 * @param {any} panel live/page/panel/panel.js's
 */
export function addVersions(panel) {
  const names = Object.entries(flasks).map(([version, { werkzeug }]) => `${version}, with Werkzeug ${werkzeug}`);
  const options = names.map((name, index) => h("option", { value: Object.keys(flasks)[index] }, name));
  const choice = h("select", {}, ...options);
  let before = choice.value;
  choice.addEventListener("change", async () => {
    const { value } = choice;
    await panel.act(async () => {
      choice.value = before; // unless it comes
      panel.say("", `Fetching Flask ${value}.`);
      if (!(value in came)) came[value] = await fetchVersion(value);
      choice.value = before = value;
      panel.app.flask = came[value];
    });
    if (before === value) await panel.run();
  });
  panel.view.controls.prepend(h("div", { className: "live-row" }, h("label", {}, "Flask", choice)));
}
