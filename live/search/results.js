// Puts the ranked pages into the form in which the theme's search box shows them.
//
// The theme takes a list a page. It shows those parts that have the first one's score, and folds the others; Enter opens
// the one with the highest score of all. A score of 0 is ours: docs/assets/search.js says then that nothing was found.

import { hasCookie } from "./messages.js";
import { createRanking } from "./rank.js";
import { stem, words } from "./words.js";

const SECTIONS = 5;
// A second section is shown at once if it's nearly as good as the first.
const NEARLY = 0.8;
const LONGEST_SENTENCE = 220;
// The words of longer queries aren't put into the address of the page that is opened, where it marks them.
const LONGEST_MARKED = 60;
const INSPECTOR = "tools/cookie-inspector/";
const SYMPTOMS = "recipes/why-is-my-session-gone/";
const QUESTIONS = "questions/";

const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => SIGNS[sign]);

const alone = (location, title, text, score = 0) => [{ location, title, text, score, terms: {} }];

/** The results when the index can't be had. */
export const failed = () => [
  alone(
    QUESTIONS,
    "The search couldn't load its index",
    "All questions and messages are on one page. Reload this page, or type on, to try again.",
  ),
];

/** The first whole sentence of a section. */
function sentence(text) {
  const line = text.split("\n").find((part) => /[.!?:]$/.test(part) && part.split(" ").length > 3) ?? "";
  const first = line.match(/^.*?[.!?](?=\s|$)/)?.[0] ?? line;
  return first.length > LONGEST_SENTENCE ? `${first.slice(0, LONGEST_SENTENCE).replace(/\s\S*$/, "")} …` : first;
}

/** A text as HTML, with the words that were looked for marked. */
function marked(text, looked) {
  return text
    .split(/([\p{L}\p{N}]+)/u)
    .map((part, n) => (n % 2 && looked.has(stem(part.toLowerCase())) ? `<mark>${part}</mark>` : escaped(part)))
    .join("");
}

/** How many letters have to change to make one word of another. */
function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (let i = 0; i < one.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j += 1) {
      next.push(Math.min(row[j] + Number(one[i] !== other[j]), row[j + 1] + 1, next[j] + 1));
    }
    row = next;
  }
  return row[other.length];
}

/** The parts of a page one section of which settles the question: this section, the page, and the others folded. */
function ledTo(settled, below, part, whole, score) {
  const others = below.filter(({ section }) => section !== settled);
  const folded = others.map(({ section }) => part(section, section.id, score - 0.5));
  return [part(settled, settled.id, score), whole(score - 0.25), ...folded];
}

/** A search over the pages of the index. */
export function createSearch(pages) {
  const rank = createRanking(pages);
  const told = pages.flatMap(({ title, questions }) => [title, ...questions]).join("\n");
  const common = new Set(words(told).flatMap(({ parts }) => parts));

  /** The words of titles and questions that are nearest to those typed. */
  function nearest(query) {
    const typed = words(query.slice(0, 100)).flatMap(({ parts }) => parts);
    return typed
      .flatMap((word) => [...common].filter((other) => other.length > 3).map((other) => [distance(word, other), other]))
      .filter(([letters, word]) => letters <= word.length / 3)
      .sort(([one], [other]) => one - other)
      .slice(0, 3)
      .map(([, word]) => word);
  }

  function nothing(query) {
    const near = nearest(query);
    const advice = near.length ? `The nearest words are: ${near.map(escaped).join(", ")}. ` : "";
    return [
      alone(SYMPTOMS, "Start from the symptom", `${advice}Why is my session gone? lists symptoms with their causes.`),
      alone(QUESTIONS, "All questions and messages", "What people ask, and every message, by topic."),
    ];
  }

  return (query) => {
    if (!query.trim()) return [];
    if (hasCookie(query)) {
      const text =
        "This looks like a session cookie. Paste it there: it's decoded in the page, and neither sent nor stored.";
      return [alone(INSPECTOR, "Open the cookie inspector", text, 1)];
    }
    const found = rank(query);
    if (!found.pages.length) return nothing(query);
    const looked = new Set(found.terms);
    const typed = query.length > LONGEST_MARKED ? [] : words(query).flatMap(({ parts }) => parts);
    const marks = Object.fromEntries(typed.filter((word) => looked.has(stem(word))).map((word) => [word, true]));
    return found.pages.map(({ page, question, place, sections }, n) => {
      const score = found.pages.length - n;
      const part = (section, anchor, score) => ({
        location: anchor ? `${page.url}#${anchor}` : page.url,
        title: marked(anchor ? section.title : page.title, looked),
        text: marked(sentence(section.text), looked),
        score,
        terms: marks,
      });
      const whole = (score) => part(page.sections[0], "", score);
      const best = sections[0];
      const below = sections.filter(({ section }) => section.id).slice(0, SECTIONS);
      const settled = question > (best?.score ?? 0) && page.sections.find(({ id }) => place && id === place);
      if (settled) return ledTo(settled, below, part, whole, score);
      if (!best?.section.id || question > best.score) {
        return [whole(score), ...below.map(({ section }) => part(section, section.id, score - 0.5))];
      }
      const shown = (other) => other.score >= best.score * NEARLY && below.indexOf(other) < 2;
      const parts = below.map((other) => part(other.section, other.section.id, shown(other) ? score : score - 0.5));
      return [...parts, whole(score - 0.25)];
    });
  };
}
