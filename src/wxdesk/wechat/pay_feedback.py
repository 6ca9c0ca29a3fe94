"""Complaints of those who paid (用户维权), as WeChat Pay's second version posts them.

They come to an address of their own, with no signature in the query, and look like no push:
whoever knows the address can post one, unless the key of WeChat Pay is there to ``verify`` with.

Sources: "User rights protection" of WeChat Pay v2 (2014, retired); how it is signed, from the
interface's sample code as SDKs keep it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha1
from hmac import compare_digest
from typing import Literal, cast, get_args

from wxdesk.wechat.elements import read_elements
from wxdesk.wechat.errors import Forged, Malformed
from wxdesk.wechat.push.fields import Fields

Stage = Literal["request", "confirm", "reject"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PayFeedback:
    """One step of one complaint.

    Attributes:
        stage: ``request`` complains; ``confirm`` says that it is settled, ``reject`` that not.
        trade_no: The payment it is about.
        solution: What the follower asks for.
        contact: What else they wrote, most often a telephone number.
        pictures: Addresses, five at most.
        key: The same for every try of one step.
        signature: ``AppSignature``, for ``verify``.
    """

    openid: str
    app_id: str
    at: datetime
    stage: Stage
    feedback_id: str
    trade_no: str
    reason: str
    solution: str
    contact: str
    pictures: tuple[str, ...]
    key: str
    signature: str = field(repr=False)

    def verify(self, pay_sign_key: str) -> None:
        """Check that WeChat Pay posted it; the signature covers who and when, not what.

        Raises:
            Forged: It did not, or with another key.
        """
        signed = (
            f"appid={self.app_id}&appkey={pay_sign_key}"
            f"&openid={self.openid}&timestamp={int(self.at.timestamp())}"
        )
        expected = sha1(signed.encode(), usedforsecurity=False).hexdigest()
        if not compare_digest(self.signature.lower().encode(), expected.encode()):
            raise Forged("wrong AppSignature")


def parse_pay_feedback(body: bytes, *, app_id: str | None = None) -> PayFeedback:
    """Read one step of a complaint.

    Args:
        body: As it was posted; it comes in no envelope.
        app_id: The account at whose address it came; None if that was looked at before.

    Raises:
        Malformed: Not XML, or it does not say who, when and which complaint.
        Forged: It is for another account.
    """
    fields = Fields(read_elements(body), body)
    named = fields.take_id("AppId")
    if app_id not in (None, named):
        raise Forged("foreign AppID")
    stage = _stage(fields)
    at = fields.take_moment("TimeStamp")
    feedback_id = fields.take_id("FeedBackId")
    return PayFeedback(
        openid=fields.take_id("OpenId"),
        app_id=named,
        at=at,
        stage=stage,
        feedback_id=feedback_id,
        trade_no=fields.find_text("TransId"),
        reason=fields.find_text("Reason"),
        solution=fields.find_text("Solution"),
        contact=fields.find_text("ExtInfo"),
        pictures=fields.texts_of("PicInfo/item/PicUrl"),
        key=f"f{feedback_id}:{stage}:{int(at.timestamp())}",
        signature=fields.find_text("AppSignature"),
    )


def _stage(fields: Fields) -> Stage:
    stage = fields.take_id("MsgType").lower()
    if stage not in get_args(Stage):
        raise Malformed("odd MsgType")
    return cast(Stage, stage)
