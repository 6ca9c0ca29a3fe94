"""What can go wrong when speaking WeChat, in both directions.

A push that comes in is ``Forged`` (answer 403) or ``Malformed`` (answer 400). A call that goes out
was not made because it is ``OverLimit``, or was ``Refused``, or ``Unreached`` (safe to repeat), or
its answer was lost: ``Unanswered`` where repeating does no harm, ``Uncertain`` where it may (send
knows no idempotency key). No message of these errors holds a secret.
"""

from wxdesk.wechat.codes import Advice, Meaning, advice_on, meaning_of


class WeChatError(Exception):
    """Base of every error of this package."""


class BadPush(WeChatError):
    """What came in is not a push of WeChat's.

    Attributes:
        why: A few words for the log; never a token, a key or what a follower wrote.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Forged(BadPush):
    """Not signed by WeChat for this account, not to be opened with its keys, or too old."""


class Malformed(BadPush):
    """Not XML as WeChat writes it, or a documented element is missing."""


class CallFailed(WeChatError):
    """A call to WeChat did not succeed."""

    @property
    def advice(self) -> Advice:
        """What there is to do about it."""
        return Advice.RETRY


class Refused(CallFailed):
    """WeChat answered, and the answer is no: nothing was done.

    Attributes:
        errcode: WeChat's number, never 0; see ``codes``.
        errmsg: Its text without the request id and hints that WeChat appends.
        rid: WeChat's id of the request, to be looked up there for seven days.
    """

    def __init__(self, errcode: int, errmsg: str = "", rid: str | None = None) -> None:
        super().__init__(f"{errcode} {errmsg}".rstrip())
        self.errcode = errcode
        self.errmsg = errmsg
        self.rid = rid

    @property
    def meaning(self) -> Meaning:
        """What the number stands for."""
        return meaning_of(self.errcode)

    @property
    def advice(self) -> Advice:
        return advice_on(self.meaning)


class TokenRefused(Refused):
    """WeChat gives no access token, so nothing can be called at all."""

    @property
    def meaning(self) -> Meaning:
        """As for any call, but 40001 asks for no new token here: the AppSecret is wrong."""
        meaning = super().meaning
        return Meaning.CREDENTIALS if meaning is Meaning.TOKEN_STALE else meaning


class OverLimit(CallFailed):
    """Not called, because WeChat's documentation says that it would refuse; nothing was done.

    Also a download that grew longer than the caller allows.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    @property
    def advice(self) -> Advice:
        return Advice.TELL_AGENT


class Unreached(CallFailed):
    """The request never left: no address, no connection, or no token to send it with."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unanswered(CallFailed):
    """The request left and no answer came that can be trusted; asking again does no harm."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Uncertain(CallFailed):
    """The request left and no answer came that can be trusted: it may have been carried out."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    @property
    def advice(self) -> Advice:
        """A person decides whether it is made again."""
        return Advice.TELL_AGENT
