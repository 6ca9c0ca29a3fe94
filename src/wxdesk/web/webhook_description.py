"""What endpoints are told, as the API's description says it."""

from fastapi import FastAPI

from wxdesk.desk import webhooks
from wxdesk.desk.events import Happening
from wxdesk.desk.webhooks import Body


def describe(app: FastAPI) -> None:
    """Write into the API's description what endpoints are told."""
    for kind in (*Happening, webhooks.PING):
        app.webhooks.post(
            str(kind), summary=_SUMMARIES[str(kind)], tags=["webhooks"], status_code=204
        )(_receive)


async def _receive(body: Body) -> None:
    """Signed as Standard Webhooks says: `webhook-id`, `webhook-timestamp`, `webhook-signature`.

    Any 2xx says that it has arrived. What is not answered so within 15 seconds is told again, for
    a day, and until then nothing newer of the same conversation.
    """


_SUMMARIES = {
    Happening.OPENED: "A conversation has begun",
    Happening.ASSIGNED: "An agent has it from now on",
    Happening.TRANSFERRED: "It was handed over to an agent, or to a group",
    Happening.QUEUED: "It waits for somebody else again",
    Happening.CLOSED: "It has ended; with its summary, if there is one",
    Happening.SUMMARIZED: "It was summed up, or summed up otherwise",
    Happening.RECEIVED: "A customer has written, sent or done something",
    Happening.SENT: "WeChat has accepted a message",
    Happening.FAILED: "A message was refused, or came to nothing",
    Happening.UNCERTAIN: "WeChat's answer was lost: a message may have arrived",
    Happening.RATED: "A customer has said how it was",
    Happening.RATED_ANEW: "They have said it otherwise, or why",
    webhooks.PING: "Somebody tries the endpoint",
}
