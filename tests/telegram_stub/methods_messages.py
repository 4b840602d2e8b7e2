"""sendMessage, drafts, actions, reactions, forwarding, copying and deleting."""

from typing import Any

from aiogram.enums import ChatAction
from aiogram.methods import (
    CopyMessage,
    DeleteMessage,
    DeleteMessages,
    ForwardMessage,
    SendChatAction,
    SendMessage,
    SendMessageDraft,
    SetMessageReaction,
)
from aiogram.types import MessageEntity, ReactionTypeEmoji

from tests.telegram_stub.entities import Formatted, formatted, units
from tests.telegram_stub.errors import ApiError, bad_request
from tests.telegram_stub.keyboards import apply_reply_keyboard, inline_keyboard
from tests.telegram_stub.limits import CAPTION_UNITS, DRAFT_SECONDS, TEXT_UNITS
from tests.telegram_stub.methods import given, handles
from tests.telegram_stub.model import Chat, Content, Draft, Json, Message
from tests.telegram_stub.wire import chat_json, user_json
from tests.telegram_stub.world import World

DELETABLE_SECONDS = 48 * 3600.0
ACTIONS = frozenset(ChatAction)
REACTIONS = frozenset(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡"
)


def body_text(text: str, parse_mode: Any, entities: list[MessageEntity] | None) -> Formatted:
    """The text of a message, neither empty nor too long."""
    result = formatted(text, given(parse_mode), entities)
    if not result.text:
        raise bad_request("message text is empty")
    if units(result.text) > TEXT_UNITS:
        raise bad_request("message is too long")
    return result


def caption_text(text: str | None, parse_mode: Any, entities: list[MessageEntity] | None) -> Formatted:
    result = formatted(text or "", given(parse_mode), entities)
    if units(result.text) > CAPTION_UNITS:
        raise bad_request("message caption is too long")
    return result


def replied(chat: Chat, call: Any) -> Json:
    """The message that a call answers, as `World.post` takes it."""
    parameters = call.reply_parameters
    number = parameters.message_id if parameters else call.reply_to_message_id
    if not number:
        return {}
    found = chat.message(number)
    lenient = given(parameters.allow_sending_without_reply) if parameters else call.allow_sending_without_reply
    if found is None and not lenient:
        raise bad_request("message to be replied not found")
    return {"reply_to": found}


def find(chat: Chat, message_id: int | None, purpose: str) -> Message:
    """A message that the bot can see; ``purpose`` as in "message to edit not found"."""
    message = chat.message(message_id or 0)
    if message is None:
        raise bad_request(f"message to {purpose} not found")
    return message


@handles(SendMessage)
def send_message(world: World, call: SendMessage) -> Json:
    chat = world.open_chat(call.chat_id)
    text = body_text(call.text, call.parse_mode, call.entities)
    content = Content(text.text, text.entities, keyboard=inline_keyboard(call.reply_markup, chat))
    extras = replied(chat, call)
    apply_reply_keyboard(call.reply_markup, chat)
    return world.json(world.post(chat, world.bot, content, **extras))


@handles(SendMessageDraft)
def send_message_draft(world: World, call: SendMessageDraft) -> bool:
    chat = world.open_chat(call.chat_id)
    if chat.type != "private":
        raise bad_request("chat type is invalid: drafts can be sent only to private chats")
    if call.draft_id == 0:
        raise bad_request("draft_id must be non-zero")
    text = formatted(call.text or "", given(call.parse_mode), call.entities)
    if units(text.text) > TEXT_UNITS:
        raise bad_request("message is too long")
    _grow_draft(world, chat, call.draft_id, Content(text.text, text.entities), bool(call.can_stop))
    return True


def _grow_draft(world: World, chat: Chat, draft_id: int, content: Content, can_stop: bool) -> None:
    now, draft = world.clock.now(), chat.draft
    if draft is None or draft.id != draft_id or now > draft.at + DRAFT_SECONDS:
        draft = chat.draft = Draft(draft_id, [], now)
        chat.drafts.append(draft)
    if draft.stopped:
        raise bad_request("message generation was stopped")
    draft.versions.append(content)
    draft.at, draft.can_stop = now, can_stop


@handles(SendChatAction)
def send_chat_action(world: World, call: SendChatAction) -> bool:
    chat = world.open_chat(call.chat_id)
    if call.action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.actions.append((world.clock.now(), call.action))
    return True


@handles(SetMessageReaction)
def set_message_reaction(world: World, call: SetMessageReaction) -> bool:
    message = find(world.open_chat(call.chat_id), call.message_id, "react")
    emoji = [reaction.emoji for reaction in call.reaction or [] if isinstance(reaction, ReactionTypeEmoji)]
    if len(emoji) != len(call.reaction or []) or not REACTIONS.issuperset(emoji):
        raise bad_request("REACTION_INVALID")
    if len(emoji) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    message.reactions[world.bot.id] = emoji
    return True


@handles(ForwardMessage)
def forward_message(world: World, call: ForwardMessage) -> Json:
    chat = world.open_chat(call.chat_id)
    source = find(world.chat(call.from_chat_id), call.message_id, "forward")
    if source.service:
        raise bad_request("message can't be forwarded")
    content = Content(source.text, source.entities, source.media)
    return world.json(world.post(chat, world.bot, content, origin=source.origin or origin_of(source)))


def origin_of(message: Message) -> Json:
    """forward_origin of what is forwarded from ``message``."""
    origin: Json = {"date": int(message.date)}
    if message.chat.type == "channel":
        return {**origin, "type": "channel", "chat": chat_json(message.chat), "message_id": message.id}
    return {**origin, "type": "user", "sender_user": user_json(message.sender)}


@handles(CopyMessage)
def copy_message(world: World, call: CopyMessage) -> Json:
    chat = world.open_chat(call.chat_id)
    source = find(world.chat(call.from_chat_id), call.message_id, "copy")
    if source.service or source.invoice:
        raise bad_request("message can't be copied")
    text = Formatted(source.text, source.entities)
    if call.caption is not None and source.media:
        text = caption_text(call.caption, call.parse_mode, call.caption_entities)
    content = Content(text.text, text.entities, source.media, inline_keyboard(call.reply_markup, chat))
    extras = replied(chat, call)
    return {"message_id": world.post(chat, world.bot, content, **extras).id}


@handles(DeleteMessage)
def delete_message(world: World, call: DeleteMessage) -> bool:
    message = find(world.open_chat(call.chat_id), call.message_id, "delete")
    _delete(world, message)
    return True


@handles(DeleteMessages)
def delete_messages(world: World, call: DeleteMessages) -> bool:
    """What is not there is skipped, as the Bot API says."""
    chat = world.open_chat(call.chat_id)
    if not 1 <= len(call.message_ids) <= 100:
        raise bad_request("message identifiers are not specified")
    for message_id in call.message_ids:
        message = chat.message(message_id)
        if message is not None:
            _delete(world, message)
    return True


def _delete(world: World, message: Message) -> None:
    if not _deletable(world, message):
        raise bad_request("message can't be deleted")
    message.deleted_at = world.clock.date()


def _deletable(world: World, message: Message) -> bool:
    if message.chat.members.get(world.bot.id) == "administrator":
        return True
    own = message.sender is world.bot or message.chat.type == "private"
    return own and world.clock.date() - message.date <= DELETABLE_SECONDS


def not_modified() -> ApiError:
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly the same as a current "
        "content and reply markup of the message"
    )
