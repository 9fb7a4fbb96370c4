"""What the project takes from elsewhere is pinned: actions by commit, packages by hash; no install scripts."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.site import ROOT

pytestmark = pytest.mark.source
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = sorted(path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")


def unpinned(text: str) -> list[str]:
    """The actions of a workflow that aren't pinned by commit, with their version and where the commit was seen."""
    uses = re.findall(r"^\s*-?\s*uses: (.+)$", text, re.MULTILINE)
    pinned = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+, as in [\w.-]+/[\w.-]+")
    return [action for action in uses if not pinned.fullmatch(action)]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_each_action_is_pinned_by_its_commit_and_says_where_that_comes_from(path):
    assert "uses:" in path.read_text("utf-8")
    assert unpinned(path.read_text("utf-8")) == []


def test_a_tag_instead_of_a_commit_is_found():
    assert unpinned("      - uses: actions/checkout@v7\n") == ["actions/checkout@v7"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_each_make_command_of_a_workflow_is_in_the_makefile(path):
    targets = set(re.findall(r"^([\w./-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values():
        for step in job["steps"]:
            for target in re.findall(r"\bmake ([\w./-]+)", step.get("run", "")):
                assert target in targets, f"{path.name}: make {target}"


def unlocked(text: str) -> list[str]:
    """The packages of a lock file that have no version or no hash."""
    entries = [entry for entry in re.split(r"\n(?=\w)", text) if not entry.startswith("#")]
    return [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]


@pytest.mark.parametrize(("name", "number"), [("requirements.txt", 50), ("zensical.txt", 8)])
def test_every_python_package_is_locked_with_hashes(name, number):
    text = (ROOT / name).read_text("utf-8")
    assert text.count("==") > number
    assert unlocked(text) == []
    assert "://" not in text


def test_a_package_without_a_hash_is_found():
    assert unlocked("a==1\nb==2 \\\n    --hash=sha256:0\n") == ["a==1"]


def test_both_builders_have_the_same_versions_of_what_they_share():
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([\w-]+==[^\s;]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))

    names = {pin.partition("==")[0] for pin in pins("requirements.txt")}
    shared = {pin for pin in pins("zensical.txt") if pin.partition("==")[0] in names}
    assert len(shared) > 4
    assert shared - pins("requirements.txt") == set()


def test_a_release_has_a_section_of_the_changelog_as_its_notes():
    steps = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))["jobs"]["release"]["steps"]
    [command] = [step["run"] for step in steps if "awk" in step.get("run", "")]
    program = re.search(r"'(.+)'", command)[1]
    text = "# Changelog\n\n## [1.1.0] - 2026-12-01\n\nnew\n\n## [1.0.0] - 2026-11-27\n\nold\n"

    def notes(version: str) -> str:
        arguments = ["awk", "-v", f"version=[{version}]", program]
        return subprocess.run(arguments, input=text, capture_output=True, text=True, check=True).stdout

    assert notes("1.1.0").split() == ["##", "[1.1.0]", "-", "2026-12-01", "new"]
    assert notes("1.0.0").split() == ["##", "[1.0.0]", "-", "2026-11-27", "old"]
    assert notes("1.0") == ""


def test_the_changelog_has_the_parts_that_keep_a_changelog_names():
    headings = re.findall(r"^##+ .*$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    form = (
        r"## \[(Unreleased\]|\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d)|### (Added|Changed|Deprecated|Removed|Fixed|Security)"
    )
    assert headings[0] == "## [Unreleased]"
    assert [heading for heading in headings if not re.fullmatch(form, heading)] == []


def test_every_npm_package_is_locked_with_its_hash_and_names_no_host():
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert len(packages) > 50
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
    assert [name for name, package in packages.items() if "://" in package.get("resolved", "")] == []


def test_no_package_runs_a_script_when_it_is_installed():
    assert "ignore-scripts=true" in (ROOT / ".npmrc").read_text("utf-8").splitlines()


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_each_issue_form_has_a_name_and_fields_with_labels(path):
    form = yaml.safe_load(path.read_text("utf-8"))
    assert form["name"]
    assert form["description"]
    assert all(field["attributes"]["label"] for field in form["body"])


def test_dependabot_watches_every_kind_of_package():
    updates = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text("utf-8"))["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"pip", "npm", "github-actions"}


@pytest.mark.process
def test_zizmor_finds_nothing_in_the_workflows_and_a_weakness_that_is_put_there(tmp_path):
    program = Path(sys.executable).with_name("zizmor")

    def zizmor(folder: Path) -> int:
        return subprocess.run([program, "--quiet", "--offline", folder], capture_output=True).returncode

    assert zizmor(ROOT / ".github") == 0
    workflows = tmp_path / ".github/workflows"
    workflows.mkdir(parents=True)
    text = WORKFLOWS[0].read_text("utf-8")
    (workflows / "site.yml").write_text(re.sub(r"@[0-9a-f]{40} # v(\d+)\S+ as in \S+", r"@v\1", text))
    assert zizmor(tmp_path) != 0
