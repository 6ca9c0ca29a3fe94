"""Settings of the desk in tests.

Beside other tests a disk or a process may stand still for seconds. That is no mistake, so here
whoever waits for one is patient; a test that is about patience names its own.
"""

from typing import Any

from wxdesk.settings import Settings

PATIENCE_SECONDS = 90.0
"""For what comes in a moment; long, so that it is over only where something is wrong."""

PATIENCE = {
    "push_wait_seconds": 60.0,
    "send_timeout_seconds": 20.0,
    "delivery_lease_seconds": 300.0,
}


def settings_of(**own: Any) -> Settings:
    """The settings of a test: its own, and for the others these or the defaults."""
    return Settings(**{"secret_key": "a secret for tests only"} | PATIENCE | own)
