"""`python -m tests.mutants [page or file …]` changes snippets mechanically; a test of their page must fail each time.

`--changed-since COMMIT` tries the files that were changed since. A page's tests are those of its test file and its
transcripts, in snippets/ and tests/transcripts/; what drives a browser is left out.

tests/mutants/survivors.txt lists the mutants that no test notices, each with its reason if no request can tell it from
the original. The list can only shrink: a mutant that survives and isn't listed is a fault, and so is a listed one that
a test notices. A line `untried: PAGE` says that the list doesn't know this page yet, so that nothing there is a fault.
`--write` as the first argument writes the list from what this run finds, and keeps the reasons.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from tests.lies import run
from tests.mutants import mutate
from tests.support import site

LIST = Path(__file__).with_name("survivors.txt")
# The share of mutants that tests have to notice, in files that people copy and in those that show a mistake.
KINDS = {"to copy, code": 0.97, "to copy, strings": 0.95, "broken versions": 0.90}
EQUAL = 0.03  # the share that may be listed because no request can tell them from the original


def kind_of(file: str, operator: str) -> str:
    """Which score a mutant counts for."""
    if Path(file).name.startswith(("wrong", "broken")):
        return "broken versions"
    return "to copy, strings" if operator in mutate.STRINGS else "to copy, code"


@dataclass
class Known:
    """What the list says: its names, each with its reason or "", and the pages that it doesn't know yet."""

    reasons: dict[str, list[str]]
    untried: set[str]

    @classmethod
    def read(cls) -> "Known":
        """The list as it is."""
        found = cls({}, set())
        for line in LIST.read_text("utf-8").splitlines():
            name, _, reason = line.partition("  # ")
            if name.startswith("untried: "):
                found.untried.add(name.removeprefix("untried: "))
            elif name and not name.startswith("#"):
                found.reasons.setdefault(name, []).append(reason)
        # Where the same name is there more than once, those with a reason are counted first.
        return cls({name: sorted(reasons, reverse=True) for name, reasons in found.reasons.items()}, found.untried)

    def counts(self, file: str) -> bool:
        """Whether the list knows the page of a file."""
        return Path(file).parts[1] not in self.untried

    def write(self, found: Counter[str], files: Iterable[str]) -> None:
        """Write the list: of these files, what was found; of others, what is there."""
        head = [line for line in LIST.read_text("utf-8").splitlines() if line.startswith("#")]
        tried = set(files)
        lines = [f"untried: {page}" for page in sorted(self.untried - {Path(file).parts[1] for file in tried})]
        for name in sorted({*self.reasons, *found}):
            reasons = self.reasons.get(name, [])
            number = found[name] if name.partition(": ")[0] in tried else len(reasons)
            for reason in [*reasons, *[""] * number][:number]:
                lines.append(f"{name}  # {reason}" if reason else name)
        LIST.write_text("\n".join([*head, *lines]) + "\n", "utf-8")


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
        # Large ones first, so that no processor works at the end while the others wait.
        size = {
            folder: sum(path.stat().st_size for path in (site.ROOT / "snippets" / folder).rglob("*.py"))
            for folder in folders
        }
        return {folder: [] for folder in sorted(folders, key=size.__getitem__, reverse=True)}
    wanted: dict[str, list[str]] = {}
    for name in names:
        if name.endswith(".py"):
            wanted.setdefault(Path(name).parts[1], []).append(name)
        else:
            wanted.setdefault(name.replace("-", "_"), [])
    return wanted


class Score:
    """How many mutants there are, which the tests notice, and what is wrong with the list of the others."""

    def __init__(self, lines: list[dict]) -> None:
        self.faults = [line["fault"] for line in lines if "fault" in line]
        self.operators: Counter[str] = Counter()
        self.total: Counter[str] = Counter()
        self.alive: Counter[str] = Counter()
        self.equal = 0
        files = {line["file"]: line["counts"] for line in lines if "counts" in line}
        for file, counts in files.items():
            self.operators.update(counts)
            for operator, number in counts.items():
                self.total[kind_of(file, operator)] += number
        self.files = list(files)
        self.known = Known.read()
        self.found: Counter[str] = Counter()
        for line in lines:
            if "name" in line:
                self.count(line)
        self.faults += [
            f"{LIST.name}: a test notices {name}; delete the line"
            for name, reasons in self.known.reasons.items()
            if (file := name.partition(": ")[0]) in files
            and self.known.counts(file)
            and self.found[name] < len(reasons)
        ]

    def count(self, line: dict) -> None:
        """Count a mutant that no test notices."""
        name = f"{line['file']}: {line['name']}"
        reasons = self.known.reasons.get(name, [])[self.found[name] :]
        equal = bool(reasons and reasons[0])
        kind = kind_of(line["file"], line["name"].partition(":")[0])
        self.found[name] += 1
        self.total[kind] -= equal
        self.alive[kind] += not equal
        self.equal += equal
        if not reasons and self.known.counts(line["file"]):
            place = f"{line['file']}:{line['line']}"
            self.faults.append(f"{place}: no test notices {line['name']}; test it, or list it with a reason")

    def too_low(self) -> list[str]:
        """The shares that miss their limit."""
        faults = [
            f"{kind}: less than {share:.0%} are noticed; test more of them"
            for kind, share in KINDS.items()
            if self.alive[kind] > (1 - share) * self.total[kind]
        ]
        if self.equal > EQUAL * sum(self.operators.values()):
            faults.append(f"{LIST.name}: more than {EQUAL:.0%} have a reason; test some of them")
        return faults


def main(names: list[str]) -> int:
    """Print the counts by operator, the scores, and one line for each fault; give the exit status."""
    started = time.monotonic()
    writes, names = names[:1] == ["--write"], [name for name in names if name != "--write"]
    lines = run_all(selected(names))
    score = Score(lines)
    if writes:
        score.known.write(score.found, score.files)
        score = Score(lines)
    faults = score.faults + ([] if names else score.too_low())
    for fault in faults:
        print(fault)
    for operator, number in sorted(score.operators.items()):
        print(f"{number:5}  {operator}")
    for kind in KINDS:
        if number := score.total[kind]:
            print(f"{kind}: {1 - score.alive[kind] / number:.1%} of {number} mutants noticed")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, processor = time.monotonic() - started, used.ru_utime + used.ru_stime
    print(f"{score.equal} can't be told from the original, says {LIST.name}")
    print(
        f"{sum(score.operators.values())} mutants, {len(faults)} faults, {seconds:.0f} seconds, "
        f"of the processors {processor:.0f}"
    )
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
