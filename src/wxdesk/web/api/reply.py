"""What the composer sends: what is said, and how it is to leave."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from wxdesk.web.api.inputs import ClientId
from wxdesk.web.api.said import (
    ArticleSaid,
    CardSaid,
    ImageSaid,
    MenuSaid,
    MiniProgramSaid,
    MpNewsSaid,
    MusicSaid,
    NewsSaid,
    TemplateSaid,
    TextSaid,
    VideoSaid,
    VoiceSaid,
)


class Sent(BaseModel):
    """How a reply is to leave.

    `keep_last`: refuse (`last_send`) where it would use up the last message that WeChat allows.
    `anyway`: send it though the desk thinks that WeChat will refuse it. `park`: keep it until the
    customer acts again.
    """

    NOT_CONTENT: ClassVar[frozenset[str]] = frozenset(
        {"kind", "client_id", "keep_last", "anyway", "park"}
    )

    client_id: ClientId
    keep_last: bool = False
    anyway: bool = False
    park: bool = False


class TextIn(Sent, TextSaid):
    """Words; a text that is too long for WeChat leaves in parts."""


class ImageIn(Sent, ImageSaid):
    """A picture; `media` is the id of an upload, here and below."""


class VoiceIn(Sent, VoiceSaid):
    """A voice."""


class VideoIn(Sent, VideoSaid):
    """A video; without a `thumb` its first picture stands for it."""


class MusicIn(Sent, MusicSaid):
    """A piece of music that is elsewhere."""


class NewsIn(Sent, NewsSaid):
    """A card that opens a page."""


class MiniProgramIn(Sent, MiniProgramSaid):
    """A card that opens a mini program."""


class ArticleIn(Sent, ArticleSaid):
    """A published article."""


class MpNewsIn(Sent, MpNewsSaid):
    """An article of the lasting media of an account without drafts."""


class MenuIn(Sent, MenuSaid):
    """A question, and lines to touch."""


class CardIn(Sent, CardSaid):
    """A card."""


class TemplateIn(Sent, TemplateSaid):
    """A service notice; it may be sent when the window for replies is closed."""


ReplyIn = Annotated[
    TextIn
    | ImageIn
    | VoiceIn
    | VideoIn
    | MusicIn
    | NewsIn
    | MiniProgramIn
    | ArticleIn
    | MpNewsIn
    | MenuIn
    | CardIn
    | TemplateIn,
    Field(discriminator="kind"),
]
