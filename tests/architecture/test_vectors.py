"""What the page works out by itself is what the desk works out: both read the same cases."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from wxdesk.desk.allowance import Grant, forecast
from wxdesk.wechat import split_text

PAGE = Path(__file__).parent.parent.parent / "frontend/src"


def cases(path):
    found = json.loads((PAGE / path).read_text())
    assert len(found) > 20
    return [pytest.param(each, id=each["name"]) for each in found]


@pytest.mark.parametrize("case", cases("features/conversation/compose/split.vectors.json"))
def test_the_page_cuts_long_texts_as_the_desk_does(case):
    assert split_text(case["text"], case["limit"]) == case["parts"]


@pytest.mark.parametrize("case", cases("composables/allowance.vectors.json"))
def test_the_page_forecasts_as_the_desk_does(case):
    kept = case["allowance"]
    grants = tuple(Grant.of_json(each) for each in kept["grants"])
    margin = timedelta(seconds=kept["margin_seconds"])

    found = forecast(grants, kept["reserved"], datetime.fromisoformat(case["now"]), margin)

    closes_at = case["closes_at"] and datetime.fromisoformat(case["closes_at"])
    assert (found.left, found.closes_at, found.is_spent) == (
        case["left"],
        closes_at,
        case["spent"],
    )
