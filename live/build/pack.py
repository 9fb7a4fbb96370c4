"""Packs the zips of live/runtime. build.mjs runs this in Pyodide: the very Python that loads them makes them."""

import _sre
import ast
import io
import marshal
import pathlib
import re
import sys
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined] # CPython's own, without types
from importlib.util import source_hash


def files(root, left_out):
    """Each file below a folder with its name there, but for names that begin with one of the patterns `left_out`."""
    for path in sorted(pathlib.Path(root).rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not any(re.match(pattern, name) for pattern in left_out):
            yield path, name


def modules(root, left_out):
    """Each module's name below a folder, and whether it is a package."""
    names = [name.removesuffix(".py") for _, name in files(root, left_out) if name.endswith(".py")]
    return {name.removesuffix("/__init__").replace("/", "."): name.endswith("/__init__") for name in names}


def patterns(root):
    """What _sre.compile is called with for each regular expression of the start, by re.compile's arguments."""
    sys.path.insert(0, root)
    import live.worker.runner

    live.worker.runner.warm_up()
    real = _sre.compile
    try:
        _sre.compile = lambda pattern, flags, code, *more: (pattern, flags, [*map(int, code)], *more)
        keys = sorted({(pattern, int(flags)) for _, pattern, flags in vars(re)["_cache"]}, key=repr)
        return {key: vars(re)["_compiler"].compile(*key) for key in keys}
    finally:
        _sre.compile = real


def tables(root, left_out):
    """The file `tables` that live/worker/sitecustomize.py reads.

    Python looks for live/ itself: `make serve` puts sources beside the compiled modules, and they come first.
    """
    compiled = patterns(root)  # first: what is left out is matched by patterns, too
    places = {name: package for name, package in modules(root, left_out).items() if name.partition(".")[0] != "live"}
    return marshal.dumps((compiled, places))


def without_docstrings(source):
    """The syntax tree of a module, without what only help() reads."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            node.body[:1] = [] if len(node.body) > 1 else [ast.copy_location(ast.Pass(), node.body[0])]
    return tree


def make_zip(root, left_out=(), sources=(), documented=("",)):
    """The zip of a folder, its Python files compiled but for those below `sources`.

    Docstrings stay in files whose names begin with one of `documented`. The .pyc are hash-based and unchecked, the zip
    is sorted, dated 1980 and stored, so that the same files give the same bytes.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path, name in files(root, left_out):
            data = path.read_bytes()
            if name.endswith(".py") and not name.startswith(tuple(sources)):
                code = data if name.startswith(tuple(documented)) else without_docstrings(data)
                # The short file name is what a traceback shows.
                code = compile(code, name, "exec", dont_inherit=True)
                data = bytes(_code_to_hash_pyc(code, source_hash(data), False))
                name += "c"
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()
