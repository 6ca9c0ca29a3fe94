"""The commands. The only reader of the environment.

Exit codes: 0 done, 1 failed, 2 wrong use (``Invalid``, and what Typer refuses).
"""

import sys

import typer

from wxdesk.cli import accounts, agents, database, demo, doctor, lab, records, serve, settings
from wxdesk.errors import DeskError, Invalid

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__
)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.command("settings")(settings.show)
app.command("lab")(lab.run)
app.command("deliveries")(records.deliveries)
app.add_typer(records.pushes_app, name="pushes")
app.add_typer(accounts.app, name="account")
app.add_typer(agents.app, name="agent")
app.add_typer(agents.token_app, name="token")
app.add_typer(database.app, name="db")


@app.callback()
def wxdesk() -> None:
    """A customer-service desk for WeChat Official Accounts (微信公众号客服系统)."""


def main() -> None:
    """Run a command; what goes wrong on purpose is one sentence, and its kind the exit code."""
    try:
        app()
    except DeskError as error:
        typer.echo(f"wxdesk: {error} ({error.code})", err=True)
        sys.exit(2 if isinstance(error, Invalid) else 1)
