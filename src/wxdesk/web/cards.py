"""What other systems say of customers, kept for a moment by this process."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from wxdesk.desk import cards
from wxdesk.errors import DeskError
from wxdesk.outbound import NotReached, Outbound

TIMEOUT_SECONDS = 5
MOST_BYTES = 64 * 1024
FRESH = timedelta(seconds=30)
MOST_KEPT = 1000
OK = 200

Short = Annotated[str, StringConstraints(max_length=100)]
Long = Annotated[str, StringConstraints(max_length=500)]
Link = Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://")]


class CardLine(BaseModel):
    label: Short = ""
    text: Long


class CardLink(BaseModel):
    label: Short
    url: Link


class Card(BaseModel):
    """What a source answers; of what else it says nothing is shown."""

    title: Short = ""
    lines: Annotated[list[CardLine], Field(max_length=30)] = []
    links: Annotated[list[CardLink], Field(max_length=10)] = []


class CardShown(Card):
    """A card, or why there is none.

    `failure`: `timeout`, `refused`, `unknown_host`, `bad_certificate`, `broken`,
    `address_forbidden`, `status` (it did not answer 200) or `no_card` (what it said is none).
    """

    failure: str | None = None


class KeptCards:
    """Asks sources, and keeps what they said for half a minute."""

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound
        self._kept: dict[tuple[int, str, str], tuple[datetime, CardShown]] = {}

    async def read(
        self, source: cards.CardSource, values: Mapping[str, str], secret: str, now: datetime
    ) -> CardShown:
        """What a source says; what it said a moment ago where that went well."""
        key = source.id, source.url, "\n".join(values[each] for each in cards.PLACEHOLDERS)
        kept = self._kept.get(key)
        if kept and now - kept[0] < FRESH:
            return kept[1]
        shown = await self._ask(cards.address(source.url, values, secret, now))
        if shown.failure is None:
            self._kept.pop(key, None)
            self._kept[key] = now, shown
            if len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        return shown

    async def _ask(self, url: str) -> CardShown:
        try:
            answer = await self._outbound.ask(
                "GET",
                url,
                headers={"accept": "application/json"},
                timeout_seconds=TIMEOUT_SECONDS,
                most_bytes=MOST_BYTES,
            )
            if answer.status != OK:
                return CardShown(failure="status")
            return CardShown(**Card.model_validate(answer.json()).model_dump())
        except NotReached as error:
            return CardShown(failure=str(error.facts["why"]))
        except DeskError as error:
            return CardShown(failure=error.code)
        except (ValueError, ValidationError):
            return CardShown(failure="no_card")
