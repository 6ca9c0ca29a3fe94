"""Every example of docs/api.md is run as it stands there, by the shell and curl, on a real desk."""

import asyncio
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from installation import BIN
from samples import picture
from wxdesk.desk.agents import Role
from wxdesk.web.description import EXAMPLES

GUIDE = (Path(__file__).parents[2] / "docs/api.md").read_text()
SECRET_KEY = "for tests only"
LISTENS_SECONDS = 1

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")


@dataclass(frozen=True)
class Example:
    """A command, and what is shown of its answer."""

    command: str
    shown: str

    @property
    def keys(self):
        return set(re.findall(r'"(\w+)":', self.shown))


def examples(section):
    """Of one section, in their order."""
    for block in re.findall(r"```console\n(.*?)```", section, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command = re.match(r"(?:.*\\\n)*.*\n", part)[0]
            yield Example(command.strip(), part[len(command) :].strip())


SECTIONS = {
    title: found
    for title, text in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", GUIDE, re.MULTILINE | re.DOTALL)
    if (found := [*examples(text)])
}
SIGN_IN = SECTIONS.pop("A token")
ROLES = {"Automatic answers": Role.SUPERVISOR, "Webhooks": Role.ADMIN}
"""Whose token the guide says that these sections need; any will do for the others."""


class Shell:
    """Runs commands as a reader of the guide would, one after the other."""

    def __init__(self, folder, url, token=""):
        self._folder, self._url = folder, url
        self._before = [f"TOKEN={token}"]
        (folder / ".curlrc").write_text('write-out = "\\n%{http_code}"\nmax-time = 20\n')
        self._environment = os.environ | {
            "HOME": str(folder),
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "WXDESK_DATA_DIR": str(folder),
            "WXDESK_DATABASE_URL": f"sqlite:///{folder}/desk.sqlite3",
            "WXDESK_SECRET_KEY": SECRET_KEY,
        }

    def remember(self, command):
        """What a shell keeps: a variable, an alias."""
        self._before.append(command.replace("https://desk.example.com", self._url))

    async def run(self, command, said=""):
        lines = ["shopt -s expand_aliases", *self._before, command]
        process = await asyncio.create_subprocess_exec(
            *["bash", "-c", "\n".join(lines)],
            cwd=self._folder,
            env=self._environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # nobody is there who could be asked for a password
        )
        out, err = await process.communicate(said.encode())
        return process.returncode, out.decode(), err.decode()

    async def ask(self, command):
        """What the desk answers; it must take it."""
        code, out, err = await self.run(command)
        body, _, status = out.rpartition("\n")
        assert (code, status[:1]) == (0, "2"), (command, out, err)
        return body

    def sign_in(self):
        for example in SIGN_IN:
            if re.match(r"DESK=|alias ", example.command):
                self.remember(example.command)
        return self


def keys_of(thing):
    """Of all objects within what was answered."""
    if isinstance(thing, dict):
        return thing.keys() | {key for each in thing.values() for key in keys_of(each)}
    if isinstance(thing, list):
        return {key for each in thing for key in keys_of(each)}
    return set()


@pytest.fixture
async def stage(shop, admin, desk, tmp_path):
    """What the guide speaks of: a waiting customer, their numbers, a picture."""
    for _ in range(12):
        talk = await desk.conversation()
    assert (talk.id, talk.contact_id) == (12, 12)
    made = await admin.post("/api/fields", name="年消费", kind="number")
    assert (made.status, made.body["id"]) == (201, 1), made
    for name in ("photo.jpg", "parcel.jpg"):
        (tmp_path / name).write_bytes(picture(size=(60 + len(name), 40)))


@pytest.fixture
def signed_in(stage, desk, base_url, tmp_path):
    """A shell with a token of somebody's: ``await signed_in(role)``."""

    async def new(role):
        token = await desk.token(await desk.agent(role=role))
        return Shell(tmp_path, base_url, token).sign_in()

    return new


@on_sqlite
async def test_a_program_signs_in_as_the_guide_says(shop, base_url, tmp_path):
    shell = Shell(tmp_path, base_url)
    for example in SIGN_IN:
        if re.match(r"\w+=|alias ", example.command):
            shell.remember(example.command)
        else:
            code, _, err = await shell.run(example.command, said="a password\na password\n")
            assert code == 0, (example.command, err)

    assert json.loads(await shell.ask('desk "$DESK/api/session"'))["agent"]["username"] == "crm"


@on_sqlite
@pytest.mark.parametrize("title", SECTIONS)
async def test_the_examples_of_a_section_are_taken_and_answered_as_shown(title, signed_in):
    shell = await signed_in(ROLES.get(title, Role.AGENT))
    if title != "List, take, reply":
        await shell.ask("desk -X POST $DESK/api/conversations/7/take")
    for example in SECTIONS[title]:
        if " -N " in example.command:
            listening = example.command.replace(" -N ", f" -N -m {LISTENS_SECONDS} ")
            _, out, _ = await shell.run(listening)
            assert out.startswith(example.shown.splitlines()[0]), out
        else:
            body = await shell.ask(example.command)
            if example.keys:
                assert example.keys <= keys_of(json.loads(body)), body


@on_sqlite
async def test_the_requests_to_copy_of_the_reference_are_taken(signed_in):
    """In their order, which is that of a conversation: found, taken, answered, ended."""
    shell = await signed_in(Role.ADMIN)
    for (method, path), example in EXAMPLES.items():
        await shell.ask(example.curl(method, path))


def test_there_are_examples_in_as_many_sections_as_one_would_think():
    assert len(SIGN_IN) == 4
    assert len(SECTIONS) >= 6
