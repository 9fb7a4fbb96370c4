/**
 * Runs live/inspector/cookie.js over cases from a file, for tests/pages/test_cookie_inspector.py.
 * Usage: node inspector_node.mjs cases.json results.json
 */
import { readFileSync, writeFileSync } from "node:fs";
import * as cookie from "../../live/inspector/cookie.js";

const operations = {
  async judge({ text, bare, keys, options }) {
    const { value } = bare ? { value: text } : cookie.findCookie(text);
    const parts = cookie.parse(value);
    const result = {
      ...(await cookie.judge(value, keys, options)),
      content: null,
      value,
      shape: cookie.recognise(value),
    };
    if (parts.timestamp !== null) result.signedAt = cookie.signedAt(parts.timestamp);
    try {
      // Without a timestamp itsdangerous reads what stands before the signature.
      result.content = cookie.decode(parts.payload ?? value.slice(0, value.lastIndexOf("."))).tree;
    } catch (error) {
      if (!(error instanceof cookie.BadCookie)) throw error;
      result.problem = error.code;
    }
    return result;
  },
  sign: ({ json, key, options, timestamp }) => cookie.sign(json, key, options, timestamp),
  find: ({ text, name }) => cookie.findCookie(text, name),
};

const results = [];
for (const { operation, ...input } of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  results.push(await operations[operation](input));
}
// Bytes as plain arrays, which JSON has.
const plain = (_, value) => (value instanceof Uint8Array ? [...value] : value);
writeFileSync(process.argv[3], JSON.stringify(results, plain));
