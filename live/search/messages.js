// What people paste rather than type: error messages with a traceback around them, and cookies.

import { words } from "./words.js";

// The beginning of a signed Flask cookie or a JWT ("{" in base64, plain or compressed), or a cookie of that name.
const COOKIE = /(?:^|[\s;:="'(])(?:\.eJ|eyJ)[\w-]{8,}|\bsession=[\w.%-]{20,}/;
const QUOTED = /b?(["'])(?:(?!\1).)*\1/g;
// A message may differ from its entry in names and numbers, so that these count less.
const VALUE = 0.3;
// The share of an entry's title that a text must have; with fewer words, one of them must be the name of an error.
const SHARE = 0.7;
const FEWEST = 3;
// A message is looked for at a text's beginning and at its end, where tracebacks have it.
const BEGINNING = 100;
const END = 300;
// So many other words may stand between those of a message.
const BETWEEN = 3;

/** Whether a text has a session cookie in it. */
export const hasCookie = (text) => COOKIE.test(text);

/** The words of a text in which messages are looked for. */
export function wordsOf(text) {
  const all = words(text).flatMap(({ parts }) => parts);
  return all.length > BEGINNING + END ? [...all.slice(0, BEGINNING), ...all.slice(-END)] : all;
}

/** The title of an entry as words with weights. */
export function entry(title) {
  const values = new Set(wordsOf((title.match(QUOTED) ?? []).join(" ")));
  return wordsOf(title).map((word) => ({ word, weight: values.has(word) || /\d/.test(word) ? VALUE : 1 }));
}

/** The weight of the entry's words that a few words have in the same order, at most. */
function common(entryWords, few) {
  let row = new Array(few.length + 1).fill(0);
  for (const { word, weight } of entryWords) {
    const next = [0];
    few.forEach((other, n) => {
      next.push(other === word ? row[n] + weight : Math.max(row[n + 1], next[n]));
    });
    row = next;
  }
  return row[few.length];
}

/** How much of an entry's message a text has, from 0 to 1, with a little more for a longer message. */
export function likeness(entryWords, textWords) {
  const whole = entryWords.reduce((sum, { weight }) => sum + weight, 0);
  const own = new Set(entryWords.map(({ word }) => word));
  const named = entryWords.some(({ word }) => word.endsWith("error") && textWords.includes(word));
  let best = 0;
  textWords.forEach((word, at) => {
    if (own.has(word)) best = Math.max(best, common(entryWords, textWords.slice(at, at + entryWords.length + BETWEEN)));
  });
  if (best / whole < SHARE || (best < FEWEST && !named)) return 0;
  return (best / whole) * (1 + best / 100);
}
