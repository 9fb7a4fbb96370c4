import { UPDATED, updated } from "./updated.js";

/**
 * Gives a function that fetches a page's test file, its snippets and its Markdown, once.
 * @param {string} name of what extensions/assets.py made of them, such as "test_count_visits-0a1b2c3d.json"
 * @returns {() => Promise<{ files: Record<string, string>, uses: { tests: Record<string, string[]>,
 *   sources: Record<string, [string, string]> } }>} paths in the project mapped to texts, and what each test uses, as
 *   extensions/uses.py tells it; rejected with an Error for the reader
 */
export function fetchFiles(name) {
  const address = new URL(`../files/${name}`, import.meta.url).href;
  let coming;
  const get = async () => {
    const response = await fetch(address);
    if (response.ok) {
      const { uses, ...files } = await response.json();
      return { files, uses };
    }
    if (await updated(address)) throw new Error(UPDATED);
    throw new Error("The tests could not be fetched. Check the connection, then press Run again.");
  };
  return () => {
    coming ??= get();
    coming.catch(() => (coming = undefined));
    return coming;
  };
}
