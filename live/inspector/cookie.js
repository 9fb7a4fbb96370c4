/**
 * Flask's session cookie, taken apart, checked and made: no DOM, no dependency, browser and Node.
 *
 * A cookie is `payload.timestamp.signature`. The rules are those of itsdangerous 2.2 (encoding.py,
 * signer.py, timed.py, url_safe.py), of CPython's base64, zlib and json, and of Flask's json/tag.py.
 * What they accept is accepted here, what they refuse is refused: tests/pages/test_cookie_inspector.py
 * holds both against each other.
 */
export { BadCookie } from "./bad-cookie.js";
export { findCookie, recognise } from "./find.js";
export { compact, parseJson } from "./json.js";
export { decode, encode, parse, signedAt } from "./parts.js";
export { canSign, FLASK, judge, sign, verify } from "./signature.js";
export { INFLATE_LIMIT } from "./zlib.js";
