/** Base64 as Python's base64.urlsafe_b64decode reads it. */
import { BadCookie } from "./bad-cookie.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const FOREIGN = 64;
export const STANDARD = new Uint8Array(256).fill(FOREIGN);
for (let i = 0; i < 62; i++) STANDARD[ALPHABET.charCodeAt(i)] = i;
const URL_SAFE = STANDARD.slice();
for (const [codes, signs] of /** @type {[Uint8Array, string][]} */ ([
  [STANDARD, "+/"],
  [URL_SAFE, "+/"],
  [URL_SAFE, "-_"],
])) {
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
export function a2b(bytes, codes) {
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
export function base64Decode(bytes) {
  const padded = new Uint8Array((bytes.length + 3) & ~3).fill(61);
  padded.set(bytes);
  return a2b(padded, URL_SAFE);
}

/**
 * itsdangerous.encoding.base64_encode: URL-safe, without padding.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function base64Encode(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const four =
      ALPHABET[a >> 2] + ALPHABET[((a & 3) << 4) | (b >> 4)] + ALPHABET[((b & 15) << 2) | (c >> 6)] + ALPHABET[c & 63];
    text += four.slice(0, bytes.length - i + 1);
  }
  return text;
}
