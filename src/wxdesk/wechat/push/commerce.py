"""That a follower paid, or did something with a card of the account.

Sources: the pages on the old shop (``merchant_order``) and on card events, as SDKs keep them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from wxdesk.wechat.push.fields import Fields

_CARD_EVENTS = (
    "card_pass_check",
    "card_not_pass_check",
    "card_sku_remind",
    "submit_membercard_user_info",
    "update_member_card",
    "user_consume_card",
    "user_del_card",
    "user_enter_session_from_card",
    "user_get_card",
    "user_gifting_card",
    "user_pay_from_pay_cell",
    "user_view_card",
)


@dataclass(frozen=True, slots=True)
class OrderPaid:
    """An order in the account's shop was paid (``status`` 2)."""

    order_id: str
    status: int
    product_id: str = ""
    sku_info: str = ""


@dataclass(frozen=True, slots=True)
class CardEvent:
    """A card was taken, used, given away, paid with, and so on.

    Attributes:
        event: WeChat's name for it, in small letters: ``user_get_card``.
        card_id: Which card; ``code`` is which one of it.
        outer: Where the follower got it, in the developer's words.
        facts: What else WeChat tells, by its names.
    """

    event: str
    card_id: str
    code: str = ""
    outer: str = ""
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)


Deal = OrderPaid | CardEvent


def _order_paid(fields: Fields) -> OrderPaid:
    return OrderPaid(
        order_id=fields.take("OrderId"),
        status=fields.take_whole("OrderStatus"),
        product_id=fields.find_text("ProductId"),
        sku_info=fields.find_text("SkuInfo"),
    )


def _card_event(fields: Fields, *, event: str) -> CardEvent:
    return CardEvent(
        event=event,
        card_id=fields.take("CardId"),
        code=fields.find_text("UserCardCode"),
        outer=fields.find("OuterStr") or fields.find_text("OuterId"),
        facts=fields.take_rest(),
    )


READERS: dict[str, Callable[[Fields], Deal]] = {
    "event/merchant_order": _order_paid,
    **{f"event/{name}": partial(_card_event, event=name) for name in _CARD_EVENTS},
}
