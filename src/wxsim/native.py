"""The native customer-service tool at work: who serves whom, and the events that tell of it.

Source: "Forward messages to the native tool", "Session control" (将消息转发到客服, 会话控制), 2025.
"""

from datetime import timedelta

from wxsim.platform import Platform
from wxsim.sessions import AGENT_RECEIVED, AGENT_SENT, Session, recorded


def serving(platform: Platform, openid: str) -> Session | None:
    """The session of this follower, if a worker serves them now."""
    end_old(platform)
    return platform.sessions.serving(openid)


def hand_over(platform: Platform, openid: str, kf_account: str | None) -> None:
    """A message was answered with ``transfer_customer_service``.

    A worker who is named serves them, there or not; else the least busy one who takes
    customers by themselves; else they wait in the queue.
    """
    worker = kf_account if kf_account in platform.kf.known else _free_worker(platform)
    if worker is None:
        platform.sessions.wait(openid, platform.now())
    elif serving(platform, openid) is None:
        open_(platform, openid, worker)


def open_(platform: Platform, openid: str, kf_account: str) -> None:
    """Raises Refused: 65414, another worker serves them."""
    end_old(platform)
    if platform.sessions.open(openid, kf_account, platform.now()):
        platform.announce(openid, "kf_create_session", ("KfAccount", kf_account))


def close(platform: Platform, openid: str) -> None:
    """Whoever serves them stops, and whoever waits no longer waits."""
    session = platform.sessions.serving(openid)
    platform.sessions.drop(openid)
    if session is not None and session.kf_account is not None:
        platform.announce(openid, "kf_close_session", ("KfAccount", session.kf_account))


def switch(platform: Platform, openid: str, kf_account: str) -> None:
    """Raises Refused: 65413, nobody serves them."""
    before = platform.sessions.switch(openid, kf_account)
    accounts = (("FromKfAccount", before), ("ToKfAccount", kf_account))
    platform.announce(openid, "kf_switch_session", *accounts)


def end_old(platform: Platform) -> None:
    """Close what nobody has closed in half an hour."""
    lasts = timedelta(seconds=platform.faults.switches.native_session_s)
    for session in platform.sessions.ended(platform.now(), lasts):
        close(platform, session.openid)


def hear(platform: Platform, session: Session, kind: str, text: str) -> None:
    """A served follower has said something to their worker."""
    said, worker = recorded(kind, text), session.kf_account or ""
    platform.sessions.write_down(session.openid, worker, AGENT_RECEIVED, said, platform.now())


def say(platform: Platform, session: Session, text: str) -> None:
    """The worker answers."""
    worker = session.kf_account or ""
    platform.sessions.write_down(session.openid, worker, AGENT_SENT, text, platform.now())
    platform.show(session.openid, "account", "text", content=text, via="native", kf_account=worker)


def _free_worker(platform: Platform) -> str | None:
    ready = [kf for kf in platform.kf.known.values() if kf.works and kf.accepts]
    if not ready:
        return None
    return min(ready, key=lambda kf: len(platform.sessions.of_worker(kf.name))).name
