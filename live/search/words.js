// How a text becomes terms, for the index and for what is typed: whole names, their parts, stems, and a term a group of
// synonyms.

import { SYNONYMS } from "./synonyms.js";

// A name with symbols inside, such as session.modified, Set-Cookie or SESSION_COOKIE_SECURE, or a plain word.
const NAME = /[\p{L}\p{N}_]+(?:[.\-'’][\p{L}\p{N}_]+)*/gu;
const PARTS = /[\p{L}\p{N}]+/gu;
// A longer run of letters, as in pasted keys, is no word.
const LONGEST = 40;

const stems = new Map();

/** A word's stem: plurals, -ing, -ed and a final e go. It errs alike on both sides, which is enough. */
export function stem(word) {
  if (!stems.has(word)) stems.set(word, stemOf(word));
  return stems.get(word);
}

function stemOf(word) {
  if (word.length < 4 || /[\d_.]/.test(word)) return word;
  let root = word.replace(/ies$/, "y").replace(/(ss|us|is)$|s$/, "$1");
  if (root.length > 5) root = root.replace(/(?:ing|ed)$/, "");
  if (root.length > 3 && /([bdgmnprt])\1$/.test(root)) root = root.slice(0, -1);
  return root.length > 3 ? root.replace(/e$/, "") : root;
}

/** The words of a text in small letters, with those that names are made of behind each name. */
export function words(text) {
  const found = [];
  for (const [raw] of text.toLowerCase().matchAll(NAME)) {
    if (raw.length > LONGEST) continue;
    const parts = raw.replace(/['’](s|t|re|ll|ve|d|m)$/, "").match(PARTS) ?? [];
    found.push({ parts, whole: parts.length > 1 || raw.startsWith("__") ? raw : undefined });
  }
  return found;
}

// The first word of each synonym, to the phrases that begin with it.
const phrases = new Map();
SYNONYMS.forEach((group, number) => {
  for (const phrase of group) {
    const written = phrase.split(" ");
    const stems = written.map(stem);
    phrases.set(stems[0], [...(phrases.get(stems[0]) ?? []), { written, stems, term: `=${number}` }]);
  }
});

/** A text's words, their stems, and the synonyms in it. */
function split(text) {
  const found = words(text);
  const all = found.flatMap(({ parts }) => parts);
  const stems = all.map(stem);
  const synonyms = stems.flatMap((first, at) => {
    const fits = (phrase) => phrase.stems.every((word, n) => stems[at + n] === word);
    const near = (phrases.get(first) ?? []).filter(fits);
    // "Log in" and "logged in" have the same stems: what is written as it is listed belongs to that group only.
    const exact = near.filter(({ written }) => written.every((word, n) => all[at + n] === word));
    return exact.length ? exact : near;
  });
  return { names: found.flatMap(({ whole }) => whole ?? []), stems, synonyms };
}

/** The terms of a text. One that begins with "=" is a group of synonyms. */
export function terms(text) {
  const { names, stems, synonyms } = split(text);
  return [...stems, ...names, ...synonyms.map(({ term }) => term)];
}

/** The stems of a text that are a part of a longer synonym, as "sign" is in "sign in". */
export function stemsOfPhrases(text) {
  const { synonyms } = split(text);
  return new Set(synonyms.filter(({ stems }) => stems.length > 1).flatMap(({ stems }) => stems));
}
