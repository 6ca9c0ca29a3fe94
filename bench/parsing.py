"""What it takes to understand one push and to seal one reply: beside wechatpy, by turns.

Of a push both have what was posted, and end with who, when, which and what in hand; of a reply both
have the XML, and end with the envelope. Both run in one process, on the desk's interpreter and with
its cryptography. wechatpy comes from the peers' environment.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from peers import command_with_peers

BENCH = Path(__file__).parent
SCRIPT = BENCH / "apps" / "understand.py"


class Understood(NamedTuple):
    """Microseconds for one."""

    ours: float
    theirs: float


def understanding() -> dict[str, Understood]:
    """One run of all turns, by what was measured."""
    run = subprocess.run(
        command_with_peers(SCRIPT),
        env=os.environ | {"PYTHONPATH": str(BENCH)},
        capture_output=True,
        check=True,
        text=True,
    )
    return {name: Understood(*both) for name, both in json.loads(run.stdout).items()}
