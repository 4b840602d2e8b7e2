"""The Telegram bot: updates in, one answer per recording out."""

from apps.bot_api import lean_aiogram

lean_aiogram.install()
