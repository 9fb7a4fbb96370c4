/** What differs between the codes of two examples, with a few lines around it. */
import { h } from "../dom.js";
import { files } from "../edits.js";
import { changesOf } from "../share/changes.js";
import { SIGNS } from "./differences.js";

const AROUND = 2; // lines shown before and after a change
const OPEN = 16; // lines; what is longer is folded

/**
 * The difference of two codes, from the wrong app to the right one, with a summary that tells how large it is.
 * @param {HTMLElement[]} examples
 */
export function describeCode(examples) {
  const names = examples.map(({ dataset }) => dataset.app);
  const [before, after] = examples.map(files);
  const pairs = [names, ...Object.keys(before).map((path) => [path, path])].filter(
    ([one, other], index) => other in after && (index === 0 || (one !== names[0] && other !== names[1])),
  );
  const counts = [0, 0];
  const parts = pairs.flatMap(([one, other]) => {
    const changes = changesOf(before[one], after[other]);
    for (const { removed, added } of changes) {
      counts[0] += removed.length;
      counts[1] += added.length;
    }
    const title = one === other && changes.length ? [h("p", {}, one)] : [];
    return [...title, ...hunks(changes, after[other])];
  });
  const lonely = [before, after].flatMap((mine, side) => {
    const theirs = side ? before : after;
    const paths = Object.keys(mine).filter((path) => !(path in theirs) && path !== names[side]);
    return paths.length ? [h("p", {}, `Only ${names[side]} has ${paths.join(" and ")}.`)] : [];
  });
  if (!parts.length && !lonely.length) return h("p", {}, "The code is the same.");
  const lines = (side) => `${SIGNS[side]} ${counts[side]} ${counts[side] === 1 ? "line" : "lines"} of ${names[side]}`;
  const fold = h(
    "details",
    { className: "changed-lines beside-code" },
    h("summary", {}, `The code differs: ${lines(0)}, ${lines(1)}`),
    ...parts,
    ...lonely,
  );
  fold.open = parts.reduce((sum, { textContent }) => sum + textContent.split("\n").length, 0) <= OPEN;
  return fold;
}

/** The changes with the lines around them; what is near each other is one block. */
function hunks(changes, after) {
  const lines = after.replace(/\n$/, "").split("\n");
  const found = [];
  let block,
    next = 0; // the first line after the last change
  const context = (from, to) => block.append(...lines.slice(from, to).map((text) => `  ${text}\n`));
  for (const { line, removed, added } of changes) {
    if (block && line - next <= 2 * AROUND) context(next, line);
    else {
      if (block) context(next, next + AROUND);
      block = h("pre", { ariaLabel: `Line ${line + 1}` });
      found.push(block);
      context(Math.max(0, line - AROUND), line);
    }
    block.append(...removed.map((text) => h("del", {}, `${SIGNS[0]} ${text}\n`)));
    block.append(...added.map((text) => h("ins", {}, `${SIGNS[1]} ${text}\n`)));
    next = line + added.length;
  }
  if (block) context(next, next + AROUND);
  return found;
}
