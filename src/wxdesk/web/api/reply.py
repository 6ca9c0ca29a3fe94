"""What the composer sends: one shape for each kind of reply.

WeChat states few limits of its own; the lengths here are ours, and generous.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, field_validator

from wxdesk.desk.replies import Reply
from wxdesk.web.api.inputs import NO_NUL, RowNumber
from wxdesk.wechat import template_problems

LONGEST_TEXT = 10_000
MOST_MENU_LINES = 20
MOST_VALUES = 50


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("at least one character is not blank")
    return text


Text = Annotated[
    str,
    NO_NUL,
    StringConstraints(min_length=1, max_length=LONGEST_TEXT),
    AfterValidator(_not_blank),
]
Line = Annotated[
    str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
Words = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=1000)]
Name = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,128}$")]
"""An id of WeChat's: ASCII without blanks."""

Path = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=1024)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+$", max_length=2048)]
"""A page of the web, written in ASCII; no other scheme is ever shown as a link."""

UrlOrNone = Annotated[Url | Literal[""], Field(default="")]


class _Reply(BaseModel):
    """What all of them have in common.

    `keep_last`: refuse (`last_send`) where it would use up the last message that WeChat allows.
    `anyway`: send it though the desk thinks that WeChat will refuse it. `park`: keep it until the
    customer acts again.
    """

    FILES: ClassVar[tuple[str, ...]] = ()

    kind: str
    client_id: Annotated[str, NO_NUL, StringConstraints(min_length=8, max_length=64)]
    keep_last: bool = False
    anyway: bool = False
    park: bool = False

    @property
    def shown_text(self) -> str:
        """What lists and searches show of it."""
        return str(getattr(self, "title", ""))

    def reply(self) -> Reply:
        files = {role: getattr(self, role) for role in self.FILES if getattr(self, role)}
        content = self.model_dump(mode="json", exclude={*_Reply.model_fields, *self.FILES})
        return Reply(self.kind, self.shown_text, content, files)


class TextIn(_Reply):
    """Words; a text that is too long for WeChat leaves in parts."""

    kind: Literal["text"]
    text: Text

    def reply(self) -> Reply:
        return Reply("text", self.text)


class ImageIn(_Reply):
    """A picture; `media` is the id of an upload, here and below."""

    FILES = ("media",)

    kind: Literal["image"]
    media: RowNumber


class VoiceIn(_Reply):
    """A voice."""

    FILES = ("media",)

    kind: Literal["voice"]
    media: RowNumber


class VideoIn(_Reply):
    """A video; without a `thumb` its first picture stands for it."""

    FILES = ("media", "thumb")

    kind: Literal["video"]
    media: RowNumber
    thumb: RowNumber | None = None
    title: Words = ""
    description: Words = ""


class MusicIn(_Reply):
    """A piece of music that is elsewhere."""

    FILES = ("thumb",)

    kind: Literal["music"]
    title: Line
    description: Line
    url: Url
    hq_url: UrlOrNone
    thumb: RowNumber


class NewsIn(_Reply):
    """A card that opens a page."""

    kind: Literal["news"]
    title: Line
    description: Line
    url: Url
    picture_url: Url


class MiniProgramIn(_Reply):
    """A card that opens a mini program."""

    FILES = ("thumb",)

    kind: Literal["miniprogrampage"]
    title: Line
    app_id: Name
    page_path: Path
    thumb: RowNumber


class ArticleIn(_Reply):
    """A published article."""

    kind: Literal["mpnewsarticle"]
    article_id: Name


class MpNewsIn(_Reply):
    """An article of the lasting media of an account without drafts."""

    kind: Literal["mpnews"]
    media_id: Name


class MenuLine(BaseModel):
    """A line to touch; touched, its id comes back."""

    id: Name
    content: Line


class MenuIn(_Reply):
    """A question, and lines to touch."""

    kind: Literal["msgmenu"]
    head: Words = ""
    items: Annotated[list[MenuLine], Field(min_length=1, max_length=MOST_MENU_LINES)]
    tail: Words = ""

    @property
    def shown_text(self) -> str:
        return self.head


class CardIn(_Reply):
    """A card."""

    kind: Literal["wxcard"]
    card_id: Name


class MiniProgramRef(BaseModel):
    """What a template message opens."""

    app_id: Name
    page_path: Path


class TemplateIn(_Reply):
    """A service notice; it may be sent when the window for replies is closed."""

    kind: Literal["template"]
    template_id: Name
    title: Words = ""
    data: Annotated[dict[Name, Line], Field(max_length=MOST_VALUES)]
    url: Url | None = None
    mini_program: MiniProgramRef | None = None

    @field_validator("data")
    @classmethod
    def _fits(cls, data: dict[str, str]) -> dict[str, str]:
        """What WeChat would refuse (47003) is refused here, with the field that is wrong."""
        if problems := template_problems(data):
            raise ValueError("; ".join(problems))
        return data

    @property
    def shown_text(self) -> str:
        return self.title or " · ".join(self.data.values())


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
