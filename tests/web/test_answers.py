"""Rules, hours and the keeper by the API: who may, what is refused, what a sample tells."""

import asyncio

import pytest

from patient import PATIENCE_SECONDS
from wxdesk.worker.intake import understand_kept

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ANNA = "oFollowerAnna"
RULE = {
    "name": "退款",
    "cause": "keyword",
    "words": ["退款"],
    "answers": [{"kind": "text", "text": "三天内到账"}],
}
SAMPLE = {"what": "message", "text": "想退款"}


@pytest.fixture
async def shop(desk, mode):
    return await desk.account(mode=mode, policy="2023")


@pytest.fixture
async def somebody(visit, desk):
    return await visit(token=await desk.token(await desk.agent()))


async def put(visitor, path, **body):
    return await visitor.ask("PUT", path, json=body)


async def add(admin, **facts):
    answer = await admin.post("/api/accounts/1/answers", **RULE | facts)
    assert answer.status == 201, answer
    return answer.body


async def test_a_rule_is_added_changed_switched_and_removed(admin, supervisor):
    rule = await add(admin)
    assert (rule["enabled"], rule["may_cost"], rule["most_per_hour"]) == (True, 0, 5)
    assert rule["answers"] == RULE["answers"]

    changed = await admin.patch(f"/api/answers/{rule['id']}", enabled=False, words=["退货"])

    assert (changed.status, changed.body["version"]) == (200, 2)
    assert changed.body == rule | {"enabled": False, "words": ["退货"], "version": 2}
    assert (await supervisor.get("/api/accounts/1/answers")).body["items"] == [changed.body]
    assert (await admin.ask("DELETE", f"/api/answers/{rule['id']}")).status == 204
    assert (await supervisor.get("/api/accounts/1/answers")).body["items"] == []


@on_sqlite
@pytest.mark.parametrize(
    "said",
    [
        {"kind": "text", "text": "您好"},
        {
            "kind": "news",
            "title": "a",
            "description": "b",
            "url": "https://e.com",
            "picture_url": "https://e.com/p",
        },
        {"kind": "msgmenu", "head": "选", "items": [{"id": "1", "content": "一"}], "tail": ""},
        {"kind": "wxcard", "card_id": "C1"},
        {"kind": "mpnewsarticle", "article_id": "A1"},
        {
            "kind": "template",
            "template_id": "T1",
            "title": "x",
            "data": {"a": "b"},
            "labels": {"a": "品名"},
            "url": None,
            "mini_program": None,
        },
    ],
)
async def test_what_a_rule_says_is_read_as_it_was_written(admin, said):
    assert (await add(admin, answers=[said]))["answers"] == [said]


async def test_rules_are_put_in_order(admin):
    ids = [(await add(admin, name=name))["id"] for name in "abc"]

    ordered = await put(admin, "/api/accounts/1/answers/order", ids=ids[::-1])

    assert [each["id"] for each in ordered.body["items"]] == ids[::-1]
    stale = await put(admin, "/api/accounts/1/answers/order", ids=ids[:2])
    assert stale.problem == (409, "rules_changed")


@on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 61},
        {"cause": "whatever"},
        {"words": []},
        {"words": ["x"] * 51},
        {"words": ["\0"]},
        {"words": ["("], "match": "regex"},
        {"words": [r"(a)\1"], "match": "regex"},
        {"words": ["x" * 201]},
        {"answers": []},
        {"answers": [{"kind": "text", "text": "x"}] * 6},
        {"answers": [{"kind": "text", "text": " "}]},
        {"answers": [{"kind": "image", "media": 99}]},
        {"answers": [{"kind": "song"}]},
        {"may_cost": -1},
        {"may_cost": 6},
        {"most_per_hour": 0},
        {"tag_ids": [99]},
        {"hours": "sometimes"},
    ],
)
async def test_a_rule_that_cannot_be_right_is_refused(admin, wrong):
    answer = await admin.post("/api/accounts/1/answers", **RULE | wrong)

    assert answer.problem[0] == 422
    rule = await add(admin)
    assert (await admin.patch(f"/api/answers/{rule['id']}", **wrong)).problem[0] == 422


@on_sqlite
async def test_an_account_has_a_hundred_rules_and_no_more(admin):
    for _ in range(100):
        await add(admin)

    answer = await admin.post("/api/accounts/1/answers", **RULE)

    assert answer.problem == (409, "too_many_rules")


@on_sqlite
async def test_supervisors_read_admins_change_and_agents_see_nothing(admin, supervisor, somebody):
    rule = await add(admin)
    reads = ["answers", "answers/log", "hours", "keeper"]
    writes = [
        ("POST", "/api/accounts/1/answers", RULE),
        ("PATCH", f"/api/answers/{rule['id']}", {}),
        ("DELETE", f"/api/answers/{rule['id']}", {}),
        ("PUT", "/api/accounts/1/answers/order", {"ids": [rule["id"]]}),
        ("PUT", "/api/accounts/1/hours", {"timezone": "Asia/Shanghai", "intervals": None}),
        ("PUT", "/api/accounts/1/keeper", KEEPER),
    ]
    for what in reads:
        assert (await supervisor.get(f"/api/accounts/1/{what}")).status == 200
        assert (await somebody.get(f"/api/accounts/1/{what}")).problem == (403, "forbidden")
        assert (await supervisor.get(f"/api/accounts/9/{what}")).problem == (404, "not_found")
    for method, path, body in writes:
        refused = await supervisor.ask(method, path, json=body)
        assert refused.problem == (403, "forbidden"), path
    assert (await supervisor.post("/api/accounts/1/answers/try", sample=SAMPLE)).status == 200
    assert (await somebody.post("/api/accounts/1/answers/try", sample=SAMPLE)).status == 403


@on_sqlite
async def test_what_is_not_there_is_not_found(admin):
    for method, path in (("PATCH", "/api/answers/9"), ("DELETE", "/api/answers/9")):
        assert (await admin.ask(method, path, json={})).problem == (404, "not_found")
    assert (await admin.post("/api/accounts/9/answers", **RULE)).problem == (404, "not_found")


# A sample


async def test_a_sample_tells_who_answers_and_why_the_others_do_not(admin, supervisor):
    await add(admin, name="off", enabled=False)
    await add(admin, name="closed", hours="closed")
    refund = await add(admin)
    await add(admin, name="any", cause="message", words=[])

    tried = (await supervisor.post("/api/accounts/1/answers/try", sample=SAMPLE)).body

    assert (tried["is_open"], tried["agents_online"]) == (True, False)
    assert tried["answer"] == {
        "id": refund["id"],
        "name": "退款",
        "way": "passive",
        "cost": 0,
        "at_most": 0,
        "why": None,
        "texts": ["三天内到账"],
    }
    verdicts = [(each["name"], each["verdict"]) for each in tried["rules"]]
    assert verdicts == [
        ("off", "off"),
        ("closed", "hours"),
        ("退款", "answers"),
        ("any", "after"),
    ]


@pytest.mark.parametrize(
    ("facts", "way", "cost", "at_most", "why"),
    [
        ({}, "passive", 0, 0, None),
        ({"may_cost": 1}, "passive", 0, 1, None),
        ({"answers": RULE["answers"] * 3, "may_cost": 2}, "passive", 2, 2, None),
        ({"answers": RULE["answers"] * 3, "may_cost": 1}, "not_sent", 0, 0, "would_cost"),
        ({"answers": [{"kind": "wxcard", "card_id": "C"}]}, "not_sent", 0, 0, "would_cost"),
    ],
)
async def test_a_rule_that_is_not_kept_yet_is_tried(supervisor, facts, way, cost, at_most, why):
    draft = RULE | facts

    answer = await supervisor.post("/api/accounts/1/answers/try", sample=SAMPLE, rules=[draft])

    found = answer.body["answer"]
    assert (found["id"], found["way"], found["cost"]) == (None, way, cost)
    assert (found["at_most"], found["why"]) == (at_most, why)
    assert (await supervisor.get("/api/accounts/1/answers")).body["items"] == []


@on_sqlite
@pytest.mark.parametrize(
    ("facts", "circumstances", "verdict"),
    [
        ({}, {"with_agent": True}, "with_agent"),
        ({"agents": "yes"}, {"agents_online": False}, "agents"),
        ({"agents": "yes"}, {"agents_online": True}, "answers"),
        ({"cause": "first_message"}, {}, "not_first"),
        ({"cause": "first_message"}, {"is_first": True}, "answers"),
        ({"cause": "off_hours"}, {"at": "2026-03-02T09:59:59+00:00"}, "hours"),
        ({"cause": "off_hours"}, {"at": "2026-03-02T18:00:00+08:00"}, "answers"),
        ({"tag_ids": [5]}, {"tag_ids": [5]}, "answers"),
        ({"tag_ids": [5]}, {"tag_ids": [6]}, "tags"),
        ({}, {"sample": {"what": "followed"}}, "other_cause"),
        ({"cause": "scene"}, {"sample": {"what": "followed", "key": "退款"}}, "answers"),
        ({"cause": "closed"}, {"sample": {"what": "closed"}}, "answers"),
    ],
)
async def test_circumstances_are_part_of_a_sample(admin, facts, circumstances, verdict):
    await office_hours(admin)
    body = {"sample": SAMPLE, "rules": [RULE | facts]} | circumstances

    tried = await admin.post("/api/accounts/1/answers/try", **body)

    assert tried.body["rules"][0]["verdict"] == verdict


@on_sqlite
async def test_a_draft_that_is_no_pattern_is_refused(supervisor):
    draft = RULE | {"words": ["("], "match": "regex"}

    answer = await supervisor.post("/api/accounts/1/answers/try", sample=SAMPLE, rules=[draft])

    assert answer.problem == (422, "rule_invalid")
    assert answer.body["problem"] == "pattern"


# The log


async def test_the_log_tells_who_was_answered_how_and_where(runtime, desk, admin, supervisor):
    await add(admin)
    await add(admin, name="cost", words=["贵"], answers=RULE["answers"] * 2)
    for text in ("退款", "贵"):
        await desk.push(desk.text_xml(ANNA, text))
        await understand_kept(runtime)

    page = (await supervisor.get("/api/accounts/1/answers/log", limit=1)).body
    older = (await supervisor.get("/api/accounts/1/answers/log", cursor=page["next"])).body

    (newest,) = page["items"]
    assert (newest["way"], newest["why"], newest["cost"]) == ("not_sent", "would_cost", 0)
    (oldest,) = older["items"]
    assert (oldest["rule_name"], oldest["way"], oldest["text"]) == ("退款", "waiting", "三天内到账")
    assert oldest["contact"]["openid"] == ANNA
    assert oldest["conversation_id"] == 1
    assert older["next"] is None


# Hours and keeper

KEEPER = {
    "on": True,
    "text": "请随便回复一个字",
    "minutes_before": 45,
    "quiet_from": "23:00",
    "quiet_to": "07:30",
    "may_use_last": True,
}


async def office_hours(admin):
    """Nine to six in Shanghai, from Monday to Friday, for the account."""
    weekly = {day: [["09:00", "18:00"]] for day in range(5)}
    made = await admin.post("/api/calendars", name="班", timezone="Asia/Shanghai", weekly=weekly)
    number = made.body["id"]
    return await put(admin, "/api/accounts/1/hours", timezone="Asia/Shanghai", calendar_id=number)


async def test_an_account_goes_by_a_calendar_and_says_whether_it_is_open(admin, supervisor, clock):
    nothing = await supervisor.get("/api/accounts/1/hours")
    assert nothing.body == {"timezone": "Asia/Shanghai", "calendar_id": None, "open_now": True}

    kept = await office_hours(admin)

    assert kept.status == 200
    assert not kept.body["open_now"]  # noon in UTC is eight in the evening there
    assert (await supervisor.get("/api/accounts/1/hours")).body == kept.body
    clock.forward(hours=13)
    assert (await supervisor.get("/api/accounts/1/hours")).body["open_now"]
    taken = await admin.ask("DELETE", f"/api/calendars/{kept.body['calendar_id']}")
    assert taken.problem == (409, "calendar_in_use")


@on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Mars/Olympus"},
        {"timezone": ""},
        {"calendar_id": 77},
        {"calendar_id": 0},
    ],
)
async def test_hours_that_cannot_be_right_are_refused(admin, wrong):
    body = {"timezone": "Asia/Shanghai", "calendar_id": None} | wrong

    assert (await put(admin, "/api/accounts/1/hours", **body)).problem == (422, "invalid")


async def test_the_keeper_is_off_until_it_is_set_up(admin, supervisor):
    before = (await supervisor.get("/api/accounts/1/keeper")).body
    assert (before["on"], before["minutes_before"], before["may_use_last"]) == (False, 30, False)
    assert "回复" in before["text"]

    for wish in (KEEPER, KEEPER | {"on": False}):
        assert (await put(admin, "/api/accounts/1/keeper", **wish)).body == wish
        assert (await supervisor.get("/api/accounts/1/keeper")).body == wish


@on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "},
        {"text": "x" * 601},
        {"text": "😀" * 600},  # two messages
        {"minutes_before": 4},
        {"minutes_before": 721},
        {"quiet_from": "24:00"},
        {"quiet_to": "7"},
    ],
)
async def test_a_keeper_that_cannot_be_right_is_refused(admin, wrong):
    refused = await put(admin, "/api/accounts/1/keeper", **KEEPER | wrong)

    assert refused.problem == (422, "invalid")


# Who is there


@on_sqlite
@pytest.mark.parametrize("settings", [{"stream_heartbeat_seconds": 0.05}])
async def test_whoever_follows_with_a_browser_is_online(desk, lihua, supervisor, clock):
    async def online():
        tried = await supervisor.post("/api/accounts/1/answers/try", sample=SAMPLE)
        return tried.body["agents_online"]

    assert not await online()
    async with lihua.http.get("/api/stream"):
        assert await online()
        clock.forward(minutes=3)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await online():
                await asyncio.sleep(0.02)
    clock.forward(minutes=3)
    assert not await online()


@on_sqlite
async def test_a_program_that_follows_is_nobody(supervisor, somebody):
    async with somebody.http.get("/api/stream"):
        tried = await supervisor.post("/api/accounts/1/answers/try", sample=SAMPLE)

    assert not tried.body["agents_online"]


# The end of a conversation


async def test_who_ends_a_conversation_lets_the_rules_say_goodbye(
    runtime, desk, admin, lihua, agent
):
    await add(admin, cause="closed", words=[], may_cost=1)
    talk = await desk.conversation(openid=ANNA, assignee=agent)

    closed = await lihua.post(f"/api/conversations/{talk.id}/close")

    assert (closed.status, closed.body["state"]) == (200, "closed")
    assert closed.body["last_message"]["text"] == "三天内到账"
    assert closed.body["last_message"]["author"] is None
    (line, said) = (await lihua.get(f"/api/conversations/{talk.id}/messages")).body["items"][-2:]
    assert (line["kind"], said["state"], said["author"]) == ("closed", "queued", None)
    assert said["content"] == {"rule": {"id": 1, "name": "退款"}}


@on_sqlite
async def test_a_sample_that_has_to_wait_shows_the_text_filled_in(admin, supervisor):
    says = [{"kind": "text", "text": "第 {position} 位，约 {wait} 分钟"}]
    await add(admin, name="both", cause="queued", words=[], answers=says)
    says = [{"kind": "text", "text": "请稍候"}]
    await add(admin, name="plain", cause="queued", words=[], answers=says)

    async def tried(queued):
        wish = {"sample": SAMPLE, "queued": queued}
        found = (await supervisor.post("/api/accounts/1/answers/try", **wish)).body
        answer = found["answer"]
        return answer and answer["texts"], [each["verdict"] for each in found["rules"]]

    known = {"position": 3, "wait": [5, 10]}
    assert await tried(known) == (["第 3 位，约 5-10 分钟"], ["answers", "after"])
    assert await tried({"position": 3}) == (["请稍候"], ["no_wait", "answers"])
    assert await tried(None) == (None, ["not_queued", "not_queued"])
