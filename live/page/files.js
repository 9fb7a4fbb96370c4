import { UPDATED, updated } from "./updated.js";

/**
 * Gives a function that fetches a page's test file, its snippets and its Markdown, once.
 * @param {string} name of what extensions/assets.py made of them, such as "test_count_visits-0a1b2c3d.json"
 * @returns {() => Promise<Record<string, string>>} paths in the project mapped to texts; rejected with an Error for the
 *   reader
 */
export function fetchFiles(name) {
  const address = new URL(`../files/${name}`, import.meta.url).href;
  let coming;
  const get = async () => {
    const response = await fetch(address);
    if (response.ok) return response.json();
    if (await updated(address)) throw new Error(UPDATED);
    throw new Error("The tests could not be fetched. Check the connection, then press Run again.");
  };
  return () => {
    coming ??= get();
    coming.catch(() => (coming = undefined));
    return coming;
  };
}
