/** Judges a solution of a challenge, in the page's worker: does the app start, and which statements are true of it? */
import { markError } from "../editor/syntax.js";
import { newVisitor, sentence } from "../panel/app.js";
import { call } from "../server.js";

const KEPT = "Your edits are kept.";

/**
 * What extensions/challenges.py has written of a challenge.
 * @typedef {{
 *   app: string,
 *   hint: string,
 *   right: string,
 *   fixed: Record<string, string>,
 *   tests: [string, string, string][],
 *   files: Record<string, string>,
 * }} Data `right` is the file whose place the app takes; of each test its file, its name and its sentence
 */

/**
 * Starts the app of an example.
 * @param {HTMLElement} example
 * @param {Data} data
 * @param {Record<string, string>} now its files
 * @returns {Promise<string>} one line if it doesn't start; rejected with Trouble if it takes too long
 */
export async function starts(example, data, now) {
  const { app, env = "" } = example.dataset;
  const names = env.split(" ").filter(Boolean);
  const { jar, address } = newVisitor(1);
  const message = {
    call: "load",
    example: `fix/${data.app}`,
    jar,
    address,
    time: { offset: 0 },
    app,
    files: now,
    env: Object.fromEntries(names.map((name) => [name, "a value for this challenge"])),
  };
  const { error } = await call(message, KEPT);
  if (!error) return "";
  markError(example, error);
  return `${app} did not start. ${sentence(error)} ${KEPT}`;
}

/**
 * Whether a statement is true of the app of an example.
 * @param {HTMLElement} example
 * @param {Data} data
 * @param {number} index of the statement
 * @param {Record<string, string>} now the app's files
 * @returns {Promise<boolean>} rejected with Trouble if it takes too long
 */
export async function passes(example, data, index, now) {
  const [test, name] = data.tests[index];
  const { folder, app } = example.dataset;
  const files = { ...data.files };
  for (const [path, text] of Object.entries({ ...now, [data.right]: now[app] }))
    files[`snippets/${folder}/${path}`] = text;
  const { proofs } = await call({ call: "prove", time: { offset: 0 }, files, test, names: [name] }, KEPT);
  return Boolean(proofs[name]?.passed);
}
