"""The page of conversations."""

from aiogram import Bot
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument

from tests.telegram_stub import Person, TelegramStub, from_hidden_user
from tests.telegram_stub.entities import formatted
from tests.telegram_stub.render import marked


def rendered(html: str) -> str:
    text = formatted(html, "HTML")
    return marked(text.text, text.entities)


def test_entities_nest_and_texts_are_escaped() -> None:
    html = '😀 <b>a &lt; <i>b</i></b> и <a href="https://a.org/?a=1&amp;b=2">c</a>'
    assert rendered(html) == html
    assert rendered("до\n<blockquote>ц</blockquote>\nпосле") == "до<blockquote>ц</blockquote>после"
    assert rendered('<pre><code class="language-c">x</code></pre>') == '<pre data-language="c">x</pre>'
    assert rendered("@somebody") == "<a>@somebody</a>"


async def test_the_page_shows_what_there_is(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    anna.sends_voice(b"x" * 2048, duration=95, origin=from_hidden_user("Кто-то"))
    button = InlineKeyboardButton(text="Отменить <", callback_data="cancel")
    markup = InlineKeyboardMarkup(inline_keyboard=[[button]])
    sent = await bot.send_message(anna.id, "Распознаю", reply_markup=markup)
    media = InputMediaDocument(media=BufferedInputFile(b"x", "встреча.docx"), caption="<b>Готово</b>")
    await bot.edit_message_media(media, chat_id=anna.id, message_id=sent.message_id, reply_markup=markup)
    await bot.delete_message(anna.id, (await bot.send_message(anna.id, "лишнее")).message_id)
    await bot.send_message_draft(chat_id=anna.id, draft_id=1, text="Кратко")
    page = telegram.html()
    shown = (
        "Анна",
        "1:35 · 2.0 KB",
        "Кто-то",
        "встреча.docx",
        "<b>Готово</b>",
        "Отменить &lt;",
        "1 earlier",
        "Распознаю",
    )
    assert [
        one
        for one in (*shown, "edited", "лишнее", "deleted", "Кратко", "prefers-color-scheme: dark")
        if one not in page
    ] == []
    assert "src=" not in page  # nothing has to be loaded
