/**
 * Puts all that runs in a reader's browser into a folder, under addresses that contain a hash of the contents: the
 * modules of live/page and live/inspector with their style sheets, the workers, the files of live/runtime, and the
 * scripts and style sheets of docs/assets.
 *
 *   node live/build/bundle.mjs FOLDER [--serve]
 *
 * With --serve, the Python of live/worker goes along as it stands: an edit needs no new live/runtime, which takes long.
 *
 * A module finds its own parts by addresses relative to its own, so everything lies in one folder. The worker is built
 * first, with the runtime's addresses in it, and the page's modules then contain the worker's. FOLDER/modules.json names
 * the file of each module that has one, and the files that it imports at once. FOLDER/packages.json names the npm
 * packages of which they contain something.
 */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const project = fileURLToPath(new URL("../..", import.meta.url));
const runtime = join(project, "live/runtime");
const [target, serve] = process.argv.slice(2);

/** Makes a style sheet small; the module that imports one gets its address. */
const styleSheets = {
  name: "style sheets",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "file" };
    });
  },
};

/** The module `#runtime`: the addresses and sizes of the runtime's files, Pyodide's lock file, Python sources. */
const runtimeModule = (value) => ({
  name: "runtime",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^#runtime$/ }, ({ path }) => ({ path, namespace: "runtime" }));
    onLoad({ filter: /.*/, namespace: "runtime" }, () => ({ contents: JSON.stringify(value), loader: "json" }));
  },
});

/** Has modules of live/page import a file that is built already, in the place of those that it is made of. */
const inPlaceOf = (names, file) => ({
  name: "base",
  setup({ onResolve }) {
    const paths = names.map((name) => join(project, "live/page", name));
    onResolve({ filter: /^\.+\// }, ({ path, resolveDir }) =>
      paths.includes(join(resolveDir, path)) ? { path: `./${file}`, external: true } : undefined,
    );
  },
});

const packages = new Set(); // the npm packages that are part of what is bundled

/** Bundles modules into the folder; maps each one's path to { file, imports }. */
async function bundle(names, value, define = {}, plugins = []) {
  const { metafile } = await build({
    absWorkingDir: project,
    entryPoints: names.map((name) => `live/${name}.js`),
    outdir: target,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    preserveSymlinks: true, // names, and so hashes, are those below the project
    minify: true,
    format: "esm",
    target: "es2022",
    metafile: true,
    define: Object.fromEntries(Object.entries(define).map(([name, value]) => [name, JSON.stringify(value)])),
    plugins: [styleSheets, runtimeModule(value), ...plugins],
    logLevel: "silent",
  });
  for (const path of Object.keys(metafile.inputs)) {
    const name = path.match(/(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1];
    if (name) packages.add(name);
  }
  const file = (path) => relative(target, join(project, path));
  const found = {};
  for (const [path, { entryPoint, imports }] of Object.entries(metafile.outputs)) {
    if (!entryPoint) continue;
    const needed = imports
      .filter(({ kind }) => kind === "import-statement")
      .map((one) => (one.external ? basename(one.path) : file(one.path)));
    found[entryPoint] = { file: file(path), imports: [...new Set(needed)] };
  }
  return found;
}

const hashOf = (...parts) =>
  parts
    .reduce((sum, part) => sum.update(part), createHash("sha256"))
    .digest("hex")
    .slice(0, 8);

/** The origin of every app, which the page and the worker's browser have in common. */
const origin = () => readFileSync(join(project, "live/worker/browser.py"), "utf8").match(/^ORIGIN = "(.+)"/m)[1];

/** Makes a script or a style sheet of docs/assets small, and puts it into the folder; gives its entry of modules.json. */
async function shrink(path) {
  const loader = extname(path).slice(1);
  const { code } = await transform(readFileSync(join(project, path), "utf8"), { loader, minify: true });
  const file = `${basename(path, `.${loader}`)}-${hashOf(code)}.${loader}`;
  writeFileSync(join(target, file), code);
  return [path, { file, imports: [] }];
}

/** Copies files of the runtime into the folder, below a name made of their contents; gives their addresses and sizes. */
function copyRuntime(names, folder = "") {
  const data = names.map((name) => readFileSync(join(runtime, name)));
  const hash = hashOf(...data);
  if (folder) mkdirSync(join(target, `${folder}-${hash}`), { recursive: true });
  return names.map((name, index) => {
    const address = folder ? `${folder}-${hash}/${name}` : name.replace(/\./, `-${hash}.`);
    copyFileSync(join(runtime, name), join(target, address));
    return [name, { address, bytes: data[index].length }];
  });
}

try {
  mkdirSync(target, { recursive: true });
  const { lock, packages: added, flasks } = JSON.parse(readFileSync(join(runtime, "manifest.json"), "utf8"));
  const others = Object.values(flasks).flatMap(({ zip }) => zip || []);
  const zips = ["python", "pytest", ...Object.keys(added), ...others].map((name) => `${name}.zip.gz`);
  const files = Object.fromEntries([
    // pyodide.mjs asks for the other one beside itself.
    ...copyRuntime(["pyodide.mjs", "pyodide.asm.mjs"], "cpython"),
    ...["pyodide.asm.wasm.gz", ...zips].flatMap((name) => copyRuntime([name])),
  ]);
  const python = serve
    ? ["browser", "event_loop", "lacking", "originals", "runner", "shown"].map((name) => `live/worker/${name}.py`)
    : [];
  const sources = Object.fromEntries(python.map((path) => [path, readFileSync(join(project, path), "utf8")]));
  const value = { files, lock, packages: added, flasks, sources };
  const worker = await bundle(["worker/worker"], value);
  const base = await bundle(["page/base"], value);
  const inspectorWorker = await bundle(["inspector/inspector-worker"], value);
  const modules = {
    ...worker,
    ...inspectorWorker,
    ...(await bundle(["search/search-worker"], value)),
    ...base,
    ...(await bundle(
      ["page/live", "page/tested"],
      value,
      { WORKER: worker["live/worker/worker.js"].file, APP_ORIGIN: origin() },
      [inPlaceOf(["dom.js", "edits.js", "kept.js", "updated.js"], base["live/page/base.js"].file)],
    )),
    ...(await bundle(["inspector/inspector"], value, {
      INSPECTOR_WORKER: inspectorWorker["live/inspector/inspector-worker.js"].file,
    })),
  };
  const assets = readdirSync(join(project, "docs/assets")).filter((name) => /\.(css|js)$/.test(name));
  Object.assign(modules, Object.fromEntries(await Promise.all(assets.map((name) => shrink(`docs/assets/${name}`)))));
  writeFileSync(join(target, "packages.json"), `${JSON.stringify([...packages].sort())}\n`);
  writeFileSync(join(target, "modules.json"), `${JSON.stringify(modules, null, 1)}\n`);
} catch (error) {
  const [first] = error.errors ?? [];
  const place = first?.location ? `${first.location.file}:${first.location.line}: ` : "";
  console.error(first ? `${place}${first.text}` : error.message);
  process.exit(1);
}
