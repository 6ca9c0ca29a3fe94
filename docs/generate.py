"""Writes what is derived from the code: `python docs/generate.py`, or `--check` to compare."""

import json
import subprocess
import sys
from pathlib import Path

from wxdesk.settings import Settings
from wxdesk.web.app import describe

ROOT = Path(__file__).parent.parent


def openapi() -> str:
    return json.dumps(describe().openapi(), ensure_ascii=False, indent=1) + "\n"


def settings() -> str:
    lines = [
        "# Settings",
        "",
        "From the environment, or from the file that `WXDESK_SETTINGS_FILE` names (`KEY=value`).",
        "`wxdesk settings` prints what is in force.",
        "",
        "| variable | meaning | default |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        lines.append(f"| `WXDESK_{name.upper()}` | {field.description} | {default} |")
    return "\n".join(lines) + "\n"


def cli() -> str:
    typer = Path(sys.executable).with_name("typer")
    asked = [typer, "wxdesk.cli", "utils", "docs", "--name", "wxdesk"]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout


GENERATED = {
    "frontend/openapi.json": openapi,
    "docs/settings.md": settings,
    "docs/commands.md": cli,
}


def main() -> int:
    stale = []
    for path, write in GENERATED.items():
        file, text = ROOT / path, write()
        if not file.exists() or file.read_text() != text:
            stale.append(path)
            if "--check" not in sys.argv:
                file.write_text(text)
    if stale and "--check" in sys.argv:
        print("stale, run `make generate`:", *stale)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
