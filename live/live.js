/**
 * Gives every example that is an app its Run button. Nothing more is fetched before a reader means it: the panel and
 * Python come when the pointer or the focus rests on the button, or it is pressed.
 */
const REST = 200; // milliseconds; a pointer or a Tab that passes by is no intent

const css = document.createElement("link");
css.rel = "stylesheet";
css.href = new URL("panel.css", import.meta.url);

for (const example of document.querySelectorAll(".example[data-app]:not([data-local])")) {
  document.head.append(css);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "live-button live-run";
  button.textContent = "Run";
  example.querySelector(".example-actions").append(button);

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
      const line = example.querySelector(".live-missing") ?? document.createElement("p");
      line.className = "live-missing";
      line.setAttribute("role", "status");
      example.append(line);
      line.textContent = "The live panel could not be fetched. Check the connection, then reload this page.";
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
