"""The state behind the API, and the few moves that both the bot's methods and the people make in it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.telegram_stub.clock import Changes, Clock
from tests.telegram_stub.entities import cut
from tests.telegram_stub.errors import ApiError, bad_request, forbidden
from tests.telegram_stub.files import Files
from tests.telegram_stub.limits import Limits, Meter
from tests.telegram_stub.model import (
    CallbackPress,
    Chat,
    Content,
    InlineQuestion,
    Invoice,
    Json,
    Message,
    Payment,
    User,
    Version,
)
from tests.telegram_stub.updates import Updates
from tests.telegram_stub.wire import chat_json, member_json, message_json, user_json

INSIDE = frozenset({"creator", "administrator", "member"})


@dataclass
class Webhook:
    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: float = 0.0  # clock date


@dataclass
class Settings:
    """What the bot has said about itself."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)  # by scope and language
    texts: dict[tuple[str, str], str] = field(
        default_factory=dict
    )  # by name, description or short_description; language
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})


@dataclass
class World:
    """Everything there is; every change happens inside ``changes.change()``."""

    bot: User
    clock: Clock
    changes: Changes
    limits: Limits
    folder: Path
    local: bool = False  # a Bot API server of one's own: no download limit, file_path is a path on this disk
    reads_groups: bool = False  # privacy mode is off: the bot gets all messages of its groups
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    presses: dict[str, CallbackPress] = field(default_factory=dict)
    questions: dict[str, InlineQuestion] = field(default_factory=dict)
    inline_cache: dict[tuple[str, str, int], tuple[float, Json]] = field(default_factory=dict)  # until clock time
    payments: dict[str, Payment] = field(default_factory=dict)
    invoice_links: dict[str, Invoice] = field(default_factory=dict)
    transactions: list[Json] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    webhook: Webhook = field(default_factory=Webhook)

    def __post_init__(self) -> None:
        self.updates = Updates(self.clock)
        self.files = Files(self.folder)
        self.meter = Meter(self.clock, self.limits)
        self.users[self.bot.id] = self.bot
        self._numbers: dict[int, int] = {}

    def number(self, counter: int = 0) -> int:
        """The next number of a counter: private chats and basic groups share one, a supergroup has its own."""
        self._numbers[counter] = self._numbers.get(counter, 0) + 1
        return self._numbers[counter]

    def chat(self, chat_id: int | str) -> Chat:
        """By id or @username; a 400 if there is none."""
        text = str(chat_id)
        if text.lstrip("-").isdigit():
            found = self.chats.get(int(text))
        else:
            found = next((chat for chat in self.chats.values() if chat.username and f"@{chat.username}" == text), None)
        if found is None:
            raise bad_request("chat not found")
        return found

    def open_chat(self, chat_id: int | str) -> Chat:
        """A chat that the bot may write to; Telegram's 403 or 400 otherwise."""
        chat = self.chat(chat_id)
        if chat.migrated_to:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            raise ApiError(400, text, migrate_to_chat_id=chat.migrated_to)
        if chat.peer:
            _check_open(chat)
        elif chat.members.get(self.bot.id) == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        elif chat.members.get(self.bot.id) not in INSIDE:
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        return chat

    def post(self, chat: Chat, sender: User, content: Content, **extras: Any) -> Message:
        """A new message at the end of the chat; ``extras`` are fields of `Message`."""
        number = self.number(chat.id if chat.type in {"supergroup", "channel"} else 0)
        message = Message(chat, number, sender, [Version(content, self.clock.date())], **extras)
        chat.history.append(message)
        if sender is self.bot:
            chat.draft = None
        return message

    def show(self, message: Message, content: Content) -> Message:
        """A new version of the message."""
        message.versions.append(Version(content, self.clock.date()))
        return message

    def deliver(self, message: Message, kind: str = "message") -> None:
        """Tell the bot about a message of somebody else, if it may see it."""
        if self._sees(message):
            self.updates.add(kind, self.json(message), message.chat.id)

    def json(self, message: Message) -> Json:
        return message_json(message, self.bot)

    def membership(self, chat: Chat, user: User, status: str, by: User) -> None:
        """Change what ``user`` is in the chat, and send my_chat_member or chat_member."""
        old = chat.members.get(user.id, "left")
        chat.members[user.id] = status
        body = {
            "chat": chat_json(chat),
            "from": user_json(by),
            "date": int(self.clock.date()),
            "old_chat_member": member_json(user, old),
            "new_chat_member": member_json(user, status),
        }
        self.updates.add("my_chat_member" if user is self.bot else "chat_member", body, chat.id)

    def _sees(self, message: Message) -> bool:
        """Privacy mode: in a group only what is meant for the bot reaches it, unless it is an administrator."""
        chat = message.chat
        if not chat.is_group:
            return True
        status = chat.members.get(self.bot.id)
        if status not in INSIDE:
            return False
        if self.reads_groups or status in {"administrator", "creator"} or message.service:
            return True
        replied = message.reply_to is not None and message.reply_to.sender is self.bot
        return replied or message.via_bot or any(self._meant(message.text, entity) for entity in message.entities)

    def _meant(self, text: str, entity: Json) -> bool:
        piece = cut(text, entity["offset"], entity["length"]).lower()
        name = f"@{self.bot.username}".lower()
        if entity["type"] == "mention":
            return piece == name
        return bool(entity["type"] == "bot_command") and ("@" not in piece or piece.endswith(name))


def _check_open(chat: Chat) -> None:
    if chat.peer and chat.peer.deactivated:
        raise forbidden("user is deactivated")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
