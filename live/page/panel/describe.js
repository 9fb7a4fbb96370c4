/** What the panel says of cookies, sessions and exchanges, as elements. */
import { button, h, hidden } from "../dom.js";
import { takenApart } from "./parts.js";

const dateFormat = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
/** An epoch time in seconds as "22 Nov 2026, 12:00:05". All times are UTC, as in HTTP's own dates. */
export const date = (seconds) => dateFormat.format(seconds * 1000);

/** The time from `now` to `then`, in the largest unit of which there are two: "in 31 days", "90 seconds ago". */
function fromNow(then, now) {
  const seconds = then - now;
  const units = { day: 86400, hour: 3600, minute: 60, second: 1 };
  // 1% more, so that what was 31 days a second ago does not become 30.
  const names = /** @type {("day" | "hour" | "minute" | "second")[]} */ (Object.keys(units));
  const unit = names.find((unit) => Math.abs(seconds) * 1.01 >= 2 * units[unit]) ?? "second";
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / units[unit]), unit);
}

/** Puts two payloads side by side: [key, old text or undefined, new text or undefined] for each key. */
export function compare(...payloads) {
  // A cookie that no app made may hold a list or a number.
  const [before, after] = payloads.map((payload) => new Map(Object.entries(Object(payload))));
  return [...new Set([...before.keys(), ...after.keys()])].sort().map((key) => {
    const text = (payload) =>
      payload.has(key) ? JSON.stringify(payload.get(key), null, 1).replace(/\n\s*/g, " ") : undefined;
    return [key, text(before), text(after)];
  });
}

/**
 * One cookie of the jar, with what can be done to it.
 * `on` has save(text), copy(), remove() and takeApart(); `session` is what is known of it if it is the session cookie.
 */
export function describeCookie(cookie, session, now, on) {
  const value = h("textarea", { value: cookie.value, rows: 2, spellcheck: false });
  const attributes = [
    `Path=${cookie.path}`,
    cookie.host_only ? `for ${cookie.domain} only` : `Domain=${cookie.domain}`,
    cookie.http_only && "HttpOnly",
    cookie.secure && "Secure",
    cookie.same_site && `SameSite=${cookie.same_site}`,
    cookie.partitioned && "Partitioned",
  ];
  const kept =
    cookie.expires === null
      ? "until the browser closes"
      : `until ${date(cookie.expires)} UTC, ${fromNow(cookie.expires, now)}`;
  const rows = [
    ["Attributes", attributes.filter(Boolean).join("; ")],
    ["Kept", kept],
  ];
  if (session) rows.push(...sessionRows(session, now, cookie.value.startsWith(".")));
  const signed = session && !session.opaque;
  const describe = ([name, text, of]) => {
    const about = h("dd", {}, text);
    if (of) about.dataset.of = of; // a part of the value
    return [h("dt", {}, name), about];
  };
  const list = h("dl", {}, ...rows.flatMap(describe));
  const article = h(
    "div",
    { className: "live-cookie" },
    h("p", {}, h("strong", {}, cookie.name)),
    h("label", {}, h("span", {}, "Value of ", cookie.name), value),
    h(
      "div",
      { className: "live-row" },
      button("Save", () => on.save(value.value)),
      button("Copy", on.copy),
      button("Delete", on.remove),
    ),
    list,
  );
  if (signed) {
    article.firstElementChild.after(takenApart(value, list));
    article.querySelector(".live-row").append(button("Take it apart", on.takeApart));
  }
  for (const control of article.querySelectorAll(".live-row button")) control.append(hidden(` ${cookie.name}`));
  return article;
}

/** What there is to know about a session cookie: [name, text, the part of the value that it is about]. */
function sessionRows(session, now, compressed) {
  const made = compressed ? "compressed with zlib, then base64" : "base64, not compressed";
  if (session.opaque) return [["Contents", "an id; the data is on the server"]];
  if (session.payload === undefined) return [["Contents", "no session: the app sees an empty one"]];
  return [
    ["Payload", `${JSON.stringify(session.payload, null, 2)}\nThis JSON as ${made}`, "payload"],
    ["Signed", `${date(session.signed)} UTC, ${fromNow(session.signed, now)}`, "timestamp"],
    [
      "Signature",
      session.holds
        ? "valid: the HMAC of payload and timestamp with the app's key"
        : "invalid: the app sees an empty session",
      "signature",
    ],
    ["Accepted until", `${date(session.refused)} UTC, ${fromNow(session.refused, now)}`],
  ];
}

/** When a cookie was signed: the day only if it is another, and how long ago if it is not now. */
function signedAt(signed, now) {
  const sameDay = date(signed).slice(0, -10) === date(now).slice(0, -10);
  return ` signed ${sameDay ? date(signed).slice(-8) : date(signed)}${now - signed < 60 ? "" : `, ${fromNow(signed, now)}`}`;
}

/** The summary that stands beside every tab: what the session cookie holds, what of it changed, and what expired. */
export function describeSession({ session, now }, changes, expired) {
  const mark = ([key, old, text]) => {
    const parts = [h("span", { className: "live-key" }, `${JSON.stringify(key)}: `)];
    if (old === text) return h("li", {}, ...parts, text);
    if (old !== undefined) parts.push(h("del", {}, old), " ");
    if (old !== undefined && text !== undefined) parts.push("→ ");
    if (text !== undefined) parts.push(h("ins", {}, text));
    return h("li", { className: "live-changed" }, ...parts);
  };
  const list = changes.length ? h("ul", {}, ...changes.map(mark)) : null;
  const gone = expired.length
    ? [h("p", { className: "live-expired" }, `Expired by the clock: ${expired.join(", ")}.`)]
    : [];
  if (!session) return [h("p", {}, h("strong", {}, "No session cookie")), ...gone, ...(list ? [list] : [])];
  const head = h("p", {}, h("strong", {}, session.name));
  const lines = [];
  if (session.opaque) lines.push("The cookie contains only an id. The data is on the server.");
  else if (session.payload === undefined) lines.push("This is no session: the app sees an empty one.");
  else {
    head.append(signedAt(session.signed, now));
    if (!session.holds) lines.push("Invalid signature: the app sees an empty session.");
    else if (!session.accepted) lines.push("Too old: the app sees an empty session.");
    else head.append(", valid signature");
  }
  lines.push(
    session.expires === null
      ? "Kept until the browser closes."
      : `Kept until ${date(session.expires)}, ${fromNow(session.expires, now)}.`,
  );
  return [head, ...gone, ...(list ? [list] : []), ...lines.map((line) => h("p", {}, line))];
}

const BODY = 2000; // characters shown of one

/** One exchange: a line, and its HTTP text in a fold, with the cookies that the response sets marked. */
export function describeExchange({ method, path, status, request_headers, request_body, headers, text, note }) {
  const sets = ([name]) => /^set-cookie$/i.test(name);
  const lines = (pairs) =>
    pairs.flatMap((pair) => [h(sets(pair) ? "mark" : "span", {}, `${pair[0]}: ${pair[1]}`), "\n"]);
  const names = headers.filter(sets).map(([, value]) => value.split("=", 1)[0]);
  return h(
    "li",
    {},
    h(
      "details",
      {},
      h("summary", {}, `${method} ${path} ${status} `, names.length ? h("mark", {}, `sets ${names.join(", ")}`) : null),
      h(
        "pre",
        {},
        h("strong", {}, `${method} ${path} HTTP/1.1`),
        "\n",
        ...lines(request_headers),
        request_body ? `\n${request_body}\n` : "",
        "\n",
        h("strong", {}, `HTTP/1.1 ${status}`),
        "\n",
        ...lines(headers),
        text ? `\n${text.length > BODY ? `${text.slice(0, BODY)}\u2026` : text}` : "",
      ),
    ),
    note ? h("p", {}, note) : null,
  );
}
