"""`python -m tests.mutants [page or file …]` changes snippets mechanically; a test of their page must fail each time.

`--changed-since COMMIT` tries the files that were changed since. tests/mutants/survivors.txt lists the mutants that no
test notices, each with its reason if no request can tell it from the original. The list can only shrink.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from tests.lies import run
from tests.mutants import mutate
from tests.support import site

LIST = Path(__file__).with_name("survivors.txt")
KINDS = ("to copy, code", "to copy, strings", "broken versions")


def kind_of(file: str, operator: str) -> str:
    """Which score a mutant counts for."""
    if Path(file).name.startswith(("wrong", "broken")):
        return KINDS[2]
    return KINDS[1] if operator in mutate.STRINGS else KINDS[0]


def listed() -> tuple[Counter[str], Counter[str]]:
    """The mutants that may survive, and those of them that no request can tell from the original (with a reason)."""
    known: Counter[str] = Counter()
    equal: Counter[str] = Counter()
    for line in LIST.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, reason = line.partition("  # ")
        known[name] += 1
        equal[name] += bool(reason)
    return known, equal


def tried(page: str, files: list[str], projects: SimpleQueue[Path]) -> list[dict]:
    """What tests.mutants.page says of a page."""
    project = projects.get()
    try:
        environment = os.environ | {"PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": ""}
        command = [sys.executable, "-m", "tests.mutants.page", page, *files]
        result = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        if result.returncode and not any("fault" in line for line in lines):
            lines.append({"fault": f"{page}: {' '.join(result.stderr.strip().splitlines()[-1:])}"})
        return lines
    finally:
        projects.put(project)


def run_all(wanted: dict[str, list[str]]) -> list[dict]:
    """Try the mutants of pages, several pages at once."""
    workers = os.cpu_count() or 1
    projects: SimpleQueue[Path] = SimpleQueue()
    with TemporaryDirectory() as name, ThreadPoolExecutor(workers) as pool:
        for number in range(workers):
            projects.put(run.copy(site.ROOT, Path(name) / str(number)))
        found = pool.map(lambda page: tried(page, wanted[page], projects), wanted)
        return [line for lines in found for line in lines]


def selected(names: list[str]) -> dict[str, list[str]]:
    """The pages to try, each with its files if only some are meant."""
    folders = sorted(path.name for path in (site.ROOT / "snippets").iterdir() if any(path.rglob("*.py")))
    if names[:1] == ["--changed-since"]:
        command = ["git", "diff", "--name-only", "--diff-filter=d", *names[1:], "--", "snippets/*.py"]
        names = subprocess.run(command, cwd=site.ROOT, check=True, capture_output=True, text=True).stdout.split()
        if not names:
            return {}
    if not names:
        return {folder: [] for folder in folders}
    wanted: dict[str, list[str]] = {}
    for name in names:
        if name.endswith(".py"):
            wanted.setdefault(Path(name).parts[1], []).append(name)
        else:
            wanted.setdefault(name.replace("-", "_"), [])
    return wanted


def main(names: list[str]) -> int:
    """Print the counts by operator, the scores, and one line for each fault; give the exit status."""
    started = time.monotonic()
    lines = run_all(selected(names))
    faults = [line["fault"] for line in lines if "fault" in line]
    operators: Counter[str] = Counter()
    total: Counter[str] = Counter()
    alive: Counter[str] = Counter()
    known, equal = listed()
    found: Counter[str] = Counter()
    for line in lines:
        for operator, number in line.get("counts", {}).items():
            operators[operator] += number
            total[kind_of(line["file"], operator)] += number
        if "name" in line:
            name = f"{line['file']}: {line['name']}"
            found[name] += 1
            kind = kind_of(line["file"], line["name"].partition(":")[0])
            if found[name] <= equal[name]:
                total[kind] -= 1
            else:
                alive[kind] += 1
            if found[name] > known[name]:
                faults.append(
                    f"{line['file']}:{line['line']}: no test notices {line['name']}; test it, or list it with a reason"
                )
    files = {line["file"] for line in lines if "counts" in line}
    faults += [
        f"{LIST.name}: a test notices {name}; delete the line"
        for name, number in known.items()
        if name.partition(": ")[0] in files and found[name] < number
    ]
    for fault in faults:
        print(fault)
    for operator, number in sorted(operators.items()):
        print(f"{number:5}  {operator}")
    for kind in KINDS:
        if total[kind]:
            print(f"{kind}: {1 - alive[kind] / total[kind]:.1%} of {total[kind]} mutants noticed")
    print(f"{sum(operators.values())} mutants, {len(faults)} faults, {time.monotonic() - started:.0f} seconds")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
