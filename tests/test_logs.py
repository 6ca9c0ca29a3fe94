"""What may be logged, and what may not."""

import subprocess
import sys

import pytest

FAILING = """
from wxdesk import logs

logs.configure("info", json={json})


def sign_in(password):
    raise RuntimeError("something is wrong")


try:
    sign_in("open " + "sesame")
except RuntimeError:
    logs.get("test").exception("round_failed", loop="intake")
"""


@pytest.mark.parametrize("json", [True, False])
def test_a_traceback_in_the_log_shows_no_values(json):
    """They would be passwords, credentials, and what customers wrote."""
    code = FAILING.format(json=json)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "something is wrong" in done.stderr
    assert "in sign_in" in done.stderr
    assert "open sesame" not in done.stderr
