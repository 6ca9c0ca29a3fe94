"""The peers' own environment: locked, made once beside the desk's."""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKED = Path(__file__).parent / "peers.txt"
FOLDER = ROOT / ".venv-bench"
PYTHON = FOLDER / "bin" / "python"


def install() -> None:
    """Make the environment, unless it is there and current."""
    wanted = hashlib.sha256(LOCKED.read_bytes()).hexdigest()
    stamp = FOLDER / "peers.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("installing the peers into .venv-bench …", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], check=True)
    (FOLDER / ".gitignore").write_text("*\n")
    install = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([str(PYTHON), "-m", "pip", *install, "-r", str(LOCKED)], check=True)
    stamp.write_text(wanted)
