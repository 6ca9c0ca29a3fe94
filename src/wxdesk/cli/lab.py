"""``wxdesk lab``: made-up cases, run by the code that the desk runs."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from wxdesk import lab
from wxdesk.cli.run import print_json
from wxdesk.lab import LabDocumentInvalid


def run(file: Annotated[Path, typer.Argument(help="A JSON document of cases.")]) -> None:
    """Run made-up cases of routing, hours, waits and staffing; print each with what came out.

    Of the document the keys routing_traces, due_order, business_hours, predicted_wait, staffing,
    erlang, erlang_a and priority_mmc are run. Each case has its result under "got", in the form of
    its expected value; one that cannot be run has {"error": ...} there.
    """
    document = lab.run(_read(file))
    print_json(document)
    for error in lab.errors(document):
        typer.echo(f"wxdesk: {error}", err=True)


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise LabDocumentInvalid(f"{file} cannot be read: {error.strerror}") from None
    except ValueError as error:  # no JSON, or not in UTF-8
        raise LabDocumentInvalid(f"{file} is no JSON: {error}") from None
