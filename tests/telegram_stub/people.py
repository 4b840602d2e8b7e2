"""The people: what a test lets users do, each a method of `Person`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, Unpack

from tests.processes import PATIENCE
from tests.telegram_stub.entities import formatted
from tests.telegram_stub.groups import Group
from tests.telegram_stub.methods_messages import origin_of
from tests.telegram_stub.model import (
    CallbackPress,
    Chat,
    Content,
    InlineQuestion,
    Json,
    Media,
    Message,
    Payment,
    User,
)
from tests.telegram_stub.wire import invoice_json, message_json, user_json
from tests.telegram_stub.world import INSIDE, World


class Where(TypedDict, total=False):
    """Where a message goes: ``chat`` is the private chat with the bot unless given."""

    chat: "Group | Chat"
    reply_to: Message
    origin: Json  # of `origins`: the message is forwarded from there


@dataclass(frozen=True)
class Attachment:
    """Something to send. ``size`` declares another size than the data has, so that a test needs no 300 MB."""

    kind: str  # document, audio, voice, video, video_note, photo
    data: bytes | Path
    name: str | None = None
    mime_type: str | None = None
    duration: int | None = None  # seconds
    caption: str = ""
    size: int | None = None


MIME_TYPES = {"voice": "audio/ogg", "audio": "audio/mpeg", "video": "video/mp4", "photo": "image/jpeg"}
DETAILS = {
    "video": {"width": 1280, "height": 720},
    "video_note": {"length": 240},
    "photo": {"width": 640, "height": 360},
}
TIMED = frozenset({"audio", "voice", "video", "video_note"})


class Person:
    """A user at their phone. Everything they do reaches the bot as an update, if the bot may see it."""

    def __init__(self, world: World, account: User) -> None:
        self._world = world
        self.account = account

    @property
    def id(self) -> int:
        return self.account.id

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self._world.chats[self.id]

    @property
    def messages(self) -> list[Message]:
        return self.chat.messages

    def opens(self, text: str = "/start") -> Message:
        """Press Start, with the payload of a deep link if ``text`` has one; a blocked bot is unblocked by it."""
        if self.chat.blocked:
            self._sets_blocked(False)
        return self.sends_text(text)

    def sends_text(self, text: str, **where: Unpack[Where]) -> Message:
        """Commands, mentions, links and hashtags in ``text`` get their entities."""
        found = formatted(text)
        return self._sends([Content(found.text, found.entities)], where)[0]

    def sends(self, attachment: Attachment, **where: Unpack[Where]) -> Message:
        return self._sends([self._content(attachment)], where)[0]

    def sends_album(self, attachments: list[Attachment], **where: Unpack[Where]) -> list[Message]:
        """Several files at once: an update each, with one media_group_id."""
        return self._sends(
            [self._content(attachment) for attachment in attachments],
            where,
            album=str(1_000_000 + self._world.number(-1)),
        )

    def sends_voice(self, data: bytes | Path, *, duration: int = 1, **where: Unpack[Where]) -> Message:
        return self.sends(Attachment("voice", data, duration=duration), **where)

    def sends_audio(
        self, data: bytes | Path, *, file_name: str = "audio.mp3", duration: int = 1, **where: Unpack[Where]
    ) -> Message:
        return self.sends(Attachment("audio", data, file_name, duration=duration), **where)

    def sends_video(
        self, data: bytes | Path, *, file_name: str = "video.mp4", duration: int = 1, **where: Unpack[Where]
    ) -> Message:
        return self.sends(Attachment("video", data, file_name, duration=duration), **where)

    def sends_video_note(self, data: bytes | Path, *, duration: int = 1, **where: Unpack[Where]) -> Message:
        return self.sends(Attachment("video_note", data, duration=duration), **where)

    def sends_document(
        self, data: bytes | Path, *, file_name: str = "file.bin", caption: str = "", **where: Unpack[Where]
    ) -> Message:
        return self.sends(Attachment("document", data, file_name, caption=caption), **where)

    def forwards(self, message: Message, **where: Unpack[Where]) -> Message:
        """Forward a message that is here already; see `origins` for one from elsewhere."""
        content = Content(message.text, message.entities, message.media)
        return self._sends([content], {**where, "origin": message.origin or origin_of(message)})[0]

    def edits(self, message: Message, text: str) -> Message:
        found = formatted(text)
        with self._world.changes.change():
            self._world.show(message, Content(found.text, found.entities, message.media))
            self._world.deliver(message, "edited_message")
        return message

    def deletes(self, message: Message) -> None:
        """The bot hears nothing of it."""
        with self._world.changes.change():
            message.deleted_at = self._world.clock.date()

    def presses(self, message: Message, button: str) -> CallbackPress:
        """Press an inline button, by its text or its callback_data; the answer appears in what is returned."""
        data = message.button(button).get("callback_data")
        if data is None:
            raise LookupError(f"{button!r} asks nothing of the bot: {message.button(button)}")
        return self.presses_stale(message, str(data))

    def presses_stale(self, message: Message, data: str) -> CallbackPress:
        """Press a button that an old client still shows, whatever the message has now."""
        with self._world.changes.change():
            number = str(4_000_000_000_000 + self._world.number(-4))
            press = CallbackPress(number, self.account, message, data, self._world.clock.now())
            self._world.presses[number] = press
            body = {
                "id": number,
                "from": user_json(self.account),
                "message": message_json(message, self._world.bot),
                "chat_instance": str(message.chat.id),
                "data": data,
            }
            self._world.updates.add("callback_query", body, message.chat.id)
        return press

    def reacts(self, message: Message, *emoji: str) -> None:
        """Put reactions on a message in place of those before; the bot hears of it if it has asked to."""
        with self._world.changes.change():
            old, message.reactions[self.id] = message.reactions.get(self.id, []), list(emoji)
            body = {
                "chat": self._world.json(message)["chat"],
                "message_id": message.id,
                "user": user_json(self.account),
                "date": int(self._world.clock.date()),
                "old_reaction": [{"type": "emoji", "emoji": one} for one in old],
                "new_reaction": [{"type": "emoji", "emoji": one} for one in emoji],
            }
            self._world.updates.add("message_reaction", body, message.chat.id)

    def stops_draft(self) -> None:
        """Press the stop button of a draft that has one."""
        with self._world.changes.change():
            draft = self.chat.draft
            if draft is None or not draft.can_stop:
                raise LookupError(f"no draft to stop in {self.chat}")
            draft.stopped = True
            body = {"user": user_json(self.account), "draft_id": draft.id}
            self._world.updates.add("stopped_message_generation", body, self.id)

    def asks_inline(self, query: str, offset: str = "") -> InlineQuestion:
        """Type an inline query; Telegram answers from its cache what it may."""
        world = self._world
        with world.changes.change():
            question = InlineQuestion(str(world.number(-5)), self.account, query, offset, world.clock.now())
            world.questions[question.id] = question
            for owner in (self.id, 0):
                until, cached = world.inline_cache.get((query, offset, owner), (0.0, {}))
                if until > world.clock.now():
                    question.results, question.next_offset = cached["results"], cached["next_offset"]
                    question.button, question.cached = cached["button"], True
                    return question
            body = {"id": question.id, "from": user_json(self.account), "query": query, "offset": offset}
            world.updates.add("inline_query", {**body, "chat_type": "private"}, self.id)
        return question

    async def types_inline(self, query: str, *, within: float = PATIENCE) -> list[Json]:
        """The results that the user sees; TimeoutError if there are none in time."""
        question = self.asks_inline(query)
        await self._world.changes.until(lambda: question.results is not None, within)
        return question.results or []

    def picks(self, result: Json, **where: Unpack[Where]) -> Message:
        """Send an inline result to a chat: a message of the user's, by way of the bot."""
        content = result["content"]
        with self._world.changes.change():
            body = {"result_id": result["id"], "from": user_json(self.account), "query": ""}
            self._world.updates.add("chosen_inline_result", body, self.id)
        return self._sends([content], where, via_bot=True)[0]

    def pays(self, invoice: Message | str) -> Payment:
        """Pay an invoice message or a link of createInvoiceLink: the bot has 10 s to agree."""
        world = self._world
        found = world.invoice_links[invoice] if isinstance(invoice, str) else invoice.invoice
        if found is None:
            raise LookupError(f"{invoice} is no invoice")
        with world.changes.change():
            payment = Payment(str(world.number(-6)), self.account, found, world.clock.now())
            world.payments[payment.id] = payment
            amounts = {name: invoice_json(found)[name] for name in ("currency", "total_amount")}
            body = {"id": payment.id, "from": user_json(self.account), "invoice_payload": found.payload, **amounts}
            world.updates.add("pre_checkout_query", body, self.id)
        return payment

    def blocks_bot(self) -> None:
        """From now on the bot's messages are refused with 403."""
        self._sets_blocked(True)

    def deletes_account(self) -> None:
        with self._world.changes.change():
            self.account.deactivated = True

    def _sets_blocked(self, blocked: bool) -> None:
        with self._world.changes.change():
            self.chat.blocked = blocked
            self.chat.members[self._world.bot.id] = "member" if blocked else "kicked"
            self._world.membership(self.chat, self._world.bot, "kicked" if blocked else "member", by=self.account)

    def _enters(self, chat: Chat) -> None:
        """RuntimeError where a client would not let this person write."""
        if chat is self.chat:
            if chat.blocked:
                raise RuntimeError(f"{self.account.name} has blocked the bot, and would have to open it first")
            chat.started = True
        elif chat.members.get(self.id) not in INSIDE:
            raise RuntimeError(f"{self.account.name} is not in {chat}")

    def _content(self, attachment: Attachment) -> Content:
        kind = attachment.kind
        mime_type = attachment.mime_type or MIME_TYPES.get(kind)
        if attachment.name and kind in {"audio", "document"}:
            mime_type = attachment.mime_type  # by its name
        with self._world.changes.change():
            file = self._world.files.add(
                attachment.data, kind=kind, name=attachment.name, mime_type=mime_type, size=attachment.size
            )
        details: Json = {**DETAILS.get(kind, {}), **({"duration": attachment.duration or 0} if kind in TIMED else {})}
        caption = formatted(attachment.caption)
        return Content(caption.text, caption.entities, Media(kind, file, details))

    def _sends(self, contents: list[Content], where: Where, **extras: Any) -> list[Message]:
        world = self._world
        with world.changes.change():
            target = where.get("chat", self.chat)
            chat = target.chat if isinstance(target, Group) else target
            self._enters(chat)
            extras |= {"reply_to": where.get("reply_to"), "origin": where.get("origin")}
            messages = [world.post(chat, self.account, content, **extras) for content in contents]
            for message in messages:
                world.deliver(message)
        return messages
