"""External cards (外部卡片): what another system says of a customer, beside their conversation.

A card is asked by the desk, or it is a page that the agent's browser shows (ADR 33). Both are told
which customer it is about by their address, which the desk signs.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.errors import Conflict, Invalid, NotFound
from wxdesk.store import Base, Id, Unit, Vault

MOST_CARDS = 10
PLACEHOLDERS = ("openid", "contact_id", "conversation_id", "account", "agent")
NOBODY = dict.fromkeys(PLACEHOLDERS, "0")
"""What an address tells that is about no customer and is asked by no agent."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class TooManyCards(Conflict):
    """There are as many as there may be."""

    code = "too_many_cards"


class UnknownPlaceholder(Invalid):
    """An address holds ``{…}`` that stands for nothing; ``name`` says which."""

    code = "unknown_placeholder"


class CardKind(StrEnum):
    """How a card is read."""

    API = "api"  # the desk asks, and shows the answer
    PAGE = "page"  # the browser shows a page of the other system's


class Framing(StrEnum):
    """What a page said when the desk asked whether it lets itself be framed."""

    SHOWN = "shown"
    REFUSED = "refused"  # why: the header by which it does
    ELSEWHERE = "elsewhere"  # it leads to another host, which the frame does not show; why: which
    UNSURE = "unsure"  # it was not about anybody, and was answered so; why: the status
    UNREACHABLE = "unreachable"  # by the desk; agents' browsers may reach it; why: in a word


class CardSource(Base):
    """Another system that is asked about customers.

    Attributes:
        url: With ``{openid}`` and others of ``PLACEHOLDERS`` in it.
        sealed: By what the desk signs what it asks.
        framing: Of a page; None until it was asked at this address.
        framing_why: What there is to say to it.
    """

    __tablename__ = "external_cards"

    id: Mapped[Id]
    kind: Mapped[CardKind] = mapped_column(server_default=CardKind.API)
    name: Mapped[str]
    url: Mapped[str]
    sealed: Mapped[bytes]
    framing: Mapped[Framing | None]
    framing_why: Mapped[str | None]
    made_by: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    created_at: Mapped[datetime]


async def add(
    unit: Unit,
    vault: Vault,
    *,
    kind: CardKind,
    name: str,
    url: str,
    by_id: int,
    now: datetime,
) -> tuple[CardSource, str]:
    """A new source, and the secret by which it checks who asks.

    Raises:
        UnknownPlaceholder: The address holds one.
        TooManyCards: There are as many as there may be.
    """
    require_placeholders(url)
    if (await unit.session.scalar(select(func.count(CardSource.id))) or 0) >= MOST_CARDS:
        raise TooManyCards("remove one before")
    secret = _new_secret()
    source = CardSource(
        kind=kind, name=name, url=url, sealed=vault.seal(secret), made_by=by_id, created_at=now
    )
    unit.session.add(source)
    await unit.session.flush()
    return source, secret


async def rotate(unit: Unit, vault: Vault, source: CardSource) -> str:
    """A new secret, by which the desk signs from now on; nothing is signed by the old one."""
    secret = _new_secret()
    source.sealed = vault.seal(secret)
    await unit.session.flush()
    return secret


async def list_sources(unit: Unit) -> Sequence[CardSource]:
    """All of them, oldest first."""
    query = select(CardSource).order_by(CardSource.id).limit(MOST_CARDS)
    return (await unit.session.scalars(query)).all()


async def get(unit: Unit, source_id: int, kind: CardKind | None = None) -> CardSource:
    """One of them; of a kind, where only that will do.

    Raises:
        NotFound: There is none.
    """
    source = await unit.session.get(CardSource, source_id, with_for_update=unit.writing)
    if source is None or kind not in (None, source.kind):
        raise NotFound(f"no external card {source_id}")
    return source


def change(source: CardSource, *, name: str, url: str) -> None:
    """Another name or address; what another address says of frames is not known yet."""
    if source.url != url:
        source.framing = source.framing_why = None
    source.name, source.url = name, url


def require_placeholders(url: str) -> None:
    """Raise unless every placeholder of an address stands for something."""
    for name in _PLACEHOLDER.findall(url):
        if name not in PLACEHOLDERS:
            raise UnknownPlaceholder("this placeholder stands for nothing", name=name)


def address(url: str, values: Mapping[str, str], secret: str, now: datetime) -> str:
    """An address with its values, the time and a signature over all of it.

    The signature is the HMAC-SHA256, in hexadecimal, of all that stands before
    ``&wxdesk_signature=``. What follows a ``#`` comes after it, and is not signed.
    """
    filled = _PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe=""), url)
    asked, *place = filled.split("#", maxsplit=1)
    timed = f"{asked}{'&' if '?' in asked else '?'}wxdesk_time={int(now.timestamp())}"
    signature = hmac.new(secret.encode(), timed.encode(), hashlib.sha256).hexdigest()
    return "#".join([f"{timed}&wxdesk_signature={signature}", *place])


def _new_secret() -> str:
    return secrets.token_urlsafe(32)
