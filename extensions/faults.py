"""A fault in a page, and which page it is."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from markdown import Markdown

if TYPE_CHECKING:
    from mkdocs.exceptions import BuildError
    from mkdocs.structure.files import File
else:
    try:  # MkDocs prints a BuildError as one line, any other exception with its traceback.
        from mkdocs.exceptions import BuildError
    except ImportError:
        BuildError = Exception


class PageFault(BuildError):
    """A fault in a page, told in one line that names the file, the fault and the mend."""


DOCS = Path(__file__).resolve().parents[1] / "docs"


@dataclass(frozen=True)
class ZensicalFile:
    """The file that Zensical converts, with the attributes that MkDocs' own has.

    Zensical rewrites links in raw HTML as if they began at the Markdown file. So the way to the site's root is counted
    from that file (recipes/x.md) and not from the page (recipes/x/index.html).
    """

    src_uri: str

    @property
    def dest_uri(self) -> str:
        """Where links of this page begin."""
        return self.src_uri

    @cached_property
    def content_string(self) -> str:
        """The text with its front matter."""
        return (DOCS / self.src_uri).read_text("utf-8")


def page_of(md: Markdown) -> "File | ZensicalFile | None":
    """The file that is being converted, or None outside of both builders.

    MkDocs tells extensions nothing of it, but leaves it with a treeprocessor of its own; Zensical with a preprocessor.
    """
    if "relpath" in md.treeprocessors:
        return md.treeprocessors["relpath"].file
    if "rendering_context" in md.preprocessors:
        return ZensicalFile(md.preprocessors["rendering_context"].page.path)
    return None


def name_of(page: "File | ZensicalFile | None") -> str:
    """The page's name for a message."""
    return f"docs/{page.src_uri}" if page else "page"


def root_from(page: "File | ZensicalFile | None") -> str:
    """The way from a page up to the site's root, as the builder wants it in HTML: ../../ and so on."""
    return "../" * page.dest_uri.count("/") if page else ""
