"""Handlers: thin functions from an update to a use case and its words."""

from aiogram import Router

from apps.bot_api.bot.handlers import answers, members, recordings, rest, results, start


def routers() -> tuple[Router, ...]:
    """All of them; an update goes to the first that wants it."""
    return (start.router, results.router, answers.router, recordings.router, members.router, rest.router)
