"""What WeChat's error codes mean for whoever called, and what there is to do about each.

Every code of WeChat's list is here. Where the list calls a mistake of the caller's what a person
typed (a name, a text) or used up (a login), the advice is to tell that person, or to ask again.

Sources: "Global return codes" (doc/offiaccount/Getting_Started/Global_Return_Code), "Return codes"
(doc/oplatform/Return_codes/Return_code_descriptions_new), and the error tables of the single
calls' pages, as read in early 2026.
"""

from enum import StrEnum, auto


class Advice(StrEnum):
    """What whoever called may do about a call that failed."""

    RETRY = auto()  # wait a little, then make the same call again
    REFRESH = auto()  # what was named has expired: get another (token, media id, code), once more
    GIVE_UP = auto()  # no repetition helps and nobody has to act: a mistake of ours, or harmless
    TELL_AGENT = auto()  # whoever wanted it has to know; another message or another day may do
    TELL_OPERATOR = auto()  # somebody has to change something about the account


class Meaning(StrEnum):
    """Why WeChat said no. The values are stable names that may be stored and translated."""

    # the call, perhaps another time
    TOKEN_STALE = auto()  # the access token expired, or somebody else fetched a newer one
    BUSY = auto()  # WeChat is overloaded; the call may have been carried out
    TOO_FAST = auto()  # the quota of this minute is used up
    QUOTA_SPENT = auto()  # the quota of the day (or of all time) is used up
    # this follower
    WINDOW_CLOSED = auto()  # too long since the follower acted, or they have unfollowed
    REPLIES_SPENT = auto()  # every reply of this window has been sent
    NOT_FOLLOWING = auto()
    BLACKLISTED = auto()  # the account itself has blacklisted the follower
    REFUSED_BY_USER = auto()  # the follower switched the account's messages off, or did not agree
    MINOR_PROTECTED = auto()  # held back to protect a minor
    USER_GONE = auto()  # frozen, deleted, or an OpenID of another account
    TAGS_FULL = auto()  # the follower carries as many tags as one may
    LOGIN_STALE = auto()  # the follower's web authorization is used up: ask them again
    # this message
    TOO_LONG = auto()
    RISKY = auto()  # WeChat's content check objects
    MEDIA_STALE = auto()  # the media expired or belongs to another account: upload it again
    BAD_MEDIA = auto()  # a file WeChat does not take: its type, its size, its length
    BAD_KF_ACCOUNT = auto()  # no such customer-service account: send without naming one
    BAD_TEMPLATE = auto()  # the template is unknown, restricted, or may not say this
    # WeChat's own customer-service tool
    SERVED_ELSEWHERE = auto()  # another of its agents serves this follower, or this one is away
    KF_NOT_READY = auto()  # not switched on, or the account is bound to nobody yet
    # nothing to be done
    ALREADY_SO = auto()  # what was asked for is so already
    NOTHING_THERE = auto()  # nothing to act upon, and no harm done
    # this account
    CREDENTIALS = auto()  # AppID, AppSecret or the caller's address is not accepted
    NOT_PERMITTED = auto()  # the account has no right to this call
    ACCOUNT_BLOCKED = auto()  # punished, banned or frozen
    FULL = auto()  # room for no more of these: tags, templates, material, customer-service accounts
    IN_USE = auto()  # used elsewhere, so it cannot be deleted
    # us
    BAD_NAME = (
        auto()
    )  # a name (of a tag, a remark, a customer-service account) WeChat does not take
    BAD_REQUEST = auto()  # a mistake of ours
    UNKNOWN = auto()  # a code that no page we know lists


_CODES: dict[Meaning, tuple[int, ...]] = {
    Meaning.TOKEN_STALE: (40001, 40014, 42001),
    Meaning.BUSY: (-1, 45066, 45169, 45171, 61450, 61503, 268487001, 268487002),
    Meaning.TOO_FAST: (45011,),
    Meaning.QUOTA_SPENT: (45009, 45028, 45029, 45104, 48006),
    Meaning.WINDOW_CLOSED: (45015,),
    Meaning.REPLIES_SPENT: (45047,),
    Meaning.NOT_FOLLOWING: (43004, 50005),
    Meaning.BLACKLISTED: (43019,),
    Meaning.REFUSED_BY_USER: (43101, 48002, 50001),
    Meaning.MINOR_PROTECTED: (70000,),
    Meaning.USER_GONE: (40003, 46004, 49003, 50002, 65302),
    Meaning.TAGS_FULL: (45059,),
    Meaning.LOGIN_STALE: (40029, 40030, 40163, 42002, 42003, 42007),
    Meaning.TOO_LONG: (45002, 45003, 45004, 45098, 45099),
    Meaning.RISKY: (45166, 87014),
    Meaning.MEDIA_STALE: (40007, 46001),
    Meaning.BAD_MEDIA: (
        *(40005, 40006, 40009, 40010, 40011, 40012, 40113, 40137),
        *(44001, 45001, 45007, 45068, 61457),
    ),
    Meaning.BAD_KF_ACCOUNT: (61451, 61452, 65401),
    Meaning.BAD_TEMPLATE: (40037, 40247, 40249, 43116),
    Meaning.SERVED_ELSEWHERE: (61458, 61459, 65414, 65415),
    Meaning.KF_NOT_READY: (65400, 65402, 65409),
    Meaning.ALREADY_SO: (45065, 61453, 65406, 65407, 65408, 65411, 65412),
    Meaning.NOTHING_THERE: (45080, 45081, 46003, 65413),
    Meaning.CREDENTIALS: (
        *(40013, 40125, 40164, 40243),  # AppID, AppSecret, address not listed, AppSecret frozen
        *(45035, 61004),  # address not registered
        61023,  # a third-party platform's own refresh token
        *(89501, 89502, 89503, 89504, 89505, 89506, 89507),  # an administrator has to consent
    ),
    Meaning.NOT_PERMITTED: (
        *(20001, 40048, 40054, 40055, 40168, 40200, 40201, 43104, 43107, 45064, 45082),
        *(48001, 48003, 48008, 61003, 61007, 65306, 65309),
    ),
    Meaning.ACCOUNT_BLOCKED: (45087, 45094, 45102, 48004, 50004, 50007),
    Meaning.FULL: (45026, 45034, 45056, 61456, 65405, 65410),
    Meaning.IN_USE: (45057, 45060, 48005),
    Meaning.BAD_NAME: (40092, 45157, 45158, 61454, 61455, 65403, 65404),
    Meaning.BAD_REQUEST: (
        *(40002, 40004, 40008),
        *range(40015, 40029),  # menus
        *(40031, 40032, 40033, 40035, 40036, 40038, 40039, 40050, 40051, 40052, 40053),
        *(40060, 40062, 40066, 40097, 40114, 40117, 40118, 40119, 40120, 40121, 40130, 40132),
        *(40152, 40155, 40165, 40166, 40202, 40203, 40246),
        *range(41001, 41011),  # something is missing
        *(41030, 43001, 43002, 43003, 43005, 44002, 44003, 44004, 44005),
        *(45005, 45006, 45008, 45010, 45012, 45016, 45017, 45018, 45048, 45050, 45051, 45058),
        *(45067, 45072, 45086, 45088, 45103, 45109, 45113, 45159, 45162),
        *(46002, 47001, 47002, 47003, 48009, 61500, 61501),
        *(65301, 65303, 65304, 65305, 65307, 65308, 65316, 65317, 65318),  # menus
        *(65416, 65417),  # chat records
        *(76001, 76002, 76003, 76004, 76021, 76022),  # quota and request tools
        87009,
    ),
}

_ADVICE: dict[Advice, tuple[Meaning, ...]] = {
    Advice.RETRY: (Meaning.BUSY, Meaning.TOO_FAST),
    Advice.REFRESH: (Meaning.TOKEN_STALE, Meaning.MEDIA_STALE, Meaning.LOGIN_STALE),
    Advice.GIVE_UP: (
        *(Meaning.ALREADY_SO, Meaning.NOTHING_THERE),
        *(Meaning.BAD_KF_ACCOUNT, Meaning.BAD_REQUEST),
    ),
    Advice.TELL_AGENT: (
        *(Meaning.WINDOW_CLOSED, Meaning.REPLIES_SPENT, Meaning.NOT_FOLLOWING),
        *(Meaning.BLACKLISTED, Meaning.REFUSED_BY_USER, Meaning.MINOR_PROTECTED),
        *(Meaning.USER_GONE, Meaning.TAGS_FULL, Meaning.TOO_LONG, Meaning.RISKY),
        *(Meaning.BAD_MEDIA, Meaning.SERVED_ELSEWHERE, Meaning.BAD_NAME),
        Meaning.UNKNOWN,  # "not sent", and the number
    ),
    Advice.TELL_OPERATOR: (
        *(Meaning.QUOTA_SPENT, Meaning.CREDENTIALS, Meaning.NOT_PERMITTED),
        *(Meaning.ACCOUNT_BLOCKED, Meaning.FULL, Meaning.IN_USE),
        *(Meaning.BAD_TEMPLATE, Meaning.KF_NOT_READY),
    ),
}

_MEANINGS = {code: meaning for meaning, codes in _CODES.items() for code in codes}
_ADVICE_ON = {meaning: advice for advice, meanings in _ADVICE.items() for meaning in meanings}


def meaning_of(errcode: int) -> Meaning:
    """What a code means on any call but the one for a token (see ``TokenRefused``)."""
    return _MEANINGS.get(errcode, Meaning.UNKNOWN)


def advice_on(meaning: Meaning) -> Advice:
    """What there is to do about a refusal of this meaning."""
    return _ADVICE_ON[meaning]
