"""Makes the start quicker, with two tables that live/build/ made: each compiled pattern, and where each module is.

Python imports a file of this name by itself, ahead of what Pyodide and Flask need
(https://docs.python.org/3/library/site.html). Else it would parse a hundred regular expressions, and look for each of
400 modules in several folders.
"""

import _sre
import marshal
import sys
from _frozen_importlib_external import SourcelessFileLoader, spec_from_file_location
from re import _compiler  # type: ignore[attr-defined] # part of CPython that its types leave out

folder = __file__.removesuffix("sitecustomize.pyc")
with open(f"{folder}tables", "rb") as file:
    patterns, modules = marshal.load(file)  # noqa: S302 - made by live/build/pack.py
parse = _compiler.compile


def compile(pattern, flags=0):
    """What re._compiler.compile returns for these arguments; from the table if they are in it."""
    arguments = patterns.pop((pattern, flags), None)
    return _sre.compile(*arguments) if arguments else parse(pattern, flags)


class Finder:
    """Finds what Python would find without looking for it."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """The spec of a module of the table; see importlib.abc.MetaPathFinder."""
        is_package = modules.get(name)
        if is_package is None:
            return None
        place = folder + name.replace(".", "/")
        file = f"{place}/__init__.pyc" if is_package else f"{place}.pyc"
        loader = SourcelessFileLoader(name, file)
        return spec_from_file_location(
            name, file, loader=loader, submodule_search_locations=[place] if is_package else None
        )


def uninstall():
    """Leave Python as it is elsewhere: an app's own module may bear the name of one of the library."""
    _compiler.compile = parse
    sys.meta_path.remove(Finder)


_compiler.compile = compile
sys.meta_path.insert(2, Finder)  # behind what is built in and frozen
