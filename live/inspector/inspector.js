/**
 * The page's half of the cookie inspector: reads the form, asks the worker, shows its answer. The
 * element's content is in docs/tools/cookie-inspector.md. Nothing is sent, and nothing is stored.
 */

// So much text is laid out at once without a pause; longer pastes are read whole and shown cut.
const SHOWN = 10_000;

/** An element with children; their text is never read as HTML. */
function make(tag, ...children) {
  const element = document.createElement(tag);
  element.append(...children);
  return element;
}

class CookieInspector extends HTMLElement {
  connectedCallback() {
    /** Most parts are fields; of the others no field's property is used. */
    this.find = (/** @type {string} */ name) =>
      /** @type {HTMLInputElement} */ (this.querySelector(`[data-part=${name}]`));
    try {
      this.worker = new Worker(new URL(INSPECTOR_WORKER, import.meta.url), { type: "module" });
    } catch {
      return this.say([["broken"]]);
    }
    this.worker.addEventListener("message", ({ data }) => this.show(data));
    this.worker.addEventListener("error", () => this.say([["broken"]]));
    this.fromAddress = () => {
      const given = new URLSearchParams(location.hash.slice(1));
      if (given.has("key")) this.find("key").value = given.get("key");
      if (given.has("cookie")) this.read(given.get("cookie"));
    };
    addEventListener("hashchange", this.fromAddress);

    const cookie = this.find("cookie");
    cookie.addEventListener("input", () => this.read(cookie.value));
    for (const kind of ["paste", "drop"]) {
      cookie.addEventListener(kind, (/** @type {ClipboardEvent & DragEvent} */ event) => {
        const text = (event.clipboardData ?? event.dataTransfer).getData("text");
        if (text.length <= SHOWN) return;
        event.preventDefault();
        this.read(text);
      });
    }
    this.addEventListener("input", ({ target }) => {
      if (target === cookie) return;
      this.signing = false;
      if (target === this.find("payload")) this.payload = this.find("payload").value;
      this.ask();
    });
    this.find("add").addEventListener("click", () => this.addFallback());
    this.find("sign").addEventListener("click", () => {
      if (!this.find("key").value) {
        this.find("key").focus();
        this.say([["keyless"]]);
        return;
      }
      this.signing = true;
      this.payload = this.find("payload").value;
      this.ask();
    });
    this.read(cookie.value);
    this.fromAddress();
    this.fromPanel();
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this.fromAddress);
    this.worker?.terminate();
  }

  /** Takes the cookie and the key that a panel of the site left for it (live/page/panel/parts.js), and deletes them. */
  fromPanel() {
    try {
      const left = `live ${location.pathname}`;
      const { cookie, key } = JSON.parse(sessionStorage.getItem(left)) ?? {};
      sessionStorage.removeItem(left);
      if (typeof cookie !== "string") return;
      this.find("key").value = typeof key === "string" ? key : "";
      this.read(cookie);
    } catch {
      // No storage, or something else in it: the form is empty, as ever.
    }
  }

  /** Lights a part of the value, and what is said of it; none for -1. */
  light(index) {
    for (const list of [this.find("value").children, this.querySelectorAll("dl[data-part] dd")])
      for (const [i, element] of [...list].entries()) element.classList.toggle("lit", i === index);
    this.find("rows").classList.toggle("lit", index === 0);
  }

  /** The value in its three parts. A press on one selects it in the field, where it can be changed. */
  showValue(parts) {
    const field = this.find("cookie");
    const whole = parts.map(({ text }) => text).join(".");
    const buttons = parts.map(({ name, text }, i) => {
      const part = make("button", text);
      part.ariaLabel = `${name}: ${text}`;
      part.type = "button";
      part.addEventListener("click", () => {
        const before = parts.slice(0, i).reduce((sum, { text }) => sum + text.length + 1, 0);
        const start = field.value.indexOf(whole) + before;
        field.focus();
        if (start >= before) field.setSelectionRange(start, start + text.length);
      });
      return part;
    });
    this.find("value").replaceChildren(...buttons.flatMap((part, i) => (i ? [".", part] : [part])));
    this.lights(buttons);
  }

  /** Pointing at a part or at what is said of it, or focusing it, lights both. */
  lights(buttons) {
    const about = [...this.querySelectorAll("dl[data-part] dd")].slice(0, 3);
    const listen = (/** @type {Element} */ element, i) => {
      for (const type of ["pointerenter", "focus"]) element.addEventListener(type, () => this.light(i));
      for (const type of ["pointerleave", "blur"]) element.addEventListener(type, () => this.light(-1));
    };
    for (const list of [buttons, about]) for (const [i, element] of list.entries()) listen(element, i);
    for (const element of /** @type {HTMLElement[]} */ (about)) element.tabIndex = 0;
  }

  /** Takes new text for "Session cookie". */
  read(text) {
    const cookie = this.find("cookie");
    this.text = text;
    this.payload = null;
    this.signing = false;
    const shown = text.slice(0, SHOWN);
    if (cookie.value !== shown) cookie.value = shown;
    this.find("cut").textContent =
      text.length > SHOWN ? `${text.length} characters were read; the first ${SHOWN} are shown.` : "";
    this.ask();
  }

  addFallback() {
    const keys = this.find("keys");
    const number = keys.querySelectorAll("input").length;
    const field = /** @type {HTMLElement} */ (keys.firstElementChild.cloneNode(true));
    const label = /** @type {HTMLLabelElement} */ (field.querySelector("label"));
    const input = /** @type {HTMLInputElement} */ (field.querySelector("input"));
    label.textContent = `Fallback ${number}`;
    label.htmlFor = input.id = `inspector-fallback-${number}`;
    input.value = "";
    input.removeAttribute("data-part");
    keys.append(field);
    input.focus();
  }

  /** Sends the form to the worker, or notes that it changed while the worker is busy. */
  ask() {
    this.changed = true;
    if (this.busy) return;
    this.changed = false;
    this.busy = true;
    const value = (name) => this.find(name).value;
    this.worker.postMessage({
      text: this.text,
      name: value("name") || "session",
      keys: Array.from(
        /** @type {NodeListOf<HTMLInputElement>} */ (this.find("keys").querySelectorAll("input")),
        (input) => input.value,
      ),
      salt: value("salt"),
      digest: value("digest"),
      keyDerivation: value("derivation"),
      lifetime: Math.max(0, Math.floor(Number(value("lifetime")) * 86400)),
      payload: this.payload,
      signing: this.signing,
    });
  }

  /** Shows the worker's answer, unless a newer one is on its way. */
  show({ says, parts, rows = [], cut, editable, forged }) {
    this.busy = false;
    if (this.changed) {
      this.ask();
      return;
    }
    this.say(says);
    this.find("results").hidden = !parts;
    this.find("edit").hidden = !editable;
    if (!parts) return;

    this.find("parts").replaceChildren(...parts.flatMap(({ name, note }) => [make("dt", name), make("dd", note)]));
    this.showValue(parts.slice(0, 3));
    this.find("rows").replaceChildren();
    this.addRows(rows, cut);
    if (this.payload === null && editable) {
      this.find("payload").value = rows.map(({ depth, text }) => "  ".repeat(depth) + text).join("\n");
    }
    this.find("forged").hidden = !forged;
    if (forged) {
      this.find("made").value = forged.value;
      this.tell(this.find("said"), [forged.says]);
    }
  }

  /** Shows fifty rows, and the others in later tasks: all at once would block the page. */
  addRows(rows, cut) {
    clearTimeout(this.more);
    const children = rows.slice(0, 50).map(({ depth, text, note = "" }) => {
      const row = make("div", make("code", text), " ", make("small", note));
      row.style.setProperty("--depth", Math.min(depth, 12));
      return row;
    });
    this.find("rows").append(...children);
    if (rows.length > 50) this.more = setTimeout(() => this.addRows(rows.slice(50), cut), 20);
    else if (cut) this.find("rows").append("The rest is too long to show.");
  }

  /** Announces a verdict once typing pauses. */
  say(says) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(this.find("status"), says), 300);
  }

  /** Writes sentences into an element. Each stands on the page, in a list whose mark it carries. */
  tell(element, says) {
    const entries = says.map(([code]) => document.getElementById(`says-${code}`));
    const sentences = entries.flatMap((entry, i) => {
      const term = make("b", `${entry.previousElementSibling.textContent}.`);
      return [term, ` ${entry.textContent} ${says[i][1] ?? ""} `];
    });
    const marks = entries.map((entry) => entry.parentElement.dataset.mark);
    element.dataset.mark = ["good", "bad"].find((mark) => marks.includes(mark)) ?? "";
    element.replaceChildren(...sentences);
  }
}

customElements.define("cookie-inspector", CookieInspector);
