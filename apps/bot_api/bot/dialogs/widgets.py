"""What a window of ours consists of: one menu, made anew for every showing."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import F
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message
from aiogram_dialog import DialogManager, DialogProtocol, Window
from aiogram_dialog.api.internal import RawKeyboard
from aiogram_dialog.utils import CB_SEP
from aiogram_dialog.widgets.kbd import Keyboard
from aiogram_dialog.widgets.text import Text

from apps.bot_api.bot.render.choices import Menu
from stenogram.errors import StenogramError

OnPress = Callable[[CallbackQuery, DialogManager, str, str], Awaitable[None]]
"""Is given the press, the dialog, and the two sides of the ``=`` in the choice's value."""

_MENU = "menu"


class _MenuText(Text):
    async def _render_text(self, data: dict[str, Any], manager: DialogManager) -> str:
        return _of(data).text


class _MenuButtons(Keyboard):
    """The rows of the menu; a press tells the value of its choice."""

    def __init__(self, on_press: OnPress) -> None:
        super().__init__(id="m")
        self._on_press = on_press

    async def _render_keyboard(self, data: dict[str, Any], manager: DialogManager) -> RawKeyboard:
        return [
            [
                InlineKeyboardButton(text=choice.label, callback_data=self._item_callback_data(choice.value))
                for choice in row
            ]
            for row in _of(data).rows
        ]

    async def _process_item_callback(
        self, callback: CallbackQuery, data: str, dialog: DialogProtocol, manager: DialogManager
    ) -> bool:
        name, _, value = data.partition("=")
        await self._on_press(callback, manager, name, value)
        return True


def _of(data: dict[str, Any]) -> Menu:
    menu: Menu = data[_MENU]
    return menu


def window(state: State, on_press: OnPress, *others: Any) -> Window:
    """A window of the dialog whose getter gives ``in_window(menu)``; ``others`` are further widgets, such as inputs."""
    return Window(_MenuText(), _MenuButtons(on_press), *others, state=state)


OWN = F.data.contains(CB_SEP)
"""Presses of a dialog's own buttons. Others come to the open dialog too, and would turn their message into its menu."""


def in_window(menu: Menu) -> dict[str, Any]:
    """What the getter of a dialog returns."""
    return {_MENU: menu}


def name_of(manager: DialogManager) -> str:
    """Of the open window: the last part of its state, ``main`` for ``Settings:main``."""
    return (manager.current_context().state.state or "").rpartition(":")[2]


def window_of(states: type[StatesGroup], name: str) -> State:
    """The state of a dialog by its name. Raises StenogramError("not_found") for a window of another version."""
    found = next((state for state in states.__states__ if state.state == f"{states.__name__}:{name}"), None)
    if found is None:
        raise StenogramError("not_found", f"window {name[:32]}")
    return found


async def close(manager: DialogManager, words: str) -> None:
    """The menu becomes a line without buttons."""
    message = manager.event.message if isinstance(manager.event, CallbackQuery) else None
    await manager.reset_stack(remove_keyboard=False)
    manager.current_stack().last_message_id = None  # its buttons are gone: nobody need take them away
    if isinstance(message, Message):
        await message.edit_text(words)
