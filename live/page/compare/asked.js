/** Which requests two apps get, and what each of them responds. */
import * as edits from "../edits.js";
import { newVisitor } from "../panel/app.js";
import { ENVIRONMENT, perform, read, START } from "../replay/transcript.js";
import { call } from "../server.js";
import chosen from "./requests.json";

/** @typedef {{ step?: string, parts?: [Part | null, Part | null] }} Row a step, or a request for each app; null is none */
/** @typedef {Exchange & { cookies: JarCookie[], session: SessionState | null, now: number, down?: string }} Response_ with
 *   the cookies that the browser has then; `down` says why no app was there */

/**
 * The requests: those that requests.json gives for the wrong app, else its transcript on this page, else the right
 * app's, else the front page.
 * @param {HTMLElement[]} examples the wrong one and the right one
 * @returns {{ rows: Row[], why: string }}
 */
export function asked(examples) {
  const paths = examples.map(({ dataset: { folder, app } }) => `${folder}/${app}`);
  const own = chosen[paths[0]];
  if (own?.requests) return { rows: parsed(own.requests), why: own.why ?? "" };
  const lists = [...document.querySelectorAll("ol.exchanges")];
  const list = paths.map((path) => lists.find(({ dataset }) => dataset.example === path)).find(Boolean);
  const parts = list ? read(list) : [{ name: "GET /", method: "GET", path: "/" }];
  return { rows: parts.map((part) => (part.step ? { step: part.step } : { parts: [part, part] })), why: "" };
}

/** @returns {Row[]} */
function parsed(requests) {
  const all = [];
  const request = (text) => {
    const [, method, path, form] = text.match(/^([A-Z]+) (\/\S*)(?:\n(.*))?$/) ?? [];
    if (!method) return null;
    const part = { name: `${method} ${path}`, method, path, form: form && [...new URLSearchParams(form)] };
    all.push(part);
    return part;
  };
  const rows = requests.map((one) => {
    if (Array.isArray(one)) return { parts: one.map((text) => text && request(text)) };
    const part = request(one);
    return part ? { parts: [part, part] } : { step: one };
  });
  const names = all.map(({ name }) => name);
  for (const [index, part] of all.entries()) {
    const before = names.slice(0, index + 1).filter((name) => name === names[index]).length;
    if (names.indexOf(names[index]) !== names.lastIndexOf(names[index])) part.name += ` (${before})`;
  }
  return rows;
}

/**
 * Runs an app with its requests, from a fresh visitor at the transcripts' clock and with their key. Throws if it does not
 * start, or doesn't respond.
 * @param {HTMLElement} example
 * @param {Part[]} parts
 * @param {string} id the app's name in the worker
 * @returns {Promise<{ found: Map<Part, Response_>, fetch: (path: string) => Promise<any> }>} the response of each
 *   request; `fetch` gets what a page needs, such as a style sheet, and leaves the cookies as they are
 */
export async function run(example, parts, id) {
  const { app, env = "" } = example.dataset;
  const first = newVisitor(1);
  const names = env.split(" ").filter(Boolean);
  const keys = { ...Object.fromEntries(names.map((name) => [name, "a value for this comparison"])), ...ENVIRONMENT };
  let visitor = first;
  let visitors = 1;
  let now = START;
  let down = "";
  const send = (message) =>
    call(
      { example: id, jar: visitor.jar, address: visitor.address, time: { frozen: now }, ...message },
      `Fix ${app} or press Reset code, then compare again.`,
    );
  const ask = async (message) => {
    const reply = await send(message);
    visitor.jar = reply.jar;
    return reply;
  };
  const load = async (without) => {
    const given = Object.fromEntries(Object.entries(keys).filter(([name]) => name !== without));
    const { error = "" } = await ask({ call: "load", app, files: edits.files(example), env: given });
    return error && `${app} did not start. ${error}`;
  };
  const found = new Map();
  const failed = await load();
  if (failed) throw new Error(`${failed} Fix it, then compare again.`);
  await perform(parts, {
    async request(part) {
      const { method, path, form } = part;
      if (down) return found.set(part, { down });
      const { exchanges, error, state } = await ask({ call: "visit", method, path, form, follow: false });
      if (error) throw new Error(`${app} did not respond to ${part.name}. ${error} Fix it, then compare again.`);
      return found.set(part, { ...exchanges.at(-1), ...state });
    },
    newVisitor: () => (visitor = newVisitor(++visitors)),
    firstVisitor: () => (visitor = first),
    closeBrowser: () => ask({ call: "jar", close: true }),
    wait: (milliseconds) => (now += milliseconds),
    async restart(without) {
      if (without) down = await load(without);
      else await ask({ call: "restart" });
    },
  });
  const fetch = async (path) => {
    const { exchanges } = await send({ call: "visit", method: "GET", path, follow: false });
    return exchanges?.at(-1) ?? { type: "text/plain", text: "" };
  };
  return { found, fetch };
}
