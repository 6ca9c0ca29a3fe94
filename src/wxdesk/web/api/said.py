"""What is said to a customer: one shape for each kind of message.

WeChat states few limits of its own; the lengths here are ours, and generous.
"""

from typing import Annotated, Any, ClassVar, Literal

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


class Said(BaseModel):
    """What all of them have in common."""

    FILES: ClassVar[tuple[str, ...]] = ()
    NOT_CONTENT: ClassVar[frozenset[str]] = frozenset({"kind"})

    kind: str

    @property
    def shown_text(self) -> str:
        """What lists and searches show of it."""
        return str(getattr(self, "title", ""))

    def reply(self) -> Reply:
        files = {role: getattr(self, role) for role in self.FILES if getattr(self, role)}
        content = self.model_dump(mode="json", exclude={*self.NOT_CONTENT, *self.FILES})
        return Reply(self.kind, self.shown_text, content, files)


class TextSaid(Said):
    """Words; a text that is too long for WeChat leaves in parts."""

    kind: Literal["text"]
    text: Text

    def reply(self) -> Reply:
        return Reply("text", self.text)


class ImageSaid(Said):
    """A picture; `media` is the id of an upload, here and below."""

    FILES = ("media",)

    kind: Literal["image"]
    media: RowNumber


class VoiceSaid(Said):
    """A voice."""

    FILES = ("media",)

    kind: Literal["voice"]
    media: RowNumber


class VideoSaid(Said):
    """A video; without a `thumb` its first picture stands for it."""

    FILES = ("media", "thumb")

    kind: Literal["video"]
    media: RowNumber
    thumb: RowNumber | None = None
    title: Words = ""
    description: Words = ""


class MusicSaid(Said):
    """A piece of music that is elsewhere."""

    FILES = ("thumb",)

    kind: Literal["music"]
    title: Line
    description: Line
    url: Url
    hq_url: UrlOrNone
    thumb: RowNumber


class NewsSaid(Said):
    """A card that opens a page."""

    kind: Literal["news"]
    title: Line
    description: Line
    url: Url
    picture_url: Url


class MiniProgramSaid(Said):
    """A card that opens a mini program."""

    FILES = ("thumb",)

    kind: Literal["miniprogrampage"]
    title: Line
    app_id: Name
    page_path: Path
    thumb: RowNumber


class ArticleSaid(Said):
    """A published article."""

    kind: Literal["mpnewsarticle"]
    article_id: Name


class MpNewsSaid(Said):
    """An article of the lasting media of an account without drafts."""

    kind: Literal["mpnews"]
    media_id: Name


class MenuLine(BaseModel):
    """A line to touch; touched, its id comes back."""

    id: Name
    content: Line


class MenuSaid(Said):
    """A question, and lines to touch."""

    kind: Literal["msgmenu"]
    head: Words = ""
    items: Annotated[list[MenuLine], Field(min_length=1, max_length=MOST_MENU_LINES)]
    tail: Words = ""

    @property
    def shown_text(self) -> str:
        return self.head


class CardSaid(Said):
    """A card."""

    kind: Literal["wxcard"]
    card_id: Name


class MiniProgramRef(BaseModel):
    """What a template message opens."""

    app_id: Name
    page_path: Path


class TemplateSaid(Said):
    """A service notice; it may be sent when the window for replies is closed.

    `labels`: what the template calls each value, for whoever reads the conversation later.
    """

    kind: Literal["template"]
    template_id: Name
    title: Words = ""
    data: Annotated[dict[Name, Line], Field(max_length=MOST_VALUES)]
    labels: Annotated[dict[Name, Words], Field(max_length=MOST_VALUES)] = {}
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


AnySaid = Annotated[
    TextSaid
    | ImageSaid
    | VoiceSaid
    | VideoSaid
    | MusicSaid
    | NewsSaid
    | MiniProgramSaid
    | ArticleSaid
    | MpNewsSaid
    | MenuSaid
    | CardSaid
    | TemplateSaid,
    Field(discriminator="kind"),
]


def said_of(reply: Reply) -> dict[str, Any]:
    """A reply in the shape that it came in."""
    words = {"text": reply.text} if reply.kind == "text" else reply.content
    return {"kind": reply.kind, **words, **reply.files}
