/** One example's app in the page's worker: loaded when it must be, asked with a visitor's cookies at a visitor's time. */

import { markError } from "../editor/syntax.js";
import { changed, files } from "../edits.js";
import * as server from "../server.js";
import { awaitsRun } from "./unrun.js";

/** Ends a text with a full stop, unless it is empty. */
export const sentence = (text) => text.replace(/[^.!?]$/, "$&.");

/**
 * A visitor who has no cookies yet.
 * @param {number} number from 1 on; it makes an address of their own, as transcripts have it (live/worker/browser.py)
 * @returns {Visitor}
 */
export function newVisitor(number) {
  const address = ["192.0.2", number].join(".");
  return { jar: null, address, session: null, refused: [] };
}

/**
 * One line for the files of an app that a start of it deleted.
 * @param {string[]} files
 */
function deletion(files) {
  const [first, ...more] = files;
  if (!first) return "";
  const names = more.length ? `${first} and ${more.length} more` : first;
  return `The app started again, without the files that it had written (${names}). Restart server keeps them.`;
}

export class App {
  /**
   * @param {HTMLElement} example a `.example[data-app]`, with its files in `script.example-files`
   * @param {() => { visitor: Visitor, time: object, env: object }} turn whose turn it is, when, and the app's
   *   environment
   * @param {{ log: (text: string) => void, failed: (line: string) => void }} on what it prints; that it did not start
   */
  constructor(example, turn, on) {
    this.example = example;
    this.name = example.dataset.app;
    this.path = `${example.dataset.folder}/${this.name}`;
    this.turn = turn;
    this.flask = null; // another version than the runtime's: see versions.js
    this.on = on;
  }

  /** Sends one message for the visitor whose turn it is, and keeps the cookie jar that comes back. */
  async call(call, args = {}) {
    server.useFlask(this.flask);
    if (call !== "load" && (this.broken || this.generation !== server.generation)) await this.load();
    const { visitor, time } = this.turn();
    const mend = changed(this.example).length ? ", or Reset code to undo your edits" : "";
    const reply = await server.call(
      { call, example: this.path, jar: visitor.jar, address: visitor.address, time, ...args },
      `Press Reload to start it again${mend}. Your cookies are kept.`,
    );
    visitor.jar = reply.jar;
    this.state = reply.state;
    if (reply.log) this.on.log(reply.log);
    // A memory that was full once stays so large, and an app may hold on to it.
    if (/^MemoryError\b/m.test(reply.log))
      server.stop(
        "An app ran out of memory, so Python was stopped. Press Reload to start it again. Your cookies are kept.",
      );
    return reply;
  }

  /** Whether the code was edited after it was loaded. */
  get stale() {
    return this.loaded !== JSON.stringify(files(this.example));
  }

  /** The files as they are, or as they were run last, if others came since that the reader has not run. */
  get files() {
    return awaitsRun(this.example) && this.loaded ? JSON.parse(this.loaded) : files(this.example);
  }

  /**
   * Writes the example's files for the worker and starts the app. Throws Trouble if it does not start.
   * @returns {Promise<string>} a line for the files that the app had written, which are gone; empty if there were none
   */
  async load(texts = this.files) {
    server.useFlask(this.flask);
    await server.start();
    this.generation = server.generation;
    this.loaded = JSON.stringify(texts);
    const reply = await this.call("load", { app: this.name, files: texts, env: this.turn().env });
    this.mustStart(reply);
    return deletion(reply.gone ?? []);
  }

  /** Starts the server again; throws Trouble if the app does not start. */
  async restart() {
    this.mustStart(await this.call("restart"));
  }

  /** @param {{ error?: string }} reply */
  mustStart({ error }) {
    this.broken = error;
    if (!error) return;
    markError(this.example, error);
    this.on.failed(`${this.name} did not start.`);
    const mend = changed(this.example).length
      ? "Fix the error and press Run, or press Reset code to undo your edits."
      : "Fix the error and press Run.";
    throw new server.Trouble(`${this.name} did not start. ${sentence(error)} ${mend}`);
  }
}

/**
 * Throws Trouble if a reply says that the app did not respond.
 * @param {{ error?: string }} reply
 */
export function mustAnswer({ error }) {
  if (error) throw new server.Trouble(`${error} Press Restart server to start it again.`);
}
