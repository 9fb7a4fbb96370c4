/** scrypt and PBKDF2, which the CPython of the page lacks: a file of its own, which is fetched when an app needs it. */
export { pbkdf2 } from "@noble/hashes/pbkdf2.js";
export { scrypt } from "@noble/hashes/scrypt.js";
export { sha256, sha512 } from "@noble/hashes/sha2.js";
