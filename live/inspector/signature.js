/** Checks and makes the signature of a session cookie (itsdangerous' signer.py and timed.py). */
import { base64Decode, base64Encode } from "./base64.js";
import { decode, encode, parse, signedAt } from "./parts.js";

const utf8 = new TextEncoder();

/** What Flask's SecureCookieSessionInterface uses unless an app changes it. */
export const FLASK = { salt: "cookie-session", digest: "sha1", keyDerivation: "hmac" };

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
 * @param {{ lifetime?: number, now?: number, salt?: string, digest?: "sha1"|"sha256"|"sha384"|"sha512",
 *   keyDerivation?: "hmac"|"concat"|"django-concat"|"none" }} [options] as for verify(), and `lifetime` and `now` in seconds
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
