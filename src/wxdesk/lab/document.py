"""A document of cases: each is run, and has its result under ``got``.

A document is an object with any of these keys; others are left as they are. Each holds ``cases``
and what they share, as in the specification's examples. ``got`` has the form of the value that
such a case expects: alone where there is one (``expected_assignments``, ``expected_order``,
``waits``, ``open_seconds``), an object with those names where there are several. A case that
cannot be run has ``{"error": "..."}`` there, and the others are run all the same.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from wxdesk.errors import DeskError, Invalid
from wxdesk.lab import figures, hours, queue, traces

Run = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]
"""Section and case in, result out."""


class LabDocumentInvalid(Invalid):
    """It is no document of cases."""

    code = "lab_document_invalid"


KINDS: Mapping[str, Mapping[str, Run]] = {
    "erlang": {"cases": figures.erlang},
    "erlang_a": {"cases": figures.erlang_a},
    "priority_mmc": {"cases": figures.priority_mmc},
    "staffing": {"cases": figures.staffing},
    "predicted_wait": {"cases": queue.predicted_wait},
    "business_hours": {
        "due": hours.due,
        "elapsed": hours.elapsed,
        "next_open": hours.next_open,
        "paused_clock": hours.paused_clock,
    },
    "due_order": {"cases": queue.due_order},
    "routing_traces": {"cases": traces.replayed},
}
"""By key of the document and list of cases in it."""


def run(document: Any) -> dict[str, Any]:
    """The same document, with each case's result.

    Raises:
        LabDocumentInvalid: It is no object, or what should hold cases does not.
    """
    if not isinstance(document, dict):
        raise LabDocumentInvalid("a document of cases is a JSON object")
    return {key: _section(key, value) if key in KINDS else value for key, value in document.items()}


def errors(document: Mapping[str, Any]) -> Iterator[str]:
    """Of a document that was run: what could not be, and why."""
    for key, lists in KINDS.items():
        for name in lists:
            for number, case in enumerate(document.get(key, {}).get(name, [])):
                got = case["got"]
                if isinstance(got, dict) and "error" in got:
                    yield f"{key}.{name}[{number}]: {got['error']}"


def _section(key: str, section: Any) -> dict[str, Any]:
    if not isinstance(section, dict):
        raise LabDocumentInvalid(f"{key} is an object with a list of cases")
    made = dict(section)
    for name, runs in KINDS[key].items():
        if name in section:
            made[name] = [
                _case(f"{key}.{name}", section, case, runs) for case in _list(key, name, section)
            ]
    return made


def _list(key: str, name: str, section: Mapping[str, Any]) -> list[Any]:
    cases = section[name]
    if not isinstance(cases, list):
        raise LabDocumentInvalid(f"{key}.{name} is a list of cases")
    return cases


def _case(where: str, section: Mapping[str, Any], case: Any, runs: Run) -> dict[str, Any]:
    if not isinstance(case, dict):
        raise LabDocumentInvalid(f"a case of {where} is an object")
    try:
        got = runs(section, case)
    except KeyError as error:
        got = {"error": f"there is no {error}"}
    except (
        DeskError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        got = {"error": str(error)}
    return {**case, "got": got}
