/** Two pages beside each other, each in a frame as the panel shows it, with the words marked that only one of them has. */
import { h } from "../dom.js";
import { showPage } from "../panel/page.js";
import { longestCommon } from "../sequence.js";

const TOKENS = 1500; // more than this many are not compared one by one
const ALIKE = 0.5; // the part of the shorter page's words that both must have for their words to be compared
const HIGHEST = 150; // pixels; a longer page scrolls
const LOOKS = [
  ["del", "background: #fbe0e6; color: #7c0d2c; border-bottom: 2px dashed; text-decoration: none"],
  ["ins", "background: #d3f5dc; color: #0b3d17; border-bottom: 2px solid; text-decoration: none"],
];

/** A frame for a page. Without allow-scripts nothing in it can ever run; same-origin lets it be marked. */
export function frame(title) {
  const made = h("iframe", { title, className: "beside-page" });
  made.setAttribute("sandbox", "allow-same-origin allow-forms");
  return made;
}

/**
 * Shows one or two pages, and marks their words.
 * @param {HTMLIFrameElement[]} frames
 * @param {Exchange[]} responses
 * @param {{ request: function, visit: function, leave: function }[]} doings as showPage() takes them
 * @returns {Promise<"same" | "marked" | "unrelated">} what their words are
 */
export async function draw(frames, responses, doings) {
  await Promise.all(frames.map((one, side) => showPage(one, responses[side], doings[side])));
  const pages = frames.map((one) => one.contentDocument);
  for (const { body, documentElement } of pages) {
    documentElement.style.fontSize = "13px";
    body.style.setProperty("margin", "6px 8px");
    // The frames show what came; who wants to press something runs the app.
    for (const one of body.querySelectorAll("a, button, input, select, textarea")) one.tabIndex = -1;
  }
  const found = pages.length === 2 ? mark(pages) : "same";
  fit(frames);
  return found;
}

/** Makes frames beside each other as high as the higher of their pages. */
export function fit(frames) {
  const pages = frames.map((one) => one.contentDocument?.documentElement);
  for (const one of frames) one.style.height = "0";
  const height = Math.max(...pages.map((one) => one?.scrollHeight ?? 0));
  for (const one of frames) one.style.height = `${Math.min(HIGHEST, height) + 2}px`;
}

function mark(pages) {
  const lists = pages.map(tokensOf);
  const [one, other] = lists.map((list) => list.map(({ text }) => text));
  if (one.join(" ") === other.join(" ")) return "same";
  if (Math.max(one.length, other.length) > TOKENS) return "unrelated";
  const common = longestCommon(one, other);
  const words = lists.map((list, side) => list.filter(({ word }, index) => word && common[side].has(index)).length);
  const least = Math.min(...lists.map((list) => list.filter(({ word }) => word).length));
  if (words[0] < ALIKE * least || !words[0]) return "unrelated";
  for (const [side, list] of lists.entries()) wrap(pages[side], list, common[side], side);
  return "marked";
}

/** The words and signs of a page, each with its text node and its place there. */
function tokensOf(page) {
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("style, script, textarea, select, svg")) continue;
    for (const { 0: text, index } of node.data.matchAll(/[\p{L}\p{N}_-]+|[^\s\p{L}\p{N}_-]/gu))
      found.push({ node, text, start: index, end: index + text.length, word: /[\p{L}\p{N}]/u.test(text) });
  }
  return found;
}

/** Marks what is not common, the last first, so that the places before stay right. */
function wrap(page, tokens, common, side) {
  const [tag, looks] = LOOKS[side];
  const runs = [];
  for (const [index, { node, start, end }] of tokens.entries()) {
    if (common.has(index)) continue;
    const last = runs.at(-1);
    if (last?.node === node && last.index === index - 1) Object.assign(last, { end, index });
    else runs.push({ node, start, end, index });
  }
  for (const { node, start, end } of runs.reverse()) {
    const range = page.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    const element = page.createElement(tag);
    element.style.cssText = looks;
    range.surroundContents(element);
  }
}
