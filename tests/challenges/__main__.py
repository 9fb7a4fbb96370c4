"""`python -m tests.challenges` chooses the tests of each challenge, and `--check` reports what they don't notice."""

import dataclasses
import json
import sys

from extensions import challenges
from tests.challenges import run


def entry(challenge: challenges.Challenge) -> dict:
    """What live/challenges.json says of a challenge."""
    return {"page": challenge.page, "hash": challenge.hash, "tests": list(challenge.names)}


def write(apps: list[str]) -> None:
    """Choose the tests of some challenges, or of all."""
    written = {}
    for challenge in challenges.read():
        if not apps or challenge.app in apps:
            challenge = dataclasses.replace(challenge, names=tuple(run.choose(challenge)))
        written[challenge.app] = entry(challenge)
    challenges.CHOSEN.write_text(json.dumps(written, indent=1) + "\n", "utf-8")


def main(arguments: list[str]) -> int:
    """Choose or check; the exit status."""
    apps = [argument for argument in arguments if not argument.startswith("-")]
    if "--check" not in arguments:
        write(apps)
    found = [line for one in challenges.read() if not apps or one.app in apps for line in run.faults(one)]
    print("\n".join(found), end="\n" * bool(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
