/** Types that several modules share, and what the DOM's own types leave open. Nothing here runs. */

// The pages' own elements are HTML elements: no module selects a part of a drawing.
interface ParentNode {
  querySelector(selectors: string): HTMLElement | null;
  querySelectorAll(selectors: string): NodeListOf<HTMLElement>;
}
interface Element {
  closest(selectors: string): HTMLElement | null;
}

/** Chromium's (https://wicg.github.io/netinfo/); other browsers have none. */
interface Navigator {
  connection?: { saveData: boolean };
}

interface ObjectConstructor {
  /** Of an element it gives that element, with the properties that it was given. */
  assign<T extends Node>(target: T, source: object): T;
}

/** One request with its response, as live/worker/runner.py's `visit` returns it. */
interface Exchange {
  method: string;
  path: string;
  code: number;
  status: string;
  type: string;
  text?: string;
  base64?: string;
  charset?: string;
  headers: [string, string][];
  request_headers: [string, string][];
  request_body: string;
  refused: { cookie: string; reason: string }[];
  note?: string;
}

/** A cookie of a visitor's jar, as live/worker/runner.py describes it. */
interface JarCookie {
  key: unknown;
  name: string;
  value: string;
  path: string;
  domain: string;
  host_only: boolean;
  http_only: boolean;
  secure: boolean;
  same_site: string | null;
  partitioned: boolean;
  expires: number | null;
}

/** What is known of the session cookie. */
interface SessionState {
  name: string;
  opaque?: boolean;
  payload?: unknown;
  signed?: number;
  holds?: boolean;
  accepted?: boolean;
  refused?: number;
  expires: number | null;
}

/** A reply of the worker (live/worker/runner.py, live/worker/prover.py). */
interface Reply {
  jar: unknown;
  state: { now: number; cookies: JarCookie[]; session: SessionState | null };
  log: string;
  error?: string;
  line?: number;
  exchanges?: Exchange[];
  ms?: number;
  proofs?: Record<string, { passed: boolean; seconds?: number; report?: string; cases?: number }>;
  broken?: string;
  gone?: string[];
}

/** A visitor of the app: a cookie jar, and what was last seen of it. */
interface Visitor {
  jar: unknown;
  address: string;
  session: SessionState | null;
  refused: { cookie: string; reason: string }[];
}

/** One part of a transcript: an exchange with its list item, or a step between two. */
interface Part {
  item?: HTMLElement;
  name?: string;
  step?: string;
  method?: string;
  path?: string;
  form?: [string, string][];
  answer?: { status: string; headers: string[]; body: string };
}

/**
 * A JSON value that keeps what was written. `raw` is the text of a string (with its quotes), number or literal; `value` a
 * string's content; `items` an array's; `entries` an object's, in order, with repeated keys. untag() adds `tag` ("tuple",
 * "bytes" ...) to an object that stands for a Python type.
 */
interface JsonNode {
  type: "string" | "number" | "literal" | "array" | "object";
  raw?: string;
  value?: string;
  items?: JsonNode[];
  entries?: { key: string; raw: string; node: JsonNode }[];
  tag?: string;
  bytes?: Uint8Array;
}
