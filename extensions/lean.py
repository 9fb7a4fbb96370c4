"""Takes out of the theme's style sheet what no page of this site has.

The theme styles every thing that its users may write: blogs, cards, consent forms, versions. A rule goes if no page
and no script has one of its classes; a variable, such as an icon, goes if no rule that is left uses it.
"""

import re
from pathlib import Path

CLASSES = re.compile(r' class="([^"]*)"')
WORDS = re.compile(r"[\w-]+")
RULE = re.compile(r"([^{}@;/]+)\{([^{}]*)\}")
COMMA = re.compile(r",(?![^(]*\))")
ARGUMENTS = re.compile(r"\([^()]*\)")
CLASS = re.compile(r"\.([\w-]+)")
EMPTY = re.compile(r"@(?:media|supports)[^{}]*\{\}")
VARIABLE = re.compile(r"(?<=[{;])(--[\w-]+):(?:[^;{}\"'(]|\"[^\"]*\"|'[^']*'|\((?:[^()\"']|\"[^\"]*\"|'[^']*')*\))*;?")
# What the theme's script makes of features that this site doesn't use: its names are in the script all the same.
FEATURES = ("md-annotation", "md-version", "md-tag", "md-source__fact", "md-status", "footnote", "mermaid")
# The kinds of admonitions, whose names are ordinary words in scripts.
KINDS = set(
    [
        "abstract",
        "bug",
        "danger",
        "example",
        "failure",
        "info",
        "note",
        "question",
        "quote",
        "success",
        "tip",
        "warning",
    ]
)


def trim(css: str, words: set[str]) -> str:
    """A minified style sheet without the rules and icons that need a class outside of `words`.

    A word that ends in a hyphen stands for all that begin with it: scripts put such names together.
    """
    beginnings = tuple(word for word in words if word.endswith("-"))

    def used(selector: str) -> bool:
        outside = ARGUMENTS.sub("", selector)  # :not(.x) and :is(.x, .y) are no reason to go
        return all(name in words or name.startswith(beginnings) for name in CLASS.findall(outside))

    def rule(match: re.Match) -> str:
        kept = ",".join(filter(used, COMMA.split(match[1])))
        return f"{kept}{{{match[2]}}}" if kept else ""

    css = EMPTY.sub("", RULE.sub(rule, css))
    uses = set(re.findall(r"var\((--[\w-]+)", css)) | words
    return VARIABLE.sub(lambda variable: variable[0] if variable[1] in uses else "", css)


def trim_site(site: Path, classes: set[str]) -> None:
    """Trim the theme's style sheet of a finished site whose pages have these values of class attributes."""
    words = {word for value in classes for word in value.split()}
    for script in [*site.glob("assets/*.js"), *site.glob("assets/javascripts/*.js"), *site.glob("assets/live/*.js")]:
        found = WORDS.findall(script.read_text("utf-8"))
        words.update(word for word in found if not word.startswith(FEATURES) and word not in KINDS)
    # Our own style sheets use the theme's variables.
    for sheet in site.glob("assets/live/*.css"):
        words.update(re.findall(r"--[\w-]+", sheet.read_text("utf-8")))
    for sheet in site.glob("assets/stylesheets/**/main.*.css"):
        sheet.write_text(trim(sheet.read_text("utf-8"), words), "utf-8")
