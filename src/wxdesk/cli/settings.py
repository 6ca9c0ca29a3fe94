"""``wxdesk settings``: what is in force."""

from typing import Annotated

import typer

from wxdesk.cli.run import print_json, settings

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def show(as_json: Json = False) -> None:
    """Print the effective settings, secrets masked."""
    chosen = settings()
    effective = chosen.model_dump(mode="json") | {
        "database_url": _masked(chosen.database),
        "redis_url": _masked(chosen.redis_url) if chosen.redis_url else None,
        "public_url": chosen.base_url,
    }
    if as_json:
        print_json(effective)
        return
    width = max(map(len, effective))
    for name, value in effective.items():
        typer.echo(f"{name:<{width}}  {value}")


def _masked(url: str) -> str:
    scheme, _, rest = url.partition("://")
    secret, at, place = rest.rpartition("@")
    user = secret.partition(":")[0]
    return f"{scheme}://{user}:***@{place}" if at else url
