"""``wxdesk account``: add an Official Account, check it, change its keys."""

from typing import Annotated

import typer

from wxdesk.cli.run import print_json, print_lines, with_runtime
from wxdesk.cli.settings import Json
from wxdesk.desk import accounts
from wxdesk.desk.accounts import WECHAT, Credentials, Kind
from wxdesk.runtime import Runtime
from wxdesk.speaking import Finding, callback_url, check_account
from wxdesk.wechat import Mode

app = typer.Typer(no_args_is_help=True, help="Official Accounts (公众号).")


@app.command()
def add(
    slug: Annotated[str, typer.Option(help="Its place in the callback URL: a-z, 0-9, -.")],
    name: Annotated[str, typer.Option(help="What agents call it.")],
    app_id: Annotated[str, typer.Option(help="AppID, wx…")],
    app_secret: Annotated[str, typer.Option(help="AppSecret.")],
    token: Annotated[str, typer.Option(help="The token of its server configuration.")],
    aes_key: Annotated[str | None, typer.Option(help="EncodingAESKey, 43 characters.")] = None,
    mode: Annotated[Mode, typer.Option(help="How WeChat posts.")] = Mode.PLAIN,
    original_id: Annotated[str | None, typer.Option(help="gh_…")] = None,
    api_base: Annotated[str, typer.Option(help="Where its API is.")] = WECHAT,
    kind: Annotated[Kind, typer.Option(help="服务号 or 订阅号.")] = Kind.SERVICE,
    policy: Annotated[str, typer.Option(help="How much may be sent: 2023, 2021, 2013.")] = "2023",
    as_json: Json = False,
) -> None:
    """Add an Official Account; prints the callback URL."""

    async def task(rt: Runtime) -> None:
        async with rt.db.unit() as unit:
            await accounts.add(
                unit,
                rt.vault,
                slug=slug,
                name=name,
                app_id=app_id,
                credentials=Credentials(app_secret, token, aes_key),
                mode=mode,
                now=rt.clock.now(),
                kind=kind,
                policy=policy,
                original_id=original_id,
                api_base=api_base,
            )
        url = callback_url(rt, slug)
        if as_json:
            print_json({"slug": slug, "callback_url": url})
        else:
            typer.echo(url)

    with_runtime(task)


@app.command("pay-key")
def pay_key(
    slug: str,
    key: Annotated[str, typer.Option(help="paySignKey of WeChat Pay; empty: believe any.")],
) -> None:
    """Believe only complaints (维权) that WeChat Pay has signed with this key."""

    async def task(rt: Runtime) -> None:
        async with rt.db.unit() as unit:
            await accounts.set_pay_sign_key(unit, rt.vault, slug=slug, key=key)

    with_runtime(task)


@app.command("rotate-key")
def rotate_key(
    slug: str, aes_key: Annotated[str, typer.Option(help="The new EncodingAESKey.")]
) -> None:
    """Take a new EncodingAESKey; pushes under the one before it are still accepted."""

    async def task(rt: Runtime) -> None:
        async with rt.db.unit() as unit:
            await accounts.rotate_aes_key(unit, rt.vault, slug=slug, aes_key=aes_key)

    with_runtime(task)


@app.command("list")
def list_accounts(as_json: Json = False) -> None:
    """Every account and its callback URL."""

    async def task(rt: Runtime) -> list[dict[str, str | bool]]:
        async with rt.db.reading() as unit:
            return [
                {
                    "slug": account.slug,
                    "name": account.name,
                    "app_id": account.app_id,
                    "mode": account.mode.value,
                    "simulated": account.simulated,
                    "callback_url": callback_url(rt, account.slug),
                }
                for account in await accounts.list_all(unit)
            ]

    found = with_runtime(task)
    if as_json:
        print_lines(found)
        return
    for each in found:
        typer.echo(f"{each['slug']:<16} {each['name']}  {each['callback_url']}")


@app.command()
def check(slug: str, as_json: Json = False) -> None:
    """Check token, permissions, IP list and callback; each line is ok, or what to do."""

    async def task(rt: Runtime) -> list[Finding]:
        async with rt.db.reading() as unit:
            account = await accounts.get_by_slug(unit, slug)
        return [finding async for finding in check_account(rt, account)]

    findings = with_runtime(task)
    for finding in findings:
        if as_json:
            print_json(
                {
                    "check": finding.name,
                    "ok": finding.ok,
                    "says": finding.detail,
                    "fix": finding.fix,
                }
            )
        else:
            fix = f". {finding.fix}" if finding.fix else ""
            typer.echo(f"{'ok ' if finding.ok else 'NOT'} {finding.name}: {finding.detail}{fix}")
    if any(finding.vital and not finding.ok for finding in findings):
        raise typer.Exit(1)
