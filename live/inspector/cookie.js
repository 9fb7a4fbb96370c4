/**
 * Flask's session cookie, taken apart, checked and made: no DOM, no dependency, browser and Node.
 *
 * A cookie is `payload.timestamp.signature`. The rules are those of itsdangerous 2.2 (encoding.py,
 * signer.py, timed.py, url_safe.py), of CPython's base64, zlib and json, and of Flask's json/tag.py.
 * What they accept is accepted here, what they refuse is refused: tests/pages/test_cookie_inspector.py
 * holds both against each other.
 */

/** A decompressed payload is cut off here, in bytes: a few kB of zlib can hold gigabytes. */
export const INFLATE_LIMIT = 1 << 20;

/** What Flask's SecureCookieSessionInterface uses unless an app changes it. */
export const FLASK = { salt: "cookie-session", digest: "sha1", keyDerivation: "hmac" };

const utf8 = new TextEncoder();

/** Data that Flask would refuse too. `code` says at which step: base64, zlib, size, utf8, json or tag. */
export class BadCookie extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

// base64

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const FOREIGN = 64;
const STANDARD = new Uint8Array(256).fill(FOREIGN);
for (let i = 0; i < 62; i++) STANDARD[ALPHABET.charCodeAt(i)] = i;
const URL_SAFE = STANDARD.slice();
for (const [codes, signs] of [
  [STANDARD, "+/"],
  [URL_SAFE, "+/"],
  [URL_SAFE, "-_"],
]) {
  codes[signs.charCodeAt(0)] = 62;
  codes[signs.charCodeAt(1)] = 63;
}

/**
 * CPython's binascii.a2b_base64, as lenient as it is: foreign characters are skipped, spare bits of
 * the last character dropped, and complete padding ends the data.
 * @param {Uint8Array} bytes ASCII text
 * @param {Uint8Array} codes STANDARD or URL_SAFE
 * @returns {Uint8Array}
 * @throws {BadCookie} base64
 */
function a2b(bytes, codes) {
  const out = new Uint8Array((bytes.length * 3) >> 2);
  let size = 0,
    place = 0,
    left = 0,
    pads = 0;
  for (const byte of bytes) {
    if (byte === 61) {
      if (place >= 2 && place + ++pads >= 4) return out.subarray(0, size);
      continue;
    }
    const code = codes[byte];
    if (code === FOREIGN) continue;
    pads = 0;
    if (place) out[size++] = (left << (2 * place)) | (code >> (6 - 2 * place));
    left = code & (63 >> (2 * place));
    place = (place + 1) & 3;
  }
  if (place === 1) throw new BadCookie("base64", "the number of characters is 1 more than a multiple of 4");
  if (place) throw new BadCookie("base64", "the padding is wrong");
  return out.subarray(0, size);
}

/**
 * itsdangerous.encoding.base64_decode: adds the padding that cookies leave out, then decodes.
 * @param {Uint8Array} bytes
 * @returns {Uint8Array}
 * @throws {BadCookie} base64
 */
function base64Decode(bytes) {
  const padded = new Uint8Array((bytes.length + 3) & ~3).fill(61);
  padded.set(bytes);
  return a2b(padded, URL_SAFE);
}

/**
 * itsdangerous.encoding.base64_encode: URL-safe, without padding.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
function base64Encode(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const four =
      ALPHABET[a >> 2] + ALPHABET[((a & 3) << 4) | (b >> 4)] + ALPHABET[((b & 15) << 2) | (c >> 6)] + ALPHABET[c & 63];
    text += four.slice(0, bytes.length - i + 1);
  }
  return text;
}

// zlib (RFC 1950 and 1951). Not the browser's DecompressionStream: it refuses bytes after the end,
// which Python's zlib.decompress ignores, and it can't be stopped inside a chunk.

const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const damaged = () => {
  throw new BadCookie("zlib", "the data is damaged");
};

/** A canonical Huffman code: how many codes each length has, and the symbols in order. */
function huffman(lengths, mayBeSingle) {
  const count = new Uint16Array(16),
    offset = new Uint16Array(16),
    symbols = [];
  for (const length of lengths) count[length]++;
  let left = 1;
  for (let length = 1; length < 16; length++) {
    left = 2 * left - count[length];
    if (left < 0) damaged();
    if (length < 15) offset[length + 1] = offset[length] + count[length];
  }
  // zlib takes an incomplete code only if it is empty or has a single symbol of one bit.
  const used = lengths.length - count[0];
  if (left && used && !(mayBeSingle && used === 1 && count[1])) damaged();
  lengths.forEach((length, symbol) => {
    if (length) symbols[offset[length]++] = symbol;
  });
  return { count, symbols };
}

/**
 * zlib.decompress, up to a limit.
 * @param {Uint8Array} input
 * @param {number} limit in bytes
 * @returns {Uint8Array}
 * @throws {BadCookie} zlib; size if there is more than `limit`
 */
function inflate(input, limit = INFLATE_LIMIT) {
  let position = 2,
    buffer = 0,
    available = 0,
    out = new Uint8Array(4096),
    size = 0,
    last;
  const bits = (wanted) => {
    while (available < wanted) {
      if (position >= input.length) throw new BadCookie("zlib", "the data ends too early");
      buffer |= input[position++] << available;
      available += 8;
    }
    const value = buffer & ((1 << wanted) - 1);
    buffer >>>= wanted;
    available -= wanted;
    return value;
  };
  // The tables of RFC 1951, 3.2.5: every `steps` codes the range doubles, and has one more extra bit.
  const ranged = (code, steps) => {
    if (code < 2 * steps) return code;
    const extra = Math.floor(code / steps) - 1;
    return ((steps + (code % steps)) << extra) + bits(extra);
  };
  const symbol = ({ count, symbols }) => {
    let code = 0,
      first = 0,
      index = 0;
    for (let length = 1; length < 16; length++) {
      code |= bits(1);
      if (code - first < count[length]) return symbols[index + code - first];
      index += count[length];
      first = (first + count[length]) << 1;
      code <<= 1;
    }
    damaged();
  };
  const room = (more) => {
    if (size + more > limit) throw new BadCookie("size", `more than ${limit} bytes when decompressed`);
    if (size + more > out.length) {
      const bigger = new Uint8Array(2 * (size + more));
      bigger.set(out);
      out = bigger;
    }
  };

  const [method, flags] = input;
  if ((method & 15) !== 8 || method >> 4 > 7 || flags & 32 || (method * 256 + flags) % 31) {
    damaged();
  }
  do {
    last = bits(1);
    const type = bits(2);
    if (type === 3) damaged();
    if (type === 0) {
      bits(available & 7);
      const length = bits(16);
      if (length !== (bits(16) ^ 65535)) damaged();
      room(length);
      for (let i = 0; i < length; i++) out[size++] = bits(8);
      continue;
    }
    let literals, distances;
    if (type === 1) {
      literals = huffman(Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)));
      distances = huffman(Array(32).fill(5));
    } else {
      const literalCount = bits(5) + 257,
        distanceCount = bits(5) + 1,
        codeCount = bits(4) + 4;
      if (literalCount > 286 || distanceCount > 30) damaged();
      const codeLengths = Array(19).fill(0);
      for (let i = 0; i < codeCount; i++) codeLengths[CODE_ORDER[i]] = bits(3);
      const codes = huffman(codeLengths);
      const lengths = [];
      while (lengths.length < literalCount + distanceCount) {
        const code = symbol(codes);
        if (code < 16) {
          lengths.push(code);
          continue;
        }
        if (code === 16 && !lengths.length) damaged();
        const value = code === 16 ? lengths.at(-1) : 0;
        for (let n = code === 16 ? 3 + bits(2) : code === 17 ? 3 + bits(3) : 11 + bits(7); n; n--) lengths.push(value);
      }
      if (lengths.length > literalCount + distanceCount) damaged();
      if (!lengths[256]) damaged();
      literals = huffman(lengths.slice(0, literalCount), true);
      distances = huffman(lengths.slice(literalCount), true);
    }
    for (let code; (code = symbol(literals)) !== 256; ) {
      if (code < 256) {
        room(1);
        out[size++] = code;
        continue;
      }
      if (code > 285) damaged();
      const length = code === 285 ? 258 : ranged(code - 257, 4) + 3;
      const step = symbol(distances);
      if (step > 29) damaged();
      const distance = ranged(step, 2) + 1;
      if (distance > size) damaged();
      room(length);
      for (let i = 0; i < length; i++, size++) out[size] = out[size - distance];
    }
  } while (!last);
  out = out.subarray(0, size);

  bits(available & 7);
  let a = 1,
    b = 0;
  for (const byte of out) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  for (const byte of [b >> 8, b & 255, a >> 8, a & 255]) {
    if (bits(8) !== byte) throw new BadCookie("zlib", "the checksum is wrong");
  }
  return out;
}

/** zlib.compress, or null where the browser lacks it. */
async function deflate(bytes) {
  if (!globalThis.CompressionStream) return null;
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// JSON

/**
 * A JSON value that keeps what was written. `raw` is the text of a string (with its quotes), number
 * or literal; `value` a string's content; `items` an array's; `entries` an object's, in order, with
 * repeated keys. untag() adds `tag` ("tuple", "bytes" ...) to an object that stands for a Python type.
 * @typedef {{type: "string"|"number"|"literal"|"array"|"object", raw?: string, value?: string,
 *   items?: Node[], entries?: {key: string, raw: string, node: Node}[], tag?: string,
 *   bytes?: Uint8Array}} Node
 */

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /(?:true|false|null)|(?:NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)/y;

/**
 * Python's json.loads: also NaN and Infinity, and no integer over 4300 digits (sys.int_info). Uses no
 * recursion, so that nesting can't overflow the stack.
 * @param {string} text
 * @returns {Node}
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
 * @param {Node} root
 * @param {number} [limit] stop once the text is longer
 * @returns {string} cut off if longer than `limit`
 */
export function compact(root, limit = Infinity) {
  let text = "";
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
      if (entries) todo.push({ raw: entries[i].raw + ":" });
      if (i) todo.push({ raw: "," });
    }
  }
  return text;
}

/**
 * Marks the objects that stand for a Python type, from the inside out, as Flask's
 * TaggedJSONSerializer._untag_scan does: objects with one key (a repeated key is one) that is a tag.
 * @param {Node} root changed in place
 * @throws {BadCookie} tag, if the value is not what the tag needs
 */
function untag(root) {
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
      need(/^[\x00-\x7f]*$/.test(text ?? "é"), "a bytes tag without ASCII text");
      tagged.bytes = a2b(utf8.encode(text), STANDARD);
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

// Finding

// A timestamp, and a signature as long as sha1, sha256, sha384 or sha512 make it in base64.
const END = /\.[\w-]{6}\.(?:[\w-]{27}|[\w-]{43}|[\w-]{64}|[\w-]{86})$/;
const WHOLE = new RegExp(`^\\.?[\\w+/=-]+${END.source}`);
const ATTRIBUTES = new Set(["domain", "expires", "max-age", "path", "priority", "samesite", "version"]);

/** `%2E` and the like, where a tool encoded what a cookie holds as it is. */
const unescape = (text) => text.replace(/%([2-7][\da-f])/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));

/**
 * Finds a cookie in pasted text: a bare value, `name=value`, header lines (RFC 6265 section 4), curl's
 * or the developer tools' output. Quotes, percent-encoding and a terminal's line breaks are undone.
 * Of several, the last `Set-Cookie` counts, as in a browser; else the first, as in Flask.
 * @param {string} text
 * @param {string} [name] the cookie's name
 * @returns {{value: string|null, name: string|null, count: number, names: string[]}} `value` is null if
 *   there is none and `names` are those of other cookies; `name` is null for a bare value; `count` is
 *   how many cookies of that name there are
 */
export function findCookie(text, name = "session") {
  text = text.replace(/\r/g, "").trim();
  const escaped = name.replace(/[^\w]/g, "\\$&");
  // Between name and value: = or :, or only space in a table, where the value must look like one.
  const before = `(?:^|[^\\w.%-])${escaped}["']?(?:[ \\t]*[=:][ \\t]*(?:\\n\\s*(?=ey|\\.eJ))?|\\s+(?=ey|\\.eJ))`;
  const named = new RegExp(before + `["'\u201c\u2018]?([^\\s;,"'\u201d\u2019]*)`, "g");
  const wrapped = /[ \t]*\n[ \t]*([\w.%-]+={0,2})(?=[ \t]*(?:[;"'\n]|$))/y;
  const found = [];
  for (let match; (match = named.exec(text)); ) {
    const pieces = [match[1]];
    for (let more, tail = match[1].slice(-100); tail && !END.test(tail); tail = (tail + more[1]).slice(-100)) {
      wrapped.lastIndex = named.lastIndex;
      if (!(more = wrapped.exec(text))) break;
      pieces.push(more[1]);
      named.lastIndex = wrapped.lastIndex;
    }
    const header = text.slice(Math.max(0, match.index - 12), match.index + 1);
    found.push({ value: unescape(pieces.join("")), isSet: /set-cookie/i.test(header) });
  }
  if (found.length) {
    const { value } = found.findLast(({ isSet }) => isSet) ?? found.find((one) => one.value.includes(".")) ?? found[0];
    return { value, name, count: found.length, names: [] };
  }

  const bare = text.replace(/\s*\n\s*/g, "").replace(/^["'`\u201c\u2018]+|["'`\u201d\u2019;,]+$/g, "");
  if (/^[^\s;,"']*$/.test(bare) && !/^[\w-]+=[^=.]/.test(bare))
    return { value: unescape(bare), name: null, count: 1, names: [] };
  for (const word of text.split(/[\s;,"']+/)) {
    const equals = word.search(/=[^=.]/);
    const value = word.slice(equals + 1);
    if (WHOLE.test(value)) return { value, name: equals < 0 ? null : word.slice(0, equals), count: 1, names: [] };
  }
  const names = Array.from(text.matchAll(/(?:^|[\s;])([\w.-]{1,100})=/g), (match) => match[1]);
  return {
    value: null,
    name: null,
    count: 0,
    names: [...new Set(names)].filter((one) => !ATTRIBUTES.has(one.toLowerCase())),
  };
}

// Shapes of cookies that Flask did not make, or that hold no data.
const SHAPES = {
  "flask-session": /^(?:[\w-]{43}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?:\.[\w-]{27})?$/,
  "flask-login": /\|[\da-f]{128}$/,
  django: /^(?:[a-z\d]{32}|\.?[\w-]+:\w{6}:[\w-]{27,43})$/,
  express: /^[sj]:/,
  rack: /--(?:[\da-f]{40}|[\da-f]{64}|[\w+/]+==)$/,
};

/**
 * Guesses by its shape which other software made a value.
 * @param {string} value
 * @returns {"flask-session"|"flask-login"|"django"|"express"|"rack"|"jwt"|"starlette"|null}
 */
export function recognise(value) {
  const { payload, compressed } = parse(value);
  const whole = WHOLE.test(value);
  try {
    // Starlette pads its base64, and its JSON has spaces where Flask's has none.
    if (whole)
      return !compressed && (/[=+/]/.test(payload) || /^\{"[^"]*": /.test(decode(payload).json)) ? "starlette" : null;
    for (const shape in SHAPES) if (SHAPES[shape].test(value)) return shape;
    // A JWT's first part is a header that names its algorithm.
    if (/^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(value) && /"alg"/.test(decode(payload).json)) return "jwt";
  } catch {
    // Not readable, so not one of these.
  }
  return null;
}

// Parts

/**
 * Splits at the last two dots, as TimestampSigner.unsign does. A part that is missing is null.
 * @param {string} value
 * @returns {{payload: string|null, timestamp: string|null, signature: string|null, compressed: boolean,
 *   size: number}} `payload` keeps the leading dot that says "compressed"; `size` is in bytes
 */
export function parse(value) {
  const end = value.lastIndexOf(".");
  const middle = end > 0 ? value.lastIndexOf(".", end - 1) : -1;
  const payload = middle < 0 ? null : value.slice(0, middle);
  return {
    payload,
    timestamp: middle < 0 ? null : value.slice(middle + 1, end),
    signature: end < 0 ? null : value.slice(end + 1),
    compressed: Boolean(payload?.startsWith(".")),
    size: utf8.encode(value).length,
  };
}

/**
 * Reads a payload part without checking anything's signature.
 * @param {string} payload as parse() gives it
 * @returns {{json: string, tree: Node}} the JSON text exactly as signed, and its typed tree
 * @throws {BadCookie} at the first step that fails; `json` is on the error if it was reached
 */
export function decode(payload) {
  const compressed = payload.startsWith(".");
  let bytes = base64Decode(utf8.encode(payload.slice(compressed ? 1 : 0)));
  if (compressed) bytes = inflate(bytes);
  let json;
  try {
    json = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BadCookie("utf8", "the bytes are not UTF-8 text");
  }
  try {
    const tree = parseJson(json);
    untag(tree);
    return { json, tree };
  } catch (error) {
    throw Object.assign(error, { json });
  }
}

/**
 * When a cookie was signed.
 * @param {string} timestamp as parse() gives it
 * @returns {number|null} seconds since 1970, null if it is no timestamp (not base64, or over 8 bytes)
 */
export function signedAt(timestamp) {
  try {
    const bytes = base64Decode(utf8.encode(timestamp));
    return bytes.length > 8 ? null : bytes.reduce((seconds, byte) => seconds * 256 + byte, 0);
  } catch {
    return null;
  }
}

// Signatures

const DIGESTS = { sha1: "SHA-1", sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" };

/** Browsers have crypto.subtle only on https and on this machine itself. */
export const canSign = Boolean(globalThis.crypto?.subtle);

async function hmac(key, message, hash) {
  // HMAC fills a short key up with zeros, so one zero is the empty key, which WebCrypto refuses.
  const raw = key.length ? key : new Uint8Array(1);
  const imported = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}

/** itsdangerous.Signer.derive_key and get_signature, before base64. */
async function signature(message, key, { salt, digest, keyDerivation }) {
  const hash = DIGESTS[digest];
  const secret = typeof key === "string" ? utf8.encode(key) : key;
  const join = (middle) => new Uint8Array([...utf8.encode(salt + middle), ...secret]);
  let derived = secret;
  if (keyDerivation === "hmac") derived = await hmac(secret, utf8.encode(salt), hash);
  else if (keyDerivation !== "none") {
    derived = new Uint8Array(await crypto.subtle.digest(hash, join(keyDerivation === "concat" ? "" : "signer")));
  }
  return hmac(derived, utf8.encode(message), hash);
}

/**
 * Which of the keys made the signature. The content is not looked at.
 * @param {string} value the whole cookie value
 * @param {(string|Uint8Array)[]} keys the secret key first, then its fallbacks
 * @param {{salt?: string, digest?: "sha1"|"sha256"|"sha384"|"sha512",
 *   keyDerivation?: "hmac"|"concat"|"django-concat"|"none"}} [options] Flask's own by default
 * @returns {Promise<number>} the key's index; -1 if none did
 */
export async function verify(value, keys, options) {
  const end = value.lastIndexOf(".");
  let given;
  try {
    given = base64Decode(utf8.encode(value.slice(end + 1)));
  } catch {
    return -1;
  }
  for (let i = 0; end >= 0 && i < keys.length; i++) {
    const right = await signature(value.slice(0, end), keys[i], { ...FLASK, ...options });
    if (right.length === given.length && right.every((byte, j) => byte === given[j])) return i;
  }
  return -1;
}

/**
 * What Flask says of a cookie: URLSafeTimedSerializer.loads, in its order.
 * @param {string} value
 * @param {(string|Uint8Array)[]} keys as for verify()
 * @param {object} [options] as for verify(), and `lifetime` and `now` in seconds
 * @returns {Promise<{verdict: "ok"|"no-separator"|"mismatch"|"no-timestamp"|"bad-timestamp"|
 *   "expired"|"future"|"bad-payload", key: number}>}
 */
export async function judge(value, keys, { lifetime = 31 * 86400, now = Date.now() / 1000, ...options } = {}) {
  const { payload, timestamp, signature } = parse(value);
  if (signature === null) return { verdict: "no-separator", key: -1 };
  const key = await verify(value, keys, options);
  if (key < 0) return { verdict: "mismatch", key };
  if (timestamp === null) return { verdict: "no-timestamp", key };
  const seconds = signedAt(timestamp);
  if (seconds === null) return { verdict: "bad-timestamp", key };
  const age = Math.floor(now) - seconds;
  if (age > Math.floor(lifetime)) return { verdict: "expired", key };
  if (age < 0) return { verdict: "future", key };
  try {
    decode(payload);
  } catch {
    return { verdict: "bad-payload", key };
  }
  return { verdict: "ok", key };
}

/**
 * The payload part for a JSON text: spaces dropped, compressed if that is shorter, as itsdangerous'
 * URLSafeSerializerMixin.dump_payload does.
 * @param {string} json
 * @returns {Promise<string>}
 * @throws {BadCookie} json or tag, if Flask couldn't read it back
 */
export async function encode(json) {
  const tree = parseJson(json);
  untag(tree);
  const bytes = utf8.encode(compact(tree));
  const small = await deflate(bytes);
  return small && small.length < bytes.length - 1 ? "." + base64Encode(small) : base64Encode(bytes);
}

/**
 * Makes a session cookie.
 * @param {string} json the payload
 * @param {string|Uint8Array} key
 * @param {object} [options] as for verify()
 * @param {number} [timestamp] seconds since 1970
 * @returns {Promise<string>}
 * @throws {BadCookie} as encode()
 */
export async function sign(json, key, options, timestamp = Date.now() / 1000) {
  const bytes = [];
  for (let rest = Math.floor(timestamp); rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  const value = `${await encode(json)}.${base64Encode(new Uint8Array(bytes))}`;
  return `${value}.${base64Encode(await signature(value, key, { ...FLASK, ...options }))}`;
}
