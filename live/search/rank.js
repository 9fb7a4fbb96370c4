// Ranks the site's pages for what somebody typed or pasted.

import MiniSearch from "minisearch";
import { entry, likeness, wordsOf } from "./messages.js";
import { stem, stemsOfPhrases, terms, words } from "./words.js";

// Nobody types as much as this, and each term costs time.
const LONGEST = 4000;
const MOST_TERMS = 60;
const MOST_PAGES = 20;
// Words that say nothing about a question's subject.
const EMPTY = new Set(
  "a an the and or of to in on at is are was be been do does did i my me we you your it its this that these how what why\
 when where which who can could should would will with without for from by as if so but not no there has have had get way flask"
    .split(" ")
    .map(stem),
);
const PAGE_BOOST = { title: 6, questions: 3, headings: 2.5, description: 2, body: 1 };
const PART_BOOST = { title: 3, text: 1 };
// What a page's best section and its best question add to the rank of the page itself, and what a pasted message does.
const SECTION = 0.6;
const QUESTION = 3;
const MESSAGE = 1e6;
// A whole name tells more than its parts, and a synonym a little less than the word itself. A word of "sign in" is in
// "signed" and "signature", too, which are about something else.
const NAME = 3;
const SYNONYM = 0.7;
const OF_PHRASE = 0.5;

const isSynonym = (term) => term[0] === "=";
const boostOf = (term, ofPhrases) => {
  if (isSynonym(term)) return SYNONYM;
  if (/[_.-]/.test(term)) return NAME;
  return ofPhrases.has(term) ? OF_PHRASE : 1;
};

/** The terms to look for: without the words that say nothing, unless nothing else is left. */
function queryTerms(query) {
  const all = terms(query.slice(0, LONGEST));
  const telling = all.filter((term) => !EMPTY.has(term));
  return [...new Set(telling.length ? telling : all)].slice(0, MOST_TERMS);
}

/** A mistyped word may differ in so many letters. */
const mistakes = (term) => (term.length > 6 ? 2 : term.length > 3 ? 1 : 0);

/** Two indexes: one of whole pages, one of their parts; and the terms that are in them. */
function createIndexes(pages, parts) {
  const vocabulary = new Set();
  const known = new Map();
  const termsOf = (text) => known.get(text) ?? known.set(text, terms(text)).get(text);
  const index = (boost) =>
    new MiniSearch({
      fields: Object.keys(boost),
      // A field may be a list of texts: a section's text is then split once for both indexes.
      stringifyField: (value) => value,
      tokenize: (value) => [value].flat().flatMap(termsOf),
      processTerm: (term) => {
        vocabulary.add(term);
        return term;
      },
      searchOptions: { boost, tokenize: (term) => [term], processTerm: (term) => term },
    });

  const partIndex = index(PART_BOOST);
  parts.forEach(({ title, text }, id) => {
    partIndex.add({ id, title, text });
  });
  const pageIndex = index(PAGE_BOOST);
  pages.forEach(({ title, questions, description, sections }, id) => {
    const telling = sections.filter(({ weight }) => weight === 1);
    const headings = telling.map((section) => section.title);
    pageIndex.add({ id, title, questions, description, headings, body: telling.map(({ text }) => text) });
  });
  known.clear();
  return { pageIndex, partIndex, vocabulary };
}

/**
 * A ranking of pages:
 * {url, title, description, questions, places, weight, sections: [{id, title, text, weight, message}]}.
 * `places` are the anchors of the sections that settle a question, by the question.
 * The parts of a page are its sections and its questions.
 */
export function createRanking(pages) {
  const parts = pages.flatMap((page) => [
    ...page.sections.map((section) => ({ ...section, page })),
    ...page.questions.map((question) => ({
      ...{ title: question, text: "", weight: 1, page },
      ...{ isQuestion: true, place: page.places?.[question] },
    })),
  ]);
  const { pageIndex, partIndex, vocabulary } = createIndexes(pages, parts);
  const entries = parts.filter(({ message }) => message).map((part) => ({ part, of: entry(part.title) }));

  /** The query as MiniSearch takes it: its last word may be unfinished, and a word that no page has, mistyped. */
  function asked(query, found) {
    const last = /[\p{L}\p{N}]$/u.test(query) ? stem(words(query).at(-1)?.parts.at(-1) ?? "") : "";
    const ofPhrases = stemsOfPhrases(query.slice(0, LONGEST));
    const queries = found.map((term) => ({
      queries: [term],
      boostTerm: () => boostOf(term, ofPhrases),
      prefix: term === last && term.length > 1,
      fuzzy: vocabulary.has(term) || isSynonym(term) ? false : mistakes(term),
    }));
    return { combineWith: /** @type {const} */ ("OR"), queries };
  }

  /** The pages for a query, best first: {page, score, question, place, sections: [{section, score}]}, and the terms. */
  return (query) => {
    const found = queryTerms(query);
    const wanted = asked(query, found);
    const ranked = new Map(pages.map((page) => [page, { page, score: 0, question: 0, place: "", sections: [] }]));
    for (const { id, score } of pageIndex.search(wanted)) ranked.get(pages[id]).score = score;
    const likes = new Map();
    const pasted = wordsOf(query);
    for (const { part, of } of entries) likes.set(part, MESSAGE * likeness(of, pasted));
    const scores = new Map(partIndex.search(wanted).map(({ id, score }) => [parts[id], score * parts[id].weight]));
    for (const [part, like] of likes) if (like) scores.set(part, (scores.get(part) ?? 0) + like);
    for (const [part, score] of scores) {
      const of = ranked.get(part.page);
      if (part.isQuestion) {
        if (score > of.question) Object.assign(of, { question: score, place: part.place });
      } else of.sections.push({ section: part, score });
    }
    const all = [...ranked.values()].filter(({ score, sections, question }) => score || question || sections.length);
    for (const of of all) {
      of.sections.sort((a, b) => b.score - a.score);
      of.score = (of.score + SECTION * (of.sections[0]?.score ?? 0) + QUESTION * of.question) * of.page.weight;
    }
    return { terms: found, pages: all.sort((a, b) => b.score - a.score).slice(0, MOST_PAGES) };
  };
}
