"""``wxdesk agent`` and ``wxdesk token``: who works at the desk, and their programs."""

import sys
from typing import Annotated

import typer

from wxdesk.cli.run import with_runtime
from wxdesk.desk import agents
from wxdesk.desk.agents import Role
from wxdesk.runtime import Runtime

app = typer.Typer(no_args_is_help=True, help="Agents (客服).")
token_app = typer.Typer(no_args_is_help=True, help="API tokens.")

PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password's line from standard input.")
]


@app.command()
def add(
    username: Annotated[str, typer.Option(help="What they sign in with.")],
    name: Annotated[str, typer.Option(help="What colleagues call them.")],
    role: Annotated[Role, typer.Option(help="What they may do.")],
    password_stdin: PasswordStdin = False,
) -> None:
    """Add an agent."""
    password_hash = agents.hash_password(_password(from_stdin=password_stdin))

    async def task(rt: Runtime) -> None:
        async with rt.db.unit() as unit:
            await agents.add(
                unit,
                username=username,
                name=name,
                role=role,
                password_hash=password_hash,
                now=rt.clock.now(),
            )

    with_runtime(task)


@app.command("set-password")
def set_password(username: str, password_stdin: PasswordStdin = False) -> None:
    """Give an agent a new password; every sign-in made with the old one ends."""
    password_hash = agents.hash_password(_password(from_stdin=password_stdin))

    async def task(rt: Runtime) -> None:
        async with rt.db.unit() as unit:
            agent = await agents.get_by_username(unit, username)
            await agents.set_password(unit, agent, password_hash)

    with_runtime(task)


@app.command()
def unlock(username: str) -> None:
    """Let somebody try again who mistyped their password too often."""

    async def task(rt: Runtime) -> None:
        async with rt.db.unit() as unit:
            await agents.unlock(unit, username)

    with_runtime(task)


@token_app.command()
def create(
    agent: Annotated[str, typer.Option(help="The username it acts for.")],
    name: Annotated[str, typer.Option(help="What it is for.")],
) -> None:
    """Print a new API token, once, for `Authorization: Bearer …`."""

    async def task(rt: Runtime) -> str:
        async with rt.db.unit() as unit:
            owner = await agents.get_by_username(unit, agent)
            _, token = await agents.create_token(unit, owner, name=name, now=rt.clock.now())
            return token

    typer.echo(with_runtime(task))


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    agents.require_password(password)
    return password
