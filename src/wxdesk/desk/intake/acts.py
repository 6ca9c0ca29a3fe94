"""Which pushes are acts that WeChat rewards with something we may send. Pure.

Source: "Customer-service messages, rules of sending" (下发规则), with its notes: of menus only the
buttons that answer count, and a tapped line of a msgmenu counts as one, though it comes as text.
"""

from collections.abc import Mapping

from wxdesk import wechat
from wxdesk.wechat import PayFeedback, Push, Trigger

_TRIGGERS: Mapping[type, Trigger] = {
    wechat.Image: Trigger.MESSAGE,
    wechat.Voice: Trigger.MESSAGE,
    wechat.Video: Trigger.MESSAGE,
    wechat.Location: Trigger.MESSAGE,
    wechat.Link: Trigger.MESSAGE,
    wechat.MiniProgramPage: Trigger.MESSAGE,
    wechat.File: Trigger.MESSAGE,
    wechat.Unsupported: Trigger.MESSAGE,
    wechat.MenuClicked: Trigger.MENU,
    wechat.CodeScanned: Trigger.MENU,
    wechat.Subscribed: Trigger.FOLLOW,
    wechat.Scanned: Trigger.SCAN,
    wechat.OrderPaid: Trigger.PAYMENT,
}


def trigger_of(push: Push) -> Trigger | None:
    """What a push grants; None: nothing."""
    content = push.content
    if isinstance(content, wechat.Text):
        return Trigger.MENU if content.menu_id else Trigger.MESSAGE
    if isinstance(content, wechat.Unknown) and not push.is_event:
        return Trigger.MESSAGE
    return _TRIGGERS.get(type(content))


def trigger_of_feedback(feedback: PayFeedback) -> Trigger | None:
    """A complaint counts when it is made or goes on, not when it is settled."""
    return None if feedback.stage == "confirm" else Trigger.COMPLAINT
