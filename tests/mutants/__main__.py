"""`python -m tests.mutants [page or file …]` changes snippets mechanically; a test of their page must fail each time.

`--changed-since COMMIT` tries the files that were changed since, and the pages whose tests were. A page's tests are
those of its test file and its transcripts, in snippets/ and tests/transcripts/; what drives a browser is left out.

`flask`, or no name at all, also changes what Flask does with a session: see tests/mutants/packages.py. There a test of
any page must fail.

tests/mutants/survivors.txt lists the mutants that no test notices, each with its reason if no request can tell it from
the original. The list can only shrink: a mutant that survives and isn't listed is a fault, and so is a listed one that
a test notices. A line `untried: PAGE` says that the list doesn't know this page, so that nothing there is a fault.
With a reason behind it, the page is tried only if it is named.
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
from tests.mutants import mutate, packages
from tests.mutants.processes import Processes, end_when_asked
from tests.support import site

LIST = Path(__file__).with_name("survivors.txt")
OF_PACKAGES = "Flask and itsdangerous"
# The share of mutants that tests have to notice, in files that people copy and in those that show a mistake.
# What no test notices in Flask and itsdangerous needs a reason.
KINDS = {"to copy, code": 0.97, "to copy, strings": 0.95, "broken versions": 0.90, OF_PACKAGES: 1}
EQUAL = 0.03  # the share of snippets' mutants that may be listed because no request can tell them from the original
PACKAGES = "flask"  # the name under which Flask and itsdangerous are tried


def kind_of(file: str, operator: str) -> str:
    """Which score a mutant counts for."""
    if file.startswith(packages.NAMES):
        return OF_PACKAGES
    if Path(file).name.startswith(("wrong", "broken")):
        return "broken versions"
    return "to copy, strings" if operator in mutate.STRINGS else "to copy, code"


@dataclass
class Known:
    """What the list says: its names, each with its reason or "", and so the pages that it doesn't know."""

    reasons: dict[str, list[str]]
    untried: dict[str, str]

    @classmethod
    def read(cls) -> "Known":
        """The list as it is."""
        found = cls({}, {})
        for line in LIST.read_text("utf-8").splitlines():
            name, _, reason = line.partition("  # ")
            if name.startswith("untried: "):
                found.untried[name.removeprefix("untried: ")] = reason
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
        pages = self.untried.keys() - {Path(file).parts[1] for file in tried}
        lines = [line_of(f"untried: {page}", self.untried[page]) for page in sorted(pages)]
        for name in sorted({*self.reasons, *found}):
            reasons = self.reasons.get(name, [])
            number = found[name] if name.partition(": ")[0] in tried else len(reasons)
            for reason in [*reasons, *[""] * number][:number]:
                lines.append(line_of(name, reason))
        LIST.write_text("\n".join([*head, *lines]) + "\n", "utf-8")


def line_of(name: str, reason: str) -> str:
    """A line of the list."""
    return f"{name}  # {reason}" if reason else name


def tried(module: str, names: list[str], project: Path, processes: Processes) -> list[dict]:
    """What a module says of a page or of files."""
    environment = os.environ | {"PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-m", module, *names]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = processes.start(command, cwd=project, env=environment, **pipes)
    output, errors = process.communicate()
    lines = [json.loads(line) for line in output.splitlines()]
    if process.returncode and not any("fault" in line for line in lines):
        lines.append({"fault": f"{' '.join(names)}: {' '.join(errors.strip().splitlines()[-1:])}"})
    return lines


def run_all(wanted: dict[str, list[str]]) -> list[dict]:
    """Try the mutants of packages and pages, several at once."""
    workers = os.cpu_count() or 1
    processes = Processes()
    projects: SimpleQueue[Path] = SimpleQueue()
    files = wanted.get(PACKAGES, [])
    of_packages = [[file for file in files if file.startswith(name)] for name in packages.NAMES]
    jobs = [("tests.mutants.packages", names) for names in of_packages if names]
    jobs += [("tests.mutants.page", [page, *files]) for page, files in wanted.items() if page != PACKAGES]

    def turn(job: tuple[str, list[str]]) -> list[dict]:
        project = projects.get()
        try:
            return tried(*job, project, processes)
        finally:
            projects.put(project)

    with TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
        for number in range(workers):
            projects.put(run.copy(site.ROOT, Path(folder) / str(number)))
        try:
            return [line for found in pool.map(turn, jobs) for line in found]
        finally:
            processes.end()


def changed_since(commit: str) -> list[str]:
    """The files with mutants that were changed since a commit, and the pages whose tests or transcripts were."""
    command = ["git", "diff", "--name-only", commit, "--", "snippets", "tests/pages", "tests/transcripts"]
    changed = subprocess.run(command, cwd=site.ROOT, check=True, capture_output=True, text=True).stdout.split()
    names = []
    for path in map(Path, changed):
        if path.match("snippets/**/*.py"):
            names += [path.as_posix()] if (site.ROOT / path).exists() else []
        elif path.suffix == ".http":
            names.append(path.parts[1] if path.parts[0] == "snippets" else path.parts[2])
        elif path.match("tests/pages/test_*.py"):
            names.append(path.stem.removeprefix("test_"))
    return names


def selected(names: list[str]) -> dict[str, list[str]]:
    """The pages to try, each with its files if only some are meant, and the files of packages."""
    folders = sorted(path.name for path in (site.ROOT / "snippets").iterdir() if any(path.rglob("*.py")))
    if names[:1] in ([], ["--changed-since"]):
        folders = [folder for folder in folders if not Known.read().untried.get(folder)]
    if names[:1] == ["--changed-since"]:
        names = [name for name in changed_since(names[1]) if (Path(name).parts[1:2] or [name])[0] in folders]
        if not names:
            return {}
    if not names:
        # Large ones first, so that no processor works at the end while the others wait.
        size = {
            folder: sum(path.stat().st_size for path in (site.ROOT / "snippets" / folder).rglob("*.py"))
            for folder in folders
        }
        names = [PACKAGES, *sorted(folders, key=size.__getitem__, reverse=True)]
    wanted: dict[str, list[str]] = {}
    for name in names:
        if name == PACKAGES:
            wanted[name] = [*packages.FLASK, *packages.ITSDANGEROUS]
        elif name.startswith(packages.NAMES):
            wanted.setdefault(PACKAGES, []).append(name)
        elif name.endswith(".py"):
            wanted.setdefault(Path(name).parts[1], []).append(name)
    # A page that is named is tried whole.
    return wanted | {name.replace("-", "_"): [] for name in names if name != PACKAGES and not name.endswith(".py")}


class Score:
    """How many mutants there are, which the tests notice, and what is wrong with the list of the others."""

    def __init__(self, lines: list[dict]) -> None:
        self.faults = [line["fault"] for line in lines if "fault" in line]
        self.operators: Counter[str] = Counter()
        self.total: Counter[str] = Counter()
        self.alive: Counter[str] = Counter()
        self.equal: Counter[str] = Counter()
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
        self.equal[kind] += equal
        if self.known.counts(line["file"]) and not (equal if kind == OF_PACKAGES else reasons):
            place = f"{line['file']}:{line['line']}"
            self.faults.append(f"{place}: no test notices {line['name']}; test it, or list it with a reason")

    def too_low(self) -> list[str]:
        """The shares that miss their limit."""
        faults = [
            f"{kind}: less than {share:.0%} are noticed; test more of them"
            for kind, share in KINDS.items()
            if self.alive[kind] > (1 - share) * self.total[kind]
        ]
        equal, total = (
            {kind: found[kind] for kind in KINDS if kind != OF_PACKAGES} for found in (self.equal, self.total)
        )
        if sum(equal.values()) > EQUAL * (sum(equal.values()) + sum(total.values())):
            faults.append(f"{LIST.name}: more than {EQUAL:.0%} have a reason; test some of them")
        return faults


def main(names: list[str]) -> int:
    """Print the counts by operator, the scores, and one line for each fault; give the exit status."""
    started = time.monotonic()
    writes, names = names[:1] == ["--write"], [name for name in names if name != "--write"]
    end_when_asked()
    try:
        lines = run_all(selected(names))
    except KeyboardInterrupt:
        print("interrupted")
        return 130
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
    print(f"{score.equal.total()} can't be told from the original, says {LIST.name}")
    print(
        f"{sum(score.operators.values())} mutants, {len(faults)} faults, {seconds:.0f} seconds, "
        f"of the processors {processor:.0f}"
    )
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
