/**
 * Gives a function that fetches files of the project that the site serves, once: a page's test file and snippets.
 * @param {string[]} paths relative to docs/assets/, such as "tests/pages/test_count_visits.py"
 * @returns {() => Promise<Object<string, string>>} the paths mapped to texts; rejected with an Error for the reader
 */
export function fetchFiles(paths) {
  let coming;
  const get = async (path) => {
    const answer = await fetch(new URL(`../../${path}`, import.meta.url));
    if (!answer.ok) throw new Error(`${path} could not be fetched. Check the connection, then press Run again.`);
    return [path.replace(/\.md\.txt$/, ".md"), await answer.text()]; // a page's Markdown is served as text
  };
  return () => {
    coming ??= Promise.all(paths.map(get)).then(Object.fromEntries);
    coming.catch(() => (coming = undefined));
    return coming;
  };
}
