/**
 * Gives every example that is an app its Run button. Nothing more is fetched before a reader means it: the panel and
 * Python come when the pointer or the focus rests on the button, or it is pressed. The other buttons (live/extras.js) come
 * when nothing else is to do, the proofs' script when the reader comes near.
 */
const REST = 200; // milliseconds; a pointer or a Tab that passes by is no intent

/** Asks for a style sheet of this folder, once. */
export function style(name) {
  if (document.querySelector(`link[href$="/live/${name}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL(name, import.meta.url);
  document.head.append(link);
}

/** Tells the reader a line above an example's code, or above the page's text. */
export function tell(place, text) {
  const line = place.querySelector(":scope > .live-told") ?? document.createElement("p");
  line.className = "live-told";
  line.setAttribute("role", "status");
  if (!line.parentNode) place.firstElementChild.after(line);
  line.textContent = text;
}

/** Adds a button that runs an example's Python in some way: Python is fetched on intent, a failure is told. */
export function addRunner(parent, name, example, run) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "live-button";
  button.textContent = name;
  parent.append(button);
  let rest;
  const meant = () => {
    if (navigator.connection?.saveData) return;
    rest = setTimeout(() => import("./panel.js").then(({ prepare }) => prepare()).catch(() => {}), REST);
  };
  for (const type of ["pointerenter", "focus"]) button.addEventListener(type, meant);
  for (const type of ["pointerleave", "blur"]) button.addEventListener(type, () => clearTimeout(rest));
  button.addEventListener("click", () =>
    run().catch(() => tell(example, "What this needs could not be fetched. Check the connection, then reload this page.")));
  return button;
}

const section = document.querySelector(".proofs");
if (section || document.querySelector(".example[data-app]")) style("panel.css");

for (const example of document.querySelectorAll(".example[data-app]:not([data-local])")) {
  const run = async () => void (await import("./panel.js")).open(example);
  addRunner(example.querySelector(".example-actions"), "Run", example, run).classList.add("live-run");
}

if (document.querySelector("ol.exchanges, .example-wrong")) {
  (self.requestIdleCallback ?? setTimeout)(() => import("./extras.js"));
}

// What is edited can be taken away as a link, and such a link be opened. Nothing runs by that.
const share = () => import("./share.js");
addEventListener("example-edited", async ({ target }) => (await share()).offer(target));
const openLink = async () => location.hash.startsWith("#edit=") && (await share()).openLink();
addEventListener("hashchange", openLink);
openLink();

if (section) {
  const proofs = () => import("./proofs.js");
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    proofs();
  }, { rootMargin: "400px" }).observe(section);

  const number = section.querySelectorAll('.proof[data-needs=""]').length;
  const bar = document.createElement("div");
  bar.className = "proofs-bar";
  bar.innerHTML = '<button type="button" class="live-button"></button><span role="status" class="proof-status"></span>';
  bar.firstChild.textContent = `Run all ${number} proofs`;
  bar.firstChild.hidden = number === 0;
  bar.firstChild.addEventListener("click", async () => (await proofs()).runAll());
  section.before(bar);

  for (const mark of document.querySelectorAll("a.proof-mark")) {
    mark.setAttribute("role", "button");
    for (const type of ["pointerenter", "focus"]) mark.addEventListener(type, proofs, { once: true });
    mark.addEventListener("click", async (event) => {
      event.preventDefault();
      (await proofs()).open(mark);
    });
  }
}
