/**
 * The code that shows an example, edited or not, on another page: an iframe of the example's own page, which
 * extensions/embeds.py makes. It is offered where the example's zip is.
 */
import { button, h, style } from "../dom.js";
import embedStyle from "./embed.css";
import { fragmentOf, write } from "./share.js";

const HEIGHT = 520; // pixels, for the code, or for the panel
const escaped = (text) => text.replace(/[&"<]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The address of an example's own page; this module is in assets/live/. */
function addressOf({ dataset: { folder, app } }) {
  const module = app.replace(/(\/__init__)?\.py$/, "").replaceAll("/", ".");
  return new URL(`../../embed/${folder}/${module}/`, import.meta.url).href;
}

/** The HTML for another page. */
async function codeOf(example) {
  const address = addressOf(example) + (await fragmentOf(example));
  const title = `Flask app ${example.dataset.folder}/${example.dataset.app}`;
  return [
    `<iframe src="${escaped(address)}"`,
    `title="${escaped(title)}" width="100%" height="${HEIGHT}"`,
    'loading="lazy" allow="clipboard-write"></iframe>',
  ].join("\n  ");
}

/**
 * Adds the button to an example's fold.
 * @param {HTMLElement} example
 */
export function addEmbed(example) {
  const area = h("textarea", { rows: 4, readOnly: true, spellcheck: false });
  const status = h("span");
  status.setAttribute("role", "status");
  const box = h("div", { className: "embed-code", hidden: true }, h("label", {}, "HTML for your page", area), status);
  const press = button("Embed", async () => {
    const made = codeOf(example);
    const copied = write(made);
    copied.catch(() => {}); // told of below
    box.hidden = false;
    try {
      area.value = await made;
    } catch (error) {
      box.hidden = true;
      status.textContent = error.message;
      box.after(status);
      return;
    }
    box.append(status);
    const edited = area.value.includes("#edit=") ? " It has your edits, which run only when a reader presses Run." : "";
    const done = await copied.then(() => "Copied.").catch(() => "Your browser blocked copying. Copy it from the box.");
    status.textContent = done + edited;
  });
  press.classList.add("live-embed");
  press.ariaLabel = `Embed ${example.dataset.folder}/${example.dataset.app}`;
  example.addEventListener("example-edited", () => {
    box.hidden = true; // it would be of other code
    status.textContent = "";
  });
  style(embedStyle);
  const fold = example.querySelector(".example-run");
  const place = fold.querySelector(".example-install") ?? fold;
  place.append(" ", press);
  place.after(box);
}
