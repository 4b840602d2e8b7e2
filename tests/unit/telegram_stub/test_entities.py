"""HTML as Telegram reads it."""

import pytest

from tests.telegram_stub.entities import Entity, cut, formatted, units


def shown(html: str) -> tuple[str, list[tuple[str, str]]]:
    result = formatted(html, "HTML")
    return result.text, [(e["type"], cut(result.text, e["offset"], e["length"])) for e in result.entities]


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>ж</b> <strong>ж</strong>", "ж ж", [("bold", "ж"), ("bold", "ж")]),
        ("<i>к</i><em>к</em>", "кк", [("italic", "к"), ("italic", "к")]),
        ("<u>п</u> <ins>п</ins>", "п п", [("underline", "п"), ("underline", "п")]),
        ("<s>з</s><strike>з</strike><del>з</del>", "ззз", [("strikethrough", "з")] * 3),
        ("<tg-spoiler>т</tg-spoiler>", "т", [("spoiler", "т")]),
        ('<span class="tg-spoiler">т</span>', "т", [("spoiler", "т")]),
        ("<B>👩‍💻 x</B>", "👩‍💻 x", [("bold", "👩‍💻 x")]),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2 &#33; &nbsp;", "1 < 2 && 3 > 2 ! &nbsp;", []),
        ("<b>a <i>b</i></b>", "a b", [("bold", "a b"), ("italic", "b")]),
        ("<blockquote>ц</blockquote>", "ц", [("blockquote", "ц")]),
        ("<blockquote expandable>ц</blockquote>", "ц", [("expandable_blockquote", "ц")]),
        ("<code>/start @somebody <b>x</b></code>", "/start @somebody x", [("code", "/start @somebody x")]),
        ("\n <b> x </b>\n", "x", [("bold", "x")]),
        ("<b></b>y<a>z</a>", "yz", []),
    ],
)
def test_tags(html: str, text: str, entities: list[tuple[str, str]]) -> None:
    assert shown(html) == (text, entities)


@pytest.mark.parametrize(
    ("html", "entity"),
    [
        ('<a href="https://a.org/?x=1&amp;y=2">a</a>', {"type": "text_link", "url": "https://a.org/?x=1&y=2"}),
        ("<a href='https://a.org'>a</a>", {"type": "text_link", "url": "https://a.org"}),
        ('<pre><code class="language-python">a</code></pre>', {"type": "pre", "language": "python"}),
        ("<pre>a</pre>", {"type": "pre"}),
    ],
)
def test_attributes(html: str, entity: Entity) -> None:
    assert formatted(html, "HTML").entities == ({**entity, "offset": 0, "length": 1},)


def test_offsets_are_in_utf16_units() -> None:
    result = formatted("😀<b>ж</b>", "HTML")
    assert units("😀") == 2
    assert result.entities == ({"type": "bold", "offset": 2, "length": 1},)


def test_what_is_found_in_a_plain_text() -> None:
    result = formatted("почта a@b.org, /help@some_bot, не/команда и @кириллица")
    kinds = [(e["type"], cut(result.text, e["offset"], e["length"])) for e in result.entities]
    assert kinds == [("email", "a@b.org"), ("bot_command", "/help@some_bot")]


def test_a_hundred_entities_are_kept() -> None:
    assert len(formatted("<b>x</b> " * 150, "HTML").entities) == 100
