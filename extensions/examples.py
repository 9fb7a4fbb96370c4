"""Turn an include of a snippet file into an example.

An author writes an ordinary fence with an ordinary include:

    ```python
    --8<-- "count_visits/app.py"
    ```

The file's path says the rest: its name stands above the code, a `wrong.py` gets its badge, an app gets the
command that runs it and a download. Files of one folder that follow each other become tabs of one example.
"""

import html
import json
import re
from pathlib import Path
from typing import NoReturn

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from extensions import challenges, compared, faults, fences, predict, recorded, snippets, transcripts
from extensions.faults import PageFault

# The marker of a region, which pymdownx.snippets takes out of any text.
REGION = re.compile(r"--8<-- \[(start|end):")


def included_file(fence: fences.Fence, root: Path) -> Path:
    """The snippet file that a fence includes.

    Raises PageFault if the file is missing, if a region is not marked in it, or if lines are given by number.
    """
    include = fence.include
    assert include, "only for fences that include a file"
    path, region = root / include["path"], include["region"]
    name = path.relative_to(root.parent).as_posix()
    if not path.is_file():
        raise PageFault(f"there is no snippet file {name}; make it, or mend the path")
    if region is not None and not region[:1].isalpha():
        raise PageFault(f"line numbers drift; mark a region in {name} with # --8<-- [start:name] and name it")
    if region is not None and region not in snippets.regions(path):
        known = ", ".join(snippets.regions(path)) or "none"
        raise PageFault(f"{name} has no region {region!r} (it has: {known})")
    return path


def bar(app: str, styles: str) -> str:
    """The line above an example: the app's name, its badge if it is wrong, and a link to styles of its own."""
    name = f'<span class="example-file">{html.escape(app)}</span>'
    wrong = Path(app).name.startswith("wrong")
    badge = '<span class="example-badge">Wrong: do not copy</span>' if wrong else ""
    return f'<div class="example-bar">{name}{badge}<span class="example-actions"></span>{styles}</div>'


def run_commands(folder: str, app: str, files: dict[str, str], archive: str) -> str:
    """What runs an app on the reader's computer, folded: the install line, its zip, the commands, one tab a shell.

    It is open below an app that runs only there. The tabs are in the HTML that pymdownx.tabbed makes, written out here,
    since they stand under every app, and Markdown would take longer over them than over the app itself.
    """
    group = f"run-{folder}-{snippets.module_of(app)}".replace(".", "-")
    inputs = labels = blocks = link = ""
    for shell, label in (("sh", "Linux, macOS"), ("powershell", "Windows")):
        checked = "" if inputs else " checked"
        inputs += f'<input type="radio" id="{group}-{shell}" name="{group}"{checked}>'
        labels += f'<label for="{group}-{shell}">{label}</label>'
        text = html.escape("\n".join(snippets.command(app, files, shell)))
        block = f'<div class="highlight"><pre><span></span><code>{text}</code></pre></div>'
        blocks += f'<div class="tabbed-block">{block}</div>'
    if archive:
        what = f"Download {folder} as a zip"
        link = f'<a download="{folder}.zip" href="{archive}" aria-label="{what}">Download</a>'
    unfolded = " open" if snippets.only_local(files) else ""
    whole = (
        f'<details class="example-run"{unfolded}><summary>Run it on your computer</summary>'
        f'<div class="example-install">Install Flask with <code>pip install flask</code>. {link}</div>'
        f'<div class="tabbed-set tabbed-alternate" data-tabs="{group}">{inputs}'
        f'<div class="tabbed-labels">{labels}</div><div class="tabbed-content">{blocks}</div></div></details>'
    )
    # A block a line: Markdown would close the fold twice otherwise.
    return whole.replace("><div", ">\n<div").replace("</div><", "</div>\n<")


def app_of(group: list[fences.Fence]) -> Path | None:
    """The first app that a group of fences shows whole."""
    whole = [included_file(fence, snippets.ROOT) for fence in group if fence.include and not fence.include["region"]]
    return next((path for path in whole if snippets.is_app(path)), None)


def questions(groups: list[list[fences.Fence]], lines: list[str]) -> dict[int, predict.Question]:
    """Each question by the line of the app's fence that follows it; ValueError, with the line, for a faulty one."""
    asked = {}
    for question in predict.find(lines):
        last = question.last
        while last < len(lines) and not lines[last].strip():
            last += 1
        group = next((group for group in groups if group[0].line == last + 1), None)
        try:
            app = app_of(group) if group else None
        except PageFault as fault:
            raise ValueError(f"{question.last + 1}: {fault}") from None
        if group is None or app is None:
            raise ValueError(f"{question.first}: a question is right above its app; move it there")
        transcript = app.with_suffix(".http")
        if not transcript.is_file():
            name = transcript.relative_to(snippets.ROOT.parent).as_posix()
            raise ValueError(f"{question.first}: a question needs the transcript {name}; record it")
        predict.right(question, transcript.read_text("utf-8"))
        asked[group[0].line] = question
    return asked


class Examples(Preprocessor):
    """Rewrites the include fences of a page; runs before pymdownx.snippets fills them in."""

    def run(self, lines: list[str]) -> list[str]:
        self.length = len(lines)
        self.offered: set[str] = set()  # folders whose app can be downloaded already; a mistake never can
        self.folded: set[str] = set()  # transcripts that settle a question above
        found = list(fences.scan("\n".join(lines)))
        self.settle_includes(found, lines)
        groups = self.groups(found, lines)
        try:
            asked = questions(groups, lines)
        except ValueError as error:
            line, _, fault = str(error).partition(": ")
            self.fail(int(line), fault)
        out, done = [], 0
        for group in groups:
            question = asked.get(group[0].line)
            out += lines[done : (question.first if question else group[0].line) - 1]
            out += self.example(group, question, recorded.asked(out), recorded.asked(out, recorded.VERSIONS))
            done = group[-1].last_line
        return out + lines[done:]

    def settle_includes(self, found: list[fences.Fence], lines: list[str]) -> None:
        """Stop the build on an include outside a fence, and keep one inside a longer listing as it stands.

        The first would be read as Markdown. The second is text about includes or about regions, which
        pymdownx.snippets leaves unchanged if a semicolon is before it.
        """
        fence_of = {n: fence for fence in found for n in range(fence.line, fence.last_line + 1)}
        for number, line in enumerate(lines, 1):
            fence = fence_of.get(number)
            if fence and not fence.include and REGION.search(line):
                lines[number - 1] = line.replace("--8<--", ";--8<--", 1)
                continue
            if not line.strip().startswith("--8<--"):
                continue
            if fence is None:
                self.fail(number, "an include stands outside a fence; put it between ```python and ```")
            if not fence.include:
                lines[number - 1] = line.replace("--8<--", ";--8<--", 1)

    def groups(self, found: list[fences.Fence], lines: list[str]) -> list[list[fences.Fence]]:
        """The include fences, those that show one folder's files one after another put together."""
        groups: list[list[fences.Fence]] = []
        for fence in found:
            if fence.fault:
                self.fail(fence.line, fence.fault)
            if fence.language == "http":
                self.check_transcript(fence)
            if not fence.include:
                continue
            last = groups[-1][-1] if groups else None
            if (
                last
                and not "".join(lines[last.last_line : fence.line - 1]).strip()
                and {fence.language, last.language}.isdisjoint({"http"})
                and self.folder(last) == self.folder(fence)
            ):
                groups[-1].append(fence)
            else:
                groups.append([fence])
        return groups

    def example(
        self, group: list[fences.Fence], question: predict.Question | None, alive: bool, versions: bool
    ) -> list[str]:
        """The Markdown that stands in for a group of include fences and the question above them.

        An app can be `alive`, with its first state beside the code, and have its panel offer other `versions` of Flask.
        """
        paths = [self.path(fence) for fence in group]
        app = app_of(group)
        if app is None:
            return [line for fence in group for line in titled(fence, self.folded)]
        if group[0].prefix:
            self.fail(group[0].line, "an app is shown at the left margin; take the indentation away")
        folder = self.folder(group[0])
        name = app.relative_to(snippets.ROOT / folder).as_posix()
        files = snippets.files_of(app)
        wrong = " example-wrong" if app.name.startswith("wrong") else ""
        needs = attributes(folder, name, files, versions)
        local = snippets.only_local(files)
        archive = ""
        if not wrong and folder not in self.offered:
            place = snippets.place_of(folder, name)
            snippets.ZIPS[place] = snippets.packed(folder, files)
            archive = faults.root_from(faults.page_of(self.md)) + place
            self.offered.add(folder)
        out = [
            f'<div class="example{wrong}" data-folder="{folder}" data-app="{name}"{needs} markdown>',
            bar(name, predict.STYLES.format(faults.root_from(faults.page_of(self.md))) if question else ""),
            "",
        ]
        if question:
            self.folded.add(app.with_suffix(".http").relative_to(snippets.ROOT).as_posix())
            out += predict.markup(question)
        if alive:
            try:
                out += recorded.markup(app.with_suffix(".http"), faults.root_from(faults.page_of(self.md)))
            except ValueError as error:
                self.fail(group[0].line - 1, str(error))
        for fence, path in zip(group, paths, strict=True):
            shown = path.relative_to(snippets.ROOT / folder).as_posix()
            block = [f"```{fence.language}", *fence.body, "```"]
            if len(group) > 1:
                label = shown.replace("_", r"\_")  # or __init__ would be bold
                block = [f'=== "{label}"', "", *(f"    {line}" for line in block)]
            out += [*block, ""]
        if local:
            out += [f"This app runs on your computer, not in this page: it needs {' and '.join(local)}.", ""]
        out += [run_commands(folder, name, files, archive), ""]
        packed = json.dumps(files).replace("<", "\\u003c")
        out += [f'<script type="application/json" class="example-files">{packed}</script>']
        return [*out, "</div>", ""]

    def check_transcript(self, fence: fences.Fence) -> None:
        """Stop the build on a transcript that can't be read; superfences would show it as plain text."""
        if not fence.include:
            self.fail(fence.line, "a transcript is a file beside its app, which a test compares; include it")
        path = self.path(fence)
        try:
            transcripts.parse(path.read_text("utf-8"))
        except ValueError as error:
            self.fail(fence.line, f"snippets/{fence.include['path']}:{error}")

    def folder(self, fence: fences.Fence) -> str:
        """The snippet folder that a fence shows."""
        assert fence.include, "only for fences that include a file"
        return fence.include["path"].partition("/")[0]

    def path(self, fence: fences.Fence) -> Path:
        """The file that a fence shows; a fault in the include stops the build."""
        try:
            return included_file(fence, snippets.ROOT)
        except PageFault as fault:
            return self.fail(fence.line, str(fault))

    def fail(self, line: int, fault: str) -> NoReturn:
        """Stop the build with one line. MkDocs cuts off the front matter, so lines are counted from the end."""
        page = faults.page_of(self.md)
        if page:
            line += len(page.content_string.split("\n")) - self.length
        raise PageFault(f"{faults.name_of(page)}:{line}: {fault}")


def attributes(folder: str, name: str, files: dict[str, str], versions: bool) -> str:
    """What the page's script is told of an app: its environment, what it lacks in the page, and so on."""
    challenge = challenges.of(f"{folder}/{name}") if name.startswith("wrong") else None
    # A solution may read what only the right app reads.
    read = [*snippets.environment_of(files), *snippets.environment_of(challenge.fixed if challenge else {})]
    told = {
        "env": " ".join(sorted(set(read))),
        "local": " ".join(snippets.only_local(files)),
        "fix": challenge.address if challenge else "",
        "single": compared.single(f"{folder}/{name}"),
    }
    return "".join(f' data-{key}="{value}"' for key, value in told.items() if value) + ' data-versions=""' * versions


def titled(fence: fences.Fence, folded: set[str]) -> list[str]:
    """A part of an app, or a file that is no app: the code with its file's name above it.

    The page's script folds some transcripts until the reader has answered the question above them.
    """
    assert fence.include, "only for fences that include a file"
    path = fence.include["path"]
    header = f'{fence.language} title="{fence.title or path.partition("/")[2]}"'
    if fence.language == "http":  # tells whose exchanges these are, so that a reader can replay them there
        flask = not snippets.of_others(Path(path))
        header = f'http app="{path.removesuffix(".http")}.py"' + ' fold="yes"' * (path in folded) if flask else "http"
    body = [fence.prefix + line for line in fence.body]
    return [f"{fence.prefix}```{header}", *body, f"{fence.prefix}```"]


class ExamplesExtension(Extension):
    """Registers the preprocessor ahead of pymdownx.snippets, whose priority is 32."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(Examples(md), "examples", 40)


def makeExtension(**options: object) -> ExamplesExtension:
    """Python-Markdown's entry point."""
    return ExamplesExtension(**options)
