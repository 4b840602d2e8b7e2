"""A link reaches nothing but what anybody could reach."""

import itertools
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from stenogram.errors import StenogramError
from stenogram.services import links
from stenogram.settings import LimitSettings

LIMITS = LimitSettings(max_upload_mb=1)
PUBLIC = "93.184.215.14"
Answer = Callable[[httpx.Request], httpx.Response]


async def public(_host: str, _port: int) -> list[str]:
    return [PUBLIC]


async def pieces() -> AsyncIterator[bytes]:
    for _ in range(10):
        yield b"OggS"


def sound(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, headers={"content-type": "audio/ogg"}, content=pieces())


async def fetch(url: str, answer: Answer = sound, resolve: links.Resolve = public) -> bytes:
    async with links.fetched(url, LIMITS, resolve=resolve, transport=httpx.MockTransport(answer)) as linked:
        return b"".join([chunk async for chunk in linked.chunks])


async def refusal(url: str, answer: Answer = sound, resolve: links.Resolve = public) -> str:
    with pytest.raises(StenogramError) as caught:
        await fetch(url, answer, resolve)
    return caught.value.code


async def test_the_address_is_pinned_and_the_name_is_told() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return sound(request)

    assert await fetch("https://example.com/a.ogg", answer) == b"OggS" * 10
    (request,) = asked
    assert request.url.host == PUBLIC
    assert request.headers["host"] == "example.com"
    assert request.extensions["sni_hostname"] == "example.com"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
        "nonsense",
    ],
)
async def test_addresses_that_are_not_public(address: str) -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return [PUBLIC, address]  # one of several is enough to refuse

    assert await refusal("https://example.com/a.ogg", resolve=resolve) == "link.forbidden"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/a.ogg",
        "file:///etc/passwd",
        "https://user:pw@example.com/a.ogg",
        "http://example.com:6379/",
        "https:///a.ogg",
        "http://example.com:99999/a",
    ],
)
async def test_other_services(url: str) -> None:
    assert await refusal(url) == "link.forbidden"


async def test_a_redirect_is_looked_at_anew() -> None:
    async def resolve(host: str, _port: int) -> list[str]:
        return ["127.0.0.1"] if host == "inside" else [PUBLIC]

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"location": "http://inside/secret"})

    assert await refusal("https://example.com/a.ogg", answer, resolve) == "link.forbidden"


async def test_a_name_that_changes_its_mind_is_asked_once_per_request() -> None:
    count = itertools.count()

    async def resolve(_host: str, _port: int) -> list[str]:
        return [PUBLIC] if next(count) == 0 else ["127.0.0.1"]

    assert await fetch("https://example.com/a.ogg", resolve=resolve)
    assert next(count) == 1


async def test_redirects_end() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(301, headers={"location": "/again"})

    assert await refusal("https://example.com/a.ogg", answer) == "link.unreachable"


async def test_pages_statuses_and_sizes() -> None:
    def page(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "text/html; charset=utf-8"}, content=b"<html>")

    def huge(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "audio/mpeg", "content-length": str(2 << 20)})

    def gone(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(404)

    def broken(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    assert await refusal("https://example.com/", page) == "link.not_media"
    assert await refusal("https://example.com/a.mp3", huge) == "media.too_large"
    assert await refusal("https://example.com/a.mp3", gone) == "link.unreachable"
    assert await refusal("https://example.com/a.mp3", broken) == "link.unreachable"


async def test_a_name_without_an_address() -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    assert await refusal("https://nowhere.example/a.ogg", resolve=resolve) == "link.unreachable"
