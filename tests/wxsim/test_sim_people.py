"""Scripted customers: the same for the same seed, alive, and gone when told."""

import asyncio

from patient import PATIENCE_SECONDS
from wxsim.people import PEOPLE


def told(said):
    return said if isinstance(said, str) else f"[{said['type']}]"


OPENING = {person.name: [told(said) for said in person.opening] for person in PEOPLE}
LATER = {person.name: [told(said) for said in person.later] for person in PEOPLE}


async def lines(sim, openid, author="me"):
    """Texts as they are, anything else by its kind."""
    mine = [line for line in await sim.chat(openid) if line["from"] == author]
    return [line.get("content") or f"[{line['type']}]" for line in mine]


async def until(condition):
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await condition():
            await asyncio.sleep(0)


async def opened(sim, people):
    async def all_wrote():
        wrote = [await lines(sim, person["openid"]) for person in people]
        return wrote == [OPENING[person["name"]] for person in people]

    await until(all_wrote)


async def test_they_come_and_write(sim, server):
    people = (await sim.post("/sim/people", {"seed": 7, "count": 8, "pace": 0}))["items"]
    await opened(sim, people)

    assert len(people) == 8
    pushed = {push.get("Content") or f"[{push['MsgType']}]" for push in server.pushes}
    assert pushed == {line for person in people for line in OPENING[person["name"]]}
    assert pushed >= {"[image]", "[voice]", "[location]"}
    (picture,) = (push["PicUrl"] for push in server.pushes if "PicUrl" in push)
    async with sim.http.get(picture) as response:
        assert response.content_type == "image/jpeg"
    assert all(item["scripted"] for item in (await sim.get("/sim/followers"))["items"])


async def test_the_same_seed_brings_the_same_people(sim):
    first = (await sim.post("/sim/people", {"seed": 3, "pace": 0}))["items"]
    await sim.post("/sim/reset")
    second = (await sim.post("/sim/people", {"seed": 3, "pace": 0}))["items"]
    other = (await sim.post("/sim/people", {"seed": 4, "pace": 0}))["items"]

    assert first == second
    assert {one["openid"] for one in first}.isdisjoint(one["openid"] for one in other)


async def test_they_answer_an_answer(sim):
    (person, *_) = (await sim.post("/sim/people", {"seed": 7, "pace": 0}))["items"]
    await opened(sim, [person])

    await sim.send(person["openid"], "您好，我看一下")

    async def answered():
        wrote = await lines(sim, person["openid"])
        return wrote == OPENING[person["name"]] + LATER[person["name"]][:1]

    await until(answered)


async def test_whoever_came_before_does_not_begin_again(sim):
    people = (await sim.post("/sim/people", {"seed": 7, "pace": 0}))["items"]
    await opened(sim, people)

    again = (await sim.post("/sim/people", {"seed": 7, "pace": 0}))["items"]
    await sim.send(again[0]["openid"], "您好")

    async def answered():
        name = again[0]["name"]
        return await lines(sim, again[0]["openid"]) == OPENING[name] + LATER[name][:1]

    await until(answered)
    assert len((await sim.get("/sim/followers"))["items"]) == 6


async def test_a_reset_sends_them_away(sim, server):
    await sim.post("/sim/people", {"seed": 7, "pace": 1000})

    await sim.post("/sim/reset")

    assert (await sim.get("/sim/followers"))["items"] == []
    assert server.requests == []
