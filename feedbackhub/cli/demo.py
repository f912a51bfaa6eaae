"""`feedbackhub demo`."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from ..loop.opening import open_core, prepare
from ..machinery.clock import SystemClock
from ..machinery.logs import set_up_logging
from ..machinery.settings import Settings
from ..machinery.settings_load import load_settings
from ..office.demo import SETTINGS_FILE, Size, is_demo, make_demo, remove_demo
from .developing import environment_of, files_only
from .serve import run_server

__all__ = ["demo"]


@click.command()
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path("demo"), show_default=True,
    help="Where the demo is kept; started again when it is there already.",
)  # fmt: skip
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True, help="Port to listen at.")
@click.option("--days", type=click.IntRange(2, 3650), default=90, show_default=True, help="Days of invented history.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number makes other data.")
@click.option("--fresh", is_flag=True, help="Remove a demo in the folder and make a new one.")
@click.option(
    "--plugin", "plugin_files", type=click.Path(exists=True, path_type=Path), multiple=True,
    help="Load this file (or folder) as a plugin, too.",
)  # fmt: skip
@click.option("--no-serve", is_flag=True, help="Only make it.")
def demo(
    folder: Path, port: int, days: int, seed: int, fresh: bool, plugin_files: tuple[Path, ...], no_serve: bool
) -> None:
    """Try everything on invented data: fills a folder once, then serves it."""
    os.environ.update(environment_of(plugin_files, safe_mode=False))
    folder = folder.resolve()
    if fresh:
        remove_demo(folder)
    if not is_demo(folder):
        _make(folder, port, Size(days=days, seed=seed))
    settings = load_settings(folder / SETTINGS_FILE, files_only(os.environ)).model_copy(update=_at(port))
    address = f"{settings.public_url}/demo"
    if no_serve:
        click.echo(f"The demo is in {folder}; feedbackhub demo --folder {folder} serves it at {address}")
        return
    _serve(settings, address)


def _at(port: int) -> dict[str, str]:
    return {"listen": f"127.0.0.1:{port}", "public_url": f"http://127.0.0.1:{port}"}


def _make(folder: Path, port: int, size: Size) -> None:
    began = time.monotonic()
    console = Console(stderr=True)
    with Progress(TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task(f"Inventing {size.days} days of contacts", total=1.0)
        make_demo(folder, port, size, SystemClock(), lambda done: progress.update(task, completed=done))
    click.echo(f"Made {folder} in {time.monotonic() - began:.0f} seconds.", err=True)


def _serve(settings: Settings, address: str) -> None:
    core = open_core(settings)
    try:
        prepare(core)
        set_up_logging("warning")
        run_server(core, f"The demo is ready: {address}")
    finally:
        core.close()
