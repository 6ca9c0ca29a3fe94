"""Which pushes the rules of an account may answer. Pure."""

from wxdesk import wechat
from wxdesk.desk.answers import Occasion, What
from wxdesk.wechat import Push

_MESSAGES = (
    wechat.Image,
    wechat.Video,
    wechat.Location,
    wechat.Link,
    wechat.MiniProgramPage,
    wechat.File,
)


def occasion_of(push: Push) -> Occasion | None:
    """What happened, as rules see it; None: nothing that they ask about."""
    content, occasion = push.content, None
    match content:
        case wechat.Text(text, menu_id):
            occasion = Occasion(What.MESSAGE, text, menu_id or "")
        case wechat.Voice(recognition=heard):
            occasion = Occasion(What.MESSAGE, heard or "")
        case wechat.Subscribed(scene):
            occasion = Occasion(What.FOLLOWED, key=scene or "")
        case wechat.Scanned(scene):
            occasion = Occasion(What.SCANNED, key=scene)
        case wechat.MenuClicked(key) | wechat.CodeScanned(key):
            occasion = Occasion(What.MENU, key=key)
        case wechat.Unsupported():
            occasion = Occasion(What.UNKNOWN)
        case wechat.Unknown() if not push.is_event:
            occasion = Occasion(What.UNKNOWN)
    return Occasion(What.MESSAGE) if isinstance(content, _MESSAGES) else occasion
