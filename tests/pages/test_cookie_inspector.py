"""Tests of docs/tools/cookie-inspector.md."""

import gzip
import hashlib
import json
import random
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, session
from itsdangerous import Signer, URLSafeTimedSerializer

from tests.support import inspector_cases as cases
from tests.support.inspector_cases import DAY, KEY, NOW, read_by_flask, serializer, sign

ROOT = Path(__file__).parents[2]
PAGE = "docs/tools/cookie-inspector.md"
SCRIPTS = ("inspector.js", "inspector-worker.js")


@pytest.fixture
def in_node(tmp_path):
    """Runs cases through live/inspector/cookie.js, in one Node process."""

    def run(cases):
        files = [tmp_path / "cases.json", tmp_path / "results.json"]
        files[0].write_text(json.dumps(cases))
        subprocess.run(["node", ROOT / "tests/runner/inspector_node.mjs", *files], check=True, timeout=120)
        return json.loads(files[1].read_text())

    return run


@pytest.fixture
def inspector(page, site_url):
    """The page in a browser; the test fails if it throws or logs an error."""
    from tests.runner.inspector_page import Inspector

    inspector = Inspector(page, site_url)
    yield inspector
    assert inspector.faults == []


@pytest.mark.process
def test_what_flask_wrote_is_read_as_the_same_value_and_verifies(in_node):
    payloads = cases.Payloads(seed=8)
    asked, expected = [], []
    with cases.at(NOW) as clock:
        for i in range(600):
            digest = ["sha1", "sha256", "sha384", "sha512"][i % 4]
            derivation = ["hmac", "concat", "django-concat", "none"][i // 4 % 4]
            keys = [["dev"], ["new", "old"], ["ключ", "b", "c"], ["k" * 200]][i // 16 % 4]
            salt = ["cookie-session", "salt é"][i // 64 % 2]
            options = {"salt": salt, "digest": digest, "keyDerivation": derivation}
            signer = i % len(keys)
            clock.move_to(datetime.fromtimestamp(NOW - i, UTC))
            cookie = cases.set_cookie(cases.make_app(keys[signer], **options), payloads.session())
            value = cookie.partition("=")[2].partition(";")[0]
            read = serializer(cases.make_app(keys[0], keys[1:], **options)).loads(value)
            asked.append(cases.judge(cookie, keys, **options))
            expected.append((value, NOW - i, signer, ("ok", cases.show(read))))
    assert 100 < sum(value.startswith(".") for value, *_ in expected) < 500

    for result, right in zip(in_node(asked), expected, strict=True):
        assert (result["value"], result["signedAt"], result["key"], cases.node_says(result)) == right
        assert result["shape"] is None


@pytest.mark.process
def test_on_every_one_character_mutation_it_gives_the_verdict_of_itsdangerous(in_node):
    pick = random.Random(8)  # noqa: S311
    asked, expected = [], []
    for digest, data in [("sha1", {"visits": 1}), ("sha256", cases.EVERYTHING), ("sha512", {"a": "b" * 100})]:
        app = cases.make_app(digest=digest)
        with cases.at(NOW - 10):
            value = serializer(app).dumps(data)
        with cases.at(NOW):
            for mutant in cases.one_character_mutations(value, pick):
                asked.append(cases.judge(mutant, digest=digest) | {"bare": True})
                expected.append((mutant, cases.flask_says(app, mutant)))
    assert {verdict for _, (verdict, _) in expected} == {"ok", "mismatch"}

    for result, (mutant, said) in zip(in_node(asked), expected, strict=True):
        assert (mutant, cases.node_says(result)) == (mutant, said)


@pytest.mark.process
def test_also_when_the_mutation_is_signed_with_the_key(in_node):
    pick = random.Random(9)  # noqa: S311
    payloads = cases.Payloads(seed=9)
    app = cases.make_app()
    signer = serializer(app).make_signer()
    asked, expected = [], []
    for _ in range(12):
        with cases.at(NOW - 10):
            unsigned = serializer(app).dumps(payloads.session()).rpartition(".")[0]
        with cases.at(NOW):
            mutants = pick.sample(list(cases.one_character_mutations(unsigned, pick)), 500)
            for mutant in [*mutants, unsigned.replace(".", "")]:
                value = Signer.sign(signer, mutant).decode()
                asked.append(cases.judge(value) | {"bare": True})
                expected.append((value, cases.flask_says(app, value)))
    verdicts = {verdict for _, (verdict, _) in expected}
    assert verdicts == {"ok", "bad-payload", "bad-timestamp", "no-timestamp", "future", "expired"}

    for result, (value, said) in zip(in_node(asked), expected, strict=True):
        assert (value, cases.node_says(result)) == (value, said)


@pytest.mark.process
def test_flask_accepts_what_it_signs(in_node):
    payloads = cases.Payloads(seed=10)
    asked, expected = [], []
    for digest in ["sha1", "sha256", "sha384", "sha512"]:
        for derivation in ["hmac", "concat", "django-concat", "none"]:
            options = {"salt": "é", "digest": digest, "keyDerivation": derivation}
            app = cases.make_app("key é", **options)
            text = serializer(app).serializer.dumps(payloads.session())
            for written in (text, json.dumps(json.loads(text), indent=2)):
                case = {"operation": "sign", "json": written, "key": "key é", "options": options}
                asked.append(case | {"timestamp": NOW - 5})
                expected.append((app, cases.show(serializer(app).serializer.loads(text))))
    values = in_node(asked)
    with cases.at(NOW):
        for value, (app, read) in zip(values, expected, strict=True):
            assert cases.show(read_by_flask(value, app)) == read
    assert {value.startswith(".") for value in values} == {True, False}


@pytest.mark.process
def test_it_finds_the_session_cookie_in_what_people_paste(in_node):
    results = in_node([{"operation": "find", "text": text} for text in cases.PASTED.values()])
    found = {kind: result["value"] for kind, result in zip(cases.PASTED, results, strict=True)}
    assert found == dict.fromkeys(cases.PASTED, cases.VALUE)


@pytest.mark.process
def test_it_tells_a_deletion_another_name_and_no_cookie_apart(in_node):
    deletion, named, missing = in_node(
        [
            {"operation": "find", "text": cases.FAILURES["Deleted"]},
            {"operation": "find", "text": f"session=a; __Host-s={cases.VALUE}", "name": "__Host-s"},
            {"operation": "find", "text": "Cookie: csrftoken=a; theme=b"},
        ]
    )
    assert (deletion["value"], deletion["name"]) == ("", "session")
    assert (named["value"], named["name"]) == (cases.VALUE, "__Host-s")
    assert (missing["value"], missing["names"]) == (None, ["csrftoken", "theme"])


def test_its_defaults_are_those_of_flask():
    interface = Flask("shop").session_interface
    digest = interface.digest_method().name
    assert {"salt": interface.salt, "digest": digest, "keyDerivation": interface.key_derivation} == cases.FLASK
    assert Flask("shop").permanent_session_lifetime.days == 31
    assert Flask("shop").config["MAX_COOKIE_SIZE"] == 4093


@pytest.mark.browser
def test_it_takes_the_cookie_apart_as_one_types(inspector):
    value = sign(cases.EVERYTHING, age=7200)
    inspector.type("Session cookie", value[:20])
    inspector.says("Not three parts")
    inspector.fill("Session cookie", f"< Set-Cookie: session={value}; HttpOnly; Path=/")
    inspector.says("Not checked")
    assert inspector.part("value").inner_text() == value
    assert inspector.part("parts").inner_text().split("\n")[::2] == ["Payload", "Timestamp", "Signature", "Size"]
    inspector.says("2 hours ago", "parts")


@pytest.mark.browser
def test_the_payload_is_shown_with_nothing_lost_and_its_types_named(inspector):
    inspector.fill("Session cookie", sign(cases.EVERYTHING))
    inspector.says("Not checked")
    rows = "\n".join(inspector.rows())
    for text in [
        '"big": 1180591620717411303424, int',
        '"float": 1.0, float',
        '"nan": NaN, float',
        '"none": null, None',
        '"pair": {" t":["a",[]]}, tuple',
        '"bytes": {" b":"/wBh"}, bytes: b\'\\xff\\x00a\'',
        '"html": {" m":"<b>"}, Markup',
        '"id": {" u":"00000000000000000000000000000008"}, UUID',
        '"seen": {" d":"Thu, 01 Jan 1970 00:00:08 GMT"}, datetime, in UTC',
        '"one": {" di":{" t__":1.0}}, dict whose only key looks like a tag',
        '"_permanent": true, bool: session.permanent',
        '"_flashes": [{" t":["message","Saved"]}], list: flash() messages that no page has shown yet',
    ]:
        assert text in rows


@pytest.mark.browser
def test_the_size_is_counted_as_browsers_and_flask_count_it(inspector):
    value = sign({"a": 1})
    inspector.fill("Session cookie", value)
    inspector.says(f"{len(value) + len('session')} of the 4096 bytes", "parts")
    inspector.says(f"{len(f'session={value}; HttpOnly; Path=/')} with default attributes", "parts")


@pytest.mark.browser
def test_it_tells_the_right_key_a_fallback_and_a_wrong_key_apart(inspector):
    inspector.fill("Session cookie", sign({"visits": 1}))
    inspector.fill("Secret key", KEY)
    inspector.says("Valid signature")
    inspector.fill("Secret key", "new key")
    inspector.says("Invalid signature")
    inspector.press("Add fallback")
    inspector.fill("Fallback 1", "another")
    inspector.press("Add fallback")
    inspector.fill("Fallback 2", KEY)
    inspector.says("It is fallback 2")
    inspector.fill("Secret key", "")
    inspector.says("It is fallback 2")


@pytest.mark.browser
def test_salt_digest_and_key_derivation_can_be_given(inspector):
    signer = {"key_derivation": "django-concat", "digest_method": hashlib.sha512}
    value = URLSafeTimedSerializer(KEY, salt="other", signer_kwargs=signer).dumps({"a": 1})
    inspector.fill("Session cookie", value)
    inspector.fill("Secret key", KEY)
    inspector.says("Invalid signature")
    inspector.unfold()
    inspector.fill("Salt", "other")
    inspector.choose("Digest", "sha512")
    inspector.choose("Key derivation", "django-concat")
    inspector.says("Valid signature")


@pytest.mark.browser
def test_a_key_may_be_typed_as_python_shows_it(inspector):
    inspector.fill("Session cookie", sign({"a": 1}, key=b'_5#y2L"F4Q8z\n\xec]/'))
    inspector.fill("Secret key", r"""b'_5#y2L"F4Q8z\n\xec]/'""")
    inspector.says("Valid signature")
    # The same text as it stands is a key as well.
    inspector.fill("Session cookie", sign({"a": 1}, key=r"""b'_5#y2L"F4Q8z\n\xec]/'"""))
    inspector.says("Valid signature")


@pytest.mark.browser
def test_the_lifetime_decides_until_when_a_server_accepts_it(inspector):
    inspector.fill("Session cookie", sign({"a": 1}, age=31 * DAY + 60))
    inspector.says("Expired")
    inspector.fill("Lifetime", "32")
    inspector.fill("Secret key", KEY)
    inspector.says("Valid signature")
    inspector.fill("Session cookie", sign({"a": 1}, age=-600))
    inspector.says("From the future")


@pytest.mark.browser
def test_without_the_key_an_edited_payload_has_a_signature_that_is_no_longer_valid(inspector):
    value = sign({"user": "eve"})
    inspector.fill("Session cookie", value)
    inspector.fill("Payload", '{"user": "admin"}')
    inspector.says("Signature no longer valid", "said")
    edited = inspector.value("New cookie")
    assert edited.split(".")[1:] == value.split(".")[1:]
    assert read_by_flask(edited) == {}
    inspector.press("Sign again")
    inspector.says("No secret key")
    inspector.fill("Payload", '{"user": ')
    inspector.says("Not JSON", "said")


@pytest.mark.browser
def test_with_the_key_an_edited_payload_is_signed_again_and_flask_reads_it(inspector):
    inspector.fill("Session cookie", sign({"user": "eve"}))
    inspector.fill("Secret key", KEY)
    inspector.fill("Payload", '{"user": "admin", "n": 1.0}')
    inspector.press("Sign again")
    inspector.says("Signed again", "said")
    assert read_by_flask(inspector.value("New cookie")) == {"user": "admin", "n": 1.0}


@pytest.mark.browser
def test_it_names_each_failure_and_each_stranger(inspector):
    for term, text in cases.FAILURES.items():
        inspector.fill("Session cookie", text)
        inspector.says(term)


@pytest.mark.browser
def test_it_says_that_the_cookie_of_the_recipe_is_encrypted(inspector):
    shown = (ROOT / "snippets/encrypt_the_session_cookie/app.http").read_text("utf-8")
    [header, *_] = re.findall("Set-Cookie: session=gAAAA.+", shown)
    inspector.fill("Session cookie", header)
    inspector.says("An encrypted cookie")


@pytest.mark.browser
def test_it_lists_the_cookies_that_it_found_instead(inspector):
    inspector.fill("Session cookie", "Cookie: csrftoken=a; theme=dark")
    inspector.says("Found instead: csrftoken, theme.")


@pytest.mark.browser
def test_it_names_each_cookie_that_a_framework_made(inspector):
    record = json.loads((ROOT / "tests/bench/frameworks.json").read_text("utf-8"))
    assert record.keys() == cases.MAKERS.keys()
    for framework, term in cases.MAKERS.items():
        name, value = max(record[framework]["cookies"].items(), key=lambda pair: len(pair[1]))
        inspector.fill("Cookie name", name)
        inspector.fill("Session cookie", f"Cookie: {name}={value}; theme=dark")
        inspector.says(term)
        inspector.fill("Session cookie", value)
        inspector.says(term)


@pytest.mark.browser
def test_it_names_what_is_wrong_in_a_cookie_with_a_valid_signature(inspector):
    signer = serializer(cases.make_app()).make_signer()
    inspector.fill("Secret key", KEY)
    inspector.fill("Session cookie", signer.sign("notbase64").decode())
    inspector.says("Not a payload")
    inspector.fill("Session cookie", Signer.sign(signer, "eyJhIjoxfQ.A").decode())
    inspector.says("Not a timestamp")
    inspector.fill("Session cookie", Signer.sign(signer, "eyJhIjoxfQ").decode())
    inspector.says("Not three parts")


@pytest.mark.browser
def test_a_link_fills_the_cookie_in_by_the_fragment_of_its_address(inspector):
    value = sign({"visits": 1})
    inspector.page.goto(f"{inspector.address}#cookie={value}")
    inspector.says("Not checked")
    assert inspector.value("Session cookie") == value
    inspector.page.goto(f"{inspector.address}#cookie={sign({'visits': 2})}&key={KEY}")
    inspector.says("Valid signature")
    assert inspector.value("Payload") == '{"visits":2}'


@pytest.mark.browser
def test_while_a_key_is_typed_nothing_is_sent_and_nothing_is_stored(inspector):
    before = inspector.stored()
    inspector.fill("Session cookie", sign({"visits": 1}))
    inspector.type("Secret key", KEY)
    inspector.says("Valid signature")
    inspector.fill("Payload", '{"visits": 2}')
    inspector.press("Sign again")
    inspector.says("Signed again", "said")
    inspector.page.get_by_label("Secret key").press("Enter")
    inspector.page.wait_for_timeout(500)
    assert inspector.requests == []
    assert inspector.stored() == before


@pytest.mark.browser
def test_where_browsers_refuse_to_sign_it_reads_and_says_so(page, site_url):
    from tests.runner.inspector_page import Inspector

    def answer(route):
        route.fulfill(response=route.fetch(url=route.request.url.replace("http://insecure.example/", site_url)))

    page.route("http://insecure.example/**", answer)
    inspector = Inspector(page, "http://insecure.example/")
    inspector.fill("Session cookie", sign({"visits": 1}))
    inspector.fill("Secret key", KEY)
    inspector.says("only on https and on localhost")
    assert '"visits":1' in "".join(inspector.rows())
    inspector.press("Sign again")
    inspector.says("only on https and on localhost", "said")
    assert inspector.faults == []


@pytest.mark.browser
def test_it_works_offline_once_loaded(inspector):
    inspector.page.context.set_offline(True)
    inspector.fill("Session cookie", sign({"visits": 1}))
    inspector.fill("Secret key", KEY)
    inspector.says("Valid signature")


@pytest.mark.browser
def test_ten_thousand_inputs_of_garbage_raise_nothing_and_block_nothing(inspector):
    """The worker gets all of them. The page shows what the worker says of a thousand, which is what takes long."""
    pick = random.Random(8)  # noqa: S311
    inputs = [cases.garbage(pick) for _ in range(10_000)]
    assert inspector.thrown_by(inputs) == []
    inspector.page.reload()
    suspects = inspector.blocked_by(inputs[:1000])
    # On a machine with other work a task can be long by chance, but not each time for the same input.
    for _ in range(10):
        suspects = suspects and inspector.blocked_by(suspects)
    assert suspects == []
    inspector.fill("Session cookie", sign({"visits": 1}))
    inspector.says("Not checked")


@pytest.mark.alone  # beside other work a task of 30 ms lasts over 50
@pytest.mark.browser
@pytest.mark.parametrize("kind", cases.LARGE)
def test_a_megabyte_or_a_zip_bomb_gets_a_verdict_and_blocks_nothing(inspector, kind):
    text = cases.LARGE[kind]()
    # A task can be long by chance, but not each time for the same input.
    assert [] in (inspector.paste(text) for _ in range(10))


@pytest.mark.browser
def test_axe_finds_nothing_in_a_cookie_taken_apart_and_edited(inspector):
    inspector.fill("Session cookie", sign({"visits": 1, "_flashes": [("message", "a" * 500)], "key": b"\xff"}))
    inspector.fill("Secret key", "wrong")
    inspector.press("Add fallback")
    inspector.unfold()
    inspector.fill("Payload", '{"visits": 2}')
    inspector.says("no longer valid", "said")
    inspector.says("Invalid signature")
    inspector.assert_accessible()


@pytest.mark.browser
def test_it_works_with_the_keyboard_only(inspector):
    keyboard = inspector.page.keyboard
    inspector.page.get_by_label("Session cookie").focus()
    keyboard.insert_text(sign({"visits": 1}))
    inspector.says("Not checked")
    names = []
    while "Sign again" not in names:
        keyboard.press("Tab")
        names.append(
            inspector.page.evaluate("(e => e.labels?.[0]?.textContent ?? e.textContent)(document.activeElement)")
        )
        if names[-1] == "Secret key":
            keyboard.type(KEY)
    fields = ["Secret key", "Add fallback", "Cookie name", "Lifetime", "Salt, digest, key derivation"]
    assert names[:6] == [*fields, sign({"visits": 1}).partition(".")[0]]
    assert len(names[6:-2]) == 5  # two more parts, and what is said of the three
    assert names[-2:] == ["Payload", "Sign again"]
    keyboard.press("Enter")
    inspector.says("Signed again", "said")


@pytest.mark.browser
def test_without_javascript_the_page_says_what_to_do(new_context, site_url):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site_url}tools/cookie-inspector/")
    assert page.get_by_label("Session cookie").is_hidden()
    assert page.locator("noscript a").is_visible()
    assert page.get_by_role("heading", name="Read one in Python").is_visible()


def test_flask_does_with_a_cookie_what_its_result_says():
    signer = serializer(cases.make_app()).make_signer()
    cookies = {
        "ok": sign({"a": 1}),
        "mismatch": sign({"a": 1}, key="another key"),
        "expired": sign({"a": 1}, age=31 * DAY + 60),
        "future": sign({"a": 1}, age=-DAY),
        "bad-timestamp": Signer.sign(signer, "eyJhIjoxfQ.A").decode(),
        "bad-payload": signer.sign("notbase64").decode(),
    }
    app = cases.make_app()
    app.add_url_rule("/", view_func=lambda: dict(session))
    page = (ROOT / PAGE).read_text("utf-8")
    for result, cookie in cookies.items():
        response = app.test_client(use_cookies=False).get("/", headers={"Cookie": f"session={cookie}"})
        does = (
            "gets a 500" if response.status_code == 500 else "reads it" if response.json else "empty session|rejects it"
        )
        said = re.search(rf'<dd id="says-{result}">(.+?)</dd>', page)[1]
        assert re.findall("gets a 500|reads it|empty session|rejects it", said) == re.findall(does, said) != [], result


@pytest.mark.source
def test_every_result_on_the_page_is_one_that_the_script_gives():
    answers = re.findall('<dd id="says-(.+?)">', (ROOT / PAGE).read_text("utf-8"))
    script = "".join(path.read_text("utf-8") for path in sorted((ROOT / "live/inspector").glob("*.js")))
    assert [answer for answer in answers if not re.search(rf'"{answer}"|\b{answer}: /', script)] == []


@pytest.mark.site
def test_its_script_is_at_most_ten_kilobytes_on_the_wire(built_site):
    assert (
        sum(len(gzip.compress(file.read_bytes(), 9)) for file in built_site.glob("assets/live/inspector*.js")) <= 10_000
    )
