"""aiogram at a third of its memory: its seven hundred types get their validators when they are first used.

At import aiogram has Pydantic build the validators of every type of the Bot API: 110 MB and 1.5 s (measured with
aiogram 3.31 and Pydantic 2.13). We use some dozens. Its models are declared ``defer_build`` already, so it is enough to
leave the loop at the end of ``aiogram.types`` without effect, and to give the types their names when Pydantic builds
them later.
"""

import asyncio
import functools
import importlib
import sys
from collections.abc import Callable
from typing import Any

import pydantic


def install() -> None:
    """Import aiogram so. Call it before anything else imports aiogram; later it does nothing."""
    if "aiogram.types" in sys.modules:
        return
    rebuild: Callable[..., bool | None] = vars(pydantic.BaseModel)["model_rebuild"].__func__
    names: dict[str, Any] = {}

    def remember(_model: type[pydantic.BaseModel], /, **how: Any) -> None:
        names.update(how.get("_types_namespace") or {})

    def named(model: type[pydantic.BaseModel], /, **how: Any) -> bool | None:
        how.pop("_parent_namespace_depth", None)
        return rebuild(model, **{"_types_namespace": names, **how})

    pydantic.BaseModel.model_rebuild = classmethod(remember)  # type: ignore[assignment,method-assign]
    try:
        importlib.import_module("aiogram.types")
    finally:
        pydantic.BaseModel.model_rebuild = classmethod(rebuild)  # type: ignore[assignment,method-assign]
    from aiogram.methods.base import Response, TelegramMethod
    from aiogram.types.base import TelegramObject

    for base in (TelegramObject, TelegramMethod, Response):
        base.model_rebuild = classmethod(named)  # type: ignore[assignment]
    _keep_answers(Response)


def _keep_answers(response: type[pydantic.BaseModel]) -> None:
    """Have the types ``response[...]`` stay: Pydantic keeps them weakly, and the next collection of garbage would throw
    them away with their validators (0.1 to 0.3 s to make anew, in which nobody is answered)."""
    parametrized = functools.cache(vars(pydantic.BaseModel)["__class_getitem__"].__func__)
    response.__class_getitem__ = classmethod(parametrized)  # type: ignore[arg-type,assignment,method-assign]


async def build(*models: type[pydantic.BaseModel]) -> None:
    """Have the validators of these ready, and of what the methods among them return: whoever writes first would wait
    half a second for them."""
    from aiogram.methods.base import Response, TelegramMethod

    for model in models:
        model.model_rebuild()
        if issubclass(model, TelegramMethod):
            answer: type[pydantic.BaseModel] = Response[model.__returning__]  # type: ignore[name-defined]
            answer.model_rebuild()
        await asyncio.sleep(0)  # whoever is there already goes first
