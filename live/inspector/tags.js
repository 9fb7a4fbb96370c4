/** The tags by which Flask keeps Python's types in JSON (flask/json/tag.py). */
import { BadCookie } from "./bad-cookie.js";
import { a2b, STANDARD } from "./base64.js";
import { compact } from "./json.js";

/**
 * Marks the objects that stand for a Python type, from the inside out, as Flask's
 * TaggedJSONSerializer._untag_scan does: objects with one key (a repeated key is one) that is a tag.
 * @param {JsonNode} root changed in place
 * @throws {BadCookie} tag, if the value is not what the tag needs
 */
export function untag(root) {
  const order = [root];
  for (const node of order) {
    // One by one: a spread of a million arguments overflows the stack.
    if (node.items) for (const item of node.items) order.push(item);
    if (node.entries) for (const entry of node.entries) order.push(entry.node);
  }
  for (let i = order.length; i--; ) {
    const { entries } = order[i];
    if (!entries?.length) continue;
    const { key, node } = entries.at(-1);
    const tag = TAGS[key];
    if (!tag || entries.some((entry) => entry.key !== key)) continue;
    tag.check?.(node, order[i]);
    order[i].tag = tag.name;
  }
}

/** The text of a string, or of a Markup around one. */
const textOf = (node) => {
  while (node.tag === "Markup") node = node.entries.at(-1).node;
  return node.value;
};
const need = (right, what) => {
  if (!right) throw new BadCookie("tag", what);
};

/**
 * What each tag of flask/json/tag.py stands for, and which values its to_python takes. Only tags
 * inside tags that Flask never writes differ: Python finds a meaning for some that are refused here.
 */
const TAGS = {
  __proto__: null,
  " t": {
    name: "tuple",
    check: ({ raw, value, tag }) =>
      need(value !== undefined || !(raw || tag === "UUID" || tag === "datetime"), "a tuple tag without a list"),
  },
  " b": {
    name: "bytes",
    check: (node, tagged) => {
      const text = textOf(node);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
      need(/^[\x00-\x7f]*$/.test(text ?? "é"), "a bytes tag without ASCII text");
      tagged.bytes = a2b(new TextEncoder().encode(text), STANDARD);
    },
  },
  " m": { name: "Markup" },
  " u": {
    name: "UUID",
    check: (node) => {
      // uuid.UUID drops what stands around and between the 32 digits.
      const digits = textOf(node)
        ?.replace(/urn:|uuid:|-/g, "")
        .replace(/^[{}]+|[{}]+$/g, "");
      need(/^[\da-f]{32}$/i.test(digits), "a UUID tag without 32 hexadecimal digits");
    },
  },
  " d": {
    name: "datetime",
    // Text that is no date gives None, and so does anything empty.
    check: (node) =>
      need(
        textOf(node) !== undefined || /^(null|false|-?0(\.0+)?|\[\]|\{\})$/.test(compact(node, 9)),
        "a datetime tag without text",
      ),
  },
  " di": {
    name: "dict",
    check: ({ entries, tag }) => need(entries?.length && (!tag || tag === "dict"), "a dict tag without an object"),
  },
};
