"""Codes are made and scanned; bindings begin and end. Each verb writes its line of the log."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from wxdesk.desk import accounts, agents
from wxdesk.desk.bindings import queries
from wxdesk.desk.bindings.model import (
    Binding,
    BindingCode,
    BindingNote,
    CodeState,
    LoginUsed,
    Redeemed,
    What,
)
from wxdesk.desk.contacts import Contact
from wxdesk.store import Unit

LASTS = timedelta(minutes=10)
"""A code is for whoever sits before the screen on which it is shown."""

_PREFIX = "wxdesk-bind-"


def new_scene() -> str:
    """A scene that nobody guesses."""
    return _PREFIX + secrets.token_hex(16)


def is_scene(scene: str | None) -> bool:
    """Whether a scanned code is of this kind, whoever made it and when."""
    return scene is not None and scene.startswith(_PREFIX)


async def ask(
    unit: Unit, agent_id: int, account_id: int, *, scene: str, url: str, now: datetime
) -> BindingCode:
    """Keep a code that WeChat has made; those the agent has asked for before bind nobody now."""
    await queries.withdraw_codes(unit, agent_id, now)
    code = BindingCode(
        agent_id=agent_id,
        account_id=account_id,
        scene=scene,
        url=url,
        made_at=now,
        expires_at=now + LASTS,
    )
    unit.session.add(code)
    note(unit, What.ASKED, agent_id, account_id=account_id, by_id=agent_id, now=now)
    await unit.session.flush()
    return code


async def withdraw_codes(unit: Unit, agent_id: int, *, now: datetime) -> None:
    """Let no code of an agent bind anybody any more."""
    await queries.withdraw_codes(unit, agent_id, now)


async def redeem(
    unit: Unit, contact: Contact, scene: str, *, at: datetime, now: datetime
) -> Redeemed:
    """A follower has scanned a code.

    What bound the agent before ends; the code binds nobody else.

    Args:
        unit: Of the intake.
        contact: Who scanned it; locked.
        scene: What the code says.
        at: When, by WeChat's time.
        now: When it is understood.
    """
    code = await queries.lock_by_scene(unit, contact.account_id, scene)
    if code is None:
        return Redeemed.UNKNOWN
    found = await _examined(unit, code, contact, at)
    if found is Redeemed.BOUND:
        await _bind(unit, code, contact, now)
    elif found is not Redeemed.AGAIN:
        note(
            unit,
            What.REFUSED,
            code.agent_id,
            account_id=code.account_id,
            contact_id=contact.id,
            reason=found.value,
            now=now,
        )
    return found


async def _examined(unit: Unit, code: BindingCode, contact: Contact, at: datetime) -> Redeemed:
    held = await queries.find_by_contact(unit, contact.id)
    if code.used_by == contact.id and held and held.binding.agent_id == code.agent_id:
        return Redeemed.AGAIN
    agent = (await agents.by_ids(unit, [code.agent_id]))[code.agent_id]
    match code.state(at):
        case CodeState.USED:
            return Redeemed.USED
        case CodeState.EXPIRED | CodeState.WITHDRAWN:
            return Redeemed.EXPIRED
    if not agent.active:
        return Redeemed.EXPIRED
    return Redeemed.TAKEN if held and held.binding.agent_id != agent.id else Redeemed.BOUND


async def _bind(unit: Unit, code: BindingCode, contact: Contact, now: datetime) -> None:
    code.used_at, code.used_by = now, contact.id
    if before := await queries.find_of_agent(unit, code.agent_id):
        await revoke(unit, before.binding, by_id=code.agent_id, reason="replaced", now=now)
    unit.session.add(
        Binding(
            agent_id=code.agent_id, account_id=code.account_id, contact_id=contact.id, bound_at=now
        )
    )
    note(
        unit,
        What.BOUND,
        code.agent_id,
        account_id=code.account_id,
        contact_id=contact.id,
        by_id=code.agent_id,
        now=now,
    )
    await unit.session.flush()
    unit.wake(accounts.CHANGED)


async def revoke(
    unit: Unit, binding: Binding, *, by_id: int | None, reason: str = "", now: datetime
) -> None:
    """The follower is a follower like any other from now on, also where they have signed in."""
    binding.revoked_at, binding.revoked_by = now, by_id
    await agents.end_sessions_of_follower(unit, binding.contact_id)
    note(
        unit,
        What.REVOKED,
        binding.agent_id,
        account_id=binding.account_id,
        contact_id=binding.contact_id,
        by_id=by_id,
        reason=reason,
        now=now,
    )
    await unit.session.flush()
    unit.wake(accounts.CHANGED)


async def use_login(unit: Unit, state: str, *, expires_at: datetime, now: datetime) -> None:
    """Somebody comes back from WeChat with this ``state``, once.

    Raises:
        LoginUsed: Somebody has already.
    """
    digest = sha256(state.encode()).hexdigest()
    if not await queries.use_login(unit, digest, expires_at=expires_at, now=now):
        raise LoginUsed("this has been used")


def note(
    unit: Unit,
    what: What,
    agent_id: int,
    *,
    account_id: int | None = None,
    contact_id: int | None = None,
    by_id: int | None = None,
    reason: str = "",
    now: datetime,
) -> None:
    """Write a line of the log."""
    unit.session.add(
        BindingNote(
            at=now,
            what=what,
            agent_id=agent_id,
            account_id=account_id,
            contact_id=contact_id,
            by_id=by_id,
            reason=reason,
        )
    )
