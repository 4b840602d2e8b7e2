"""The stand-in's objects as Telegram's JSON, and the check that aiogram's own types accept what leaves it."""

from functools import lru_cache
from typing import Any

from aiogram.types import ChatMemberAdministrator, TelegramObject, Update
from pydantic import BaseModel, ValidationError, create_model

from tests.telegram_stub.errors import StubError
from tests.telegram_stub.model import Chat, Content, Invoice, Json, Media, Message, Payment, User

ADMIN_RIGHTS = [
    name
    for name, field in ChatMemberAdministrator.model_fields.items()
    if field.is_required() and name.startswith("can_")
]


def user_json(user: User) -> Json:
    optional = {"username": user.username, "language_code": user.language}
    return {"id": user.id, "is_bot": user.is_bot, "first_name": user.name, **_known(optional)}


def chat_json(chat: Chat) -> Json:
    named: Json = {"title": chat.title, "username": chat.username}
    if chat.peer:
        named = {"first_name": chat.peer.name, "username": chat.peer.username}
    return {"id": chat.id, "type": chat.type, **_known(named)}


def message_json(message: Message, bot: User, *, with_reply: bool = True) -> Json:
    """``bot`` is named where a message came by way of it."""
    reply = message_json(message.reply_to, bot, with_reply=False) if message.reply_to and with_reply else None
    optional = {
        "reply_to_message": reply,
        "forward_origin": message.origin,
        "media_group_id": message.album,
        "via_bot": user_json(bot) if message.via_bot else None,
        "edit_date": int(message.versions[-1].at) if message.edited else None,
        "invoice": invoice_json(message.invoice) if message.invoice else None,
    }
    return {
        "message_id": message.id,
        "date": int(message.date),
        "chat": chat_json(message.chat),
        "from": user_json(message.sender),
        **_known(optional),
        **content_json(message.content),
        **message.service,
    }


def content_json(content: Content) -> Json:
    text, entities = ("caption", "caption_entities") if content.media else ("text", "entities")
    rows = [list(row) for row in content.keyboard]
    return {
        **({text: content.text} if content.text else {}),
        **({entities: list(content.entities)} if content.entities else {}),
        **(media_json(content.media) if content.media else {}),
        **({"reply_markup": {"inline_keyboard": rows}} if rows else {}),
    }


def media_json(media: Media) -> Json:
    body = {
        "file_id": media.file.file_id,
        "file_unique_id": media.file.content.unique_id,
        "file_size": media.file.size,
        **media.details,
    }
    if media.kind == "photo":
        return {"photo": [body]}
    if media.kind != "video_note":
        body |= _known({"mime_type": media.file.mime_type})
    if media.kind in {"document", "audio", "video"}:
        body |= _known({"file_name": media.file.name})
    return {media.kind: body}


def invoice_json(invoice: Invoice) -> Json:
    return {
        "title": invoice.title,
        "description": invoice.description,
        "start_parameter": "",
        "currency": invoice.currency,
        "total_amount": invoice.amount,
    }


def payment_json(payment: Payment, expires_at: int | None) -> Json:
    """The body of successful_payment; ``expires_at`` (a date) for a subscription."""
    recurring = {"subscription_expiration_date": expires_at, "is_recurring": True, "is_first_recurring": True}
    return {
        "currency": payment.invoice.currency,
        "total_amount": payment.invoice.amount,
        "invoice_payload": payment.invoice.payload,
        "telegram_payment_charge_id": payment.charge_id,
        "provider_payment_charge_id": "",
        **(recurring if expires_at else {}),
    }


def member_json(user: User, status: str) -> Json:
    """A ChatMember; ``status``: creator, administrator, member, left or kicked."""
    body: Json = {"status": status, "user": user_json(user)}
    if status == "creator":
        return {**body, "is_anonymous": False}
    if status == "administrator":
        return {**body, "is_anonymous": False, **dict.fromkeys(ADMIN_RIGHTS, True)}
    return {**body, "until_date": 0} if status == "kicked" else body


def _known(values: Json) -> Json:
    return {key: value for key, value in values.items() if value is not None}


def checked_update(update: Json) -> Json:
    """The update, once aiogram has read it without a remainder."""
    check(Update, update)
    return update


@lru_cache
def _holder(kind: Any) -> type[TelegramObject]:
    """A type with one field ``value`` of this kind: its own are built only on demand in the process of a lean bot."""
    return create_model("Holder", __base__=TelegramObject, value=(kind, ...))


def check(kind: Any, value: object) -> None:
    """StubError unless ``value`` is a ``kind`` of aiogram's, with no field that it does not know."""
    try:
        parsed = vars(_holder(kind).model_validate({"value": value}))["value"]
    except ValidationError as error:
        raise StubError(f"not a {kind}: {error}") from error
    unknown = list(_unknown(parsed))
    if unknown:
        raise StubError(f"a {kind} has no {unknown}")


def _unknown(value: object, where: str = "") -> list[str]:
    """Where a parsed value holds fields that its model does not declare."""
    if isinstance(value, list | tuple):
        return [name for item in value for name in _unknown(item, where)]
    if not isinstance(value, BaseModel):
        return []
    found = [f"{where}.{name}" for name in value.model_extra or {}]
    for name in value.model_fields_set & type(value).model_fields.keys():
        found += _unknown(getattr(value, name), f"{where}.{name}")
    return found
