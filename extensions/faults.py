"""A fault in a page, and which page it is."""

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


def page_of(md: Markdown) -> "File | None":
    """The file that is being converted, or None outside of MkDocs.

    MkDocs tells extensions nothing of it, but leaves it with a treeprocessor of its own.
    """
    return md.treeprocessors["relpath"].file if "relpath" in md.treeprocessors else None


def name_of(page: "File | None") -> str:
    """The page's name for a message."""
    return f"docs/{page.src_uri}" if page else "page"


def root_from(page: "File | None") -> str:
    """The way from a page up to the site's root: ../../ and so on."""
    return "../" * page.dest_uri.count("/") if page else ""
