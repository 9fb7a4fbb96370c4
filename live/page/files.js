import { UPDATED, updated } from "./updated.js";

/** The path in the project of a file that the site serves; extensions/assets.py put a hash of the contents into its name. */
export const pathOf = (address) => address.replace(/-[0-9a-f]{8}(?=[^/]*$)/, "").replace(/\.md\.txt$/, ".md");

/**
 * Gives a function that fetches files of the project that the site serves, once: a page's test file and snippets.
 * @param {string[]} addresses relative to assets/files/, such as "tests/pages/test_count_visits-0a1b2c3d.py"
 * @returns {() => Promise<Object<string, string>>} the paths mapped to texts; rejected with an Error for the reader
 */
export function fetchFiles(addresses) {
  let coming;
  const get = async (name) => {
    const address = new URL(`../files/${name}`, import.meta.url).href;
    const response = await fetch(address);
    if (response.ok) return [pathOf(name), await response.text()];
    if (await updated(address)) throw new Error(UPDATED);
    throw new Error(`${pathOf(name)} could not be fetched. Check the connection, then press Run again.`);
  };
  return () => {
    coming ??= Promise.all(addresses.map(get)).then(Object.fromEntries);
    coming.catch(() => (coming = undefined));
    return coming;
  };
}
