"""``wxsim``: runs the simulator."""

import asyncio
import contextlib
import hashlib
import json
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from aiohttp import web

from wxdesk.wechat.policies import POLICIES, Policies, Renewal, read_policies
from wxsim.account import Account, Mode
from wxsim.app import create_app

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def wxsim() -> None:
    """A simulated WeChat platform, with a phone page on which you are the customer."""


@app.command()
def serve(
    app_id: Annotated[str, typer.Option(help="The account's AppID, wx…")],
    app_secret: Annotated[str, typer.Option(help="Its AppSecret.")],
    token: Annotated[str, typer.Option(help="Its token for signatures.")],
    callback: Annotated[str | None, typer.Option(help="Where pushes go; none: nowhere.")] = None,
    mode: Annotated[Mode, typer.Option(help="How pushes travel.")] = Mode.PLAIN,
    aes_key: Annotated[str | None, typer.Option(help="EncodingAESKey, 43 characters.")] = None,
    original_id: Annotated[str | None, typer.Option(help="gh_…; else made from the AppID.")] = None,
    name: Annotated[str, typer.Option(help="What followers call the account.")] = "微光生活馆",
    policy: Annotated[
        str, typer.Option(help="How much may be sent: 2023, 2021, 2013, or one of --policies.")
    ] = "2023",
    policies: Annotated[
        Path | None, typer.Option(help="More tables, a file like wxdesk/wechat/policies.json.")
    ] = None,
    renewal: Annotated[
        Renewal | None, typer.Option(help="What an act does to a grant still open.")
    ] = None,
    kf_account: Annotated[list[str] | None, typer.Option(help="May be repeated.")] = None,
    data: Annotated[Path | None, typer.Option(help="Keeps the state here.")] = None,
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0: any free one.", min=0, max=65535)] = 8701,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="Another name for the page; may be repeated.")
    ] = None,
) -> None:
    """Run the simulator of one Official Account until it is stopped."""
    try:
        account = Account(
            app_id=app_id,
            app_secret=app_secret,
            token=token,
            original_id=original_id or _original_id(app_id),
            name=name,
            callback=callback,
            mode=mode,
            aes_key=aes_key,
            policies=_policies(policies),
            policy=policy,
            own_renewal=renewal,
            kf_accounts=tuple(kf_account or ()),
        )
    except (ValueError, OSError) as error:
        raise typer.BadParameter(str(error)) from error
    try:
        asyncio.run(_serve(create_app(account, data, allow_host or ()), host, port))
    except OSError as error:
        typer.echo(f"wxsim cannot listen on {host}:{port}: {error.strerror}", err=True)
        raise typer.Exit(1) from error


def main() -> None:
    """The command line: 0 done, 1 failed, 2 wrong use."""
    sys.exit(app())


async def _serve(application: web.Application, host: str, port: int) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has Ctrl-C all the same
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        address = runner.addresses[0]
        typer.echo(f"wxsim: phone page and API at http://{address[0]}:{address[1]}/sim/")
        await stopped.wait()
    finally:
        await runner.cleanup()


def _policies(file: Path | None) -> Policies:
    """Those that come along, and those of the file.

    Raises:
        OSError: The file cannot be read.
        ValueError: It holds something else.
    """
    if file is None:
        return POLICIES
    return {**POLICIES, **read_policies(json.loads(file.read_text("utf-8")))}


def _original_id(app_id: str) -> str:
    return f"gh_{hashlib.sha256(app_id.encode()).hexdigest()[:12]}"
