"""The documents say what is so."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document):
    links = re.findall(r"\]\(([^)#\s]+)", document.read_text())

    astray = [to for to in links if "://" not in to and not (document.parent / to).exists()]

    assert astray == []


def test_every_dependency_is_there_with_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    python = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    python += [each for group in project["dependency-groups"].values() for each in group]
    page = json.loads((ROOT / "frontend/package.json").read_text())
    wanted = {re.split(r"[\[<>=]", each)[0] for each in python if isinstance(each, str)}
    wanted |= {*page["dependencies"], *page["devDependencies"]}

    rows = re.findall(
        r"^\| (.+?) \| .+ \|$", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE
    )
    listed = {name for row in rows for name in re.split(r", (?:with )?| and ", row)}

    assert wanted <= listed
    assert listed - wanted <= {"uv", "uvloop", "httptools"}  # started by hand; come with uvicorn


def test_every_test_that_holds_a_check_is_there():
    named = re.findall(r"`(\S+)::(\w+)`", (ROOT / "docs/acceptance.md").read_text())

    astray = [
        f"{path}::{name}"
        for path, name in named
        if f"def {name}(" not in (ROOT / "tests" / path).read_text()
    ]

    assert len(named) > 12
    assert astray == []


def test_every_decision_is_in_the_list():
    decisions = {path.name for path in (ROOT / "docs/adr").glob("0*.md")}

    listed = set(re.findall(r"\((0[^)]+\.md)\)", (ROOT / "docs/adr/README.md").read_text()))

    assert listed == decisions


def test_the_code_names_only_decisions_that_are_there():
    named = {
        int(number)
        for path in (ROOT / "src").rglob("*.py")
        for number in re.findall(r"\bADR (\d+)", path.read_text())
    }

    decided = {int(path.name[:4]) for path in (ROOT / "docs/adr").glob("0*.md")}

    assert named <= decided


@pytest.mark.parametrize(
    "contracted", ["demo", "test", "check", "bench", "soak", "app", "generate"]
)
def test_make_lists_its_tasks(contracted):
    makefile = (ROOT / "Makefile").read_text()

    assert re.search(rf"^{contracted}:.*## \w", makefile, re.MULTILINE)
