/**
 * Takes an example away, edited or not: as a zip that runs with the command on the page, or its edits as a link.
 *
 * A link holds { example: "count_visits/app.py", files: { path: text } }, deflated, in the address's fragment, which no
 * server sees. It is a stranger's text: it may set the files of that example and nothing else, it is never run by
 * being opened, and what can't be read costs the reader one line.
 */

import { tell } from "../dom.js";
import * as edits from "../edits.js";
import { keep } from "../kept.js";
import { showChanges } from "./changes.js";
import { zip } from "./zip.js";

const MARK = "#edit=";
const LONGEST = 16_000; // characters of a fragment: more is cut by what people send links with
const LARGEST = 100_000; // bytes, unpacked

const own = (example) => `${example.dataset.folder}/${example.dataset.app}`;
const kilo = (number) => `${Math.ceil(number / 1000).toLocaleString("en")} KB`;

// Zip

/** Adds the zip of an example whose page came without one. */
export function addZip(example) {
  if (example.querySelector("a[download], .live-zip")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "live-zip";
  button.textContent = "Download";
  button.ariaLabel = `Download ${own(example)} as a zip`;
  button.addEventListener("click", () => download(example));
  const fold = example.querySelector(".example-run");
  (fold.querySelector(".example-install") ?? fold).append(button);
}

/** Saves an example's files, in a folder of their own, as the page's own zip has them. */
function download(example) {
  const { folder, app } = example.dataset;
  const given = example.querySelector(".example-run a[download]");
  const files = Object.entries(edits.files(example)).map(([path, text]) => [`${folder}/${path}`, text]);
  const module = app.replace(/(\/__init__)?\.py$/, "").replaceAll("/", "-");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(zip(Object.fromEntries(files)));
  link.download = given?.download ?? `${folder}-${module}.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser may still be asking where to save it
}

// The page's own zip is of the app as it came.
addEventListener("click", (event) => {
  const target = /** @type {HTMLElement} */ (event.target); // or the document, which has no closest
  const example = target.closest?.(".example-run a[download]")?.closest(".example");
  if (!example || edits.changed(example).length === 0) return;
  event.preventDefault();
  download(example);
});

// Link

/** Offers the edits of an example as a link, and its zip; or takes the offer back when nothing is edited. */
export function offer(example) {
  const bar = example.querySelector(".example-actions");
  const there = bar.querySelector(".live-share");
  if (edits.changed(example).length === 0) {
    there?.remove();
    if (linked.delete(own(example))) keep("linked", [...linked]);
    example.querySelector(".live-linked")?.remove();
    if (example.querySelector(".live-told")) tell(example, "");
    if (location.hash.startsWith(MARK) && Object.keys(edits.all()).length === 0)
      history.replaceState(history.state, "", location.pathname);
    return;
  }
  addZip(example);
  if (there) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "live-button live-share";
  button.textContent = "Copy link";
  button.addEventListener("click", () => copy(example));
  bar.querySelector(".live-edit").before(button);
}

/**
 * The fragment that holds an example's edits; "" without any.
 * @param {HTMLElement} example
 * @returns {Promise<string>} rejected with an Error for the reader
 */
export async function fragmentOf(example) {
  const changed = edits.changed(example);
  if (!changed.length) return "";
  if (!("CompressionStream" in self))
    throw new Error("Your browser can't create links. Press Download: the zip includes your edits.");
  const texts = edits.files(example);
  const packed = await pack({
    example: own(example),
    files: Object.fromEntries(changed.map((path) => [path, texts[path]])),
  });
  if (MARK.length + packed.length <= LONGEST) return MARK + packed;
  const length = kilo(MARK.length + packed.length);
  throw new Error(`These edits make a link of ${length}; one may have ${kilo(LONGEST)}. Download has no limit.`);
}

/** Puts the link to an example's edits into the address bar, so that a reload keeps them, and onto the clipboard. */
async function copy(example) {
  // In a frame of another site, this link leads to the guide's page.
  const page = /** @type {HTMLAnchorElement} */ (document.querySelector("a.embed-page"));
  const made = fragmentOf(example);
  const address = (fragment) => new URL(fragment, page?.href ?? location.href).href;
  const copied = write(made.then(address));
  copied.catch(() => {}); // told of below
  let fragment;
  try {
    fragment = await made;
  } catch (error) {
    return tell(example, error.message);
  }
  history.replaceState(history.state, "", fragment);
  if (page) page.href = address(fragment);
  try {
    await copied;
    tell(
      example,
      `The link with your edits was copied (${kilo(fragment.length)}). Anyone who opens it sees them, and can press Run.`,
    );
  } catch {
    const where = page ? "The link to the example's page, below, has your edits." : "The link is in the address bar.";
    tell(example, `Your browser blocked copying. ${where}`);
  }
}

/**
 * Copies a text that is still being made. WebKit lets a page copy only while a press is handled, so it is asked at once.
 * @param {Promise<string>} text
 */
export async function write(text) {
  if (!("ClipboardItem" in self)) return navigator.clipboard.writeText(await text);
  const blob = text.then((made) => new Blob([made], { type: "text/plain" }));
  return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
}

/** Opens the link that stands in the address: shows its edits, or says in one line why not. */
export async function openLink() {
  const page = document.querySelector("article") ?? document.querySelector("main");
  try {
    const { example, files } = await read(location.hash);
    const texts = edits.files(example);
    const mine = edits.changed(example);
    if (mine.some((path) => texts[path] !== files[path])) {
      throw new Unreadable("This example already has edits. Press Reset code, then open the link again.", example);
    }
    for (const [path, text] of Object.entries(files)) edits.change(example, path, text);
    const paths = edits.changed(example);
    if (paths.length === 0) throw new Unreadable("The code in the link is the same as on this page.", example);
    offer(example);
    markLinked(example);
    await (await import("../editor/editor.js")).unfold(example, paths);
    await showChanges(example);
    tell(
      example,
      `${paths.join(" and ")} came with the link: someone changed it, so read it before you press Run. Reset code brings the page's own back.`,
    );
    bringIntoView(example, "start");
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    bringIntoView(tell(error.example ?? page, error.message), "nearest");
  }
}

/** A page of another site isn't moved by the frame that it shows. */
const bringIntoView = (element, block) => self === top && element.scrollIntoView({ block });

const linked = new Set(); // the names of the examples whose edits came with a link

/** Says in the bar where the code is from. */
export function markLinked(example) {
  linked.add(own(example));
  keep("linked", [...linked]);
  if (example.querySelector(".live-linked")) return;
  const mark = document.createElement("span");
  mark.className = "live-linked";
  mark.textContent = "from a link";
  example.querySelector(".example-actions").before(mark);
}

/** What a reader is told of a link, and the example that it is about. */
class Unreadable extends Error {
  constructor(text, example) {
    super(text);
    this.example = example;
  }
}

const GARBLED = "This link is incomplete or damaged. No edits were applied.";

/** The example and the files that a fragment names. Throws Unreadable. */
async function read(fragment) {
  if (fragment.length > LONGEST) {
    throw new Unreadable(
      `This link is ${kilo(fragment.length)} long; the limit is ${kilo(LONGEST)}. No edits were applied.`,
    );
  }
  let link;
  try {
    link = JSON.parse(await unpack(fragment.slice(MARK.length)));
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable(GARBLED);
  }
  const { example: name, files } = Object(link);
  if (typeof name !== "string" || !name || Object(files) !== files) throw new Unreadable(GARBLED);
  const example = [...document.querySelectorAll(".example[data-app]:not([data-local])")].find(
    (one) => own(one) === name || one.dataset.was?.split(" ").includes(name),
  );
  if (!example) throw new Unreadable("The edits in this link are of an example that this page does not have.");
  if (example.dataset.was?.split(" ").includes(name)) {
    const was = name.slice(name.indexOf("/") + 1);
    if (Object.hasOwn(files, was)) Object.assign(files, { [example.dataset.app]: files[was] });
    if (was !== example.dataset.app) delete files[was];
  }
  const known = edits.original(example);
  for (const [path, text] of Object.entries(files)) {
    if (!Object.hasOwn(known, path))
      throw new Unreadable("The edits in this link are of a file that this example does not have.", example);
    if (typeof text !== "string") throw new Unreadable(GARBLED);
  }
  return { example, files };
}

const through = (bytes, stream) => new Blob([bytes]).stream().pipeThrough(stream);

async function pack(value) {
  const stream = through(JSON.stringify(value), new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The text that `pack` packed. Stops at LARGEST bytes, however many would follow. */
async function unpack(text) {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
    character.charCodeAt(0),
  );
  const chunks = [];
  let size = 0;
  for await (const chunk of readerOf(through(bytes, new DecompressionStream("deflate-raw")))) {
    size += chunk.length;
    if (size > LARGEST)
      throw new Unreadable(
        `The edits in this link unpack to more than ${kilo(LARGEST)}, which is too large. No edits were applied.`,
      );
    chunks.push(chunk);
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(await new Blob(chunks).arrayBuffer());
}

/** A stream's chunks; leaving early cancels it. Not every browser can iterate over streams themselves. */
async function* readerOf(stream) {
  const reader = stream.getReader();
  try {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) yield value;
  } finally {
    reader.cancel().catch(() => {});
  }
}
