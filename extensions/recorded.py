"""The recorded first state of an app, beside its code: what the page and the cookie are before anything runs.

An author writes `<!-- recorded -->` on the line above the app's fence. The app's transcript has to begin with a request
and the same one again: a press on the page shows the second response while Python comes.
"""

import html
import json
from pathlib import Path

from extensions import predict, transcripts

MARK = "<!-- recorded -->"
VERSIONS = "<!-- versions -->"  # has the panel offer older versions of Flask


def asked(lines: list[str], mark: str = MARK) -> bool:
    """Whether a mark is the last of these lines; it is taken away."""
    while lines and not lines[-1].strip():
        lines.pop()
    found = bool(lines) and lines[-1] == mark
    if found:
        lines.pop()
    lines.append("")
    return found


def states(transcript: Path) -> list[tuple[str, str]]:
    """The first two states as (body, session); ValueError unless two equal requests with a cookie each begin it."""
    fault = f"a recorded state needs the transcript {transcript.name}, which begins with the same request twice"
    if not transcript.is_file():
        raise ValueError(fault)
    parts = transcripts.parse(transcript.read_text("utf-8"))[:2]
    found = [part for part in parts if isinstance(part, transcripts.Exchange) and part.session]
    if len(found) < 2 or len({(one.method, one.path, one.form) for one in found}) > 1:
        raise ValueError(f"{fault}, and both responses set the session cookie")
    return [(one.body, predict.payload(one)) for one in found]


def markup(transcript: Path, root: str) -> list[str]:
    """The HTML of the first state, with the second one for the page's script; `root` leads to the site's root."""
    (body, session), following = states(transcript)
    data = json.dumps(following).replace("&", r"\u0026").replace("<", r"\u003c").replace('"', "&quot;")
    return [
        f'<div class="recorded" data-next="{data}"><link rel="stylesheet" href="{root}assets/recorded.css">',
        f'<div class="recorded-page">{html.escape(body)}</div>',
        f'<div class="recorded-cookie"><b>session</b> <code>{html.escape(session)}</code></div>',
        '<div class="recorded-line"><span>Recorded from this app.</span> <a href="#code">See the code</a></div>',
        "</div>",
        '<div id="code"></div>',
        "",
    ]
