/**
 * Parses the JavaScript files named as arguments, and prints a line for each that can't be parsed: file, line, fault.
 *
 *   node live/build/check.mjs FILE...
 */
import { readFileSync } from "node:fs";
import { transform } from "esbuild";

for (const name of process.argv.slice(2)) {
  try {
    await transform(readFileSync(name, "utf8"), { loader: "js", sourcefile: name, logLevel: "silent" });
  } catch ({ errors }) {
    const [{ location, text }] = errors;
    console.log(`${name}:${location.line}: ${text}; fix the syntax`);
  }
}
