"""What WeChat's error codes mean for whoever called.

What follows from a meaning (retry, tell the agent, alarm the administrator) is not decided here.

Source: "Global return codes" (doc/offiaccount/Getting_Started/Global_Return_Code), and the error
tables of the customer-service message and access-token pages, as read in early 2026.
"""

from enum import StrEnum, auto


class Meaning(StrEnum):
    """Why WeChat said no. The values are stable names that may be stored and translated."""

    # the call, perhaps another time
    TOKEN_STALE = auto()  # the access token expired, or somebody else fetched a newer one
    BUSY = auto()  # WeChat is overloaded; the call may have been carried out
    TOO_FAST = auto()  # the quota of this minute is used up
    QUOTA_SPENT = auto()  # the quota of the day is used up
    # this follower
    WINDOW_CLOSED = auto()  # too long since the follower acted, or they have unfollowed
    REPLIES_SPENT = auto()  # every reply of this window has been sent
    NOT_FOLLOWING = auto()
    BLACKLISTED = auto()  # the account itself has blacklisted the follower
    REFUSED_BY_USER = auto()  # the follower switched the account's messages off
    MINOR_PROTECTED = auto()  # held back to protect a minor
    USER_GONE = auto()  # frozen, deleted, or an OpenID of another account
    # this message
    TOO_LONG = auto()
    RISKY = auto()  # WeChat's content check objects
    MEDIA_STALE = auto()  # the media expired or belongs to another account: upload it again
    BAD_KF_ACCOUNT = auto()  # no such customer-service account: send without naming one
    # this account
    CREDENTIALS = auto()  # AppID, AppSecret or the caller's address is not accepted
    NOT_PERMITTED = auto()  # the account has no right to this call
    ACCOUNT_BLOCKED = auto()  # punished, banned or frozen
    # us
    BAD_REQUEST = auto()  # a mistake of ours
    UNKNOWN = auto()  # a code that no page we know lists


_CODES: dict[Meaning, tuple[int, ...]] = {
    Meaning.TOKEN_STALE: (40001, 40014, 42001),
    Meaning.BUSY: (-1, 61450, 61503),
    Meaning.TOO_FAST: (45011,),
    Meaning.QUOTA_SPENT: (45009, 45104, 48006),
    Meaning.WINDOW_CLOSED: (45015,),
    Meaning.REPLIES_SPENT: (45047,),
    Meaning.NOT_FOLLOWING: (43004, 50005),
    Meaning.BLACKLISTED: (43019,),
    Meaning.REFUSED_BY_USER: (43101, 48002),
    Meaning.MINOR_PROTECTED: (70000,),
    Meaning.USER_GONE: (40003, 46004, 49003, 50002, 65302),
    Meaning.TOO_LONG: (45002, 45003, 45004, 45098, 45099),
    Meaning.RISKY: (45166, 87014),
    Meaning.MEDIA_STALE: (40007, 46001),
    Meaning.BAD_KF_ACCOUNT: (61451, 61452, 65401),
    Meaning.CREDENTIALS: (
        *(40013, 40125, 40164, 40243),  # AppID, AppSecret, address not listed, AppSecret frozen
        *(45035, 61004),  # address not registered
        *(89501, 89502, 89503, 89504, 89505, 89506, 89507),  # an administrator has to consent
    ),
    Meaning.NOT_PERMITTED: (
        *(40048, 40168, 40200, 43104, 45082),
        *(48001, 48003, 48008, 50001, 61003, 61007),
    ),
    Meaning.ACCOUNT_BLOCKED: (45087, 45094, 45102, 48004, 50004, 50007),
    Meaning.BAD_REQUEST: (
        *(40002, 40008, 40033, 40035, 40038, 40039, 40066, 40097, 40165, 40166),
        *(41001, 41002, 41004, 41006, 41009, 43001, 43002, 43003),
        *(44002, 44003, 44004, 45005, 45006, 45008, 45050, 45072, 45086, 45103, 45109),
        *(47001, 47002, 47003, 48009),
    ),
}

_MEANINGS = {code: meaning for meaning, codes in _CODES.items() for code in codes}


def meaning_of(errcode: int) -> Meaning:
    """What a code means on any call but the one for a token (see ``TokenRefused``)."""
    return _MEANINGS.get(errcode, Meaning.UNKNOWN)
