"""``python -m demo serve``: the province of Damavand on loopback, until Ctrl-C."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from demo.province import PORTALS, Province, ProvinceError

app = typer.Typer(add_completion=False, help="A province of portals on loopback, to try audits on.")


@app.callback()
def _demo() -> None:
    """Keep `serve` a command of its own, so that others can stand beside it."""


@app.command()
def serve(
    without: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Leave a portal down; may be repeated.")
    ] = None,
) -> None:
    """Serve the portals and the bank's gateway on their fixed ports, until Ctrl-C."""
    console = Console()
    try:
        with Province(without=without or ()) as province:
            table = Table("portal", "address", "")
            for service in PORTALS:
                table.add_row(
                    service.id, province.url(service.id), "" if province.serving(service.id) else "down"
                )
            console.print(table)
            console.print("Ctrl-C ends it.")
            _wait_for_the_end()
    except ProvinceError as error:
        Console(stderr=True).print(f"error: {error}", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error


def _wait_for_the_end() -> None:
    end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end.set())
    end.wait()


if __name__ == "__main__":
    app()
