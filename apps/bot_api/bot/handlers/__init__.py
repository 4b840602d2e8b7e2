"""Handlers: thin functions from an update to a use case and its words."""

from aiogram import Router

from apps.bot_api.bot.dialogs import group, safety, settings
from apps.bot_api.bot.handlers import (
    account,
    admin,
    answers,
    groups,
    history,
    inline,
    members,
    recordings,
    rest,
    results,
    shop,
    start,
)


def routers() -> tuple[Router, ...]:
    """All of them; an update goes to the first that wants it. Dialogs take what is left for a window that asks."""
    commands = (groups.router, start.router, settings.router, history.router, account.router, inline.router)
    trade = (shop.router, admin.router)
    work = (results.router, answers.router, recordings.router, members.router)
    return (*commands, *trade, *work, settings.dialog, group.dialog, safety.router, rest.router)
