"""Why nothing can be sent to a follower now."""

from wxdesk.errors import Conflict


class WindowClosed(Conflict):
    """WeChat takes nothing until the follower acts again (it would say 45015)."""

    code = "window_closed"


class RepliesSpent(Conflict):
    """Fewer messages are left than this needs, until the follower acts again (45047)."""

    code = "replies_spent"


class LastSend(Conflict):
    """It would use up the last message that is left, and the sender asked to be told."""

    code = "last_send"
