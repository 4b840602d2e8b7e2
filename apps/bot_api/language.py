"""Which of our two languages a request wants to be answered in."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import Headers

_RANGE = re.compile(r"\s*([A-Za-z*]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*")


def best(accept_language: str) -> str:
    """``ru`` or ``en`` by the weights of an Accept-Language header; ``en`` where it names neither."""
    weights: dict[str, float] = {}
    for item in accept_language[:500].split(","):
        match = _RANGE.fullmatch(item)
        if match:
            name = match[1].split("-")[0].lower()
            weights[name] = max(weights.get(name, 0.0), float(match[2] or 1))
    return "ru" if weights.get("ru", 0) > weights.get("en", 0) else "en"


def negotiated(scope: Mapping[str, Any]) -> str:
    """``ru`` or ``en`` for the request of an ASGI scope."""
    return best(Headers(scope=dict(scope)).get("accept-language", ""))


async def _language(request: Request) -> str:
    return negotiated(request.scope)


Language = Annotated[str, Depends(_language)]
