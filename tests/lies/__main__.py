"""`python -m tests.lies [page …]` tells all lies, or those of some pages, and fails if a test believes one."""

import os
import sys
import time

from tests.lies import lies, run
from tests.support import site


def main(pages: list[str]) -> int:
    """Print one line for each fault, and the count; give the exit status."""
    started = time.monotonic()
    faults = lies.faults(site.ROOT)
    found, _ = lies.read(site.ROOT)
    names = {page.replace("-", "_") for page in pages}
    wanted = [lie for lie in found if not names or lie.page in names]
    if unknown := names - {lie.page for lie in found}:
        faults.append(f"no lies of {', '.join(sorted(unknown))}; a page's are in tests/lies/<page>.toml")
    if not faults:
        with run.Projects(site.ROOT, os.cpu_count() or 1) as projects:
            faults, seconds_of = projects.failing(wanted)
            if not faults:
                # The slow ones first, so that no processor works at the end while the others wait.
                for told in projects.tell(sorted(wanted, key=seconds_of, reverse=True)):
                    faults += told
                    sys.stdout.write("F" if told else ".")
                    sys.stdout.flush()
                sys.stdout.write("\n")
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    tests = {(lie.page, test) for lie in wanted for test in lie.tests}
    seconds = time.monotonic() - started
    sys.stdout.write(f"{len(wanted)} lies, {len(tests)} tests named, {len(faults)} faults, {seconds:.0f} seconds\n")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
