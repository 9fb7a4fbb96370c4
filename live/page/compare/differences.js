/** What differs between two responses: the names of it, and the lines that show it. */
import { h } from "../dom.js";
import { date } from "../panel/describe.js";

/** @typedef {import("./asked.js").Response_} Response_ */

export const SIGNS = ["\u2212", "+"]; // of what only the one, only the other has
const TAGS = ["del", "ins"];
const LONGEST = 70; // characters of a value that is shown whole
const START = 24; // characters shown of a longer one

/** The elements that tell of a difference: words that only the first, or only the second, has. */
export const only = (side, ...text) => h(TAGS[side], {}, ...text);

const short = (text) =>
  text.length > LONGEST ? `${text.slice(0, START)}\u2026 (${text.length.toLocaleString("en")} characters)` : text;

/** A response's headers by name; those of one name are one text. */
function headersOf({ headers }) {
  const found = {};
  for (const [name, value] of headers) found[name] = found[name] ? [found[name], value].join("\n") : value;
  return found;
}

export const location = ({ headers = [] }) => headers.find(([name]) => /^location$/i.test(name))?.[1];

/** A response's body, as far as a browser shows it: that of a redirect is not shown. */
export const bodyOf = (response) =>
  location(response) === undefined ? (response.text?.trim() ?? `${response.type}: ${response.base64}`) : "";

/**
 * The names of what differs, in the readers' words.
 * @param {Response_ | undefined} one
 * @param {Response_ | undefined} other
 * @returns {string[]}
 */
export function differences(one, other) {
  if (!one || !other) return ["request"];
  if (one.down || other.down) return one.down === other.down ? [] : ["whether it starts"];
  const names = { "Set-Cookie": "cookie" };
  return [
    ...(one.status === other.status ? [] : ["status"]),
    ...(bodyOf(one) === bodyOf(other) ? [] : ["page"]),
    ...differingHeaders(one, other).map((name) => names[name] ?? name),
  ];
}

/** The names of the headers that differ; the body's length follows from the body. */
function differingHeaders(one, other) {
  const [mine, theirs] = [one, other].map(headersOf);
  const all = ["Location", "Set-Cookie", ...Object.keys(mine), ...Object.keys(theirs)];
  return [...new Set(all)].filter((name) => !/^content-length$/i.test(name) && mine[name] !== theirs[name]);
}

/** A line of a side, with its sign if the other side has none like it. */
export function line(side, differs, ...content) {
  const sign = h("span", { className: "beside-sign", ariaHidden: "true" }, differs ? SIGNS[side] : "");
  return h("div", { className: "beside-line" }, sign, h("div", {}, ...content));
}

/**
 * The lines of one side above its page and below it.
 * @param {number} side
 * @param {Response_} mine
 * @param {Response_} theirs
 */
export function linesOf(side, mine, theirs) {
  if (mine.down) return { above: [line(side, true, only(side, mine.down))], below: [] };
  const whole = (text) => line(side, true, only(side, text));
  const headers = theirs.down ? [] : differingHeaders(mine, theirs).filter((name) => name !== "Set-Cookie");
  const refused = mine.refused.map(({ cookie, reason }) => `The browser rejects the cookie ${cookie}: ${reason}.`);
  const same = theirs.refused?.map(({ cookie }) => cookie).join() === mine.refused.map(({ cookie }) => cookie).join();
  return {
    above: mine.status === theirs.status ? [] : [whole(mine.status)],
    below: [
      ...headers
        .map((name) => [name, headersOf(mine)[name]])
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => whole(`${name}: ${value}`)),
      ...refused.map((text) => (same ? line(side, false, text) : whole(text))),
      ...cookieLines(side, mine, theirs),
    ],
  };
}

/** Whether two browsers have the same cookies then. */
export const sameCookies = (one, other) =>
  JSON.stringify(one.cookies.map(factsOf(one))) === JSON.stringify(other.cookies.map(factsOf(other)));

/** The cookies that a browser has then. */
function cookieLines(side, mine, theirs) {
  const others = new Map((theirs.cookies ?? []).map((cookie) => [cookie.name, factsOf(theirs)(cookie)]));
  const none = h("span", { className: "beside-quiet" }, "No cookie");
  if (!mine.cookies.length) return others.size ? [line(side, false, none)] : [];
  return mine.cookies.map(factsOf(mine)).map((facts) => cookieLine(side, facts, others.get(facts.name)));
}

function cookieLine(side, mine, theirs) {
  const name = h("span", { className: "beside-quiet" }, `Cookie ${mine.name}: `);
  const attributes = mine.attributes.filter((one) => !theirs?.attributes.includes(one));
  const about = attributes.flatMap((text) => ["; ", only(side, text)]);
  if (!theirs) return line(side, true, name, only(side, mine.payload ? short(json(mine.payload)) : short(mine.value)));
  if (mine.value === theirs.value) return line(side, about.length > 0, name, ...contents(side, mine, theirs), ...about);
  const parts = contents(side, mine, theirs);
  if (!parts.some((part) => part instanceof Element) && !about.length)
    about.push(" signed ", only(side, "\u2026", mine.value.slice(-8)));
  return line(side, true, name, ...parts, ...about);
}

/** What a cookie contains: the values of a payload, with those marked that the other payload lacks. */
function contents(side, mine, theirs) {
  if (!mine.payload || !theirs.payload)
    return [mine.value === theirs.value ? short(mine.value) : only(side, short(mine.value))];
  const nodes = Object.entries(mine.payload).flatMap(([key, value], index) => {
    const [text, other] = [json(value), json(theirs.payload[key])];
    const name = `${JSON.stringify(key)}: `;
    const shown =
      text === other
        ? [name, short(text)]
        : other === undefined
          ? [only(side, name + short(text))]
          : [name, only(side, short(text))];
    return [index ? ", " : "", ...shown];
  });
  return ["{", ...nodes, "}"].filter((node) => node !== "");
}

/** JSON on one line, spaced as Python does. */
const json = (value) =>
  JSON.stringify(value, null, 1)
    ?.replace(/([[{])\n\s*/g, "$1")
    .replace(/\n\s*([\]}])/g, "$1")
    .replace(/\n\s*/g, " ");

/** What is compared of a cookie. */
const factsOf =
  ({ session }) =>
  (cookie) => ({
    name: cookie.name,
    value: cookie.value,
    payload: session?.name === cookie.name ? session.payload : decoded(cookie.value),
    attributes: [
      ["Path", cookie.path].join("="),
      cookie.host_only ? "this host only" : ["Domain", cookie.domain].join("="),
      cookie.http_only ? "HttpOnly" : "",
      cookie.secure ? "Secure" : "",
      cookie.same_site ? ["SameSite", cookie.same_site].join("=") : "",
      cookie.partitioned ? "Partitioned" : "",
      cookie.expires === null ? "until the browser closes" : `until ${date(cookie.expires)}`,
    ].filter(Boolean),
  });

/** The payload of a cookie that another app signed as Flask does, or undefined. */
function decoded(value) {
  try {
    return Object(JSON.parse(atob(value.split(".")[0].replaceAll("-", "+").replaceAll("_", "/"))));
  } catch {
    return undefined;
  }
}
