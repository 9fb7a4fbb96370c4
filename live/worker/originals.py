"""Python and Flask as they were before any app: one may replace parts of them, and the next must not find that."""

import builtins
import sys

PACKAGES = {"json", "flask", "werkzeug", "jinja2", "itsdangerous", "click", "blinker", "markupsafe"}
BUILTINS = vars(builtins)
known: list[tuple[object, dict]] = []  # modules and classes, with what they held


def keep():
    """Remember what builtins, and these packages' modules and classes, hold."""
    known.append((builtins, vars(builtins).copy()))
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in PACKAGES:
            known.append((module, vars(module).copy()))
            classes = (one for one in vars(module).values() if isinstance(one, type) and one.__module__ == name)
            known.extend((one, vars(one).copy()) for one in classes)


def restore():
    """Put back what was replaced or deleted since. What came with a further import stays."""
    BUILTINS.clear()  # first, and without any of them
    BUILTINS.update(known[0][1])
    for owner, before in known:
        now = vars(owner)
        if now.copy() == before:
            continue
        for name, value in before.items():
            if now.get(name) is not value:
                setattr(owner, name, value)
