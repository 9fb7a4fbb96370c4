"""When the text of each page was last changed, from git: its Markdown, or a snippet that it shows."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def changed(root: Path = ROOT) -> dict[str, str]:
    """Each file below docs/ and snippets/ with the day of its last commit, as 2026-11-27.

    Empty where git can't tell: outside of a repository, and in a shallow clone, whose first commit has all files.
    """

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout

    try:
        if git("rev-parse", "--is-shallow-repository").strip() != "false":
            return {}
        log = git("log", "--format=@%cs", "--name-only", "--no-renames", "--", "docs", "snippets")
    except (OSError, subprocess.CalledProcessError):
        return {}
    days: dict[str, str] = {}
    day = ""
    for line in log.splitlines():
        if line.startswith("@"):
            day = line[1:]
        elif line:
            days.setdefault(line, day)
    return days


def day_of(page: str, days: dict[str, str]) -> str | None:
    """The day on which a page (learn/x.md) or a file of its snippet folder was last changed."""
    folder = f"snippets/{Path(page).stem.replace('-', '_')}/"
    found = [day for file, day in days.items() if file == f"docs/{page}" or file.startswith(folder)]
    return max(found, default=None)
