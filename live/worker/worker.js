/**
 * Python for one page: CPython and Flask in WebAssembly, in a worker, so that no app can freeze the page.
 *
 * Takes { port, other }, the port through which all further messages go: an app can send and get those of the worker itself.
 * Takes { cpython } and { library }, which live/page/server.js fetches, unpacks and compiles while this starts. If `other` is
 * true, `library` has another Flask, and neither takes nor leaves a memory.
 * live/build/bundle.mjs makes `#runtime`: the addresses of the files of live/runtime/, relative to this one's, and more.
 * Tells { ready, keeps } or { failure }; `keeps` is whether the next start finds the memory of this one. Tells { closed }
 * if an app asks for the worker's end.
 * Takes { id, time, ...message } and answers { id, fetching } if the message needs something that must be fetched, then
 * { id, begun } or { id, unfetched }; then { id, reply } or { id, failure } (an app broke Python itself). `time` is { offset } in
 * milliseconds, or { frozen } in epoch milliseconds. The messages and their replies are live/worker/runner.py's `handle`.
 */
import { files, lock, packages, sources } from "#runtime";
import { fetchPacked } from "./packed.js";

const address = (name) => new URL(files[name].address, import.meta.url).href;
const SNAPSHOT = new URL("snapshot", import.meta.url).href;
/** A memory that one worker kept is none for another. Its address holds a hash of it and of all that it fetches. */
const VERSION = new URL(import.meta.url).pathname.split("/").pop();

const given = {};
/** Sends a message to the page. Apps find all that is in the worker's scope, but not this. */
let tell;
const connected = new Promise((resolve) => (given.port = resolve));
self.onmessage = ({ data: { port, other } }) => {
  self.onmessage = null;
  port.onmessage = ({ data }) => {
    for (const what of Object.keys(data)) if (given[what]) return given[what](data[what]);
    return answer(data);
  };
  tell = port.postMessage.bind(port);
  given.port(other);
};

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

/** A zip's files, with those of packages in another zip in the place of its own. */
function* withOther(library, other) {
  const packageOf = (name) => name.split("/")[0].replace(/-[\d.]+\.dist-info$/, "");
  const files = other ? [...filesOf(new Uint8Array(other))] : [];
  const replaced = new Set(files.map(([name]) => packageOf(name)));
  for (const file of filesOf(new Uint8Array(library))) if (!replaced.has(packageOf(file[0]))) yield file;
  yield* files;
}

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
    const { whole, flask } = await library;
    for (const [name, data] of withOther(whole, flask)) {
      const path = `${sitePackages}/../lib-dynload/${name}`; // the first folder in which Python looks
      const folder = path.slice(0, path.lastIndexOf("/"));
      if (!folders.has(folder)) FS.mkdirTree(folder);
      folders.add(folder);
      FS.writeFile(path, data, { canOwn: true });
    }
    // Python prefers a source to what was compiled of it. Readers' builds have none.
    for (const [name, text] of Object.entries(sources)) FS.writeFile(`${sitePackages}/../lib-dynload/${name}`, text);
  };

  const other = await connected;
  const [{ loadPyodide }, kept] = await Promise.all([pyodide, other ? undefined : snapshots()]);
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
  const originals = python.pyimport("live.worker.originals");
  runner.prepare();
  shut();
  return { python, runner, originals, keeps: other || Boolean(kept) };
}

// What outlives a worker, makes another one, reaches other pages of the site, or pretends to be a socket of Python.
const KEPT = ["caches", "indexedDB", "Worker", "SharedWorker", "BroadcastChannel", "WebSocket", "WebSocketStream"];
const KEPT_BY_NAVIGATOR = ["storage", "storageBuckets", "serviceWorker", "locks"];

/** An app may come from a stranger's link: it must reach nothing that outlives this worker. Nor does it end the worker unheard. */
function shut() {
  const hide = (start, names) => {
    for (let owner = start; owner; owner = Object.getPrototypeOf(owner)) for (const name of names) delete owner[name];
  };
  hide(self, KEPT);
  hide(navigator, KEPT_BY_NAVIGATOR);
  self.close = () => tell({ closed: true });
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

/** A package beside Flask comes when one of an app's files imports it. */
const added = {};
function addPackage(python, name) {
  added[name] ??= unpack(python, `${name}.zip`, `/packages/${name}`).then(() => {
    python.runPython(`import sys; sys.path.append('/packages/${name}')`);
    if (name === "asgiref") python.runPython("from live.worker import event_loop; event_loop.install_asgiref()");
  });
  added[name].catch(() => delete added[name]);
  return added[name];
}

/** The lines of Python files that import something. Flask itself imports asgiref for an `async def`. */
const IMPORTS = /^[ \t]*(?:from|import)[ \t].*|\b(?:import_module|__import__)\(.*|^[ \t]*async def /gm;
const importsOf = (files) =>
  Object.entries(files)
    .filter(([name]) => name.endsWith(".py"))
    .flatMap(([, text]) => text.match(IMPORTS) ?? [])
    .join("\n")
    .replaceAll("async def ", "asgiref");

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
  ({ keeps }) => tell({ ready: true, keeps }),
  (error) => connected.then(() => tell({ failure: String(error.message ?? error) })),
);

/**
 * Fetches what a message needs beside Flask; gives the function that answers it.
 * @param {{ call?: string, files?: Record<string, string> }} message
 */
async function prepared({ call, files = {} }, { python, runner }, fetching) {
  const wanted = [];
  if (/hashlib|werkzeug\.security/.test(Object.values(files).join())) wanted.push(() => addHashes(runner));
  const imports = importsOf(files);
  for (const [name, modules] of Object.entries(packages))
    if (new RegExp(`\\b(${modules.join("|")})\\b`).test(imports)) wanted.push(() => addPackage(python, name));
  if (wanted.length || call === "prove") fetching();
  for (const add of wanted) await add();
  return call === "prove" ? (await addProver(python)).prove : runner.handle;
}

async function answer({ id, time: wanted, ...message }) {
  const started = await ready;
  let answering;
  try {
    answering = await prepared(message, started, () => tell({ id, fetching: true }));
  } catch {
    return tell({ id, unfetched: true });
  }
  try {
    tell({ id, begun: true });
    time = wanted;
    if (message.call === "load") started.originals.restore();
    const reply = JSON.parse(answering(JSON.stringify(message)));
    tell(reply ? { id, reply } : { id, failure: "an app replaced a part of Python" });
  } catch (error) {
    tell({ id, failure: String(error.message ?? error) });
  }
}
