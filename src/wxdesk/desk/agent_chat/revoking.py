"""An agent's chat ends with its binding."""

from datetime import datetime

from wxdesk.desk import bindings, contacts, routing
from wxdesk.desk.bindings import Binding
from wxdesk.store import Unit


async def revoke(
    unit: Unit, binding: Binding, *, by_id: int | None, reason: str = "", now: datetime
) -> None:
    """The follower is a follower like any other, and the agent is out of reach without a page."""
    await contacts.get(unit, binding.contact_id)
    await bindings.revoke(unit, binding, by_id=by_id, reason=reason, now=now)
    await routing.set_reachable(unit, binding.agent_id, None)
