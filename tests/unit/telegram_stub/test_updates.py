"""What people do, as the bot hears of it by polling and by webhook."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramConflictError
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from tests.telegram_stub import NO_LIMITS, Attachment, Person, TelegramStub, from_channel, from_hidden_user


async def fetched(bot: Bot, offset: int | None = None) -> list[Update]:
    return await bot.get_updates(offset=offset, timeout=0)


async def test_commands_and_mentions_in_a_text(bot: Bot, anna: Person) -> None:
    anna.sends_text("/start abc @stenogram_test_bot 😀 #тема https://example.org/a.")
    update = (await fetched(bot))[-1]
    assert update.message
    found = [(entity.type, entity.extract_from(update.message.text or "")) for entity in update.message.entities or []]
    assert found == [
        ("bot_command", "/start"),
        ("mention", "@stenogram_test_bot"),
        ("hashtag", "#тема"),
        ("url", "https://example.org/a"),
    ]
    assert update.message.from_user
    assert update.message.from_user.language_code == "ru"


async def test_updates_wait_until_they_are_confirmed(bot: Bot, anna: Person) -> None:
    anna.sends_text("раз")
    anna.sends_text("два")
    first = await fetched(bot)
    assert await fetched(bot) == first
    assert [update.message and update.message.text for update in first] == ["/start", "раз", "два"]
    assert await fetched(bot, first[1].update_id) == first[1:]
    assert await fetched(bot, -1) == first[2:]
    assert await fetched(bot, first[2].update_id + 1) == []


async def test_a_long_poll_is_woken(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    confirmed = (await fetched(bot))[-1].update_id + 1
    waiting = asyncio.create_task(bot.get_updates(offset=confirmed, timeout=30))
    await telegram.until(lambda: len(telegram.called("getUpdates")) == 2)
    anna.sends_text("проснись")
    assert [update.message and update.message.text for update in await waiting] == ["проснись"]


async def test_two_pollers_conflict(telegram: TelegramStub, bot: Bot) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.until(lambda: telegram.called("getUpdates"))
    await bot.get_updates(timeout=0)
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
        await waiting


async def test_only_what_is_allowed_comes(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    anna.reacts(anna.chat.last, "👍")
    await bot.get_updates(allowed_updates=["message_reaction"], timeout=0)
    anna.sends_text("не придёт")
    anna.reacts(anna.chat.last, "👍")
    updates = await fetched(bot)
    assert [update.event_type for update in updates] == ["message", "message_reaction"]


async def test_files_of_every_kind(bot: Bot, anna: Person) -> None:
    voice = anna.sends_voice(b"ogg", duration=7)
    anna.sends_audio(b"mp3", file_name="запись.mp3", duration=60)
    anna.sends_video(b"mp4", duration=3)
    anna.sends_video_note(b"note", duration=4)
    anna.sends_document(b"wav", file_name="встреча.wav", caption="вот /help")
    messages = [update.message for update in await fetched(bot) if update.message][1:]
    assert [message.content_type for message in messages] == ["voice", "audio", "video", "video_note", "document"]
    assert messages[0].voice
    assert (messages[0].voice.duration, messages[0].voice.mime_type) == (7, "audio/ogg")
    assert messages[4].document
    assert messages[4].document.mime_type == "audio/x-wav"
    assert messages[4].caption_entities
    downloaded = await bot.download(messages[0].voice)
    assert downloaded
    assert downloaded.read() == b"ogg" == voice.file.data


async def test_the_same_file_again(bot: Bot, anna: Person) -> None:
    once, twice = anna.sends_voice(b"same"), anna.sends_voice(b"same")
    assert once.file.content.unique_id == twice.file.content.unique_id
    assert once.file.file_id != twice.file.file_id


async def test_an_album_comes_in_pieces(bot: Bot, anna: Person) -> None:
    anna.sends_album([Attachment("audio", b"1", "1.mp3"), Attachment("audio", b"2", "2.mp3")])
    messages = [update.message for update in (await fetched(bot))[1:]]
    assert len({message.media_group_id for message in messages if message}) == 1
    assert len(messages) == 2


async def test_forwards(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    anna.sends_voice(b"v", origin=from_hidden_user("Кто-то"))
    anna.sends_text("новость", origin=from_channel("Новости"))
    anna.forwards(telegram.channel("Канал", "пост").last)
    origins = [update.message.forward_origin for update in (await fetched(bot))[1:] if update.message]
    assert [origin.type for origin in origins if origin] == ["hidden_user", "channel", "channel"]


async def test_a_group_in_privacy_mode(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    group = telegram.group("Команда", members=[anna])
    await bot.send_message(group.id, "я тут")
    anna.sends_text("между собой", chat=group)
    anna.sends_voice(b"v", chat=group)
    anna.sends_text("/help@другой_bot", chat=group)
    anna.sends_text("@stenogram_test_bot помоги", chat=group)
    anna.sends_text("/help", chat=group)
    anna.sends_text("ответ", chat=group, reply_to=group.chat.from_bot[0])
    seen = [update.message.text for update in (await fetched(bot))[1:] if update.message]
    assert seen == ["@stenogram_test_bot помоги", "/help", "ответ"]
    group.makes_bot("administrator", by=anna.account)
    anna.sends_voice(b"v", chat=group)
    assert [update.event_type for update in await fetched(bot)][-2:] == ["my_chat_member", "message"]


async def test_edits_of_people(bot: Bot, anna: Person) -> None:
    anna.edits(anna.sends_text("ашибка"), "ошибка")
    update = (await fetched(bot))[-1]
    assert update.edited_message
    assert update.edited_message.text == "ошибка"
    assert update.edited_message.edit_date


def echo() -> Dispatcher:
    """Answers messages, and presses."""
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def answer(message: Message) -> None:
        button = InlineKeyboardButton(text="Ещё", callback_data="more")
        await message.answer(message.text or "", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        await query.answer(f"нажато {query.data}")

    return dispatcher


@asynccontextmanager
async def polling(bot: Bot) -> AsyncIterator[None]:
    task = asyncio.create_task(echo().start_polling(bot, handle_signals=False, close_bot_session=False))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_dispatcher_that_polls(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    async with polling(bot):
        await telegram.until(lambda: anna.chat.from_bot)
        press = anna.presses(anna.chat.last, "Ещё")
        answer = await telegram.until(lambda: press.answer)
    assert answer["text"] == "нажато more"
    assert not telegram.refusals


@dataclass
class Hook:
    """A server of the bot's that fails as often as it is told to."""

    failures: int = 0
    bodies: list[dict[str, object]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.failures -= 1
        return web.Response(status=500 if self.failures >= 0 else 200)


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    finally:
        await runner.cleanup()


async def test_a_webhook_is_tried_again_in_order(bots: Callable[[TelegramStub], Bot]) -> None:
    hook, app = Hook(failures=2), web.Application()
    app.router.add_post("/hook", hook.handle)
    async with TelegramStub(limits=NO_LIMITS, webhook_pauses=(0.01, 0.02)) as telegram, served(app) as url:
        bot, anna = bots(telegram), telegram.user(id=1, name="Анна")
        await bot.set_webhook(url, secret_token="тайна".encode().hex())
        for text in ("раз", "два", "три"):
            anna.sends_text(text)
        await telegram.until(lambda: len(telegram.deliveries) == 5)
        assert [delivery.status for delivery in telegram.deliveries] == [500, 500, 200, 200, 200]
        order = [str(body["update_id"])[-1] for body in hook.bodies]
        assert order == ["1", "1", "1", "2", "3"]
        assert set(hook.secrets) == {"тайна".encode().hex()}
        info = await bot.get_webhook_info()
        assert (info.pending_update_count, info.last_error_message) == (
            0,
            "Wrong response from the webhook: 500 Internal Server Error",
        )
        with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        await bot.delete_webhook()
        anna.sends_text("четыре")
        assert len(await fetched(bot)) == 1


async def test_one_chat_does_not_hold_up_another(bots: Callable[[TelegramStub], Bot]) -> None:
    arrived: list[int] = []
    release = asyncio.Event()

    async def slow_for_one(request: web.Request) -> web.Response:
        sender = (await request.json())["message"]["from"]["id"]
        arrived.append(sender)
        if sender == 1:
            await release.wait()
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", slow_for_one)
    async with TelegramStub(limits=NO_LIMITS) as telegram, served(app) as url:
        anna, oleg = telegram.user(id=1, name="Анна"), telegram.user(id=2, name="Олег")
        await bots(telegram).set_webhook(url)
        for person in (anna, anna, oleg):
            person.sends_text("x")
        await telegram.until(lambda: [delivery.status for delivery in telegram.deliveries] == [200])
        assert arrived == [1, 2]
        release.set()
        await telegram.until(lambda: len(telegram.deliveries) == 3)
        assert arrived == [1, 2, 1]


async def test_a_dispatcher_behind_a_webhook(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    app = web.Application()
    SimpleRequestHandler(echo(), bot, secret_token="s3cret").register(app, path="/hook")
    async with served(app) as url:
        await bot.set_webhook(url, secret_token="s3cret")
        await telegram.until(lambda: anna.chat.from_bot)
        await bot.set_webhook(url, secret_token="other")
        anna.sends_text("x")
        await telegram.until(lambda: telegram.deliveries[-1].status == 401)
    assert [message.text for message in anna.chat.from_bot] == ["/start"]


async def test_a_method_in_an_answer_to_the_webhook_is_no_silent_loss(bots: Callable[[TelegramStub], Bot]) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"method": "sendMessage", "chat_id": 1, "text": "x"})

    async def deliver() -> None:
        app = web.Application()
        app.router.add_post("/hook", answer)
        async with TelegramStub() as telegram, served(app) as url:
            await bots(telegram).set_webhook(url)
            telegram.user(id=1, name="Анна").opens()
            await telegram.until(lambda: telegram.deliveries)

    with pytest.raises(ExceptionGroup, match="the stand-in for Telegram failed"):
        await deliver()
