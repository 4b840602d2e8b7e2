"""What the commands share: settings, the way they fail, and the service that runs here."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from stenogram import local
from stenogram.batch import UNREACHABLE
from stenogram.client import ApiError, Client
from stenogram.errors import StenogramError
from stenogram.phrases import phrase, preferred
from stenogram.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from types import FrameType

EXIT_FAILED, EXIT_USAGE, EXIT_UNREACHABLE, EXIT_INTERRUPTED = 1, 2, 3, 130


def read_settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        for line in error.lines:
            print(f"settings: {line}", file=sys.stderr)
        raise typer.Exit(EXIT_USAGE) from error


def fail(message: str, code: int) -> NoReturn:
    print(f"stenogram: {message}", file=sys.stderr)
    raise typer.Exit(code)


@contextmanager
def failing(place: str = "") -> Iterator[None]:
    """What goes wrong inside ends the command with one line and its exit code. A second Ctrl-C kills at once."""
    with _interruptible():
        try:
            yield
        except ApiError as error:
            fail(f"{place}{error} [{error.code}]", EXIT_UNREACHABLE if error.code == UNREACHABLE else EXIT_FAILED)
        except StenogramError as error:
            fail(f"{place}{error.message(preferred())} [{error.code}]", EXIT_FAILED)
        except KeyboardInterrupt:
            fail(phrase("interrupted", preferred()), EXIT_INTERRUPTED)


@contextmanager
def _interruptible() -> Iterator[None]:
    def interrupt(_number: int, _frame: "FrameType | None") -> None:
        for number in before:
            signal.signal(number, signal.SIG_DFL)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def running_service() -> local.RunningService:
    """The service of this data folder; with DATABASE_URL, as in containers, the one that uses that database."""
    given = read_settings()
    found = local.RunningService.find(given.server.data_dir)
    if found is None and given.database.url:
        return local.RunningService.here(given.server.url, given.database.url.get_secret_value())
    if found is None:
        raise ApiError(UNREACHABLE, phrase("no_service", preferred(), folder=given.server.data_dir))
    return found


@contextmanager
def signed_in() -> Iterator[Client]:
    """A client of STENOGRAM_URL, else of the service that runs here; none is brought up for it. Raises ApiError."""
    if os.environ.get("STENOGRAM_URL"):
        with local.client(read_settings(), preferred()) as client:
            yield client
        return
    service = running_service()
    with Client(service.url, language=preferred()) as client:
        client.sign_in(asyncio.run(service.sign_in_link()))
        yield client
