"""Handlers: thin functions from an update to a use case and its words."""

from aiogram import Router

from apps.bot_api.bot.dialogs import group, safety, settings
from apps.bot_api.bot.handlers import answers, groups, history, inline, members, recordings, rest, results, start


def routers() -> tuple[Router, ...]:
    """All of them; an update goes to the first that wants it. Dialogs take what is left for a window that asks."""
    commands = (groups.router, start.router, settings.router, history.router, inline.router)
    work = (results.router, answers.router, recordings.router, members.router)
    return (*commands, *work, settings.dialog, group.dialog, safety.router, rest.router)
