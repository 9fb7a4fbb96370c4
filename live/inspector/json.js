/** JSON as Python's json module reads it, and as Flask writes it. */
import { BadCookie } from "./bad-cookie.js";

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /(?:true|false|null)|(?:NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)/y;

/**
 * Python's json.loads: also NaN and Infinity, and no integer over 4300 digits (sys.int_info). Uses no
 * recursion, so that nesting can't overflow the stack.
 * @param {string} text
 * @returns {JsonNode}
 * @throws {BadCookie} json
 */
export function parseJson(text) {
  let at = 0,
    node;
  const open = [];
  const fail = (what) => {
    throw new BadCookie("json", `${what} at character ${at + 1}`);
  };
  const skip = () => {
    SPACE.lastIndex = at;
    SPACE.test(text);
    at = SPACE.lastIndex;
  };
  const string = () => {
    const start = at;
    for (;;) {
      const code = text.charCodeAt(++at);
      if (code === 34) break;
      if (code === 92) at++;
      // Also false for NaN, which stands for the text's end.
      else if (!(code >= 32)) fail(at < text.length ? "a control character in a string" : "a string without an end");
    }
    const raw = text.slice(start, ++at);
    try {
      // The two languages agree on escapes.
      return { type: "string", raw, value: JSON.parse(raw) };
    } catch {
      return fail("an invalid escape in the string that ends");
    }
  };
  const key = () => {
    skip();
    if (text[at] !== '"') fail("expected a key in double quotes");
    const { raw, value } = string();
    skip();
    if (text[at] !== ":") fail("expected a colon");
    at++;
    open.at(-1).entries.push({ key: value, raw, node: null });
  };

  for (;;) {
    skip();
    const sign = text[at];
    if (sign === "{" || sign === "[") {
      at++;
      skip();
      const closes = text[at] === (sign === "{" ? "}" : "]");
      node = sign === "{" ? { type: "object", entries: [] } : { type: "array", items: [] };
      if (!closes) {
        open.push(node);
        if (sign === "{") key();
        continue;
      }
      at++;
    } else if (sign === '"') {
      node = string();
    } else {
      SCALAR.lastIndex = at;
      const raw = SCALAR.exec(text)?.[0];
      if (!raw) fail("expected a value");
      if (raw.length > 4300 && /^-?\d{4301,}$/.test(raw)) fail("an integer of more than 4300 digits");
      at += raw.length;
      node = { type: /^[tfn]/.test(raw) ? "literal" : "number", raw };
    }
    // The value is complete: put it into what is open, and close what ends here.
    for (;;) {
      const parent = open.at(-1);
      skip();
      if (!parent) {
        if (at < text.length) fail("more text after the value");
        return node;
      }
      const { items, entries } = parent;
      if (items) items.push(node);
      else entries.at(-1).node = node;
      if (text[at] === ",") {
        at++;
        if (entries) key();
        break;
      }
      if (text[at] !== (items ? "]" : "}")) fail(`expected a comma or ${items ? "]" : "}"}`);
      at++;
      node = open.pop();
    }
  }
}

/**
 * The JSON text of a tree, without spaces, as Flask writes it; what was written stays as it was.
 * @param {JsonNode} root
 * @param {number} [limit] stop once the text is longer
 * @returns {string} cut off if longer than `limit`
 */
export function compact(root, limit = Infinity) {
  let text = "";
  /** @type {{ node?: JsonNode, raw?: string }[]} */
  const todo = [{ node: root }];
  while (todo.length && text.length <= limit) {
    const { node, raw } = todo.pop();
    text += raw ?? node.raw ?? "";
    const { items, entries } = node ?? {};
    if (!items && !entries) continue;
    text += items ? "[" : "{";
    todo.push({ raw: items ? "]" : "}" });
    for (let i = (items ?? entries).length; i--; ) {
      todo.push({ node: items ? items[i] : entries[i].node });
      if (entries) todo.push({ raw: `${entries[i].raw}:` });
      if (i) todo.push({ raw: "," });
    }
  }
  return text;
}
