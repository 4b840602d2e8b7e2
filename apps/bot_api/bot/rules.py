"""What the administrators of a group have set for it; kept in ``TelegramChat.settings``."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.pipeline import catalog
from stenogram.pipeline.stage import RunOptions
from stenogram.storage.telegram_rows import Chats

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Rules:
    """None: as the one who asks prefers.

    ``every``: each voice and video note is transcribed, else only what somebody asks for. ``speech``: a code of
    ``catalog.LANGUAGES``, or AUTO: recognised.
    """

    every: bool = False
    speech: str | None = None
    diarize: bool | None = None

    def __post_init__(self) -> None:
        if self.speech not in (None, AUTO) and self.speech not in catalog.LANGUAGES:
            raise ValueError(f"speech: {self.speech}")

    def applied(self, options: RunOptions) -> RunOptions:
        """What somebody prefers, as this group wants it."""
        language = options.language if self.speech is None else None if self.speech == AUTO else self.speech
        diarize = options.diarize if self.diarize is None else self.diarize
        return replace(options, language=language, diarize=diarize, speakers=options.speakers if diarize else None)


@dataclass(frozen=True, slots=True)
class House:
    """A group as the bot knows it: its rules, and the language in which the bot writes there."""

    rules: Rules
    language: str


async def house(session: AsyncSession, chat_id: int) -> House | None:
    """None for a chat that is not known as a group."""
    chat = await Chats(session).get(chat_id)
    return House(_read(chat.settings), chat.language) if chat else None


async def settle(session: AsyncSession, chat_id: int, title: str, kept: House) -> None:
    """Keep this for the group, known or not."""
    await Chats(session).joined(chat_id, title, kept.language)
    await Chats(session).set(chat_id, settings=asdict(kept.rules), language=kept.language)


def _read(stored: Mapping[str, Any]) -> Rules:
    """What makes no sense to this version counts as not set."""
    every, speech, diarize = stored.get("every"), stored.get("speech"), stored.get("diarize")
    return Rules(
        every=every is True,
        speech=speech if speech == AUTO or speech in catalog.LANGUAGES else None,
        diarize=diarize if isinstance(diarize, bool) else None,
    )
