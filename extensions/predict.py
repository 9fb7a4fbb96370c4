"""Questions above an app, which a reader answers before running it.

An author writes a paragraph and two to four answers right above the app's fence, and behind each answer what the app's
transcript would have to show:

    **Predict:** you open the page twice. Which of the two responses sets a cookie?

    - The first one <!-- Set-Cookie in 1 -->
    - Both <!-- Set-Cookie in 1 2 -->

An answer is true if exactly these exchanges have the text in their response. So the right answer isn't written down
anywhere: the build finds it in the transcript, and stops unless there is exactly one.
"""

import json
import re
from dataclasses import dataclass

from extensions import transcripts

START = "**Predict:**"
ANSWER = re.compile(r"^- +(?P<text>\S.*?)\s+<!-- (?P<what>\S.*) in (?P<where>none|\d+(?: \d+)*) -->$")
FEWEST, MOST = 2, 4
FORM = "- The answer <!-- Set-Cookie in 2 -->"


@dataclass(frozen=True)
class Answer:
    """An answer, and the text that these exchanges, counted from 1, have in their response if it is the right one."""

    text: str
    what: str
    where: tuple[int, ...]


@dataclass(frozen=True)
class Question:
    """A question with its answers; `first` and `last` are its lines, counted from 1."""

    text: str
    answers: tuple[Answer, ...]
    first: int
    last: int


def find(lines: list[str]) -> list[Question]:
    """The questions of a page; ValueError for one that can't be read: its line, and what to do."""
    return [read(lines, number) for number, line in enumerate(lines, 1) if line.startswith(START)]


def read(lines: list[str], first: int) -> Question:
    """The question that begins on a line."""
    end = first
    while end < len(lines) and lines[end].strip():
        end += 1
    text = "\n".join(lines[first - 1 : end])
    while end < len(lines) and not lines[end].strip():
        end += 1
    items: list[str] = []
    while end < len(lines) and lines[end].strip():
        if lines[end].startswith("- "):
            items.append(lines[end].strip())
        elif items and lines[end].startswith("  "):
            items[-1] += f" {lines[end].strip()}"
        else:
            break
        end += 1
    if not FEWEST <= len(items) <= MOST:
        raise ValueError(f"{first}: a question has {FEWEST} to {MOST} answers, not {len(items)}; write them as {FORM}")
    answers = []
    for item in items:
        match = ANSWER.match(item)
        if not match:
            raise ValueError(f"{first}: the answer {item!r} doesn't say when it is true; write it as {FORM}")
        where = () if match["where"] == "none" else tuple(map(int, match["where"].split()))
        answers.append(Answer(match["text"], match["what"], where))
    return Question(text, tuple(answers), first, end)


def payload(exchange: transcripts.Exchange) -> str:
    """The session as JavaScript's JSON.stringify writes it."""
    session = json.loads(exchange.session or "null")
    return json.dumps(session, ensure_ascii=False, separators=(",", ":")) if exchange.session else ""


def shown(exchange: transcripts.Exchange) -> str:
    """What an answer is looked for in: the response's lines. The page's script puts them together in the same way."""
    return "\n".join([exchange.status, *exchange.headers, payload(exchange), exchange.body])


def right(question: Question, transcript: str) -> Answer:
    """The answer that is true in a transcript; ValueError unless there is exactly one."""
    exchanges = [part for part in transcripts.parse(transcript) if isinstance(part, transcripts.Exchange)]
    responses = [shown(exchange) for exchange in exchanges]
    found = []
    for answer in question.answers:
        if beyond := [number for number in answer.where if not 1 <= number <= len(responses)]:
            count = f"the transcript has {len(responses)}"
            raise ValueError(f"{question.first}: {answer.text!r} names exchange {beyond[0]}, and {count}")
        if tuple(n for n, response in enumerate(responses, 1) if answer.what in response) == answer.where:
            found.append(answer)
    if len(found) != 1:
        names = " and ".join(repr(answer.text) for answer in found) or "none"
        raise ValueError(f"{question.first}: exactly one answer must be true in the transcript, and {names} is")
    return found[0]


def markup(question: Question) -> list[str]:
    """The Markdown of a question inside an example, with what the page's script needs."""
    data = json.dumps([[answer.what, answer.where] for answer in question.answers])
    # No entity is left for Markdown to read.
    data = data.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e").replace('"', "&quot;")
    items = [f"- {answer.text}" for answer in question.answers]
    return [f'<div class="predict" data-choices="{data}" markdown>', "", question.text, "", *items, "", "</div>", ""]
