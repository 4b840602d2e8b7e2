"""The composition root of the bot, and its life inside the API process."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, TelegramAPIError
from aiogram.fsm.storage.base import DefaultKeyBuilder
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.methods import AnswerCallbackQuery, EditMessageText, GetFile, SendMessage
from aiogram.types import Update
from loguru import logger

from apps.bot_api import lean_aiogram
from apps.bot_api.api.telegram import WEBHOOK_PATH
from apps.bot_api.bot import farewell, inbox, profile, refunds
from apps.bot_api.bot.answers import Caretaker
from apps.bot_api.bot.board import Board
from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.dialogs import safety
from apps.bot_api.bot.gate import Gate
from apps.bot_api.bot.handlers import routers
from apps.bot_api.bot.handlers.recordings import PrivateRecordings
from apps.bot_api.bot.intake import Intake
from apps.bot_api.bot.notices import Notifier
from apps.bot_api.bot.pace import Pace, Paced
from apps.bot_api.bot.results import Results
from apps.bot_api.deps import Runtime
from stenogram.errors import StenogramError
from stenogram.services import payments, users
from stenogram.settings import Settings
from stenogram.storage.database import Database
from stenogram.storage.leadership import lead
from stenogram.storage.models import Payment, User

KINDS = ["message", "callback_query", "inline_query", "pre_checkout_query", "my_chat_member"]
"""Updates that we ask for; others never come."""

_LEADERSHIP = 3_904_771_162  # any number, the same in all processes
_CONNECTIONS = 3
"""Of the bot: one holds the lead, two keep a core at work. With each more, the loop has more to do before it gets to an
update that has come in: with six, acknowledging took twice as long (benchmarks/bot.py, on two cores)."""

_FIRST_METHODS = (SendMessage, GetFile, EditMessageText, AnswerCallbackQuery)
_RETRY_SECONDS = 5.0
_LONGEST_PAUSE = 600.0
_FORGOTTEN = 7 * 24 * 3600  # seconds until an unfinished dialog is forgotten


@dataclass(frozen=True, slots=True)
class Application:
    """The running bot. Updates come in by ``receive``, from the webhook or from polling."""

    desk: Desk
    dispatcher: Dispatcher
    processor: inbox.Processor
    board: Board
    notifier: Notifier
    letterbox: inbox.Letterbox

    @property
    def secret(self) -> str:
        """What must come along with every update of the webhook."""
        return webhook_secret(self.desk.runtime.settings)

    async def receive(self, update: Mapping[str, Any]) -> None:
        """Keep an update; when this returns, Telegram may forget it. Raises StorageError."""
        await self.letterbox.put(update)
        self.processor.wake()

    async def forget(self, user: User) -> None:
        """Somebody leaves by the page. Raises what ``account.forget`` raises."""
        await farewell.forget(self.desk, user, "page")

    async def refund(self, admin: User, charge_id: str) -> tuple[Payment, User]:
        """An administrator gives a payment back by the page: it and who had paid. Raises StenogramError."""
        try:
            async with self.desk.runtime.database.begin() as session:
                payer = await payments.payer(session, charge_id)
                return await refunds.refund(self.desk, session, admin, payer, charge_id, "page"), payer
        except TelegramAPIError as error:
            raise StenogramError("payment.not_refunded", str(error)) from error

    async def lead(self) -> None:
        """What one process does for all, until it is cancelled."""
        runtime = self.desk.runtime
        async with runtime.database.begin() as session:
            await users.appoint(session, runtime.settings)
        await self.desk.caretaker.resume()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.processor.run())
                group.create_task(self.board.run())
                group.create_task(self.notifier.run())
                group.create_task(self._listen())
                group.create_task(self._introduce())
        finally:
            await self.desk.errands.stop()
            await self.desk.caretaker.stop()

    async def _listen(self) -> None:
        """Say how we get our updates; then ask for them, if we do."""
        bot, settings = self.desk.bot, self.desk.runtime.settings
        await _until_taken(self._choose_mode)
        logger.info("the bot is there, by {}", settings.telegram.mode)
        if settings.telegram.mode == "polling":
            await inbox.poll(bot, self.letterbox, KINDS, self.processor.wake)

    async def _introduce(self) -> None:
        """Make ready for the first who writes, and tell Telegram what we offer."""
        await lean_aiogram.build(Update, *_FIRST_METHODS)
        await _until_taken(lambda: profile.publish(self.desk.bot, self.desk.runtime.settings))

    async def _choose_mode(self) -> None:
        settings = self.desk.runtime.settings
        if settings.telegram.mode == "polling":
            await self.desk.bot.delete_webhook()
        else:
            await self.desk.bot.set_webhook(
                settings.server.url.rstrip("/") + WEBHOOK_PATH,
                allowed_updates=KINDS,
                secret_token=webhook_secret(settings),
                max_connections=100,
            )


async def _until_taken(tell: Callable[[], Awaitable[None]]) -> None:
    """Again and again, while Telegram is away; ever more seldom, where it does not want it."""
    pause = _RETRY_SECONDS
    while True:
        try:
            await tell()
            return
        except AiogramError as error:
            logger.warning("Telegram does not take our settings yet: {}", error)
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, 2 * pause)


def webhook_secret(settings: Settings) -> str:
    """What Telegram sends along with every update: as set, else made of the token, which nobody else knows."""
    telegram = settings.telegram
    if telegram.webhook_secret is not None:
        return telegram.webhook_secret.get_secret_value()
    token = telegram.token.get_secret_value() if telegram.token else ""
    return hmac.new(token.encode(), b"stenogram webhook", hashlib.sha256).hexdigest()


def make_bot(settings: Settings, pace: Pace) -> Bot:
    """A bot all of whose requests keep pace. Raises ValueError without a token."""
    telegram = settings.telegram
    if telegram.token is None:
        raise ValueError("TELEGRAM_BOT_TOKEN is not set")
    session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.api_url, is_local=telegram.local))
    session.middleware(Paced(pace))
    return Bot(
        telegram.token.get_secret_value(),
        session=session,
        default=DefaultBotProperties(parse_mode="HTML", link_preview_is_disabled=True),
    )


def make_application(runtime: Runtime, bot: Bot, entrance: Database) -> Application:
    """All parts of the bot, connected. Updates are kept through ``entrance``, all else goes through the runtime."""
    storage = RedisStorage(
        runtime.redis,
        key_builder=DefaultKeyBuilder(prefix="bot", with_destiny=True),
        state_ttl=_FORGOTTEN,
        data_ttl=_FORGOTTEN,
    )
    dispatcher = Dispatcher(storage=storage, disable_fsm=True)
    board, results = Board(runtime.database, runtime.redis), Results(runtime)
    caretaker = Caretaker(runtime, bot, board, Intake(runtime, bot, board), results)
    desk = Desk(runtime, bot, results, caretaker)
    dispatcher["desk"] = desk
    for middleware in (Gate(desk), PrivateRecordings(desk), dispatcher.fsm):  # the state of dialogs last: few need it
        dispatcher.update.outer_middleware(middleware)
    dispatcher.include_routers(*routers())
    safety.setup(dispatcher)

    async def handle(payload: Mapping[str, Any]) -> None:
        await dispatcher.feed_raw_update(bot, dict(payload))

    processor = inbox.Processor(runtime.database, handle)
    return Application(desk, dispatcher, processor, board, Notifier(runtime.database, bot), inbox.Letterbox(entrance))


@asynccontextmanager
async def running(runtime: Runtime) -> AsyncIterator[Application]:
    """The bot, at work for as long as the block lasts. Telegram may be away when it begins.

    It has connections to the database of its own: a crowd at the bot keeps neither the API nor the inbox waiting.
    """
    given = runtime.settings.database
    if given.url is None:
        raise ValueError("DATABASE_URL must be set for the bot")
    database = Database(given.url.get_secret_value(), _CONNECTIONS, given.timeout_seconds, overflow=0)
    own = replace(runtime, database=database)
    bot = make_bot(runtime.settings, Pace())
    application = make_application(own, bot, runtime.database)
    leading = asyncio.create_task(_lead_again(own, application))
    try:
        yield application
    finally:
        leading.cancel()
        await asyncio.gather(leading, return_exceptions=True)
        await bot.session.close()
        await own.database.dispose()


async def _lead_again(runtime: Runtime, application: Application) -> None:
    """A defect in one part ends them all, and they begin anew: what is in the database goes on where it was."""
    while True:
        try:
            await lead(runtime.database, _LEADERSHIP, application.lead)
        except Exception as error:  # noqa: BLE001 - the API must live, and so must the bot
            logger.opt(exception=error).error("the bot broke off and begins anew")
            await asyncio.sleep(_RETRY_SECONDS)
