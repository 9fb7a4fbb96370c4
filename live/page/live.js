/**
 * Gives every example that is an app its Edit and Run buttons. Nothing more is fetched before a reader means it: the panel
 * and Python come when the pointer or the focus rests on Run, or it is pressed; the editor when the pointer rests on the
 * code, or it or Edit is pressed. The other buttons (live/page/extras.js) come when nothing else is to do, the
 * script of the tests when the reader comes near.
 */
import { addButton, addRunner, REST } from "./buttons.js";
import { style, tell } from "./dom.js";
import extrasStyle from "./extras.css";
import { kept } from "./kept.js";
import { lacking } from "./needs.js";
import panelStyle from "./panel/panel.css";
import testsStyle from "./tests/tests.css";
import { updated } from "./updated.js";

const live = document.querySelector(".page-tests, .ledger, .example[data-app]");
const lacks = lacking();
const works = lacks.length === 0;
if (live) style(panelStyle);
if (live && !works) {
  const place = document.querySelector("article") ?? document.querySelector("main");
  tell(
    place,
    `This browser is too old to run what is on this page: it lacks ${lacks.join(" and ")}. The commands run it on your computer.`,
  );
}
const section = works && document.querySelector(".page-tests");
const ledger = works && document.querySelector(".ledger");
const examples = works ? document.querySelectorAll(".example[data-app]:not([data-local])") : [];

const editor = () => import("./editor/editor.js");

for (const example of examples) {
  const bar = example.querySelector(".example-actions");
  const edit = addButton(bar, "Edit", example, "editor", async () => (await editor()).edit(example));
  edit.classList.add("live-edit");
  addRunner(bar, "Run", example, async () => void (await import("./panel/panel.js")).open(example)).classList.add(
    "live-run",
  );
  const embed = () => import("./share/embed.js").then(({ addEmbed }) => addEmbed(example)).catch(() => updated());
  example.querySelector(".example-run")?.addEventListener("toggle", embed, { once: true });

  for (const code of example.querySelectorAll(".highlight code")) {
    if (code.closest(".example-run")) continue;
    let rest;
    code.addEventListener("pointerenter", ({ pointerType, buttons }) => {
      if (pointerType !== "mouse" || buttons || navigator.connection?.saveData) return;
      // Not under a selection: it would be lost.
      rest = setTimeout(
        () =>
          getSelection().isCollapsed &&
          editor()
            .then(({ mount }) => mount(example))
            .catch(() => updated()),
        REST,
      );
    });
    for (const type of ["pointerleave", "pointerdown"]) code.addEventListener(type, () => clearTimeout(rest));
    code.addEventListener("click", async (event) => {
      if (code.querySelector("textarea") || !getSelection().isCollapsed) return;
      const found = await editor().catch(() => edit.click()); // which tells of it
      found?.press(example, code, event);
    });
  }
}

const stored = document.querySelector(".stored");
if (stored) import("./stored.js").then(({ showStored }) => showStored(stored)).catch(() => updated());

try {
  // As live/page/fix/progress.js keeps it.
  if (localStorage.getItem(`live ${new URL("../../", import.meta.url).pathname}fixed`))
    import("./fix/progress.js").then(({ show }) => show()).catch(() => updated());
} catch {} // a browser that keeps nothing

// Pages are kept since an earlier visit: a newer build tells of itself. The property throws in some frames.
const offline = async () => navigator.serviceWorker?.controller && (await import("./offline.js")).watch();
offline().catch(() => {});

const fit = () => import("./fit.js");
const FIT = "(pointer: coarse), (forced-colors: active), (max-width: 44em)";
if (matchMedia(FIT).matches || /[?&]h=/.test(location.search)) fit().catch(() => updated());
document
  .getElementById("__drawer")
  ?.addEventListener("change", async ({ target }) => (await fit()).drawer(/** @type {HTMLInputElement} */ (target)));

if (works && document.querySelector("ol.exchanges, .example-wrong, .recorded")) {
  (self.requestIdleCallback ?? setTimeout)(() => {
    style(extrasStyle);
    import("./extras.js").catch(() => updated());
  });
}

// A place that a log or a report names leads to the editor; one with an error is marked there.
addEventListener("example-place", async (/** @type {CustomEvent} */ event) => {
  (await editor()).edit(/** @type {HTMLElement} */ (event.target), event.detail.path, event.detail);
});

// A change may come from elsewhere than the editor, and must be seen. It can be taken away as a link, and such a link
// be opened; nothing runs by that.
const share = () => {
  style(extrasStyle);
  return import("./share/share.js");
};
addEventListener("example-edited", async (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.querySelector(".live-edit")) (await editor()).show(target);
  (await share()).offer(target);
});
const openLink = async () => works && location.hash.startsWith("#edit=") && (await share()).openLink();
addEventListener("hashchange", openLink);
const back = live && works && kept() ? import("./back.js").then(({ bringBack }) => bringBack()) : Promise.resolve();
back.catch(() => updated()).then(openLink);

/** Puts "Run all N tests" and its status before an element; without tests to run, the button is hidden. */
function addBar(element, number, press) {
  const bar = document.createElement("div");
  bar.className = "tests-bar";
  bar.innerHTML = '<button type="button" class="live-button"></button><span role="status" class="test-status"></span>';
  const button = bar.querySelector("button");
  button.textContent = `Run all ${number} tests`;
  button.hidden = number === 0;
  button.addEventListener("click", () => press(...bar.children));
  element.before(bar);
}

// The tests' script comes when a reader nears a mark, or the section Tests.
if (section) {
  const tests = async () => {
    await style(testsStyle).catch(() => {}); // a popover is placed by its size; without styles it still tells
    return import("./tests/tests.js");
  };
  const early = () => tests().catch(() => updated());
  new IntersectionObserver(
    (entries, observer) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      early();
    },
    { rootMargin: "400px" },
  ).observe(section);

  addEventListener("example-edited", early, { once: true }); // the marks are of the page's own code
  const number = section.querySelectorAll('.page-test[data-needs=""]').length;
  addBar(section, number, async () => (await tests()).runAll());

  for (const mark of document.querySelectorAll("a.test-mark")) {
    mark.setAttribute("role", "button");
    for (const type of ["pointerenter", "focus"]) mark.addEventListener(type, early, { once: true });
    mark.addEventListener("click", async (event) => {
      event.preventDefault();
      (await tests()).open(mark);
    });
  }
}

// The ledger of the whole site runs them all.
if (ledger) {
  style(testsStyle);
  const number = document.querySelectorAll('.ledger tr[data-needs=""]').length;
  addBar(ledger.previousElementSibling, number, async (button, status) =>
    (await import("./tests/ledger.js")).runAll(button, status),
  );
}
