/** The page's side of live/worker/worker.js: one worker for all panels of a page. */

import { files } from "#runtime";
import { fetchPacked } from "../worker/packed.js";
import { UPDATED, updated } from "./updated.js";

// WORKER is written in by live/build/bundle.mjs: an address relative to this module's, as those of the runtime's files.
const address = (name) => new URL(files[name].address, import.meta.url);

/** How long an app may take to answer. A runaway one is ended then: a worker can't be interrupted otherwise. */
const LIMIT = 8000;
/** How long what a call needs beside Python (password hashing, pytest) may take to arrive. */
const FETCH_LIMIT = 60_000;

/** Something that a reader can be told in one line: what happened, and what to do. */
export class Trouble extends Error {}

let worker,
  used, // whether an app has run in it
  port,
  ready,
  waiting,
  lastId = 0;

/** Grows with each start and end of a worker, so that a panel knows when its app must be loaded again. */
export let generation = 0;

let up = false;

/** Whether Python runs, so that it can be asked without fetching anything. */
export const running = () => up;

/** Whether the browser keeps the started Python for the next page. */
let keeps = true;

/** One line for what this browser doesn't give the page, if anything. */
export function limits() {
  if (keeps) return "";
  const why = isSecureContext ? "this browser doesn't let the page keep anything" : "the page didn't come over https";
  return `Python starts again on each page, which takes some seconds, because ${why}.`;
}

const progress = new Set();

/** CPython, once it is compiled; kept for a next worker of this page. */
let cpython;
let fetching;

/** @type {{ version: string, zip: ArrayBuffer } | null} what runs in the place of the runtime's own Flask */
let flask = null;

/**
 * Has all that runs from now on run on another Flask, or on the runtime's own.
 * @param {{ version: string, zip: ArrayBuffer } | null} other with a zip that live/build/build.mjs made, unpacked
 */
export function useFlask(other) {
  if (other === flask) return;
  flask = other;
  stop("Another version of Flask was chosen. Press Run to start the app again.");
}

/** Gives a new worker what it waits for: fetched, unpacked and compiled here while the worker starts. */
async function supply(port) {
  const other = flask?.zip;
  fetching = new AbortController();
  let loaded = 0;
  const onBytes = (count) => {
    loaded += count;
    for (const listener of progress) listener({ loaded, total });
  };
  const { signal } = fetching;
  const total = files["python.zip.gz"].bytes + (cpython ? 0 : files["pyodide.asm.wasm.gz"].bytes);
  const packed = (name) => fetchPacked(name, onBytes, signal);
  const zip = packed("python.zip");
  zip.catch(() => {}); // told of below
  cpython ??= await WebAssembly.compileStreaming(packed("pyodide.asm.wasm"));
  port.postMessage({ cpython });
  const whole = await (await zip).arrayBuffer(); // unpacked as it is read: after what is needed first
  port.postMessage({ library: { whole, flask: other } }, [whole]);
}

/** Calls `listener({ loaded, total })`, in bytes, while Python is fetched. Returns a function that ends this. */
export function onProgress(listener) {
  progress.add(listener);
  return () => progress.delete(listener);
}

/**
 * Fetches and starts Python, unless it has been; called on a reader's intent.
 * @returns {Promise<void>} rejected with Trouble
 */
export function start() {
  ready ??= new Promise((resolve, reject) => {
    generation++;
    used = false;
    waiting = new Map();
    // What the worker imports one after another comes at once, while it starts: it finds them in the browser's cache.
    const script = new URL(WORKER, import.meta.url);
    for (const one of [address("pyodide.asm.mjs"), address("pyodide.mjs"), script]) {
      fetch(one)
        .then((response) => response.arrayBuffer())
        .catch(() => {});
    }
    // A worker made from a blob obeys the page's Content-Security-Policy, so that no app can call another host.
    const blob = URL.createObjectURL(new Blob([begin(script)], { type: "text/javascript" }));
    try {
      worker = new Worker(blob, { type: "module" });
    } catch ({ message }) {
      throw new Trouble(
        `This browser doesn't let the page start a worker for Python (${message}). The command runs the app on your computer.`,
      );
    }
    // An app can send messages as the worker: those of the worker's own code come through a channel that apps lack.
    const channel = new MessageChannel();
    port = channel.port1;
    worker.postMessage({ port: channel.port2, other: Boolean(flask) }, [channel.port2]);
    worker.onerror = (event) => {
      if (!up) return fail(event.message ?? "blocked");
      event.preventDefault(); // what an app left behind, such as a timer, has failed
    };
    port.onmessage = ({ data }) => {
      const { id, reply, failure } = data;
      URL.revokeObjectURL(blob);
      keeps = data.keeps ?? keeps;
      up ||= Boolean(data.ready);
      if (data.ready) resolve(undefined);
      else if (data.closed) stop(CLOSED);
      else if (id && !waiting.has(id)) return;
      else if (reply) {
        used = true;
        settle(id).resolve(decoded(reply));
      } else if (data.unfetched) trouble(UNFETCHED).then(settle(id).reject);
      else if (data.fetching) waiting.get(id).limit(FETCH_LIMIT, UNFETCHED);
      else if (data.begun) waiting.get(id).limit(LIMIT);
      else if (failure) fail(failure);
    };
    const mine = port;
    supply(mine).catch((error) => mine === port && fail(error.message));
    const fail = (cause) => {
      trouble(explain(cause)).then(reject);
      stop(CRASHED);
    };
  });
  const attempt = ready;
  attempt.catch(() => {
    if (ready === attempt) ready = null;
  });
  return ready;
}

/**
 * The first script of a worker. It doesn't name the other one in an `import` declaration, because Firefox 153 loads what
 * a blob's module declares past the service worker, so that Python wouldn't start without network.
 */
const begin = (script) => `onmessage = (first) => import(${JSON.stringify(script)}).then(
  () => onmessage(first), (error) => setTimeout(() => { throw error; }));`;

/** What the reader is told when something could not be fetched: that it is gone, if a newer build has taken its place. */
const trouble = async (text) => new Trouble((await updated()) ? UPDATED : text);

const CRASHED = "The app crashed Python. Press Reload to start it again. Your cookies are kept.";
const CLOSED = "An app closed the worker in which Python runs. Press Reload to start it again. Your cookies are kept.";
const UNFETCHED =
  "What this needs beside Python could not be fetched. Check the connection, then press the button again.";

/** Reads responses of which Python gave the bytes as the browser itself would: apps may use any character encoding. */
function decoded(reply) {
  for (const exchange of reply.exchanges ?? []) {
    const { charset, base64 } = exchange;
    if (!charset) continue;
    let decoder = new TextDecoder();
    try {
      decoder = new TextDecoder(charset);
    } catch {} // no encoding that browsers know
    exchange.text = decoder.decode(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)));
  }
  return reply;
}

function settle(id) {
  const entry = waiting.get(id);
  waiting.delete(id);
  clearTimeout(entry.timer);
  return entry;
}

/** One line for what kept Python from starting. */
function explain(cause) {
  if (/memory/i.test(cause))
    return "There is not enough memory for Python here. Close other tabs, then press Run again.";
  return `Python could not be started (${cause || "blocked"}). Check the connection, then press Run again.`;
}

/**
 * Ends the worker. What it was doing is rejected with `reason`; the next `start` begins anew.
 * @param {string} reason for the reader
 */
export function stop(reason) {
  if (worker) generation++;
  worker?.terminate();
  port?.close();
  fetching?.abort();
  worker = port = ready = null;
  up = false;
  for (const id of [...(waiting?.keys() ?? [])]) settle(id).reject(new Trouble(reason));
}

/**
 * Sends one message to live/worker/runner.py's `handle`.
 * @param {{ call: string, [argument: string]: unknown }} message with "call", "example", "time" and the call's arguments
 * @param {string} [remedy] what the reader does when the app takes too long
 * @returns {Promise<Reply>} its reply; rejected with Trouble if the app breaks Python or takes too long
 */
export async function call(message, remedy = "Press Reload to start it again. Your cookies are kept.") {
  if (message.call === "prove") useFlask(null); // the tests are about the runtime's own
  await start();
  const others = used;
  try {
    return await send(message, remedy);
  } catch (error) {
    // An app that is loaded has not run yet: what broke Python was an earlier one.
    if (message.call !== "load" || !others || error.message !== CRASHED) throw error;
    await start();
    return send(message, remedy);
  }
}

/** Waits until no message waits for its reply. */
export async function idle() {
  while (waiting?.size) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Sends one message to the worker that runs. */
function send(message, remedy) {
  return new Promise((resolve, reject) => {
    const id = ++lastId;
    const late = `The app didn't respond within ${LIMIT / 1000} seconds, so it was stopped. ${remedy}`;
    const entry = { resolve, reject, timer: 0 };
    entry.limit = (milliseconds, reason = late) => {
      clearTimeout(entry.timer);
      entry.timer = setTimeout(() => stop(reason), milliseconds);
    };
    // Behind another message, such as a test, it waits longer: its own time runs when Python begins it.
    const first = waiting.size === 0;
    waiting.set(id, entry);
    entry.limit(first ? LIMIT : FETCH_LIMIT);
    port.postMessage({ id, ...message });
  });
}

// The memory goes back when the reader leaves, also when the browser keeps the page for Back.
addEventListener("pagehide", () => {
  stop("The page was left.");
  cpython = undefined;
});
