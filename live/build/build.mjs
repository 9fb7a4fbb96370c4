/**
 * Builds live/runtime/: what a reader's browser fetches to run Flask. Run by the Makefile; live/build/bundle.mjs puts it
 * into the site.
 *
 *   python.zip.gz      the standard library, Flask and what it needs, and live/*.py, compiled to .pyc
 *   pyodide.asm.wasm.gz, pyodide.asm.mjs, pyodide.mjs      CPython itself, from the npm package pyodide
 *   pytest.zip.gz      pytest and what it needs, the tests' helpers, compiled likewise: fetched for the first proof
 *   flask-login.zip.gz and such    what some apps use beside Flask, compiled likewise: fetched for an app that imports it
 *   flask-3-1-0.zip.gz and such    another version of Flask, with the Werkzeug that tests/versions/ pins for it where that is
 *                      another one too: fetched when a reader chooses it
 *   manifest.json      the versions of Pyodide and CPython, the lock file that Pyodide asks for, the modules by which apps
 *                      import each of those packages, and the versions of Flask
 *
 * The .pyc are compiled by the very Python that will load them (live/build/pack.py), so that nothing is compiled in the page:
 * this is most of what makes the start quick. Those of the standard library have no docstrings, which are a tenth of it.
 * What the start would find out anew each time is found out here: live/worker/sitecustomize.py.
 *
 * Another folder can be named: `node live/build/build.mjs /tmp/runtime`.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { loadPyodide } from "pyodide";

// Pyodide's own errors would print its whole source.
process.on("uncaughtException", (error) => {
  console.error(error.message);
  process.exit(1);
});

const here = fileURLToPath(new URL(".", import.meta.url));
const project = join(here, "../..");
const npm = join(project, "node_modules");
const worker = join(project, "live/worker");
const sitePackages = execFileSync("python", ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], {
  encoding: "utf8",
}).trim();

// Flask and all that it needs, whole: a cleverer choice once lost jinja2.debug, and with it every template error.
const PACKAGES = ["flask", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "click", "blinker"];

// What no web app imports: terminals, other people's servers, tools for developers of Python, old code pages.
const LEFT_OUT = [
  /^(xmlrpc|multiprocessing|xml\/(dom|sax))\//,
  /^_pyrepl\/(?!(__init__|utils|types|trace)\.py)/, // the rest is for pdb, which Flask's test client imports
  /^(antigravity|this|pydoc|pickletools|mailbox|imaplib|poplib|ftplib|nturl2path|modulefinder|pyclbr)\.py$/,
  /^(profile|cProfile|pstats|trace|zipapp|wave|webbrowser|pty|tty|tabnanny|optparse|plistlib)\.py$/,
  /^(_pyio|_pydatetime|tarfile)\.py$/, // the first two are written in C here
  /^importlib\/_bootstrap(_external)?\.py$/, // CPython has these two in itself, frozen
  /^asyncio\/(proactor_events|windows_\w+)\.py$/,
  /^encodings\/(mac_|koi8|cp(?!1252|437)|iso8859_(?!1\.|15)|ptcp|kz|hp_|tis|palm|big5|euc|gb|hz|johab|shift|iso2022)/,
];

/** Lists the files below `folder`, sorted, as paths relative to it. */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

const python = await loadPyodide();
python.FS.mkdirTree("/out");
const stdlib = new Uint8Array(readFileSync(join(npm, "pyodide/python_stdlib.zip")));
python.unpackArchive(stdlib, "zip", { extractDir: "/out" });

/** Copies a file into Pyodide, at an absolute path there. */
function put(path, source) {
  python.FS.mkdirTree(path.replace(/\/[^/]*$/, ""));
  python.FS.writeFile(path, readFileSync(source));
}

/** Copies an installed package whole, and its metadata: flask.__version__ and pytest's plugins read it. */
function putPackage(root, name, modules = [name], from = sitePackages) {
  for (const module of modules) {
    if (module.endsWith(".py")) put(`${root}/${module}`, join(from, module));
    else
      for (const path of filesBelow(join(from, module)).filter((path) => path.endsWith(".py"))) {
        put(`${root}/${module}/${path}`, join(from, module, path));
      }
  }
  const info = infoOf(name, from);
  for (const file of ["METADATA", "entry_points.txt"]) {
    const path = join(from, info, file);
    if (existsSync(path)) put(`${root}/${info}/${file}`, path);
  }
}

/** The folder of an installed package's metadata, whose name ends in its version. */
function infoOf(name, from = sitePackages) {
  return readdirSync(from).find(
    (entry) => entry.endsWith(".dist-info") && entry.toLowerCase().replaceAll("_", "-").replace(/-\d.*/, "") === name,
  );
}
const versionOf = (name, from) => infoOf(name, from).match(/-([\d.]+)\.dist-info$/)[1];

for (const name of PACKAGES) putPackage("/out", name);
put("/out/live/__init__.py", join(project, "live/__init__.py"));
for (const path of [
  "__init__.py",
  "browser.py",
  "check.py",
  "event_loop.py",
  "lacking.py",
  "log.py",
  "originals.py",
  "runner.py",
  "shown.py",
])
  put(`/out/live/worker/${path}`, join(worker, path));
put("/out/sitecustomize.py", join(worker, "sitecustomize.py"));

// What a proof needs beside Flask. freezegun's dateutil is Python's; pygments stays away, pytest can do without.
const PROVERS = {
  pytest: ["_pytest", "pytest", "py.py"],
  pluggy: ["pluggy"],
  iniconfig: ["iniconfig"],
  packaging: ["packaging"],
};
Object.assign(PROVERS, { freezegun: ["freezegun"], "python-dateutil": ["dateutil"] });
for (const [name, modules] of Object.entries(PROVERS)) putPackage("/prove/packages", name, modules);
put("/prove/packages/prover.py", join(worker, "prover.py"));
// The tests find these beside themselves, so they stay sources in their folders.
const helpers = filesBelow(join(project, "tests/support"))
  .filter((name) => name.endsWith(".py"))
  .map((name) => `support/${name}`);
for (const name of ["conftest.py", ...helpers]) put(`/prove/tests/${name}`, join(project, "tests", name));
for (const path of filesBelow(join(project, "extensions")).filter((path) => path.endsWith(".py"))) {
  put(`/prove/extensions/${path}`, join(project, "extensions", path));
}
for (const path of ["live/transcripts.json", "pyproject.toml"]) put(`/prove/${path}`, join(project, path));

// What some apps use beside Flask: extensions/snippets.py lists them as LIVE. A zip each, with what it needs itself.
const ADDED = {
  asgiref: { asgiref: "asgiref" },
  "flask-login": { "flask-login": "flask_login" },
  "flask-wtf": { "flask-wtf": "flask_wtf", wtforms: "wtforms" },
};
for (const [zip, parts] of Object.entries(ADDED))
  for (const [name, module] of Object.entries(parts)) putPackage(`/packages/${zip}`, name, [module]);

// The versions that *Versions* compares in the page, from the environments in which its tests ran them.
const FLASKS = ["3.1.2", "3.1.0", "3.0.1"];
const flasks = { [versionOf("flask")]: { werkzeug: versionOf("werkzeug"), zip: "" } };
for (const version of FLASKS) {
  const say = `from tests.support.environments import packages_of; print(packages_of("flask-${version}"))`;
  const from = execFileSync("python", ["-c", say], { cwd: project, encoding: "utf8" }).trim();
  const zip = `flask-${version.replaceAll(".", "-")}`;
  for (const name of ["flask", "werkzeug"])
    if (versionOf(name, from) !== versionOf(name)) putPackage(`/flasks/${zip}`, name, [name], from);
  flasks[version] = { werkzeug: versionOf("werkzeug", from), zip };
}

python.runPython(readFileSync(join(here, "pack.py"), "utf8"));
const call = (name, ...lists) =>
  python.globals
    .get(name)(...lists.map((list) => python.toPy(list)))
    .toJs();
const leftOut = LEFT_OUT.map((pattern) => pattern.source);
python.FS.writeFile("/out/tables", call("tables", "/out", leftOut));
const documented = [...PACKAGES, "live", "pyodide", "_pyodide"].map((name) => `${name}/`); // Pyodide reads its own
const zip = call("make_zip", "/out", leftOut, [], documented);
const added = Object.keys(ADDED).map((name) => [name, call("make_zip", `/packages/${name}`)]);
const others = Object.values(flasks).filter(({ zip }) => zip);
for (const { zip } of others) added.push([zip, call("make_zip", `/flasks/${zip}`)]);
const proofs = call("make_zip", "/prove", [], ["tests/", "extensions/"]);

const target = process.argv[2] ?? join(project, "live/runtime");
const fresh = `${target}.new`;
rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
const gz = (name, data) => writeFileSync(join(fresh, `${name}.gz`), gzipSync(data, { level: 9 }));
gz("python.zip", zip);
for (const [name, zip] of added) gz(`${name}.zip`, zip);
gz("pytest.zip", proofs);
gz("pyodide.asm.wasm", readFileSync(join(npm, "pyodide/pyodide.asm.wasm")));
for (const name of ["pyodide.asm.mjs", "pyodide.mjs"]) cpSync(join(npm, "pyodide", name), join(fresh, name));

// Pyodide wants a lock file of further packages. There are none; only its first lines are needed.
const { info } = JSON.parse(readFileSync(join(npm, "pyodide/pyodide-lock.json"), "utf8"));
const manifest = {
  pyodide: python.version,
  python: python.runPython("import platform; platform.python_version()"),
  lock: { info, packages: {} },
  packages: Object.fromEntries(Object.entries(ADDED).map(([name, parts]) => [name, Object.values(parts)])),
  flasks,
};
writeFileSync(join(fresh, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);

rmSync(target, { recursive: true, force: true });
renameSync(fresh, target);
process.exit(0); // Pyodide keeps Node waiting
