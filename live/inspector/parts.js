/** The parts of a session cookie: payload, timestamp, signature. */
import { BadCookie } from "./bad-cookie.js";
import { base64Decode, base64Encode } from "./base64.js";
import { compact, parseJson } from "./json.js";
import { untag } from "./tags.js";
import { deflate, inflate } from "./zlib.js";

const utf8 = new TextEncoder();

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
 * @returns {{json: string, tree: JsonNode}} the JSON text exactly as signed, and its typed tree
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
  return small && small.length < bytes.length - 1 ? `.${base64Encode(small)}` : base64Encode(bytes);
}
