"""What calls about followers have in common: known openids, lists of them, pages."""

from collections.abc import Sequence
from typing import Any

from wxsim.codes import Refused
from wxsim.follower import Follower
from wxsim.platform import NoSuchFollower, Platform


def known(platform: Platform, openid: object, errcode: int = 40003) -> Follower:
    """The follower of this openid.

    Raises:
        Refused: 40003, or ``errcode``.
    """
    try:
        return platform.get_follower(str(openid))
    except NoSuchFollower:
        raise Refused(errcode) from None


def known_list(platform: Platform, wanted: dict[str, Any], most: int) -> list[Follower]:
    """Those of ``openid_list``.

    Raises:
        Refused: 40031 no list, 40032 none or too many, 49003 one is not of this account.
    """
    openids = wanted.get("openid_list")
    if not isinstance(openids, list):
        raise Refused(40031)
    if not 0 < len(openids) <= most:
        raise Refused(40032)
    return [known(platform, openid, errcode=49003) for openid in openids]


def page(openids: Sequence[str], after: str, most: int) -> dict[str, Any]:
    """What comes behind ``after``; an empty page has no ``data``.

    Raises:
        Refused: 40003, nothing stands there under that openid.
    """
    begin = 0
    if after:
        try:
            begin = openids.index(after) + 1
        except ValueError:
            raise Refused(40003) from None
    found = list(openids[begin : begin + most])
    if not found:
        return {"count": 0, "next_openid": ""}
    return {"count": len(found), "data": {"openid": found}, "next_openid": found[-1]}
