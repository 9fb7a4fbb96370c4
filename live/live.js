/**
 * Gives every example that is an app its Edit and Run buttons. Nothing more is fetched before a reader means it: the panel
 * and Python come when the pointer or the focus rests on Run, or it is pressed; the editor when the pointer rests on the
 * code, or it or Edit is pressed.
 */
const REST = 200; // milliseconds; a pointer or a Tab that passes by is no intent

const css = document.createElement("link");
css.rel = "stylesheet";
css.href = new URL("panel.css", import.meta.url);

const editor = () => import("./editor.js");
// A change may come from elsewhere than the editor, and must be seen.
document.addEventListener("example-edited", async ({ target }) => {
  if (target.querySelector(".live-edit")) (await editor()).show(target);
});

for (const example of document.querySelectorAll(".example[data-app]:not([data-local])")) {
  document.head.append(css);
  const [edit, button] = ["Edit", "Run"].map((name) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `live-button live-${name.toLowerCase()}`;
    made.textContent = name;
    example.querySelector(".example-actions").append(made);
    return made;
  });
  const tell = (text) => {
    const line = example.querySelector(".live-missing") ?? document.createElement("p");
    line.className = "live-missing";
    line.setAttribute("role", "status");
    example.append(line);
    line.textContent = text;
  };
  const startEditing = async (how) => {
    try {
      await how(await editor());
    } catch {
      tell("The editor could not be fetched. Check the connection, then reload this page.");
    }
  };
  edit.addEventListener("click", () => startEditing((editor) => editor.edit(example)));
  for (const code of example.querySelectorAll(".highlight code")) {
    if (code.closest(".example-run")) continue;
    let rest;
    code.addEventListener("pointerenter", ({ pointerType, buttons }) => {
      if (pointerType !== "mouse" || buttons || navigator.connection?.saveData) return;
      // Not under a selection: it would be lost.
      rest = setTimeout(() => getSelection().isCollapsed && editor().then(({ mount }) => mount(example)).catch(() => {}), REST);
    });
    for (const type of ["pointerleave", "pointerdown"]) code.addEventListener(type, () => clearTimeout(rest));
    code.addEventListener("click", (event) => {
      const isNew = !code.querySelector("textarea");
      if (isNew && getSelection().isCollapsed) startEditing((editor) => editor.press(example, code, event));
    });
  }

  const panel = () => import("./panel.js");
  let rest;
  const meant = () => {
    if (navigator.connection?.saveData) return;
    rest = setTimeout(() => panel().then(({ prepare }) => prepare()).catch(() => {}), REST);
  };
  for (const type of ["pointerenter", "focus"]) button.addEventListener(type, meant);
  for (const type of ["pointerleave", "blur"]) button.addEventListener(type, () => clearTimeout(rest));
  button.addEventListener("click", async () => {
    try {
      (await panel()).open(example);
    } catch {
      tell("The live panel could not be fetched. Check the connection, then reload this page.");
    }
  });
}

/** Puts "Run all N proofs" and its status before an element; without proofs to run, the button is hidden. */
function addBar(element, number, press) {
  const bar = document.createElement("div");
  bar.className = "proofs-bar";
  bar.innerHTML = '<button type="button" class="live-button"></button><span role="status" class="proof-status"></span>';
  bar.firstChild.textContent = `Run all ${number} proofs`;
  bar.firstChild.hidden = number === 0;
  bar.firstChild.addEventListener("click", () => press(...bar.children));
  element.before(bar);
}

// The proofs' script comes when a reader nears a mark behind a claim, or the section Proofs.
const section = document.querySelector(".proofs");
if (section) {
  document.head.append(css);
  const proofs = () => import("./proofs.js");
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    proofs();
  }, { rootMargin: "400px" }).observe(section);

  const number = section.querySelectorAll('.proof[data-needs=""]').length;
  addBar(section, number, async () => (await proofs()).runAll());

  for (const mark of document.querySelectorAll("a.proof-mark")) {
    mark.setAttribute("role", "button");
    for (const type of ["pointerenter", "focus"]) mark.addEventListener(type, proofs, { once: true });
    mark.addEventListener("click", async (event) => {
      event.preventDefault();
      (await proofs()).open(mark);
    });
  }
}

// The ledger of the whole site runs them all.
const ledger = document.querySelector(".ledger");
if (ledger) {
  document.head.append(css, Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("proofs.css", import.meta.url) }));
  const number = document.querySelectorAll('.ledger tr[data-needs=""]').length;
  addBar(ledger.previousElementSibling, number, async (button, status) => (await import("./ledger.js")).runAll(button, status));
}
