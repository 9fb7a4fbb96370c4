/** Shows an app's response in a frame whose scripts never run, and turns what is pressed in it into requests. */

/** Where every app of the panel lives. live/build/bundle.mjs writes it in from live/worker/browser.py. */
export const ORIGIN = APP_ORIGIN;

/** A URL, or null where there is none to read. */
export const parseUrl = (text, base) => (URL.canParse(text, base) ? new URL(text, base) : null);

// Of the frame's document: no script of an app runs in it, whatever the page's own policy is. A policy stays in force
// when its element is gone (HTML, "Content-Security-Policy" pragma: it is added to the document).
const EMPTY = `<!doctype html><meta http-equiv="Content-Security-Policy" content="script-src 'none'; object-src 'none'">`;
const XLINK = "http://www.w3.org/1999/xlink"; // of links in SVG

const documents = new WeakMap(); // a frame's document, promised
const shown = new WeakMap(); // a document's { base, panel }
const last = new WeakMap(); // what a frame shows: showPage()'s arguments

/** Makes a frame ready for its first page, which takes about as long as the app takes to answer. */
export function prepareFrame(frame) {
  if (!documents.has(frame)) documents.set(frame, open(frame));
  return documents.get(frame);
}

/**
 * @param {HTMLIFrameElement} frame sandboxed: see view.js
 * @param {Exchange} exchange as live/worker/runner.py's `visit` returns it
 * @param {{ request: function, visit: function, leave: function }} panel `request(path)` gives the exchange of a
 *   stylesheet or an image; `visit(method, path, form, files)` follows a link or sends a form, of which `files` is whether it
 *   has files, which are not sent; `leave(url)` is told of a link that leads out of the app
 * @returns {Promise<{ scripts: boolean }>} whether scripts were taken out of the page
 */
export async function showPage(frame, exchange, panel) {
  const base = ORIGIN + exchange.path;
  const html = exchange.type === "text/html";
  const { page: parsed, scripts } = html
    ? await prepare(exchange.text, base, panel)
    : { page: wrap(exchange), scripts: false };
  const page = await prepareFrame(frame);
  last.set(frame, [exchange, panel]);
  shown.set(page, { base, panel });
  // The tree goes into the same document each time: to load a new one takes 20 ms and more.
  page.documentElement.replaceWith(page.adoptNode(parsed.documentElement));
  page.defaultView.scrollTo(0, 0);
  return { scripts };
}

/** Gives the frame a new, empty document. */
async function load(frame) {
  await new Promise((resolve) => {
    frame.onload = resolve;
    frame.srcdoc = EMPTY;
  });
  return frame.contentDocument;
}

/** Whether listeners in a document are told of anything: WebKit tells them nothing where scripts are off. */
function hears(page) {
  let heard = false;
  page.addEventListener("probe", () => (heard = true), { once: true });
  page.dispatchEvent(new Event("probe"));
  return heard;
}

/** Makes the frame's document, and listens to what is pressed in it. */
async function open(frame) {
  let page = await load(frame);
  if (!hears(page)) {
    frame.sandbox.add("allow-scripts"); // the policy in EMPTY still lets none run
    page = await load(frame);
  }
  frame.onload = () => restore(frame);
  // Links of HTML, SVG and MathML.
  const linkOf = ({ target }) => target.closest?.("[href], [*|href]");
  // Firefox connects to a link's host when the link is pressed, although nothing is opened then.
  page.addEventListener("mousedown", (event) => linkOf(event) && event.preventDefault());
  page.addEventListener("click", (event) => {
    const link = linkOf(event);
    if (!link) return;
    event.preventDefault();
    const { base, panel } = shown.get(page);
    const href = link.getAttribute("href") ?? link.getAttributeNS(XLINK, "href");
    if (href.startsWith("#")) return page.getElementById(href.slice(1))?.scrollIntoView();
    const url = parseUrl(href, base);
    if (url?.origin === ORIGIN) panel.visit("GET", url.pathname + url.search);
    else panel.leave(url?.href ?? href);
  });
  // What the panel's page does with a key, it does for keys pressed in the frame too.
  page.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") frame.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  });
  page.addEventListener("submit", (event) => {
    event.preventDefault();
    const { base, panel } = shown.get(page);
    const { target: form, submitter } = event;
    const of = (name) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? "";
    if (of("method").toLowerCase() === "dialog") return form.closest("dialog")?.close(); // no request
    const url = parseUrl(of("action"), base);
    if (url?.origin !== ORIGIN) return panel.leave(url?.href ?? of("action"));
    const fields = [...new FormData(form, submitter)].map(([name, value]) => [
      name,
      typeof value === "string" ? value : value.name,
    ]);
    const files = form.querySelector("input[type=file]") !== null;
    if (of("method").toLowerCase() === "post") panel.visit("POST", url.pathname + url.search, fields, files);
    else panel.visit("GET", `${url.pathname}?${new URLSearchParams(fields)}`);
  });
  return page;
}

/** Something led the frame elsewhere: it gets its page back. */
function restore(frame) {
  documents.delete(frame);
  const [exchange, panel] = last.get(frame) ?? [];
  if (exchange) showPage(frame, exchange, panel);
}

/** Gives a page its own stylesheets and images, and takes out what would load something else into the frame. */
async function prepare(html, base, panel) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const handlers = [...page.querySelectorAll("*")].flatMap((element) =>
    [...element.attributes].filter(({ name }) => /^on/i.test(name)),
  );
  const scripts = handlers.length > 0 || page.querySelector("script") !== null;
  for (const element of page.querySelectorAll("base, meta[http-equiv], script")) element.remove();
  for (const handler of handlers) handler.ownerElement.removeAttributeNode(handler);
  for (const element of page.querySelectorAll("iframe, frame, object, embed"))
    element.replaceWith(`[${element.localName}: not shown here]`);
  const own = (element, name) => {
    const url = parseUrl(element.getAttribute(name), base);
    return url?.origin === ORIGIN ? url.pathname + url.search : null;
  };
  // As in browsers, what a page names many times is requested once.
  const asked = new Map();
  const request = (path) => asked.get(path) ?? asked.set(path, panel.request(path)).get(path);
  for (const link of /** @type {NodeListOf<HTMLLinkElement>} */ (page.querySelectorAll("link[href]"))) {
    const path = link.relList.contains("stylesheet") ? own(link, "href") : null;
    // Chromium needs 7 ms for each empty style sheet that takes the place of another kind of link.
    if (!path) {
      link.remove();
      continue;
    }
    const style = page.createElement("style");
    style.textContent = (await request(path)).text ?? "";
    link.replaceWith(style);
  }
  for (const image of /** @type {NodeListOf<HTMLImageElement>} */ (page.querySelectorAll("img[src]"))) {
    const path = own(image, "src");
    if (!path) continue;
    const { type, base64, text } = await request(path);
    image.src = base64 ? `data:${type};base64,${base64}` : `data:${type},${encodeURIComponent(text)}`;
  }
  return { page, scripts };
}

/**
 * A page for a response that is not HTML.
 * @param {Exchange} exchange
 */
function wrap({ type, text, base64 }) {
  const page = document.implementation.createHTMLDocument();
  if (text !== undefined) page.body.append(Object.assign(page.createElement("pre"), { textContent: text }));
  else if (type.startsWith("image/"))
    page.body.append(Object.assign(page.createElement("img"), { src: `data:${type};base64,${base64}`, alt: "" }));
  else page.body.append(`A response of type ${type}, which has nothing to show.`);
  return page;
}
