"""What docs/api.md shows of webhooks is run, and every operation of the API says what it is."""

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wxdesk.desk import cards, webhooks
from wxdesk.desk.events import Happening
from wxdesk.desk.webhooks import signing
from wxdesk.web.app import PARTS, describe
from wxdesk.web.description import EXAMPLES

SHOWN = r"(?:\$DESK|`(?:GET|POST|PUT|PATCH|DELETE) )(/api/[^\s`\"']*)"
GUIDE = (Path(__file__).parents[2] / "docs/api.md").read_text()


@pytest.fixture(scope="module")
def description():
    return describe().openapi()


def operations(description):
    for path, item in description["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def test_every_operation_says_what_it_does_and_what_may_go_wrong(description):
    for name, operation in operations(description):
        assert operation.get("summary"), name
        assert operation.get("description"), name
        assert operation.get("tags") or not name.split(" ")[1].startswith("/api/"), name
        if name.split(" ")[1].startswith("/api/") and name != "GET /api/openapi.json":
            assert "401" in operation["responses"], name


def test_every_subject_has_its_place_and_its_line(description):
    told = [subject["name"] for subject in description["tags"]]
    used = {tag for _, operation in operations(description) for tag in operation.get("tags", ())}
    assert set(told) == used
    assert told[0] == "conversations"


def test_every_example_is_one_that_its_operation_takes():
    app = describe()
    takes = {}
    for part in PARTS:
        for route in part.router.routes:
            for method in route.methods:
                takes[f"{method} /api{route.path}"] = route
    for (method, path), example in EXAMPLES.items():
        shown = app.openapi()["paths"][path][method.lower()]
        assert example.curl(method, path) in shown["description"]
        for name, body in example.bodies.items():
            assert shown["requestBody"]["content"]["application/json"]["examples"][name]
            _, errors = takes[f"{method} {path}"].body_field.validate(body, loc=())
            assert not errors


def test_every_kind_of_webhook_is_described(description):
    assert len(description["webhooks"]) == len(events()) + 1
    for kind in (*events(), webhooks.PING):
        said = description["webhooks"][kind]["post"]
        assert said["summary"]
        assert "webhook-signature" in said["description"]


def events():
    return [str(each) for each in Happening]


def test_every_route_that_the_guide_shows_is_there(description):
    known = {re.sub(r"{\w+}", "N", path) for path in description["paths"]}
    shown = {
        re.sub(r"/(\d+|me)(?=/|$)", "/N", path.split("?")[0].rstrip("/.,"))
        for path in re.findall(
            r"(?:\$DESK|`(?:GET|POST|PUT|PATCH|DELETE) )(/api/[^\s`\"']*)", GUIDE
        )
    }
    assert len(shown) > 20
    missing = {path for path in shown if path not in known and "/2026" not in path}
    assert not missing


def test_the_snippet_that_verifies_knows_who_asks_for_a_card():
    (snippet,) = re.findall(r"```python\n(import hashlib.*?)```", GUIDE, re.DOTALL)
    names: dict = {}
    exec(snippet, names)
    values = dict.fromkeys(cards.PLACEHOLDERS, "o/1&2")
    now = datetime.fromtimestamp(time.time(), UTC)
    for url in ("https://crm.example.com/{openid}", "https://crm.example.com/?a={agent}"):
        asked = cards.address(url, values, "secret", now)

        assert names["is_asked_by_the_desk"]("secret", asked)
        assert not names["is_asked_by_the_desk"]("other", asked)
        assert not names["is_asked_by_the_desk"]("secret", asked.replace("o%2F1", "o%2F3"))
        long_ago = cards.address(url, values, "secret", now - timedelta(minutes=6))
        assert not names["is_asked_by_the_desk"]("secret", long_ago)


def test_the_snippet_that_verifies_knows_the_desk(description):
    (snippet,) = re.findall(r"```python\n(import base64.*?)```", GUIDE, re.DOTALL)
    names: dict = {}
    exec(snippet, names)
    secret = signing.new_secret()
    now = datetime.fromtimestamp(time.time(), UTC)
    headers = signing.headers("evt_1", b'{"a": 1}', [secret, signing.new_secret()], now)

    assert names["is_from_the_desk"](secret, headers, b'{"a": 1}')
    assert not names["is_from_the_desk"](secret, headers, b'{"a": 2}')
    assert not names["is_from_the_desk"](signing.new_secret(), headers, b'{"a": 1}')
