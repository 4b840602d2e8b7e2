"""Formatted text as Telegram understands it: HTML parse mode, found entities, offsets in UTF-16 units."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from aiogram.types import MessageEntity

from tests.telegram_stub.errors import StubError, bad_request

Entity = dict[str, Any]

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
MAX_ENTITIES = 100  # Telegram drops what goes beyond
_ATTRIBUTE = re.compile(r"\s*([^\s=>]+)\s*(?:=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+))?")
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"«»]+[^\s<>\"«».,:;!?)])"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[a-zA-Z]{2,})"
    r"|(?<![\w@/])(?P<mention>@[a-zA-Z]\w{3,31})\b"
    r"|(?<![\w/])(?P<bot_command>/[a-zA-Z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/])"
    r"|(?<!\w)(?P<hashtag>#[^\W\d]\w*)"
)
_OPAQUE = ("code", "pre", "text_link")


def units(text: str) -> int:
    """The length of ``text`` in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, offset: int, length: int) -> str:
    """A piece of ``text``; ``offset`` and ``length`` in UTF-16 units."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


@dataclass(frozen=True)
class Formatted:
    text: str
    entities: tuple[Entity, ...] = ()


def formatted(text: str, parse_mode: str | None = None, entities: list[MessageEntity] | None = None) -> Formatted:
    """What a user will see of ``text``; a 400 where Telegram cannot parse it."""
    if entities:
        given = [entity.model_dump(exclude_none=True) for entity in entities]
        return _finished(Formatted(text, tuple(given)))
    if not parse_mode:
        return _finished(Formatted(text))
    if parse_mode.lower() == "html":
        return _finished(_HtmlText(text).parse())
    if parse_mode.lower() in {"markdown", "markdownv2"}:
        raise StubError("the stand-in does not parse Markdown")
    raise bad_request("unsupported parse_mode")


def _finished(raw: Formatted) -> Formatted:
    trimmed = _trimmed(raw)
    entities = [*trimmed.entities, *_found(trimmed)]
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(trimmed.text, tuple(entities[:MAX_ENTITIES]))


def _trimmed(raw: Formatted) -> Formatted:
    """Without white space at both ends; entities clipped to what is left."""
    text = raw.text.strip()
    skipped = units(raw.text[: len(raw.text) - len(raw.text.lstrip())])
    size, kept = units(text), []
    for entity in raw.entities:
        start = max(0, entity["offset"] - skipped)
        end = min(size, entity["offset"] + entity["length"] - skipped)
        if start < end:
            kept.append({**entity, "offset": start, "length": end - start})
    return Formatted(text, tuple(kept))


def _found(message: Formatted) -> list[Entity]:
    """Links, mentions, commands and hashtags, outside of code and links."""
    closed = [entity for entity in message.entities if entity["type"] in _OPAQUE]
    found = []
    for match in _FOUND.finditer(message.text):
        start, length = units(message.text[: match.start()]), units(match.group())
        if not any(e["offset"] < start + length and start < e["offset"] + e["length"] for e in closed):
            found.append({"type": str(match.lastgroup), "offset": start, "length": length})
    return found


@dataclass
class _Open:
    tag: str
    entity: Entity


@dataclass
class _HtmlText:
    """One pass over HTML; every method leaves ``at`` behind what it has read."""

    source: str
    at: int = 0
    length: int = 0  # of the text so far, in UTF-16 units
    parts: list[str] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def parse(self) -> Formatted:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end_tag()
            elif self.source[self.at] == "<":
                self._start_tag()
            else:
                self._text()
        if self.stack:
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        return Formatted("".join(self.parts), tuple(_flattened(self.entities)))

    def _text(self) -> None:
        end = self.source.find("<", self.at)
        raw = self.source[self.at : end if end >= 0 else len(self.source)]
        text = _REFERENCE.sub(lambda match: unescape(match.group()), raw)
        self.parts.append(text)
        self.length += units(text)
        self.at += len(raw)

    def _start_tag(self) -> None:
        begin = self.at
        name = re.compile(r"[^\s>]*").match(self.source, self.at + 1)
        tag = name.group().lower() if name else ""
        self.at += 1 + len(tag)
        if ">" not in self.source[begin:]:
            raise self._error("Unclosed start tag", begin)
        if tag not in TAGS:
            raise self._error(f'Unsupported start tag "{tag}"', begin)
        attributes = self._attributes(begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', begin)
        self.stack.append(_Open(tag, _entity(tag, attributes, self.length)))

    def _attributes(self, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            rest = self.source[self.at :]
            if rest.lstrip().startswith(">"):
                self.at += rest.index(">") + 1
                return found
            match = _ATTRIBUTE.match(self.source, self.at)
            if match is None:
                raise self._error("Unclosed start tag", begin)
            value = match.group(2) or ""
            found[match.group(1).lower()] = unescape(value[1:-1] if value[:1] in {'"', "'"} else value)
            self.at = match.end()

    def _end_tag(self) -> None:
        begin, end = self.at, self.source.find(">", self.at)
        if end < 0:
            raise self._error("Unclosed end tag", begin)
        tag = self.source[begin + 2 : end].strip().lower()
        if not self.stack:
            raise self._error("Unexpected end tag", begin)
        opened = self.stack.pop()
        if tag not in {opened.tag, ""}:
            text = f'expected "</{opened.tag}>", found "</{tag}>"'
            raise _unparsable(f"Unmatched end tag at byte offset {self._bytes(begin)}, {text}")
        self.at = end + 1
        length = self.length - opened.entity["offset"]
        if (length and opened.entity["type"] != "text_link") or opened.entity.get("url"):
            self.entities.append({**opened.entity, "length": length})

    def _bytes(self, index: int) -> int:
        return len(self.source[:index].encode())

    def _error(self, text: str, index: int) -> Exception:
        return _unparsable(f"{text} at byte offset {self._bytes(index)}")


def _unparsable(text: str) -> Exception:
    return bad_request(f"can't parse entities: {text}")


def _entity(tag: str, attributes: dict[str, str], offset: int) -> Entity:
    entity: Entity = {"type": TAGS[tag], "offset": offset}
    if tag == "a":
        entity["url"] = attributes.get("href", "")
    elif tag == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    elif tag == "code" and attributes.get("class", "").startswith("language-"):
        entity["language"] = attributes["class"].removeprefix("language-")
    return entity


def _flattened(entities: list[Entity]) -> list[Entity]:
    """Nothing lies within code: ``<pre><code class="language-x">`` is one entity, other tags inside are dropped."""
    kept: list[Entity] = []
    for entity in entities:
        if entity["type"] in {"pre", "code"}:
            start, end = entity["offset"], entity["offset"] + entity["length"]
            inside = [e for e in kept if start <= e["offset"] and e["offset"] + e["length"] <= end]
            kept = [e for e in kept if e not in inside]
            kept.append({**entity, **_language(entity, inside)})
        else:
            kept.append(entity)
    return [_without_language(entity) for entity in kept]


def _language(entity: Entity, inside: list[Entity]) -> Entity:
    spoken = [e["language"] for e in inside if "language" in e and e["length"] == entity["length"]]
    return {"language": spoken[0]} if spoken and entity["type"] == "pre" else {}


def _without_language(entity: Entity) -> Entity:
    return {key: value for key, value in entity.items() if key != "language" or entity["type"] == "pre"}
