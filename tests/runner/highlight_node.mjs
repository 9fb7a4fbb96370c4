/** Runs live/page/editor/highlight.js over [path, text] pairs on standard input, for tests/runner/test_live_highlight.py. */
import { readFileSync } from "node:fs";
import { tokens } from "../../live/page/editor/highlight.js";

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(([path, text]) => tokens(text, path))));
