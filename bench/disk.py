"""How often a second the disk can be asked to keep what it was given."""

import itertools
import os
import time
from pathlib import Path

BLOCK = os.urandom(4096)


def syncs_per_second(folder: Path, seconds: float = 0.3) -> float:
    """fdatasync after each 4 KB, over a file that has its size already, as a database's log."""
    path = folder / "disk"
    path.write_bytes(BLOCK * 1000)
    with path.open("r+b", buffering=0) as file:
        os.fsync(file.fileno())
        began = time.perf_counter()
        for count in itertools.count(1):
            file.seek(count % 1000 * len(BLOCK))
            file.write(BLOCK)
            os.fdatasync(file.fileno())
            took = time.perf_counter() - began
            if took >= seconds:
                path.unlink()
                return count / took
    raise AssertionError
