"""The requests with which pages compare a wrong app and the right one."""

import re

from extensions import challenges, compared, snippets, transcripts

RESTART = re.compile(r"The server restarts( without \w+)?")


def test_each_entry_is_of_a_wrong_app_and_has_requests_or_a_reason_for_none():
    assert set(compared.chosen()) <= set(challenges.wrong_apps())
    for app, about in compared.chosen().items():
        assert ("requests" in about) != bool(compared.single(app)), app
        assert set(about) <= {"requests", "why", "single"}, app


def test_each_chosen_request_is_one_that_a_transcript_may_have_or_a_restart():
    for app, about in compared.chosen().items():
        for one in about.get("requests", []):
            assert isinstance(one, str) or len(one) == 2, app
            for text in [one] if isinstance(one, str) else filter(None, one):
                assert RESTART.fullmatch(text) or transcripts.parse_part(text), app


def test_a_variable_that_a_restart_leaves_out_is_one_that_the_app_reads():
    for app, about in compared.chosen().items():
        text = (snippets.ROOT / app).read_text("utf-8")
        for name in re.findall(r"restarts without (\w+)", str(about.get("requests"))):
            assert f'environ.get("{name}"' in text, app
