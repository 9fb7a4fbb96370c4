/** Transcripts as a page shows them (extensions/transcripts.py): read, performed again, and compared. */

import { environment, start } from "../../transcripts.json";

/** When each transcript begins, in epoch milliseconds. tests/support/loading.py reads the same file. */
export const START = Date.parse(start);

/** What its app finds in its environment. Public, so good for nothing else. */
export const ENVIRONMENT = environment;

const UNITS = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const SHOWN = /^(location|set-cookie)$/i; // the headers that a transcript holds

/**
 * The parts of a transcript.
 * @param {HTMLElement} list an `ol.exchanges`
 * @returns {Part[]} for an exchange { item, name, method, path, form, answer }, for what happens between two { item,
 *   step }. `name` is as "GET / (2)", `answer` as `answerOf` gives it
 */
export const read = (list) =>
  /** @type {HTMLElement[]} */ ([...list.children]).map((item) => {
    if (item.matches(".exchange-step")) return { item, step: item.textContent };
    const text = (selector) => item.querySelector(selector)?.textContent ?? "";
    const [method, path] = item.querySelector(".exchange-request").firstChild.textContent.split(" ");
    const form = text(".exchange-form");
    const headers = [...item.querySelectorAll(".exchange-header")].map((line) => {
      const copy = /** @type {HTMLElement} */ (line.cloneNode(true));
      copy.querySelector(".exchange-inspect")?.remove();
      return copy.textContent.trim();
    });
    const answer = { status: text(".exchange-status"), headers, body: text(".exchange-body").trim() };
    return {
      item,
      name: item.dataset.name,
      method,
      path,
      form: form ? [...new URLSearchParams(form)] : undefined,
      answer,
    };
  });

/**
 * What an app answered, as far as a transcript shows it.
 * @param {Exchange} exchange
 */
export function answerOf({ status, headers, text = "" }) {
  const shown = headers.filter(([name]) => SHOWN.test(name)).map(([name, value]) => `${name}: ${value}`);
  // Browsers do not show a redirect's body, nor does a transcript.
  return { status, headers: shown, body: headers.some(([name]) => /^location$/i.test(name)) ? "" : text.trim() };
}

/** The names of what differs between two answers: "status", "Set-Cookie", "body". */
export function differences(one, other) {
  const of = ({ headers }, name) => headers.filter((line) => line.startsWith(`${name}: `)).join("\n");
  const names = new Set([...one.headers, ...other.headers].map((line) => line.slice(0, line.indexOf(":"))));
  return [
    ...(one.status === other.status ? [] : ["status"]),
    ...[...names].filter((name) => of(one, name) !== of(other, name)),
    ...(one.body === other.body ? [] : ["body"]),
  ];
}

/**
 * Performs parts of a transcript, one after the other, without following redirects.
 * @param {Part[]} parts as `read` gives them
 * @param {{ request: (part: Part) => unknown, newVisitor: () => unknown, firstVisitor: () => unknown,
 *   closeBrowser: () => unknown, wait: (milliseconds: number) => unknown, restart?: (without?: string) => unknown }} browser
 *   what it does. No transcript has a restart: that of a comparison may be `without` a variable of the environment
 */
export async function perform(parts, browser) {
  for (const part of parts) {
    const { step } = part;
    const [, number, unit] = step?.match(/^(\d+) (second|minute|hour|day)s? later$/) ?? [];
    const [restarts, without] = (browser.restart && step?.match(/^The server restarts(?: without (\w+))?$/)) ?? [];
    if (!step) await browser.request(part);
    else if (restarts) await browser.restart(without);
    else if (number) await browser.wait(Number(number) * UNITS[unit]);
    else if (step === "The browser is closed") await browser.closeBrowser();
    else if (step === "Another visitor") await browser.newVisitor();
    else if (step === "The first visitor again") await browser.firstVisitor();
    else throw new Error(`${step}: this step of a transcript is not known here`);
  }
}
