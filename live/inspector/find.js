/** Finds a cookie in pasted text, and guesses which software made it. */
import { decode, parse } from "./parts.js";

// A timestamp, and a signature as long as sha1, sha256, sha384 or sha512 make it in base64.
const END = /\.[\w-]{6}\.(?:[\w-]{27}|[\w-]{43}|[\w-]{64}|[\w-]{86})$/;
const WHOLE = new RegExp(`^\\.?[\\w+/=-]+${END.source}`);
const ATTRIBUTES = new Set(["domain", "expires", "max-age", "path", "priority", "samesite", "version"]);

/** `%2E` and the like, where a tool encoded what a cookie holds as it is. */
const unescaped = (text) => text.replace(/%([2-7][\da-f])/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));

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
  const named = new RegExp(`${before}["'\u201c\u2018]?([^\\s;,"'\u201d\u2019]*)`, "g");
  const wrapped = /[ \t]*\n[ \t]*([\w.%-]+={0,2})(?=[ \t]*(?:[;"'\n]|$))/y;
  const found = [];
  for (let match = named.exec(text); match; match = named.exec(text)) {
    const pieces = [match[1]];
    for (let tail = match[1].slice(-100); tail && !END.test(tail); ) {
      wrapped.lastIndex = named.lastIndex;
      const more = wrapped.exec(text);
      if (!more) break;
      pieces.push(more[1]);
      tail = (tail + more[1]).slice(-100);
      named.lastIndex = wrapped.lastIndex;
    }
    const header = text.slice(Math.max(0, match.index - 12), match.index + 1);
    found.push({ value: unescaped(pieces.join("")), isSet: /set-cookie/i.test(header) });
  }
  if (found.length) {
    const { value } = found.findLast(({ isSet }) => isSet) ?? found.find((one) => one.value.includes(".")) ?? found[0];
    return { value, name, count: found.length, names: [] };
  }

  const bare = text.replace(/\s*\n\s*/g, "").replace(/^["'`\u201c\u2018]+|["'`\u201d\u2019;,]+$/g, "");
  if (/^[^\s;,"']*$/.test(bare) && !/^[\w-]+=[^=.]/.test(bare))
    return { value: unescaped(bare), name: null, count: 1, names: [] };
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
  // A version, 0x80, and eight bytes of time, of which the first three are 0 until 2106; with the rest, 73 bytes or more.
  fernet: /^gAAAA[\w-]{93,}={0,2}$/,
  "flask-login": /\|[\da-f]{128}$/,
  php: /^[\da-f]{32}$/,
  tomcat: /^[\dA-F]{32}$/,
  django: /^(?:[a-z\d]{32}|\.?[\w-]+:\w{6}:[\w-]{27,43})$/,
  express: /^[sj]:/,
  rack: /--(?:[\da-f]{40}|[\da-f]{64}|[\w+/]+==)$/,
};

/**
 * Guesses by its shape which other software made a value.
 * @param {string} value
 * @returns {string | null} flask-session, fernet, flask-login, php, tomcat, django, express, rack, jwt, starlette or
 *   cookie-session
 */
export function recognise(value) {
  const { payload, compressed } = parse(value);
  const whole = WHOLE.test(value);
  try {
    // Starlette pads its base64, and its JSON has spaces where Flask's has none.
    if (whole)
      return !compressed && (/[=+/]/.test(payload) || /^\{"[^"]*": /.test(decode(payload).json)) ? "starlette" : null;
    for (const shape in SHAPES) if (SHAPES[shape].test(value)) return shape;
    // cookie-session has the signature in a second cookie. A JWT's first part is a header that names its algorithm.
    if (/^eyJ[\w+/-]+={0,2}$/.test(value) && decode(value).tree.type === "object") return "cookie-session";
    if (/^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(value) && /"alg"/.test(decode(payload).json)) return "jwt";
  } catch {
    // Not readable, so not one of these.
  }
  return null;
}
