"""The peers' own environment: locked, made once beside the desk's."""

import hashlib
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKED = Path(__file__).parent / "peers.txt"
FOLDER = ROOT / ".venv-bench"
PYTHON = FOLDER / "bin" / "python"
_PEERS_LAST = (  # so that what both have is the desk's
    "import runpy, sys; _, site, *sys.argv = sys.argv; sys.path.append(site); "
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)


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


def command_with_peers(script: Path, *arguments: object) -> list[str]:
    """Run a script on the desk's own interpreter that finds the peers' packages too."""
    base = {"base": str(FOLDER), "platbase": str(FOLDER)}
    site = sysconfig.get_path("purelib", vars=base)
    return [sys.executable, "-c", _PEERS_LAST, site, str(script), *map(str, arguments)]
