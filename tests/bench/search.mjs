// Compares the site's search with the theme's, which is lunr, on the same index: places of the right page, and
// milliseconds of processor time per key. It prints a table; tests/bench/search.py names the files.
import { readFileSync } from "node:fs";
import vm from "node:vm";
import { createSearch } from "../../live/search/results.js";

const [indexFile, lunrWorker, separator] = process.argv.slice(2);
const queries = JSON.parse(readFileSync(new URL("../site/search_queries.json", import.meta.url), "utf8"));
const { pages } = JSON.parse(readFileSync(indexFile, "utf8"));

/** The theme's worker in a context of its own: a function that asks it, and the time that it took to be ready. */
async function theirs() {
  const waiting = [];
  const scope = vm.createContext({ console, postMessage: (message) => waiting.shift()?.(message), setTimeout });
  scope.self = scope;
  const heard = [];
  scope.addEventListener = (_, listener) => heard.push(listener);
  vm.runInContext(readFileSync(lunrWorker, "utf8"), scope);
  const send = (message) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      for (const listener of heard) listener({ data: message });
    });
  const docs = pages.flatMap(({ url, sections }) =>
    sections.map(({ id, title, text }) => ({
      location: id ? `${url}#${id}` : url,
      title,
      text: text.replace(/</g, "&lt;"),
    })),
  );
  const config = {
    lang: ["en"],
    separator,
    pipeline: ["stopWordFilter"],
    fields: { title: { boost: 1000 }, text: { boost: 1 }, tags: { boost: 1e6 } },
  };
  await send({ type: 0, data: { config, docs, options: {} } });
  return async (query) => (await send({ type: 2, data: query })).data.items;
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

async function measure(name, make) {
  const start = performance.now();
  const search = await make();
  const ready = performance.now() - start;
  const groups = {
    ...queries,
    questions: pages.flatMap(({ url, questions }) => questions.map((question) => [question, [url]])),
  };
  for (const [group, asked] of Object.entries(groups)) {
    const places = [];
    for (const [query, right] of asked) {
      const items = await search(query);
      const place = items.findIndex((parts) => right.includes(parts[0].location.split("#")[0]));
      places.push(place < 0 ? Infinity : place + 1);
    }
    const within = (most) => places.filter((place) => place <= most).length;
    const counts = [within(1), within(3), within(10), places.length - within(10)];
    console.log(
      `  ${name.padEnd(11)} ${group.padEnd(17)} ${counts.map((n) => `${n}`.padStart(4)).join("")} of ${asked.length}`,
    );
  }
  const times = [];
  for (const [query] of [...queries.findings, ...queries.short]) {
    for (let length = 1; length <= query.length; length += 1) {
      const before = performance.now();
      await search(query.slice(0, length));
      times.push(performance.now() - before);
    }
  }
  console.log(
    `  ${name.padEnd(11)} ready after ${ready.toFixed(0)} ms; per key ${median(times).toFixed(2)} ms in the median`,
  );
}

console.log("search: the right page is first, in three, in ten, none");
await measure("this site's", () => createSearch(pages));
await measure("lunr", theirs);
