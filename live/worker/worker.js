/**
 * Python for one page: CPython and Flask in WebAssembly, in a worker, so that no app can freeze the page.
 *
 * Takes { cpython } and { library }, which live/page/server.js fetches, unpacks and compiles while this starts.
 * live/build/bundle.mjs makes `#runtime`: the addresses of the files of live/runtime/, relative to this one's, and more.
 * Tells { ready, keeps } or { failure }; `keeps` is whether the next start finds the memory of this one.
 * Takes { id, time, ...message } and answers { id, begun } once it has fetched what the message needs, or
 * { id, unfetched }; then { id, reply } or { id, failure } (an app broke Python itself). `time` is { offset } in
 * milliseconds, or { frozen } in epoch milliseconds. The messages and their replies are live/worker/runner.py's `handle`.
 */
import { files, lock, sources } from "#runtime";
import { fetchPacked } from "./packed.js";

const address = (name) => new URL(files[name].address, import.meta.url).href;
const SNAPSHOT = new URL("snapshot", import.meta.url).href;
/** A memory that one worker kept is none for another. Its address holds a hash of it and of all that it fetches. */
const VERSION = new URL(import.meta.url).pathname.split("/").pop();

const realNow = Date.now;
let time = { offset: 0 };
// CPython here asks Date.now: this one line moves time.time, datetime.now, itsdangerous and Flask's Expires.
Date.now = () => time.frozen ?? realNow() + time.offset;

/**
 * Where the memory of a started Python is kept, in this reader's browser: the next start takes half the time.
 * @returns {Promise<Cache | undefined>} nothing where a browser has or allows no such place
 */
async function snapshots() {
  try {
    const name = `live ${VERSION}`;
    for (const old of await caches.keys()) if (old.startsWith("live ") && old !== name) await caches.delete(old);
    return await caches.open(name);
  } catch {
    return undefined;
  }
}

/** The files of a zip that live/build/build.mjs made: one after another, none is compressed. */
function* filesOf(zip) {
  const text = new TextDecoder();
  const view = new DataView(zip.buffer);
  for (let at = 0; view.getUint32(at, true) === 0x04034b50; ) {
    const nameEnd = at + 30 + view.getUint16(at + 26, true);
    const begin = nameEnd + view.getUint16(at + 28, true);
    const end = begin + view.getUint32(at + 18, true);
    yield [text.decode(zip.subarray(at + 30, nameEnd)), zip.subarray(begin, end)];
    at = end;
  }
}

const given = {};
const cpython = new Promise((resolve) => (given.cpython = resolve));
const library = new Promise((resolve) => (given.library = resolve));

async function start() {
  // Both scripts come at once; loadPyodide asks for the second, but late.
  const pyodide = import(address("pyodide.mjs"));
  for (const script of [pyodide, import(address("pyodide.asm.mjs"))]) script.catch(() => {}); // told of below
  const realFetch = self.fetch;
  // Neither is fetched by Pyodide itself.
  self.fetch = async (url, options) =>
    /pyodide\.asm\.wasm|python_stdlib\.zip/.test(String(url)) ? new Response() : realFetch(url, options);
  // @ts-expect-error - the type is of the overload for bytes; Pyodide takes { module, instance } (WebAssembly's own shape)
  WebAssembly.instantiateStreaming = async (_, imports) => {
    const module = await cpython;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  // Python imports its library from a folder here: out of a zip, it would read and decode each module twice.
  const fsInit = async (FS, { sitePackages }) => {
    const folders = new Set();
    for (const [name, data] of filesOf(new Uint8Array(await library))) {
      const path = `${sitePackages}/../lib-dynload/${name}`; // the first folder in which Python looks
      const folder = path.slice(0, path.lastIndexOf("/"));
      if (!folders.has(folder)) FS.mkdirTree(folder);
      folders.add(folder);
      FS.writeFile(path, data, { canOwn: true });
    }
    // Python prefers a source to what was compiled of it. Readers' builds have none.
    for (const [name, text] of Object.entries(sources)) FS.writeFile(`${sitePackages}/../lib-dynload/${name}`, text);
  };

  const [{ loadPyodide }, kept] = await Promise.all([pyodide, snapshots()]);
  const snapshot = await kept?.match(SNAPSHOT);
  const starting = loadPyodide({
    indexURL: new URL(".", address("pyodide.mjs")).href,
    fsInit,
    lockFileContents: lock,
    packageBaseUrl: new URL(".", import.meta.url).href,
    ...(snapshot ? { _loadSnapshot: snapshot.arrayBuffer() } : { _makeSnapshot: Boolean(kept) }),
  });
  const [python] = await Promise.all([starting, library]).catch((error) => {
    kept?.delete(SNAPSHOT); // if that was the cause, the next Run begins without it
    throw error;
  });
  // Of what is imported nothing is garbage.
  python.runPython("import gc; gc.disable(); from live.worker import runner; runner.warm_up(); gc.enable()");
  if (kept && !snapshot) {
    const memory = python.makeMemorySnapshot(); // must come before anything is run
    // Later, so that it does not delay the first answer; there may be no room.
    setTimeout(() => kept.put(SNAPSHOT, new Response(memory)).catch(() => {}), 3000);
  }
  const runner = python.pyimport("live.worker.runner");
  runner.prepare();
  // An app may come from a stranger's link: it must not reach what outlives this worker, nor make one that could.
  for (const name of ["caches", "Worker"]) {
    for (let owner = self; owner; owner = Object.getPrototypeOf(owner)) delete owner[name];
  }
  return { python, runner, keeps: Boolean(kept) };
}

/** scrypt and PBKDF2 come when an app's files speak of them: most examples hash no passwords. */
let hashes;
function addHashes(runner) {
  hashes ??= import("./hashes.js").then(({ scrypt, pbkdf2, sha256, sha512 }) =>
    runner.add_hashes(
      (password, salt, N, r, p, dkLen) => scrypt(password.toJs(), salt.toJs(), { N, r, p, dkLen }),
      (name, password, salt, c, dkLen) => pbkdf2({ sha256, sha512 }[name], password.toJs(), salt.toJs(), { c, dkLen }),
    ),
  );
  hashes.catch(() => (hashes = undefined));
  return hashes;
}

/** Packages beside Flask come when an app's files speak of them. */
let packages;
function addPackages(python) {
  packages ??= unpack(python, "packages.zip", "/packages").then(() =>
    python.runPython("import sys; sys.path.append('/packages')"),
  );
  packages.catch(() => (packages = undefined));
  return packages;
}

async function unpack(python, name, folder) {
  const packed = await fetchPacked(name);
  python.unpackArchive(await packed.arrayBuffer(), "zip", { extractDir: folder });
}

/** pytest and the tests' helpers come with the first proof. */
let prover;
function addProver(python) {
  prover ??= (async () => {
    await unpack(python, "pytest.zip", "/proofs");
    python.runPython("import sys; sys.path[:0] = ['/proofs', '/proofs/packages']");
    return python.pyimport("prover");
  })();
  prover.catch(() => (prover = undefined));
  return prover;
}

const ready = start();
ready.then(
  ({ keeps }) => postMessage({ ready: true, keeps }),
  (error) => postMessage({ failure: String(error.message ?? error) }),
);

self.onmessage = async ({ data }) => {
  for (const what of Object.keys(data)) if (given[what]) return given[what](data[what]);
  const { id, time: wanted, ...message } = data;
  const { python, runner } = await ready;
  let answer;
  try {
    const text = Object.values(message.files ?? {}).join();
    if (/hashlib|werkzeug\.security/.test(text)) await addHashes(runner);
    if (/flask_login|flask_wtf|wtforms/.test(text)) await addPackages(python);
    answer = message.call === "prove" ? (await addProver(python)).prove : runner.handle;
  } catch {
    return postMessage({ id, unfetched: true });
  }
  try {
    postMessage({ id, begun: true });
    time = wanted;
    postMessage({ id, reply: JSON.parse(answer(JSON.stringify(message))) });
  } catch (error) {
    postMessage({ id, failure: String(error.message ?? error) });
  }
};
