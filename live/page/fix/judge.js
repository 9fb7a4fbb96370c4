/** Judges a solution of a challenge, in the page's worker: does the app start, and which statements are true of it? */
import { markError } from "../editor/syntax.js";
import { newVisitor, sentence } from "../panel/app.js";
import { ENVIRONMENT } from "../replay/transcript.js";
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
  const { app } = example.dataset;
  const { jar, address } = newVisitor(1);
  const message = {
    call: "load",
    example: `fix/${data.app}`,
    jar,
    address,
    time: { offset: 0 },
    app,
    files: now,
    env: ENVIRONMENT,
  };
  const { error } = await call(message, KEPT);
  if (!error) return "";
  markError(example, error);
  return `${app} did not start. ${sentence(error)} ${KEPT}`;
}

/**
 * Tells of each statement whether it is true of the app of an example.
 * @param {HTMLElement} example
 * @param {Data} data
 * @param {Record<string, string>} now the app's files
 * @param {(index: number, outcome: "passed" | "failed") => void} tell
 * @returns {Promise<void>} rejected with Trouble if one takes too long
 */
export async function judge(example, data, now, tell) {
  const { folder, app } = example.dataset;
  const files = { ...data.files };
  for (const [path, text] of Object.entries({ ...now, [data.right]: now[app] }))
    files[`snippets/${folder}/${path}`] = text;
  const all = [...data.tests.keys()];
  const tests = new Set(data.tests.map(([test]) => test));
  const groups = [...tests].map((test) => all.filter((index) => data.tests[index][0] === test));
  const ask = async (some) => {
    const [test] = data.tests[some[0]];
    const names = some.map((index) => data.tests[index][1]);
    const { proofs } = await call({ call: "prove", time: { offset: 0 }, files, test, names }, KEPT);
    for (const index of some) tell(index, proofs[data.tests[index][1]]?.passed ? "passed" : "failed");
  };
  for (const group of groups) {
    try {
      await ask(group);
    } catch (trouble) {
      if (group.length === 1) throw trouble;
      for (const index of group) await ask([index]); // together they took too long; each has its own time
    }
  }
}
