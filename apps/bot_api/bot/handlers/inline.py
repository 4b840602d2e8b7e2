"""``@bot words`` in any chat: a person's own transcripts, to be quoted there."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineQuery, InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent
from loguru import logger

from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.render import library
from apps.bot_api.bot.texts import Texts
from stenogram.services import search, users
from stenogram.services.search import Found, Hit, Page
from stenogram.storage.models import User

router = Router(name="inline")

PAGE = 10
"""Recordings in one answer, each with up to ``search.HITS`` results; Telegram takes 50."""

CACHE_SECONDS = 5
START = "inline"


@router.inline_query()
async def quote(query: InlineQuery, desk: Desk, user: User, texts: Texts) -> None:
    offset = int(query.offset) if query.offset.isdigit() else 0
    async with desk.runtime.database.at_once() as session:
        if search.plain_query(query.query):
            page = await search.search(session, user.id, query.query, PAGE, offset)
        else:
            page = await search.latest(session, user.id, PAGE, offset)
    zone = users.zone(user, desk.runtime.settings)
    nothing = InlineQueryResultsButton(text=texts.plain("inline-nothing"), start_parameter=START)
    following = str(offset + PAGE) if offset + PAGE < page.total else ""
    try:
        await query.answer(
            list(_results(texts, page, zone)),
            cache_time=CACHE_SECONDS,
            is_personal=True,
            next_offset=following,
            button=None if page.total else nothing,
        )
    except TelegramBadRequest as error:
        logger.info("an inline query was not answered: {}", error)  # they have typed on


def _results(texts: Texts, page: Page, zone: ZoneInfo) -> Iterator[InlineQueryResultArticle]:
    for one in page.found:
        if not one.hits:
            yield _result(texts, one, None, zone)
        yield from (_result(texts, one, hit, zone) for hit in one.hits)


def _result(texts: Texts, one: Found, hit: Hit | None, zone: ZoneInfo) -> InlineQueryResultArticle:
    name = library.plain(one.title) or texts.plain("nameless", kind="audio")
    date = texts.moment(one.created_at, zone)
    title = texts.plain("inline-title", name=name, clock=texts.clock(hit.start)) if hit else name
    return InlineQueryResultArticle(
        id=f"{one.recording_id.hex}:{round(hit.start * 100) if hit else ''}",
        title=title,
        description=library.plain(hit.fragment)[:200] if hit else date,
        input_message_content=InputTextMessageContent(message_text=library.quotation(texts, one, hit)),
    )
