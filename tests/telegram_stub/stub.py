"""`TelegramStub`: the stand-in as a test holds it."""

import asyncio
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from aiogram.client.telegram import TelegramAPIServer

from tests.processes import PATIENCE
from tests.telegram_stub import methods_answers, methods_media, methods_messages, methods_settings  # noqa: F401 - fill the table
from tests.telegram_stub.clock import Changes, Clock
from tests.telegram_stub.errors import ApiError, StubError
from tests.telegram_stub.faults import DOWNLOAD, LIMITED, Fault, Faults, names
from tests.telegram_stub.groups import SUPERGROUP_BASE, Group
from tests.telegram_stub.limits import Limits
from tests.telegram_stub.model import Chat, Content, User
from tests.telegram_stub.people import Person
from tests.telegram_stub.render import page
from tests.telegram_stub.server import Call, Server
from tests.telegram_stub.webhook import PAUSES, Courier, Delivery
from tests.telegram_stub.world import World

T = TypeVar("T")
TOKEN = "4242424242:AAStenogramStandInTokenForTests0000"
WAIT_SECONDS = PATIENCE
STOP_SECONDS = 60.0


class TelegramStub:
    """A Telegram with one bot. ``async with`` serves in the loop that runs; ``with`` serves in a thread of its own.

    At the end it raises what went wrong in the stand-in itself, so that no test passes on a wrong answer.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        limits: Limits | None = None,
        clock: Clock | None = None,
        folder: Path | None = None,
        local: bool = False,
        reads_groups: bool = False,
        port: int = 0,
        webhook_pauses: Sequence[float] = PAUSES,
    ) -> None:
        """``local``: as a Bot API server of one's own. ``folder`` (temporary unless given) takes the files."""
        self.token = token
        self.url = ""
        self.faults = Faults()
        self._cleanup = ExitStack()
        root = folder or Path(self._cleanup.enter_context(tempfile.TemporaryDirectory(prefix="telegram-")))
        if local:  # as that does it: a folder for each bot
            root = root / token
            root.mkdir(exist_ok=True)
        bot = User(int(token.split(":", maxsplit=1)[0]), "Стенограмма", "stenogram_test_bot", is_bot=True)
        self.world = World(bot, clock or Clock(), Changes(), limits or Limits(), root, local, reads_groups)
        self.server = Server(self.world, token, self.faults)
        self.courier = Courier(self.world, self.faults, webhook_pauses, self.server.failures)
        self._port = port
        self._courier_task: asyncio.Task[None] | None = None
        self._thread: _Thread | None = None

    @property
    def api(self) -> TelegramAPIServer:
        """Where a bot of aiogram's finds this."""
        return TelegramAPIServer.from_base(self.url, is_local=self.world.local)

    @property
    def bot(self) -> User:
        return self.world.bot

    @property
    def calls(self) -> list[Call]:
        """Every request of the bot, in order."""
        return list(self.server.calls)

    @property
    def violations(self) -> list[Call]:
        """The requests that broke a limit."""
        return [call for call in self.calls if call.violation]

    @property
    def refusals(self) -> list[Call]:
        """The requests that Telegram itself answered with an error; what a test asked for is not among them."""
        return [call for call in self.calls if call.status >= 400 and not call.fault]

    @property
    def deliveries(self) -> list[Delivery]:
        """Every POST to the webhook."""
        return list(self.courier.deliveries)

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method.lower() == method.lower()]

    def user(self, *, id: int, name: str, language: str | None = None, username: str | None = None) -> Person:  # noqa: A002
        """Somebody with Telegram; the bot cannot write to them before they have opened it."""
        with self.world.changes.change():
            account = self.world.users.setdefault(id, User(id, name, username, language))
            self.world.chats.setdefault(id, Chat(id, "private", peer=account))
        return Person(self.world, account)

    def group(
        self,
        title: str,
        *,
        members: Iterable[Person] = (),
        admins: Iterable[Person] = (),
        bot: str | None = "member",
        supergroup: bool = True,
    ) -> Group:
        """A group that exists already; ``bot`` is the bot's status in it, None if it was never there."""
        with self.world.changes.change():
            number = -self.world.number(-7) - 5000
            kind, chat_id = ("supergroup", SUPERGROUP_BASE + number) if supergroup else ("group", number)
            chat = self.world.chats[chat_id] = Chat(chat_id, kind, title)
            chat.members.update({person.id: "member" for person in members})
            chat.members.update({person.id: "administrator" for person in admins})
            if bot:
                chat.members[self.bot.id] = bot
        return Group(self.world, chat)

    def channel(self, title: str, text: str) -> Chat:
        """A channel without the bot, with one post that people can forward."""
        with self.world.changes.change():
            chat_id = SUPERGROUP_BASE - 9000 - self.world.number(-8)
            chat = self.world.chats[chat_id] = Chat(chat_id, "channel", title)
            self.world.post(chat, User(0, title), Content(text))
        return chat

    async def until(self, predicate: Callable[[], T | None], *, within: float = WAIT_SECONDS) -> T:
        """Wait for ``predicate`` to become true; the error after ``within`` seconds tells the story."""
        try:
            return await self.world.changes.until(predicate, within)
        except TimeoutError as error:
            raise TimeoutError(f"not within {within} s:\n{self.story()}") from error

    def until_blocking(self, predicate: Callable[[], T | None], *, within: float = WAIT_SECONDS) -> T:
        """`until` for tests without an event loop."""
        try:
            return self.world.changes.until_blocking(predicate, within)
        except TimeoutError as error:
            raise TimeoutError(f"not within {within} s:\n{self.story()}") from error

    def story(self) -> str:
        """The chats and the last requests, as plain text."""
        chats = [f"{chat}\n" + "\n".join(f"  {one}" for one in chat.messages) for chat in self.world.chats.values()]
        calls = [f"  {call.method} {call.status} {call.fault} {call.description}" for call in self.calls[-15:]]
        return "\n".join([*chats, "requests:", *calls])

    def html(self) -> str:
        """All conversations as one page to be looked at in a browser."""
        with self.world.changes.change():
            return page(self.world)

    def storm(self, *, retry_after: int, count: int, only: Iterable[str] = LIMITED) -> None:
        """The next ``count`` requests are answered with 429."""
        self._add(Fault("storm", names([*only]), count, retry_after=retry_after))

    @contextmanager
    def outage(self, status: int | None = 502) -> Iterator[None]:
        """Nothing works inside the block: everything gets ``status``, or no answer at all if it is None."""
        refusal = ApiError(status, "Bad Gateway" if status == 502 else "Internal Server Error") if status else None
        fault = self._add(Fault("outage", None, refusal=refusal, silent=status is None))
        try:
            yield
        finally:
            with self.world.changes.change():
                self.faults.remove(fault)

    def loses_answers(self, *only: str, count: int = 1) -> None:
        """The next ``count`` requests (of the methods ``only``) are carried out, but the bot never hears of it."""
        self._add(Fault("lost answer", names(only) or LIMITED, count, lost=True))

    def answers_slowly(self, *only: str, seconds: float, count: float = 1) -> None:
        """Carried out at once, answered after ``seconds``."""
        self._add(Fault("slow answer", names(only) or LIMITED, count, seconds=seconds))

    def refuses(self, *only: str, error: ApiError, count: float = 1) -> None:
        """The next ``count`` requests get ``error``, whatever they ask."""
        self._add(Fault("refusal", names(only) or LIMITED, count, refusal=error))

    def cuts_downloads(self, *, after: int, count: int = 1) -> None:
        """The next ``count`` downloads break off after so many bytes."""
        self._add(Fault("cut download", frozenset({DOWNLOAD}), count, kept_bytes=after))

    def _add(self, fault: Fault) -> Fault:
        with self.world.changes.change():
            return self.faults.add(fault)

    async def __aenter__(self) -> Self:
        self.url = await self.server.start(self._port)
        self._courier_task = asyncio.create_task(self.courier.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()
        self._raise_failures(error)

    async def _stop(self) -> None:
        if self._courier_task:
            self._courier_task.cancel()
            with suppress(asyncio.CancelledError):
                await self._courier_task
        await self.server.stop()
        self._cleanup.close()

    def _raise_failures(self, error: BaseException | None) -> None:
        if self.server.failures and error is None:
            raise BaseExceptionGroup("the stand-in for Telegram failed", self.server.failures)

    def __enter__(self) -> Self:
        self._thread = _Thread(self)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thread:
            self._thread.stop()
        self._raise_failures(error)


class _Thread:
    """An event loop of its own for a stand-in that serves other processes."""

    def __init__(self, stub: TelegramStub) -> None:
        self._stub = stub
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._stub.__aenter__(), self._loop).result(STOP_SECONDS)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stub._stop(), self._loop).result(STOP_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_SECONDS)
        if self._thread.is_alive():
            raise StubError("the thread of the stand-in does not end")
        self._loop.close()
