/**
 * The cookie inspector's thinking, in a worker, so that no input can freeze the page. It gets the whole
 * form and answers with what to show; sentences go by their codes, and stand in
 * docs/tools/cookie-inspector.md. It has no network code and stores nothing.
 */
import {
  BadCookie,
  canSign,
  compact,
  decode,
  encode,
  findCookie,
  judge,
  parse,
  recognise,
  sign,
  signedAt,
} from "./cookie.js";

const INPUT_LIMIT = 1 << 20;
// So much of a payload is shown: more would take the page long to lay out.
const ROWS = 500;
const CHARACTERS = 4000;

/** What a row says beside the JSON: the Python type that it stands for. */
function describe({ type, raw, tag, bytes, entries }) {
  if (tag === "bytes") {
    const escaped = (byte) =>
      byte > 31 && byte < 127 && byte !== 39 && byte !== 92
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, "0")}`;
    return `bytes: b'${Array.from(bytes.subarray(0, 40), escaped).join("")}'${bytes.length > 40 ? " and more" : ""}`;
  }
  if (tag)
    return (
      {
        Markup: "Markup: templates don’t escape it",
        datetime: "datetime, in UTC",
        dict: "dict whose only key looks like a tag",
      }[tag] ?? tag
    );
  if (type === "literal") return raw === "null" ? "None" : "bool";
  if (type === "number") return /^-?\d+$/.test(raw) ? "int" : "float";
  if (type !== "object") return type === "string" ? "str" : "list";
  return new Set(entries.map(({ key }) => key)).size < entries.length
    ? "dict with a repeated key: the last one counts"
    : "dict";
}

/** What Flask means by two of a session's keys. */
const FLASK_KEYS = {
  __proto__: null,
  _permanent: ({ raw }) =>
    `bool: session.permanent${raw === "true" ? ", so that the browser keeps the cookie for the lifetime" : " was set to this"}`,
  _flashes: () => "list: flash() messages that no page has shown yet, each a category and a text",
};

/** The tree as indented rows, at most ROWS; short values stay on one. */
function toRows(tree) {
  const rows = [];
  /** @type {{ node?: JsonNode, key?: string, raw?: string, depth: number, before: string, after: string }[]} */
  const todo = [{ node: tree, depth: 0, before: "", after: "" }];
  let cut = false;
  while (todo.length && rows.length < ROWS) {
    const { node, depth, before, after, key } = todo.pop();
    const text = node ? compact(node, 60) : "";
    const note = node && (FLASK_KEYS[key] ?? describe)(node);
    const { raw, items, entries } = node ?? {};
    if (!node || raw || text.length <= 60) {
      const long = text.length > CHARACTERS;
      cut ||= long;
      rows.push({
        depth,
        text: before + text.slice(0, CHARACTERS) + after,
        note: long ? `${note}: the first ${CHARACTERS} of ${text.length} characters` : note,
      });
      continue;
    }
    rows.push({ depth, text: before + (items ? "[" : "{"), note });
    todo.push({ depth, before: items ? "]" : "}", after });
    const children = (items ?? entries).slice(0, ROWS);
    const all = (items ?? entries).length;
    for (let i = children.length; i--; ) {
      const child = items
        ? { node: items[i], before: "" }
        : { node: entries[i].node, before: `${entries[i].raw}: `, key: depth ? null : entries[i].key };
      todo.push({ ...child, depth: depth + 1, after: i < all - 1 ? "," : "" });
    }
  }
  return { rows, cut: cut || todo.length > 0 };
}

// Python's dates end with the year 9999, JavaScript's much later.
const date = (seconds) =>
  seconds < 253402300800
    ? `${new Date(seconds * 1000).toISOString().replace("T", " ").slice(0, 19)} UTC`
    : "after the year 9999";

/** "3 hours ago" */
function ago(seconds) {
  /** @type {[Intl.RelativeTimeFormatUnit, number][]} */
  const units = [
    ["second", 1],
    ["minute", 60],
    ["hour", 3600],
    ["day", 86400],
    ["year", 31557600],
  ];
  const [unit, size] = units.findLast((unit) => Math.abs(seconds) >= unit[1]) ?? units[0];
  return new Intl.RelativeTimeFormat("en").format(-Math.trunc(seconds / size), unit);
}

/** The content of a key that is typed as a Python literal, like b'_5#y2L"\xec', or null. */
function literal(text) {
  const body = /^b?(["'])(.+)\1$/is.exec(text)?.[2];
  if (!body) return null;
  const bytes = [];
  for (const [all, hex, sign] of body.matchAll(/\\x([\da-f]{2})|\\(.)|[^\\]+/gis)) {
    const control = { n: 10, r: 13, t: 9, a: 7, b: 8, f: 12, v: 11, 0: 0 }[sign];
    bytes.push(...(hex ? [parseInt(hex, 16)] : control >= 0 ? [control] : new TextEncoder().encode(sign ?? all)));
  }
  return new Uint8Array(bytes);
}

/** judge(), with each key as it was typed and as the Python literal that it may be; gives the one that fits too. */
async function judgeAll(value, { keys, ...options }) {
  const tried = keys.flatMap((key, index) => [key, literal(key)].filter(Boolean).map((key) => ({ key, index })));
  const { verdict, key } = await judge(
    value,
    tried.map((one) => one.key),
    options,
  );
  const { index, key: fits } = tried[key] ?? {};
  return {
    says: verdict === "ok" && index ? ["fallback", `It is fallback ${index}.`] : [verdict],
    secret: index === 0 ? fits : null,
  };
}

/** What to say of an error that the decoder means. */
function fault(error) {
  if (!(error instanceof BadCookie)) throw error;
  return [error.code, `The fault: ${error.message}.`];
}

/** The edited payload as a cookie: signed anew, or with the signature of the old payload. */
async function forge(form, secret, old) {
  const { payload, signing, keys } = form;
  try {
    if (signing && !canSign) return { value: "", says: ["insecure"] };
    if (signing) return { value: await sign(payload, secret ?? literal(keys[0]) ?? keys[0], form), says: ["signed"] };
    const encoded = await encode(payload);
    if (encoded === old.payload) return null;
    const value = `${encoded}.${old.timestamp}.${old.signature}`;
    const { says } = canSign ? await judgeAll(value, form) : { says: ["mismatch"] };
    return { value, says: says[0] === "mismatch" ? ["changed"] : says };
  } catch (error) {
    return { value: "", says: fault(error) };
  }
}

/** From the form to what the page shows: `says` is a list of codes, some with a detail. */
async function inspect(form) {
  const { text, name, keys, lifetime } = form;
  if (!text.trim()) return { says: [["empty"]] };
  if (text.length > INPUT_LIMIT) return { says: [["long"]] };
  const { value, count, names, name: its = name } = findCookie(text, name);
  if (value === null)
    return { says: [["missing", names.length ? `Found instead: ${names.slice(0, 5).join(", ")}.` : ""]] };
  if (!value) return { says: [["deleted"]] };

  const { payload, timestamp, signature, compressed, size } = parse(value);
  const says = [];
  if (its && its !== name) says.push(["renamed", `It is ${its}.`]);
  if (count > 1) says.push(["several", `There are ${count}.`]);
  const shape = recognise(value);
  if (shape) says.push([shape]);
  if (payload === null || (shape && shape !== "starlette" && shape !== "jwt")) {
    return { says: shape ? says : [...says, ["parts"]] };
  }

  const result = { says };
  let json;
  try {
    const decoded = decode(payload);
    json = decoded.json;
    Object.assign(result, toRows(decoded.tree));
    result.editable = !result.cut;
    if (decoded.tree.type !== "object" || decoded.tree.tag) says.push(["other"]);
  } catch (error) {
    says.push(fault(error));
    json = error.json;
    if (json) result.rows = [{ depth: 0, text: json.slice(0, CHARACTERS) }];
  }

  const seconds = signedAt(timestamp);
  const age = Math.floor(Date.now() / 1000) - seconds;
  let secret = null;
  if (keys.some(Boolean) && canSign) {
    const judged = await judgeAll(value, form);
    says.unshift(judged.says);
    secret = judged.secret;
  } else {
    if (seconds === null) says.push(["bad-timestamp"]);
    else if (age < 0) says.push(["future"]);
    else if (age > lifetime) says.push(["expired"]);
    says.push([canSign ? "unchecked" : "insecure"]);
  }

  const days = `${lifetime / 86400} ${lifetime === 86400 ? "day" : "days"}`;
  const digest = { 27: "SHA-1", 43: "SHA-256", 64: "SHA-384", 86: "SHA-512" }[signature.length];
  result.parts = [
    [
      "Payload",
      payload,
      `${compressed ? "zlib, then base64: the dot before it says “compressed”" : "base64, not compressed"}.${json ? ` It contains ${new TextEncoder().encode(json).length} bytes of JSON that anyone can read.` : ""}`,
    ],
    [
      "Timestamp",
      timestamp,
      seconds === null
        ? "Not readable."
        : `Signed ${date(seconds)}, ${ago(age)}. A server with a lifetime of ${days} ${age > lifetime ? "accepted" : "accepts"} it until ${date(seconds + lifetime)}.`,
    ],
    [
      "Signature",
      signature,
      digest ? `As long as an HMAC with ${digest}.` : "Flask doesn’t make signatures of this length.",
    ],
  ].map(([name, text, note]) => ({ name, text: text.slice(0, CHARACTERS), note }));
  // Browsers count name and value (measured in Chromium), Flask the whole header.
  const kept = size + (its ?? name).length;
  result.parts.push({
    name: "Size",
    note: `${kept} of the 4096 bytes that browsers keep, name and value. The header has ${kept + "=; HttpOnly; Path=/".length} with default attributes; Flask warns above 4093.`,
  });
  if (kept > 4096) says.push(["big"]);
  if (form.payload !== null) result.forged = await forge(form, secret, { payload, timestamp, signature });
  return result;
}

addEventListener("message", async ({ data }) => postMessage(await inspect(data).catch(() => ({ says: [["broken"]] }))));
