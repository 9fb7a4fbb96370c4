"""Whether a file that a reader edits can be compiled: asked while they type, so nothing of it runs."""

import warnings

from jinja2 import Environment, TemplateSyntaxError


def check(path, text):
    """Return the error, with its line, that keeps a Python file or a template from being compiled; else {}."""
    try:
        if path.endswith(".py"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(text, path, "exec", dont_inherit=True)
        else:
            Environment(autoescape=True).parse(text)
    except SyntaxError as error:
        return {"error": f"{type(error).__name__}: {error.msg}", "line": error.lineno or 1}
    except TemplateSyntaxError as error:
        return {"error": f"TemplateSyntaxError: {error.message}", "line": error.lineno}
    except (ValueError, RecursionError, MemoryError, OverflowError):  # null characters, or nested without end
        return {}
    return {}
