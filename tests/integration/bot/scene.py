"""A bot as people meet it: the API as a process, workers as processes, and Telegram's stand-in between them and us."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.pipeline.stage import Stage
from stenogram.services import users
from stenogram.storage.repositories import Users
from stenogram.storage.telegram_rows import Answers
from tests.api_server import Server, serving
from tests.bed import QUICK, Bed, make_bed
from tests.fakes.engines import speech_wav
from tests.processes import PATIENCE, eventually
from tests.servers import Servers
from tests.service import free_port
from tests.telegram_stub import Message, Person, TelegramStub

T = TypeVar("T")
_numbers = count(1)


@dataclass
class Scene:
    """``voice`` makes a recording that nobody has sent before."""

    telegram: TelegramStub
    bed: Bed
    environment: dict[str, str]
    port: int
    folder: Path
    _stack: ExitStack
    server: Server = field(init=False)

    def start(self) -> None:
        """The API with its bot, on the same port each time."""
        folder = self.folder / f"api-{next(_numbers)}"
        folder.mkdir()
        self.server = self._stack.enter_context(serving(self.environment, folder, self.port))

    def kill(self) -> None:
        """As the kernel does it when memory is short."""
        self.server.process.kill()
        self.server.process.wait()

    def log(self) -> str:
        """What all starts of the API have written."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("api-*/api.log")))

    def person(self, name: str = "Анна", language: str = "ru") -> Person:
        """Somebody new, who has opened the bot."""
        return self.telegram.user(id=1000 + next(_numbers), name=name, language=language)

    def voice(self, phrases: int = 2) -> bytes:
        return speech_wav(phrases, speech=1.0 + next(_numbers) / 1000)

    def prefers(self, person: Person, **wanted: object) -> None:
        """As if chosen in /settings."""

        async def set_all(session: AsyncSession) -> None:
            user = await Users(session).by_telegram(person.id)
            assert user is not None
            for name, value in wanted.items():
                await users.set_preference(session, user, name, value)

        self.bed.inside(set_all)

    def held(self, send: Callable[..., Message], data: bytes, *, stage: Stage, at: int) -> Message:
        """Send a recording whose stage stops at its ``at``-th call of the engine until it is released."""
        script = self.bed.script
        script.tell(stage, hold_at=len(script.calls(stage)) + at)
        return send(data, duration=30)

    def until(self, question: Callable[[], T | None], within: float = PATIENCE) -> T:
        return self.telegram.until_blocking(question, within=within)

    def answer_to(self, message: Message) -> Message | None:
        """The newest message of the bot that replies to this one."""
        replies = [m for m in message.chat.messages if m.reply_to is message and m.sender.is_bot]
        return replies[-1] if replies else None

    def answer(
        self, message: Message, when: Callable[[Message], object] = lambda _: True, within: float = PATIENCE
    ) -> Message:
        """The newest answer to this message, as soon as it is as asked."""

        def found() -> Message | None:
            answer = self.answer_to(message)
            return answer if answer is not None and when(answer) else None

        return self.until(found, within)

    def settle(self) -> None:
        """Wait until the bot knows that all it owed has arrived: Telegram shows a result a moment before that."""
        eventually(lambda: not self.bed.inside(lambda session: Answers(session).open()))

    def result_of(self, message: Message, within: float = PATIENCE) -> Message:
        """The answer to a recording when its result has come."""
        return self.answer(message, has_result, within)


def has_result(message: Message) -> bool:
    """Results, and nothing else, have the button of the first file format."""
    return any("DOCX" in row for row in message.buttons)


@contextmanager
def playing(
    servers: Servers,
    folder: Path,
    settings: Mapping[str, str] | None = None,
    *,
    webhook: bool = False,
    lasting: bool = False,
    **stub: Any,
) -> Iterator[Scene]:
    """``settings`` on top of an open bot that polls (or gets its updates by ``webhook``).

    ``lasting`` as ``make_bed``; ``stub`` is for the stand-in.
    """
    folder.mkdir(exist_ok=True)
    port, wanted = free_port(), {**QUICK, **(settings or {})}
    with TelegramStub(**stub) as telegram, make_bed(servers, folder, wanted, lasting=lasting, apart=True) as bed:
        environment = {
            **bed.environment,
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.url,
            "TELEGRAM_MODE": "webhook" if webhook else "polling",
            "BOT_ACCESS": "open",
            "BOT_RING_AFTER_SECONDS": "3600",  # a slow machine must not change the conversation
            "PUBLIC_URL": f"http://127.0.0.1:{port}" if webhook else "https://stenogram.example",
            **({"TELEGRAM_API_FOLDER": str(telegram.world.folder.parent)} if telegram.world.local else {}),
            **(settings or {}),
        }
        bed.staff(1)
        with ExitStack() as stack:
            scene = Scene(telegram, bed, environment, port, folder, stack)
            scene.start()
            yield scene
        assert not telegram.violations, telegram.violations
        assert "Traceback" not in scene.log(), scene.log()[-5000:]
