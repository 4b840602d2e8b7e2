"""All conversations as one page that looks like Telegram, to be looked at in a browser."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from tests.telegram_stub.entities import Entity, cut, units
from tests.telegram_stub.model import Chat, Content, Draft, Json, Keyboard, Media, Message
from tests.telegram_stub.world import INSIDE, World

STYLE = Path(__file__).with_name("page.css")
COLOURS = ("#e17076", "#eda86c", "#a695e7", "#7bc862", "#6ec9cb", "#65aadd", "#ee7aae")  # Telegram's own, by id
ICONS = {"voice": "▶", "audio": "♪", "video": "▶", "video_note": "◉", "photo": "▣"}
KINDS = {"voice": "Voice message", "audio": "Audio", "video": "Video", "video_note": "Video message", "photo": "Photo"}
MARKS = {"url": "↗", "web_app": "▣", "switch_inline_query": "↪", "copy_text": "⧉", "pay": "⭐"}
BLOCKS = frozenset({"blockquote", "expandable_blockquote", "pre"})
Wrap = Callable[[str, Entity], str]
WRAPS: dict[str, Wrap] = {
    "bold": lambda text, _: f"<b>{text}</b>",
    "italic": lambda text, _: f"<i>{text}</i>",
    "underline": lambda text, _: f"<u>{text}</u>",
    "strikethrough": lambda text, _: f"<s>{text}</s>",
    "code": lambda text, _: f"<code>{text}</code>",
    "spoiler": lambda text, _: f'<span class="spoiler">{text}</span>',
    "blockquote": lambda text, _: f"<blockquote>{text}</blockquote>",
    "expandable_blockquote": lambda text, _: f'<blockquote class="expandable">{text}</blockquote>',
    "pre": lambda text, entity: f"<pre{_language(entity)}>{text}</pre>",
    "text_link": lambda text, entity: f'<a href="{escape(entity["url"])}">{text}</a>',
}


def page(world: World) -> str:
    """A self-contained HTML document."""
    shown = [chat for chat in world.chats.values() if chat.history and chat.type != "channel"]
    chats = "\n".join(_chat(world, chat) for chat in shown)
    style = f"<style>{STYLE.read_text(encoding='utf-8')}</style>"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Telegram</title>{style}'
    return f"<!doctype html><html><head>{head}</head><body><main>{chats}</main></body></html>"


def _chat(world: World, chat: Chat) -> str:
    rows: list[str] = []
    day = ""
    for message in chat.history:
        if (today := f"{_time(message.date):%-d %B %Y}") != day:
            day = today
            rows.append(f'<div class="day">{day}</div>')
        rows.append(_message(world, message))
    rows += _toasts(world, chat)
    if chat.draft and not chat.draft.stopped:
        rows.append(_draft(chat.draft))
    return f'<section>{_header(world, chat)}<div class="chat">{"".join(rows)}</div>{_foot(world, chat)}</section>'


def _header(world: World, chat: Chat) -> str:
    name = chat.peer.name if chat.peer else chat.title or ""
    if chat.peer:
        status = "blocked the bot" if chat.blocked else f"with {world.bot.name} · {chat.peer.language or 'no language'}"
    else:
        status = f"{chat.type}, {sum(status in INSIDE for status in chat.members.values())} members"
    face = f'<div class="face" style="background:{_colour(chat.id)}">{escape(name[:1])}</div>'
    return f"<header>{face}<div><h2>{escape(name)}</h2><p>{escape(status)}</p></div></header>"


def _foot(world: World, chat: Chat) -> str:
    keyboard = "".join(
        _keys_row([key["text"] for key in row]) for row in (chat.reply_keyboard or {}).get("keyboard", [])
    )
    button = chat.menu_button or world.settings.menu_button
    menu = f'<span class="menu">{escape(button.get("text", "Menu"))}</span>' if chat.peer else ""
    shown = f'<div class="keyboard">{keyboard}</div>' if keyboard else ""
    return f'{shown}<div class="input">{menu}Message</div>'


def _keys_row(texts: list[str]) -> str:
    return "<div>" + "".join(f"<span>{escape(text)}</span>" for text in texts) + "</div>"


def _message(world: World, message: Message) -> str:
    if message.service:
        return f'<div class="service">{escape(_service(message))}</div>'
    own = message.sender is not world.bot and message.chat.type == "private"
    classes = " ".join(["row", "out" if own else "in", *(["gone"] if message.deleted_at else [])])
    parts = [
        _name(message) if message.chat.is_group else "",
        _origin(message.origin) if message.origin else "",
        _reply(message.reply_to) if message.reply_to else "",
        _invoice(message),
        _body(message.content),
        _meta(message),
        _reactions(message),
        _history(message),
    ]
    return f'<div class="{classes}"><div class="bubble">{"".join(parts)}</div>{_keyboard(message.keyboard)}</div>'


def _service(message: Message) -> str:
    """A service message in words."""
    name, body = message.sender.name, message.service
    if "successful_payment" in body:
        return f"{name} paid {body['successful_payment']['total_amount']} ⭐"
    if "refunded_payment" in body:
        return f"{name} got {body['refunded_payment']['total_amount']} ⭐ back"
    if "new_chat_members" in body:
        return f"{name} added {', '.join(member['first_name'] for member in body['new_chat_members'])}"
    if "left_chat_member" in body:
        return f"{body['left_chat_member']['first_name']} left"
    return f"{name}: {', '.join(body).replace('_', ' ')}"


def _name(message: Message) -> str:
    via = " via the bot" if message.via_bot else ""
    return f'<div class="name" style="color:{_colour(message.sender.id)}">{escape(message.sender.name)}{via}</div>'


def _origin(origin: Json) -> str:
    source = origin.get("sender_user") or origin.get("sender_chat") or origin.get("chat") or {}
    name = origin.get("sender_user_name") or source.get("first_name") or source.get("title", "")
    return f'<div class="origin">Forwarded from<b>{escape(name)}</b></div>'


def _reply(message: Message) -> str:
    text = message.text or (KINDS.get(message.media.kind, "File") if message.media else "Message")
    return f'<div class="reply"><b>{escape(message.sender.name)}</b><span>{escape(text)}</span></div>'


def _invoice(message: Message) -> str:
    invoice = message.invoice
    if invoice is None:
        return ""
    title, description = escape(invoice.title), escape(invoice.description)
    return f'<div class="invoice"><b>{title}</b><br>{description}<br>⭐ {invoice.amount}</div>'


def _body(content: Content) -> str:
    file = _file(content.media) if content.media else ""
    return file + (f'<span class="text">{marked(content.text, content.entities)}</span>' if content.text else "")


def marked(text: str, entities: tuple[Entity, ...]) -> str:
    """``text`` as HTML; entities nest as Telegram's do."""
    pieces, at = [], 0
    remaining = list(entities)
    while remaining:
        entity = remaining.pop(0)
        start, end = entity["offset"], entity["offset"] + entity["length"]
        inside = [other for other in remaining if other["offset"] < end]
        remaining = remaining[len(inside) :]
        before = cut(text, at, start - at)
        pieces.append(escape(before.removesuffix("\n") if entity["type"] in BLOCKS else before))
        moved = tuple(_within(other, start, end) for other in inside)
        inner = marked(cut(text, start, entity["length"]), moved)
        pieces.append(WRAPS.get(entity["type"], _linked)(inner, entity))
        at = end + (entity["type"] in BLOCKS and cut(text, end, 1) == "\n")  # a block ends its line by itself
    pieces.append(escape(cut(text, at, units(text) - at)))
    return "".join(pieces)


def _linked(text: str, _: Entity) -> str:
    """A mention, a command, a link as it stands in the text."""
    return f"<a>{text}</a>"


def _within(entity: Entity, start: int, end: int) -> Entity:
    length = min(entity["length"], end - entity["offset"])
    return {**entity, "offset": entity["offset"] - start, "length": length}


def _language(entity: Entity) -> str:
    return f' data-language="{escape(entity["language"])}"' if "language" in entity else ""


def _file(media: Media) -> str:
    name = media.details.get("title") or media.file.name or KINDS.get(media.kind, "File")
    seconds = media.details.get("duration")
    length = f"{seconds // 60}:{seconds % 60:02d} · " if seconds else ""
    icon = ICONS.get(media.kind) or Path(media.file.name or "").suffix.lstrip(".")[:4]
    wave = '<span class="wave"></span>' if media.kind == "voice" else f"<b>{escape(name)}</b>"
    size = f"<small>{length}{_size(media.file.size)}</small>"
    return f'<div class="file {media.kind}"><i>{escape(icon)}</i><div>{wave}{size}</div></div>'


def _size(size: int) -> str:
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.1f} KB" if size < 1024**2 else f"{size / 1024**2:.1f} MB"


def _meta(message: Message) -> str:
    edited = "edited " if message.edited else ""
    gone = f" · deleted {_time(message.deleted_at):%H:%M:%S}" if message.deleted_at else ""
    return f'<span class="meta">{edited}{_time(message.versions[-1].at):%H:%M:%S}{gone}</span>'


def _reactions(message: Message) -> str:
    counts: dict[str, int] = defaultdict(int)
    for emoji in (one for chosen in message.reactions.values() for one in chosen):
        counts[emoji] += 1
    shown = "".join(f"<span>{emoji} {count}</span>" for emoji, count in counts.items())
    return f'<div class="reactions">{shown}</div>' if shown else ""


def _history(message: Message) -> str:
    """The versions before the last one, folded away."""
    if not message.edited:
        return ""
    earlier = "".join(f"<p>{_time(old.at):%H:%M:%S}  {escape(old.content.text)}</p>" for old in message.versions[:-1])
    return f"<details><summary>{len(message.versions) - 1} earlier</summary>{earlier}</details>"


def _keyboard(keyboard: Keyboard) -> str:
    rows = "".join("<div>" + "".join(_button(button) for button in row) + "</div>" for row in keyboard)
    return f'<div class="keys">{rows}</div>' if rows else ""


def _button(button: Json) -> str:
    mark = next((mark for name, mark in MARKS.items() if name in button), "")
    hint = escape(str(button.get("callback_data") or button.get("url") or ""))
    return f'<span title="{hint}">{escape(button["text"])}{f"<em>{mark}</em>" if mark else ""}</span>'


def _draft(draft: Draft) -> str:
    shown = marked(draft.text, draft.versions[-1].entities) or "Thinking…"
    meta = f'<span class="meta">draft · {len(draft.versions)}</span>'
    return f'<div class="row in draft"><div class="bubble"><span class="text">{shown}</span>{meta}</div></div>'


def _toasts(world: World, chat: Chat) -> list[str]:
    """The last answer to a press in this chat, as the client shows it for a moment."""
    answers = [press.answer["text"] for press in world.presses.values() if press.answer and press.message.chat is chat]
    return [f'<div class="toast">{escape(text)}</div>' for text in answers[-1:] if text]


def _colour(number: int) -> str:
    return COLOURS[abs(number) % len(COLOURS)]


def _time(date: float) -> datetime:
    return datetime.fromtimestamp(date, UTC)
