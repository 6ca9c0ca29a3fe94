"""What WeChat tells about the account itself, and about those who serve it elsewhere.

Sources: "Session control" (doc/service/guide/product/kf), "Authorization changes"
(doc/offiaccount/OA_Web_Apps/authorization_change), "Verification event pushes"
(doc/offiaccount/Account_Management/Wechat_Accreditation_Event_Push).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from wxdesk.wechat.push.fields import Fields

Change = Literal["revoke", "cancellation", "modified"]
Verification = Literal["qualification", "naming"]


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """WeChat's own customer-service tool has the follower now: what they write comes there."""

    kf_account: str


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """WeChat's own tool is done with the follower."""

    kf_account: str


@dataclass(frozen=True, slots=True)
class SessionSwitched:
    """WeChat's own tool passed the follower on."""

    from_kf_account: str
    to_kf_account: str


@dataclass(frozen=True, slots=True)
class AuthorizationChanged:
    """A follower took back, ended or changed what pages of the account may know of them.

    Attributes:
        openid: Whose; the push's own is not a follower's.
        app_id: The account, or the mini program.
        revoke_info: Numbers of what was taken back; WeChat publishes no list.
    """

    what: Change
    openid: str
    app_id: str = ""
    revoke_info: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """The account's qualification or its name is verified."""

    what: Verification
    until: datetime


@dataclass(frozen=True, slots=True)
class VerifyFailed:
    """The account's qualification or its name is not verified."""

    what: Verification
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RenewalDue:
    """The verification has to be renewed."""

    until: datetime


@dataclass(frozen=True, slots=True)
class VerificationExpired:
    """The account is no longer verified, and may call little."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Debugged:
    """Somebody tries WeChat's tool for testing pushes."""

    text: str = ""


AccountNews = (
    SessionOpened
    | SessionClosed
    | SessionSwitched
    | AuthorizationChanged
    | Verified
    | VerifyFailed
    | RenewalDue
    | VerificationExpired
    | Debugged
)


def _session_opened(fields: Fields) -> SessionOpened:
    return SessionOpened(fields.take("KfAccount"))


def _session_closed(fields: Fields) -> SessionClosed:
    return SessionClosed(fields.take("KfAccount"))


def _session_switched(fields: Fields) -> SessionSwitched:
    return SessionSwitched(fields.take("FromKfAccount"), fields.take("ToKfAccount"))


def _authorization_changed(fields: Fields, *, what: Change) -> AuthorizationChanged:
    return AuthorizationChanged(
        what=what,
        openid=fields.take_id("OpenID"),
        app_id=fields.find_text("AppID"),
        revoke_info=fields.find_text("RevokeInfo"),
    )


def _verified(fields: Fields, *, what: Verification) -> Verified:
    return Verified(what, fields.take_moment("ExpiredTime"))


def _verify_failed(fields: Fields, *, what: Verification) -> VerifyFailed:
    return VerifyFailed(what, fields.take_moment("FailTime"), fields.find_text("FailReason"))


def _renewal_due(fields: Fields) -> RenewalDue:
    return RenewalDue(fields.take_moment("ExpiredTime"))


def _verification_expired(fields: Fields) -> VerificationExpired:
    return VerificationExpired(fields.take_moment("ExpiredTime"))


def _debugged(fields: Fields) -> Debugged:
    return Debugged(fields.find_text("debug_str"))


READERS: dict[str, Callable[[Fields], AccountNews]] = {
    "event/kf_create_session": _session_opened,
    "event/kf_close_session": _session_closed,
    "event/kf_switch_session": _session_switched,
    "event/user_authorization_revoke": partial(_authorization_changed, what="revoke"),
    "event/user_authorization_cancellation": partial(_authorization_changed, what="cancellation"),
    "event/user_info_modified": partial(_authorization_changed, what="modified"),
    "event/qualification_verify_success": partial(_verified, what="qualification"),
    "event/naming_verify_success": partial(_verified, what="naming"),
    "event/qualification_verify_fail": partial(_verify_failed, what="qualification"),
    "event/naming_verify_fail": partial(_verify_failed, what="naming"),
    "event/annual_renew": _renewal_due,
    "event/verify_expired": _verification_expired,
    "event/debug_demo": _debugged,
}
