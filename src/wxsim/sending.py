"""What may be sent to a follower, on the platform: opened by what they do, spent by messages."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from wxdesk.wechat.policies import Trigger
from wxsim import allowance
from wxsim.allowance import Grant
from wxsim.clock import iso
from wxsim.codes import Refused
from wxsim.ledger import What, about
from wxsim.platform import Platform


def grant(platform: Platform, openid: str, trigger: Trigger, at: datetime) -> None:
    """Open what this act of the follower opens, from ``at`` on."""
    follower, account = platform.get_follower(openid), platform.account
    policy = platform.faults.switches.bent(account.rules)
    before = allowance.open_grants(follower.grants, at)
    grants = allowance.after_act(before, trigger, policy=policy, renewal=account.renewal, now=at)
    platform.keep(replace(follower, grants=grants))
    rule = policy.rule_for(trigger)
    triggers = rule.triggers if rule else ()
    old, new = _of(triggers, before), _of(triggers, grants)
    facts = (_facts(new) if new else {}) | {"trigger": trigger}
    platform.ledger.write(openid, _told(old, new), at, **facts)


def spend(platform: Platform, openid: str, kind: str, text: str) -> None:
    """Take one send off the follower's grants; a typing state is over with it.

    Raises:
        Refused: 45015 or 45047.
    """
    follower, now = platform.get_follower(openid), platform.now()
    said = {"kind": kind, "text": about(text)}
    try:
        pays = payer(platform, openid)
    except Refused as refused:
        platform.ledger.write(openid, What.REFUSED, now, errcode=refused.errcode, **said)
        raise
    platform.keep(replace(follower, grants=allowance.after_send(follower.grants, now)))
    left = None if pays.left is None else pays.left - 1
    platform.ledger.write(openid, What.SPENT, now, **_facts(pays) | {"left": left}, **said)
    platform.chats.stop_typing(openid)


def payer(platform: Platform, openid: str) -> Grant:
    """The grant that pays the next message.

    Raises:
        Refused: 45015 or 45047.
    """
    try:
        return allowance.payer(platform.get_follower(openid).grants, platform.now())
    except allowance.WindowClosed:
        raise Refused(45015) from None
    except allowance.RepliesSpent:
        raise Refused(45047) from None


def _of(triggers: Iterable[Trigger], grants: allowance.Grants) -> Grant | None:
    return next((one for one in grants if one.trigger in triggers), None)


def _told(old: Grant | None, new: Grant | None) -> What:
    if new is None:
        return What.NOTHING
    if old is None:
        return What.OPENED
    return What.KEPT if new is old else What.RENEWED


def _facts(grant: Grant) -> dict[str, Any]:
    facts = {"trigger": grant.trigger, "granted": grant.granted, "left": grant.left}
    return {**facts, "expires_at": iso(grant.expires_at)}
