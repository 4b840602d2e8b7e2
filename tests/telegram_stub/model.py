"""What there is in the stand-in's Telegram: users, chats, messages with their history, queries and payments."""

from dataclasses import dataclass, field
from typing import Any

from tests.telegram_stub.entities import Entity
from tests.telegram_stub.files import StoredFile

Json = dict[str, Any]
Keyboard = tuple[tuple[Json, ...], ...]  # rows of inline buttons


@dataclass(eq=False)
class User:
    id: int
    name: str
    username: str | None = None
    language: str | None = None
    is_bot: bool = False
    deactivated: bool = False


@dataclass(frozen=True)
class Media:
    kind: str  # document, audio, voice, video, video_note, photo
    file: StoredFile
    details: Json  # duration, width, performer, …: as in Telegram's own object


@dataclass(frozen=True)
class Content:
    """What a message shows; ``text`` is the caption if there is a ``media``."""

    text: str = ""
    entities: tuple[Entity, ...] = ()
    media: Media | None = None
    keyboard: Keyboard = ()


@dataclass(frozen=True)
class Version:
    content: Content
    at: float  # clock date


@dataclass(eq=False)
class Message:
    chat: "Chat"
    id: int
    sender: User
    versions: list[Version]  # the newest last
    reply_to: "Message | None" = None
    origin: Json | None = None
    album: str | None = None
    service: Json = field(default_factory=dict)  # the keys of a service message, such as successful_payment
    invoice: "Invoice | None" = None
    via_bot: bool = False
    deleted_at: float | None = None
    reactions: dict[int, list[str]] = field(default_factory=dict)  # emoji by user id

    @property
    def content(self) -> Content:
        return self.versions[-1].content

    @property
    def date(self) -> float:
        return self.versions[0].at

    @property
    def edited(self) -> bool:
        return len(self.versions) > 1

    @property
    def text(self) -> str:
        """The text, or the caption."""
        return self.content.text

    @property
    def entities(self) -> tuple[Entity, ...]:
        return self.content.entities

    @property
    def media(self) -> Media | None:
        return self.content.media

    @property
    def file(self) -> StoredFile:
        """The attached file; LookupError if there is none."""
        if self.media is None:
            raise LookupError(f"{self} has no file")
        return self.media.file

    @property
    def document(self) -> StoredFile | None:
        return self.media.file if self.media and self.media.kind == "document" else None

    @property
    def keyboard(self) -> Keyboard:
        return self.content.keyboard

    @property
    def buttons(self) -> list[list[str]]:
        """What is written on the inline buttons, row by row."""
        return [[str(button["text"]) for button in row] for row in self.keyboard]

    def button(self, wanted: str) -> Json:
        """The button that says ``wanted``, or whose callback_data it is; LookupError if there is none."""
        for row in self.keyboard:
            for button in row:
                if wanted in {button["text"], button.get("callback_data")}:
                    return button
        raise LookupError(f"no button {wanted!r} among {self.buttons}")

    def __repr__(self) -> str:
        kind = f"[{self.media.kind}] " if self.media else ""
        buttons = f" {self.buttons}" if self.keyboard else ""
        return f"<{self.id} {self.sender.name}: {kind}{self.text or ' '.join(self.service)!s}{buttons}>"


@dataclass
class Draft:
    """A message that grows in front of the user's eyes."""

    id: int
    versions: list[Content]
    at: float  # clock time of the last change
    can_stop: bool = False
    stopped: bool = False

    @property
    def text(self) -> str:
        return self.versions[-1].text


@dataclass(eq=False)
class Chat:
    id: int
    type: str  # private, group, supergroup, channel
    title: str | None = None
    username: str | None = None
    peer: User | None = None  # of a private chat
    members: dict[int, str] = field(default_factory=dict)  # status by user id, of those who are or were in a group
    history: list[Message] = field(default_factory=list)  # the deleted ones too
    draft: Draft | None = None
    drafts: list[Draft] = field(default_factory=list)  # all there were
    actions: list[tuple[float, str]] = field(default_factory=list)  # clock time, action
    reply_keyboard: Json | None = None
    menu_button: Json | None = None
    started: bool = False  # the user has written to the bot
    blocked: bool = False  # the user has blocked it
    migrated_to: int | None = None

    @property
    def is_group(self) -> bool:
        return self.type in {"group", "supergroup"}

    @property
    def messages(self) -> list[Message]:
        """As a member sees them now: without the deleted ones."""
        return [message for message in self.history if message.deleted_at is None]

    @property
    def last(self) -> Message:
        """The lowest message in the chat; LookupError if it is empty."""
        if not self.messages:
            raise LookupError(f"nothing in {self}")
        return self.messages[-1]

    @property
    def from_bot(self) -> list[Message]:
        return [message for message in self.messages if message.sender.is_bot]

    def message(self, message_id: int) -> Message | None:
        return next((message for message in self.messages if message.id == message_id), None)

    def __repr__(self) -> str:
        return f"<{self.type} {self.id} {self.title or (self.peer.name if self.peer else '')}>"


@dataclass
class CallbackPress:
    """A pressed button; ``answer`` is None until the bot has answered the query."""

    id: str
    user: User
    message: Message
    data: str
    at: float  # clock time
    answer: Json | None = None


@dataclass
class InlineQuestion:
    """A typed inline query; ``results`` is None until the bot, or Telegram's cache, has answered."""

    id: str
    user: User
    query: str
    offset: str
    at: float  # clock time
    results: list[Json] | None = None
    next_offset: str = ""
    button: Json | None = None
    cached: bool = False  # the bot was not asked


@dataclass(frozen=True)
class Invoice:
    title: str
    description: str
    payload: str
    currency: str
    amount: int
    subscription_seconds: int | None = None


@dataclass
class Payment:
    """An attempt to pay. ``state``: asked, then paid or refused (the bot said no) or late; at last maybe refunded."""

    id: str  # of the pre_checkout_query
    user: User
    invoice: Invoice
    at: float  # clock time
    state: str = "asked"
    error_message: str | None = None
    charge_id: str = ""
