/**
 * Lets readers edit an example's code where it stands. Over the code that the build colored lies a textarea whose own
 * letters can't be seen: typing, selecting, undo and what assistive technology needs are the browser's own, and what is
 * seen stays the block that was there.
 *
 * Fetched when a reader's pointer rests on the code, or they press it or Edit. Tab always leaves the editor.
 */
import { h, style } from "../dom.js";
import { change, changed, files, original, reset } from "../edits.js";
import { write } from "../kept.js";
import editorStyle from "./editor.css";
import { colored } from "./highlight.js";

const INDENT = "    ";
const LONGEST = 50_000; // characters; a browser takes seconds for each key in a longer text
const KEPT = "Edits are kept until you close this tab.";
const LOST = "Edits last until you leave this page."; // where the browser keeps nothing
const KEYS = "Tab leaves the editor; Ctrl+] and Ctrl+[ indent; Ctrl+Enter runs.";

const mounted = new WeakMap(); // an example's { editors, mark, hint, button }

/** The code blocks of an example, by the paths of their files. */
function blocks(example) {
  const codes = [...example.querySelectorAll(":scope > .highlight code, :scope > .tabbed-set .highlight code")];
  const labels = [...example.querySelectorAll(":scope > .tabbed-set > .tabbed-labels > label")];
  return codes.map((code, index) => [labels[index]?.textContent.trim() ?? example.dataset.app, code]);
}

/**
 * Makes the code of an example editable, without a visible change.
 * @param {HTMLElement} example a `.example[data-app]`
 */
export async function mount(example) {
  await style(editorStyle);
  if (mounted.has(example)) return mounted.get(example);
  const bar = example.querySelector(".example-actions");
  const state = {
    editors: new Map(),
    mark: h("span", { className: "example-edited" }),
    button: h("button", { type: "button", className: "live-button", hidden: true }, "Reset code"),
    hint: h(
      "p",
      { className: "editor-hint", id: `editor-hint-${document.querySelectorAll(".editor-hint").length}`, hidden: true },
      `${write() ? KEPT : LOST} ${KEYS}`,
    ),
  };
  mounted.set(example, state);
  state.mark.setAttribute("role", "status");
  state.button.addEventListener("click", () => undo(example));
  bar.prepend(state.mark);
  bar.querySelector(".live-run").before(state.button);
  example.querySelector(".example-run").before(state.hint);
  for (const [path, code] of blocks(example)) {
    if (Object.hasOwn(original(example), path)) state.editors.set(path, build(example, state, path, code));
  }
  show(example);
  return state;
}

/** Puts a textarea over a code block. */
function build(example, state, path, code) {
  const layer = h("span", { className: "editor-text" }, ...code.childNodes);
  const area = h("textarea", {
    wrap: "off",
    maxLength: LONGEST,
    spellcheck: false,
    autocapitalize: "off",
    autocomplete: "off",
  });
  layer.setAttribute("aria-hidden", "true");
  area.setAttribute("aria-label", path);
  area.setAttribute("aria-describedby", state.hint.id);
  area.setAttribute("autocorrect", "off");
  code.classList.add("editor");
  code.append(layer, area);
  // The theme makes code that scrolls a stop of its own; the textarea in it is one already.
  new MutationObserver(() => code.removeAttribute("tabindex")).observe(code, { attributeFilter: ["tabindex"] });
  code.removeAttribute("tabindex");
  code.parentElement.removeAttribute("tabindex");

  const first = original(example)[path];
  // A file ends with a line's end, after which an editor would show one line too many.
  const end = first.endsWith("\n") ? "\n" : "";
  const editor = { code, layer, area, colored: [...layer.childNodes], shown: layer.textContent, line: null };
  editor.text = () => area.value + end;
  editor.set = (text) => (area.value = end && text.endsWith(end) ? text.slice(0, -1) : text);
  editor.set(first);
  area.setSelectionRange(0, 0);
  if (layer.textContent !== first) editor.colored = colored(first, path); // a part of the file was shown

  area.addEventListener("input", () => {
    change(example, path, editor.text().toWellFormed?.() ?? editor.text(), example);
    show(example); // at once: the browser brings the cursor into sight, as far as the text below it goes
  });
  area.addEventListener("keydown", (event) => key(event, area, example, path));
  area.addEventListener("focus", () => open(example, state));
  // It is as large as its text, so it has nothing to scroll; a browser that tries would part the two layers.
  area.addEventListener("scroll", () => area.scrollTo(0, 0));
  return editor;
}

/** What comes with the first touch: the hint, and the app's files that the page does not show. */
function open(example, state) {
  if (!state.hint.hidden) return;
  state.hint.hidden = false;
  example.classList.add("example-editing");
  for (const path of Object.keys(original(example)).filter((path) => !state.editors.has(path))) {
    const code = h("code", {}, ...colored(original(example)[path], path));
    const block = h("div", { className: "highlight" }, h("pre", {}, code));
    state.hint.before(h("details", { className: "editor-more" }, h("summary", {}, path), block));
    state.editors.set(path, build(example, state, path, code));
  }
  show(example);
}

/** Brings what is shown of an example up to date with its files, wherever the change came from. */
export async function show(example) {
  const state = mounted.get(example) ?? (await mount(example));
  const { editors, mark, button } = state;
  const now = files(example);
  for (const [path, editor] of editors) {
    const text = now[path];
    if (editor.text() !== text) editor.set(text);
    if (editor.shown === text) continue;
    unmark(state, editor);
    editor.shown = text;
    editor.layer.replaceChildren(...(text === original(example)[path] ? editor.colored : colored(text, path)));
    editor.code.dataset.copy = text; // what the theme's Copy takes
  }
  const edited = changed(example);
  mark.textContent = edited.length ? "edited" : "";
  button.hidden = !edited.length;
  editButton(example).hidden = Boolean(edited.length);
  for (const label of example.querySelectorAll(":scope > .tabbed-set > .tabbed-labels > label")) {
    label.classList.toggle("editor-changed", edited.includes(label.textContent.trim()));
  }
}

const editButton = (example) => example.querySelector(".live-edit");

/** Reset code: the files as they were, and what runs of them started again. */
async function undo(example) {
  reset(example);
  await show(example);
  mounted.get(example).mark.replaceChildren(h("span", { className: "live-hidden" }, "Code reset."));
  editButton(example).focus();
  if (example.querySelector(".live-panel")) (await import("../panel/panel.js")).renew(example);
}

/**
 * Puts the cursor into an example's code.
 * @param {HTMLElement} example
 * @param {string} [path] a file of the example; the one that is in sight if none is named
 * @param {{ line?: number, offset?: number, error?: string }} [place] a line, counted from 1, which is marked too, or a position in
 *   the text; with an error, the line is marked and the cursor stays
 */
export async function edit(example, path, { line, offset, error } = {}) {
  if (error) return fault(example, path, { line, error });
  const state = await mount(example);
  if (path && !state.editors.has(path)) open(example, state);
  const inSight = [...state.editors.values()].find(({ area }) => area.checkVisibility());
  const editor = state.editors.get(path) ?? inSight ?? state.editors.get(example.dataset.app);
  reveal(editor.code);
  const { area } = editor;
  if (line) {
    const before =
      area.value
        .split("\n")
        .slice(0, line - 1)
        .join("\n").length +
      (line > 1);
    offset = before + /^\s*/.exec(area.value.slice(before).split("\n", 1)[0])[0].length;
  }
  area.setSelectionRange(offset ?? area.selectionStart, offset ?? area.selectionEnd);
  area.focus({ preventScroll: line !== undefined });
  if (!line) return;
  markLine(editor, line).scrollIntoView({ block: "center", inline: "nearest" });
}

/** Marks a line of an editor, counted from 1. */
function markLine(editor, line) {
  editor.line?.remove();
  editor.line = h("span", { className: "editor-line" });
  editor.line.style.setProperty("--line", Math.min(line, editor.area.value.split("\n").length) - 1);
  editor.code.prepend(editor.line);
  return editor.line;
}

function unmark(state, editor) {
  editor.line?.remove();
  editor.area.removeAttribute("aria-invalid");
  if (state.faulty === editor) state.hint.textContent = state.help;
}

/**
 * Marks the line of an error, and tells the error where the hint was; both until the file changes.
 * @param {HTMLElement} example
 * @param {string} path
 * @param {{ error?: string, line?: number }} found
 */
async function fault(example, path, found) {
  const state = await mount(example);
  const editor = state.editors.get(path);
  if (!editor) return;
  unmark(state, editor);
  markLine(editor, found.line);
  editor.area.setAttribute("aria-invalid", "true");
  state.faulty = editor;
  state.help = state.hint.textContent;
  state.hint.replaceChildren(h("strong", {}, `${path}, line ${found.line}: ${found.error}`));
  open(example, state);
}

/**
 * Brings files of an example into sight, also those that the page does not show, without moving the cursor.
 * @param {HTMLElement} example
 * @param {string[]} paths the first one's tab is opened last
 */
export async function unfold(example, paths) {
  const state = await mount(example);
  if (paths.some((path) => !state.editors.has(path))) open(example, state);
  for (const path of [...paths].reverse()) reveal(state.editors.get(path).code);
}

/** Puts the cursor where code that is not editable yet was pressed: a tap, or a click before the pointer came to rest. */
export function press(example, code, { clientX, clientY }) {
  const caret = document.caretPositionFromPoint?.(clientX, clientY);
  const range = caret ? null : document.caretRangeFromPoint?.(clientX, clientY); // WebKit's name for it
  const [node, offset] = caret ? [caret.offsetNode, caret.offset] : [range?.startContainer, range?.startOffset];
  const before = document.createRange();
  before.setStart(code, 0);
  if (code.contains(node)) before.setEnd(node, offset);
  return edit(example, undefined, { offset: before.toString().length });
}

/** Opens the tab or the fold that a code block stands in. */
function reveal(code) {
  const fold = code.closest("details");
  if (fold) fold.open = true;
  const tab = code.closest(".tabbed-block");
  if (!tab) return;
  const choice = tab.closest(".tabbed-set").querySelectorAll(":scope > input")[
    [...tab.parentElement.children].indexOf(tab)
  ];
  choice.checked = true;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Types a text in the place of what is selected, so that the browser's undo knows of it. */
function type(area, text) {
  if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function key(event, area, example, path) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const first = value.lastIndexOf("\n", start - 1) + 1; // where the line begins
  const plain = !event.altKey && !event.isComposing;
  const control = event.ctrlKey || event.metaKey;
  if (!plain) return;
  if (event.key === "Enter" && control) {
    example.querySelector(".live-run").click();
  } else if (event.key === "Enter" && !event.shiftKey) {
    const line = value.slice(first, start);
    const deeper = path.endsWith(".py") && /[:([{]\s*(?:#.*)?$/.test(line) ? INDENT : "";
    const indent = /^[ \t]*/.exec(line)[0] + deeper;
    // What follows on the line keeps its own blanks: it must not get both.
    const blanks = /^[ \t]*/.exec(value.slice(end))[0].length;
    type(area, `\n${indent.slice(0, Math.max(0, indent.length - blanks))}`);
    if (blanks)
      area.setSelectionRange(start + 1 + Math.max(indent.length, blanks), start + 1 + Math.max(indent.length, blanks));
  } else if (event.key === "Backspace" && start === end && !control && /^(?: {4})+$/.test(value.slice(first, start))) {
    area.setSelectionRange(start - INDENT.length, start);
    type(area, "");
  } else if (event.ctrlKey && (event.key === "]" || event.key === "[")) {
    const last = value.indexOf("\n", Math.max(start, end - 1));
    const lines = value.slice(first, last < 0 ? value.length : last);
    const moved = event.key === "]" ? lines.replace(/^(?=.)/gm, INDENT) : lines.replace(/^ {1,4}/gm, "");
    if (moved !== lines) {
      area.setSelectionRange(first, first + lines.length);
      type(area, moved);
      const by = moved.split("\n", 1)[0].length - lines.split("\n", 1)[0].length;
      const from = Math.max(first, start + by);
      area.setSelectionRange(from, start === end ? from : end + moved.length - lines.length);
    }
  } else return;
  event.preventDefault();
}
