"""``wxdesk lab``: made-up cases through the desk's own code."""

import json
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / "fixtures" / "routing_examples.json"
EXAMPLES = json.loads(FILE.read_text())

EXPECTED = {
    ("erlang", "cases"): ("B", "C"),
    ("erlang_a", "cases"): (
        "p_wait", "p_abandon", "mean_wait", "mean_queue", "occupancy", "sl"
    ),
    ("priority_mmc", "cases"): "waits",
    ("staffing", "cases"): ("servers", "service_level", "service_level_with_one_less"),
    ("predicted_wait", "cases"): ("mean", "sd", "q90"),
    ("business_hours", "due"): ("due", "due_utc"),
    ("business_hours", "elapsed"): "open_seconds",
    ("business_hours", "next_open"): ("is_open", "next_open"),
    ("business_hours", "paused_clock"): ("left_at_last_resume", "due"),
    ("due_order", "cases"): "expected_order",
    ("routing_traces", "cases"): "expected_assignments",
}  # fmt: skip


def run(installation, document, name="cases.json"):
    file = installation.folder / name
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return installation.run("lab", str(file))


def test_each_example_comes_out_as_expected(empty):
    done = empty.run("lab", str(FILE))

    assert (done.code, done.err) == (0, "")
    document = done.document
    for (key, name), fields in EXPECTED.items():
        assert document[key][name]
        for case in document[key][name]:
            assert_same(case["got"], expected(case, fields))


def expected(case, fields):
    if isinstance(fields, str):
        return case[fields]
    return {field: case[field] for field in fields}


def assert_same(got, wanted):
    if isinstance(wanted, dict):
        assert got.keys() == wanted.keys()
        for name, value in wanted.items():
            assert_same(got[name], value)
    elif isinstance(wanted, float) or (
        isinstance(wanted, list) and wanted and isinstance(wanted[0], float)
    ):
        assert got == pytest.approx(wanted, rel=1e-8)
    else:
        assert got == wanted


def test_it_is_the_same_document_with_what_came_out(empty):
    document = empty.run("lab", str(FILE)).document

    for key, name in EXPECTED:
        for case in document[key][name]:
            del case["got"]
    assert document == EXAMPLES


def test_it_needs_no_settings_and_leaves_nothing_behind(empty):
    empty.environment["WXDESK_DATABASE_URL"] = "nonsense"

    assert empty.run("lab", str(FILE)).code == 0
    assert [file for file in empty.folder.iterdir() if not file.name.startswith(".")] == []


def test_other_keys_are_left_as_they_are(empty):
    done = run(empty, {"mine": [1, {"got": 2}], "erlang": {"cases": [{"c": 1, "a": 0.5}]}})

    assert done.document == {
        "mine": [1, {"got": 2}],
        "erlang": {"cases": [{"c": 1, "a": 0.5, "got": {"B": pytest.approx(1 / 3), "C": 0.5}}]},
    }


@pytest.mark.parametrize(
    ("key", "case", "says"),
    [
        ("erlang", {"a": 0.5}, "there is no 'c'"),
        ("erlang", {"c": "many", "a": 0.5}, ""),
        ("predicted_wait", {"level": "gold"}, ""),
        ("due_order", {"now": 0, "waiting": [{"id": "a"}]}, ""),
        ("routing_traces", {"agents": [], "events": [{"t": 0, "op": "dance"}]}, "dance"),
        ("routing_traces", {"agents": [], "events": [{"op": "close"}]}, "there is no 't'"),
        ("routing_traces", {"agents": "none", "events": []}, ""),
        ("routing_traces", {"agents": [], "events": [{"t": "soon", "op": "close"}]}, "soon"),
        ("routing_traces", {"agents": [], "events": [{"t": 1e300, "op": "close", "id": 1}]}, ""),
    ],
)
def test_a_case_that_cannot_be_run_says_so_and_the_others_are_run(empty, key, case, says):
    section = EXAMPLES[key] | {"cases": [case, EXAMPLES[key]["cases"][0]]}
    if key == "routing_traces":
        section["tiers"] = EXAMPLES[key]["cases"][0]["tiers"]

    done = run(empty, {key: section})

    assert done.code == 0
    bad, good = done.document[key]["cases"]
    assert says in bad["got"]["error"]
    assert "error" not in good["got"]
    assert f"{key}.cases[0]" in done.err


@pytest.mark.parametrize(
    "case",
    [
        {"calendar": "nowhere", "from": "2026-03-11T10:00:00+08:00", "seconds": 1},
        {"calendar": "cn_office", "from": "2026-03-11T10:00:00", "seconds": 1},
        {"calendar": "cn_office", "from": "yesterday", "seconds": 1},
        {"calendar": "cn_office", "from": "2026-03-11T10:00:00+08:00", "seconds": -1},
        {"calendar": "cn_office", "from": "2026-03-11T10:00:00+08:00"},
    ],
)
def test_a_question_about_hours_that_makes_no_sense_says_so(empty, case):
    section = EXAMPLES["business_hours"] | {"due": [case]}

    done = run(empty, {"business_hours": section})

    assert done.document["business_hours"]["due"][0]["got"]["error"]


def test_a_calendar_that_is_never_open_is_never_due(empty):
    calendar = {"tz": "Asia/Shanghai", "weekly": {}, "overrides": {}}
    case = {"calendar": "shut", "from": "2026-03-11T10:00:00+08:00", "seconds": 60}

    done = run(empty, {"business_hours": {"calendars": {"shut": calendar}, "due": [case]}})

    got = done.document["business_hours"]["due"][0]["got"]
    assert got == {"due": None, "due_utc": None}


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("{", "is no JSON"),
        ("[]", "is a JSON object"),
        ('{"erlang": []}', "erlang"),
        ('{"erlang": {"cases": {}}}', "erlang.cases"),
        ('{"erlang": {"cases": [1]}}', "erlang.cases"),
    ],
)
def test_what_is_no_document_of_cases_is_refused_in_a_sentence(empty, document, says):
    done = run(empty, document)

    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert "Traceback" not in done.err


def test_a_file_that_is_not_there_is_refused(empty):
    done = empty.run("lab", str(empty.folder / "nothing.json"))

    assert done.code == 2
    assert "nothing.json" in done.err
