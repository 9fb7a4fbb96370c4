/**
 * What a panel shows and what is no longer so: after the clock, a cookie, the server or the code changed, the page is
 * from before, until the app is asked again. Links and forms in it still work, as they do in a browser.
 */
import { button, h, style } from "../dom.js";
import staleStyle from "./stale.css";

const UNITS = { day: 86_400_000, hour: 3_600_000, minute: 60_000, second: 1000 };

/** Milliseconds in words, in at most two units: "+8 days", "\u22121 hour 5 minutes". */
export function moved(milliseconds) {
  let left = Math.abs(milliseconds);
  const parts = [];
  for (const [unit, size] of Object.entries(UNITS)) {
    const number = Math.floor(left / size);
    left -= number * size;
    if (number && parts.length < 2) parts.push(`${number} ${unit}${number === 1 ? "" : "s"}`);
  }
  return (milliseconds < 0 ? "\u2212" : "+") + (parts.join(" ") || "0 seconds");
}

export class Stale {
  /**
   * @param {HTMLIFrameElement} frame what it lies over
   * @param {{ reload: () => Promise<void>, run: () => Promise<void> }} on what the button does
   */
  constructor(frame, on) {
    style(staleStyle);
    this.on = on;
    this.causes = new Set();
    this.time = 0; // milliseconds by which the clock was moved since
    this.code = false;
    this.button = button("", () => this.press());
    this.button.id = `live-from-${document.querySelectorAll(".live-veil").length}`;
    this.box = h("div", { className: "live-shown" });
    frame.replaceWith(this.box);
    this.box.append(frame, h("div", { className: "live-veil" }, this.button));
    this.frame = frame;
    this.clear(false);
  }

  /** The page is what the app says now; `shown` is whether there is one. */
  clear(shown = true) {
    this.shown = shown;
    this.causes.clear();
    this.time = 0;
    this.draw();
  }

  /** It is from before this. */
  since(cause) {
    this.causes.add(cause);
    this.draw();
  }

  /** It is from before the clock moved. */
  clock(milliseconds) {
    this.time += milliseconds;
    this.draw();
  }

  /** Whether the code that made it was edited since. */
  edited(code) {
    this.code = code;
    this.draw();
  }

  draw() {
    const causes = [...this.causes];
    if (Math.abs(this.time) >= 500) causes.unshift(moved(Math.round(this.time / 1000) * 1000));
    if (this.code) causes.push("your edits");
    const stale = this.shown && causes.length > 0;
    const focused = document.activeElement === this.button;
    this.box.classList.toggle("live-stale", stale);
    this.button.textContent = stale ? `From before ${causes.join(", ")}. ${this.code ? "Run" : "Reload"}` : "";
    if (stale) this.frame.setAttribute("aria-describedby", this.button.id);
    else this.frame.removeAttribute("aria-describedby");
    if (focused && !stale) /** @type {HTMLElement} */ (this.box.closest("[tabindex]"))?.focus(); // the button is gone
  }

  press() {
    return this.code ? this.on.run() : this.on.reload();
  }
}
