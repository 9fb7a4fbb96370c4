"""The editor and the tests color code as the build does: live/page/editor/highlight.js against Pygments."""

import json
import subprocess

import pytest
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES

from extensions import ledger, snippets
from tests.support import site

# Pygments' classes by the color that the theme gives them; what is missing here has the color of plain code.
COLORS = {
    "string": "s s1 s2 si",
    "special": "se cp",
    "keyword": "k kn kp nd",
    "number": "m mb mf mh mi mo",
    "function": "nc ne nf",
    "constant": "nb bp",
    "comment": "c c1 ch sd",
}
COLOR = {name: color for color, names in COLORS.items() for name in names.split()}
FILES = [p for p in [*snippets.ROOT.rglob("*.py"), *snippets.ROOT.rglob("*.html")] if "__pycache__" not in p.parts]
TRICKY = r'''
def f(a: int = 0x1F, *, b=1e-3) -> "str":
    """A docstring with a \n escape."""
    x = f"{a!r:>{b}} {{not}} {session['k']:,.2f} \x41" + rf"\d{a}" + b"\x00\u1234" + u'ü' + "it's" 'a "quote"'
    y = 'it\'s' "100 %s {name}" '''  # noqa: E501
TRICKY += r"""
    match command:
        case [1, "x"] if x else y:
            raise ValueError(self.id, cls) from None
    lambda: (yield), not True, 1_000.5j, a @ b, x.type, x.print, print
class Shop(dict):
    @property
    def __init__(self): return super().__init__()
from . import views as v, models
import a.b as c, d
s = "unfinished {
t = f"unfinished {a + "
'''three
lines\'''' + '''end'''
"""
TEMPLATE = """{% extends "base.html" %}{# a
comment #}{%- if a is not defined or b|length > 1.5 -%}{{ x["k"].y|default('none', true) }}{ %}
{% raw %}{{ x }}{% endraw %}{% for a in loop.index, self %}{{ super() }} {% filter upper %}{{ "unfinished }}
"""


def pygments_says(path: str, text: str) -> list[str]:
    """The color of each character, from Pygments."""
    lexer = get_lexer_by_name("python" if path.endswith(".py") else "jinja", stripnl=False, ensurenl=False)
    return [COLOR.get(STANDARD_TYPES.get(kind, ""), "") for kind, part in lexer.get_tokens(text) for _ in part]


@pytest.mark.process
def test_every_snippet_and_what_becomes_of_it_while_it_is_typed_is_colored_as_by_pygments():
    texts = [(path.name, path.read_text("utf-8")) for path in FILES] + [("a.py", TRICKY), ("a.html", TEMPLATE)]
    # While a reader types, what follows is not there yet.
    texts += [(path, text[:end]) for path, text in texts for end in range(1, len(text), 127)]
    texts += [(path, text[:end]) for path, text in texts[-200:] for end in (len(text) // 2,)]
    texts += [("test.py", one.source) for _, tests in ledger.tested_pages() for one in tests]
    run = subprocess.run(
        ["node", site.ROOT / "tests/runner/highlight_node.mjs"],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    for (path, text), found in zip(texts, json.loads(run.stdout), strict=True):
        assert "".join(part for _, part in found) == text
        ours = [COLOR.get(kind, "") for kind, part in found for _ in part]
        theirs = pygments_says(path, text)
        wrong = next(
            (n for n, pair in enumerate(zip(ours, theirs, strict=True)) if len(set(pair)) > 1 and text[n] > " "), None
        )
        assert wrong is None, f"{path}: {text[max(0, wrong - 60) : wrong + 20]!r} is {ours[wrong]}, not {theirs[wrong]}"


def test_it_is_small():
    import gzip

    assert len(gzip.compress((site.ROOT / "live/page/editor/highlight.js").read_bytes())) < 4000
