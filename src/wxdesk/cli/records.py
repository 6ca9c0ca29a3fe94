"""``wxdesk pushes`` and ``wxdesk deliveries``: what came in and what went out, row by row."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from wxdesk.cli.run import print_json, with_runtime
from wxdesk.cli.settings import Json
from wxdesk.desk import accounts, intake, outbox
from wxdesk.desk.intake import KeptPush, PushState
from wxdesk.desk.outbox import Delivery, DeliveryState
from wxdesk.runtime import Runtime
from wxdesk.store import Unit

PAGE = 1000


def _moment(text: str) -> datetime:
    """A moment as ISO 8601 writes it, in UTC unless it says otherwise."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Since = Annotated[
    datetime | None,
    typer.Option(
        parser=_moment,
        metavar="ISO",
        help="Only from this moment on (UTC unless it says otherwise).",
    ),
]

pushes_app = typer.Typer(help="Kept pushes.")


@pushes_app.callback(invoke_without_command=True)
def pushes(
    context: typer.Context,
    since: Since = None,
    state: Annotated[PushState | None, typer.Option(help="Only these.")] = None,
    as_json: Json = False,
) -> None:
    """Print every kept push."""
    if context.invoked_subcommand:
        return

    async def task(rt: Runtime) -> None:
        async with rt.db.reading() as unit:
            slugs = {account.id: account.slug for account in await accounts.list_all(unit)}

        def row(push: KeptPush) -> dict[str, Any]:
            return {
                "id": push.id,
                "account": slugs[push.account_id],
                "openid": push.openid,
                "msg_id": push.msg_id,
                "kind": push.kind,
                "received_at": push.received_at.isoformat(),
                "state": push.state.value,
                "error": push.error,
            }

        async def page(unit: Unit, after: int) -> Sequence[KeptPush]:
            return await intake.list_pushes(unit, since=since, state=state, after=after, limit=PAGE)

        await _print_all(rt, page, row, as_json=as_json)

    with_runtime(task)


@pushes_app.command()
def retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Which; none: see --all.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All parked pushes.")] = False,
) -> None:
    """Look at parked pushes again."""
    if not ids and not every:
        raise typer.BadParameter("name pushes, or say --all")

    async def task(rt: Runtime) -> int:
        async with rt.db.unit() as unit:
            return await intake.retry_parked(unit, ids or None)

    typer.echo(f"{with_runtime(task)} to be looked at again")


def deliveries(
    since: Since = None,
    state: Annotated[DeliveryState | None, typer.Option(help="Only these.")] = None,
    as_json: Json = False,
) -> None:
    """Print every delivery."""

    def row(delivery: Delivery) -> dict[str, Any]:
        return {
            "id": delivery.id,
            "conversation_id": delivery.conversation_id,
            "message_id": delivery.message_id,
            "openid": delivery.openid,
            "state": delivery.state.value,
            "attempts": delivery.attempts,
            "errcode": delivery.errcode,
            "reason": delivery.reason,
            "via": delivery.via.value,
            "created_at": delivery.created_at.isoformat(),
            "finished_at": delivery.finished_at.isoformat() if delivery.finished_at else None,
        }

    async def page(unit: Unit, after: int) -> Sequence[Delivery]:
        return await outbox.list_deliveries(unit, since=since, state=state, after=after, limit=PAGE)

    with_runtime(lambda rt: _print_all(rt, page, row, as_json=as_json))


async def _print_all(
    rt: Runtime,
    page: Callable[[Unit, int], Awaitable[Sequence[Any]]],
    row: Callable[[Any], dict[str, Any]],
    *,
    as_json: bool,
) -> None:
    after = 0
    while True:
        async with rt.db.reading() as unit:
            found = await page(unit, after)
        for each in found:
            shown = row(each)
            if as_json:
                print_json(shown)
            else:
                typer.echo(
                    "  ".join("-" if value is None else str(value) for value in shown.values())
                )
        if len(found) < PAGE:
            return
        after = found[-1].id
