"""What the bot's handlers are given."""

from dataclasses import dataclass, field

from aiogram import Bot

from apps.bot_api.bot.answers import Caretaker
from apps.bot_api.bot.errands import Errands
from apps.bot_api.bot.results import Results
from apps.bot_api.deps import Runtime


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of the running bot; ``data["desk"]`` of every handler."""

    runtime: Runtime
    bot: Bot
    results: Results
    caretaker: Caretaker
    errands: Errands = field(default_factory=Errands)
