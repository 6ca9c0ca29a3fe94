"""The worker that sends, in a test's own hands."""

from wxdesk.runtime import Runtime
from wxdesk.worker.delivery import Sender


async def deliver(runtime: Runtime) -> None:
    """Send what is due, until nothing is."""
    sender = Sender(runtime)
    while await sender.send_due():
        await sender.finish()
