/** What a test uses of its file and of all tests' common one: fixtures, constants and helpers, folded until asked for. */
import { h } from "../dom.js";
import { colored } from "../editor/highlight.js";

const FIXTURES =
  "A fixture prepares something for a test: pytest calls it if the test has an argument of its name. For example, client is Flask's test client, which sends requests to the app without a server.";

/**
 * @param {() => Promise<{ uses: { tests: Record<string, string[]>, sources: Record<string, [string, string]> } }>} fetched
 *   as live/page/files.js gives it
 * @returns {(test: { name: string }) => HTMLElement} makes the fold of one test
 */
export const usesOf = (fetched) => (test) => {
  const lines = h("div", {}, h("p", {}, "Fetching…"));
  const fold = h("details", { className: "test-uses" }, h("summary", {}, "The fixtures and constants it uses"), lines);
  const fill = async () => {
    try {
      const { tests, sources } = (await fetched()).uses;
      const names = tests[test.name] ?? [];
      const told = names.some((name) => sources[name][1].startsWith("@pytest.fixture")) ? [h("p", {}, FIXTURES)] : [];
      lines.replaceChildren(...told, ...names.flatMap((name) => describe(...sources[name])));
      if (!names.length) lines.replaceChildren(h("p", {}, "This test uses none."));
    } catch (trouble) {
      lines.replaceChildren(h("p", {}, trouble.message));
      fold.addEventListener("toggle", fill, { once: true }); // when it is opened again, or closed
    }
  };
  fold.addEventListener("toggle", fill, { once: true });
  return fold;
};

/** Where a definition stands, if not in the test's own file, and its source. */
function describe(file, source) {
  const code = h("code", { tabIndex: 0 }, ...colored(source, "test.py"));
  const block = h("div", { className: "highlight" }, h("pre", {}, h("span", {}, code)));
  return [...(file ? [h("p", { className: "test-evidence" }, file)] : []), block];
}
