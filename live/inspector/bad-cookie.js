/** What every step of reading a cookie may throw. */

/** Data that Flask would refuse too. `code` says at which step: base64, zlib, size, utf8, json or tag. */
export class BadCookie extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}
