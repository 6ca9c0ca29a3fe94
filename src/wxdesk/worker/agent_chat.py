"""What is new → agents who work within WeChat, gathered, as far as WeChat takes it."""

from wxdesk import logs
from wxdesk.desk import agent_chat
from wxdesk.desk.agent_chat import Way
from wxdesk.runtime import Runtime

log = logs.get(__name__)


async def tell_agents(rt: Runtime) -> None:
    """One round over all agents of whom there is news.

    Each is told in a unit of their own, which looks once more: two workers tell once.
    """
    now = rt.clock.now()
    async with rt.db.reading() as unit:
        waiting = await agent_chat.with_news(unit, now)
    for binding_id in waiting:
        async with rt.db.reading() as unit:
            way = await agent_chat.tell(unit, binding_id, now=now)
        if way in (Way.NONE, Way.LATER):
            continue
        async with rt.db.unit() as unit:
            way = await agent_chat.tell(unit, binding_id, now=now)
        log.info("agent_told", binding_id=binding_id, way=str(way))
