// Answers queries from a built site's index with the site's own search, outside of a browser.
// On its standard input: {index, queries, varied}; it prints {results, varied: [{query, results}]}, where results are the
// locations for a query, a list a page.
import { readFileSync } from "node:fs";
import { createSearch } from "../../live/search/results.js";
import { SYNONYMS } from "../../live/search/synonyms.js";

const SHORTEST = 7; // no word with fewer letters is mistyped

/** A query with one word replaced by its next synonym, and two letters of the longest other word exchanged. */
function changed(query) {
  let replaced = query;
  let other = query;
  for (const group of SYNONYMS) {
    const at = group.findIndex((phrase) => new RegExp(`\\b${phrase}\\b`, "i").test(query));
    if (at < 0) continue;
    const word = new RegExp(`\\b${group[at]}\\b`, "i");
    replaced = query.replace(word, group[(at + 1) % group.length]);
    other = query.replace(word, " ");
    break;
  }
  const longest = (other.match(/\b[a-z]+\b/g) ?? []).sort((a, b) => b.length - a.length)[0] ?? "";
  if (longest.length < SHORTEST) return replaced;
  const middle = longest.length >> 1;
  const mistyped = longest.slice(0, middle - 1) + longest[middle] + longest[middle - 1] + longest.slice(middle + 1);
  return replaced.replace(longest, mistyped);
}

const { index, queries, varied } = JSON.parse(readFileSync(0, "utf8"));
const search = createSearch(JSON.parse(readFileSync(index, "utf8")).pages);
const locations = (query) => search(query).map((parts) => parts.map(({ location }) => location));
console.log(
  JSON.stringify({
    results: queries.map(locations),
    varied: varied.map(changed).map((query) => ({ query, results: locations(query) })),
  }),
);
