"""Recordings behind links, fetched so that a link reaches nothing but what anybody on the internet could reach.

Names are resolved once, every address is looked at, and the connection goes to the address that was looked at: a name
that answers differently the second time (DNS rebinding) gains nothing. Redirects are followed by hand, each looked at
anew.
"""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from stenogram.errors import InvalidMedia, StenogramError
from stenogram.settings import LimitSettings

MOST_REDIRECTS = 5
WHOLE_SECONDS = 15 * 60
"""For the whole file: a server that sends a byte a minute must not keep us for ever."""

_STALL_SECONDS = 20.0
_PAGES = ("text/", "application/xhtml", "application/json")
_REDIRECTS = (301, 302, 303, 307, 308)
_PORTS = {"http": 80, "https": 443}

Resolve = Callable[[str, int], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Linked:
    """What lies behind a link. ``length`` in bytes as the server says, None where it does not."""

    chunks: AsyncIterator[bytes]
    content_type: str
    length: int | None


async def resolve(host: str, port: int) -> list[str]:
    """All addresses of the host. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]


@asynccontextmanager
async def fetched(
    url: str, limits: LimitSettings, *, resolve: Resolve = resolve, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[Linked]:
    """The file behind the link, in chunks as it comes.

    Raises StenogramError: ``link.forbidden`` for an address that is not public, another scheme, a name with a password
    or a port of another service; ``link.unreachable``; ``link.not_media`` for a page; InvalidMedia("media.too_large").
    """
    timeout = httpx.Timeout(_STALL_SECONDS)
    # A proxy of the environment would resolve names itself; our own check would be of no use.
    async with httpx.AsyncClient(timeout=timeout, transport=transport, trust_env=False) as client:
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                response = await _open(client, url, resolve)
                try:
                    yield _media(response, limits)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            raise StenogramError("link.unreachable", repr(error), reason=type(error).__name__) from error


async def _open(client: httpx.AsyncClient, url: str, resolve: Resolve) -> httpx.Response:
    for _ in range(MOST_REDIRECTS + 1):
        response = await client.send(await _request(client, url, resolve), stream=True)
        if response.status_code not in _REDIRECTS:
            if response.status_code != httpx.codes.OK:
                await response.aclose()
                raise StenogramError(
                    "link.unreachable", str(urlsplit(url).hostname), reason=f"HTTP {response.status_code}"
                )
            return response
        await response.aclose()
        url = urljoin(url, response.headers.get("location", ""))
    raise StenogramError("link.unreachable", str(urlsplit(url).hostname), reason="too many redirects")


async def _request(client: httpx.AsyncClient, url: str, resolve: Resolve) -> httpx.Request:
    """A request to the address that was looked at, with the name in its headers and its TLS handshake."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError) as error:
        raise StenogramError("link.forbidden", "no http address") from error
    if not parts.hostname or parts.username is not None or port not in (80, 443):
        raise StenogramError("link.forbidden", "a name, no password, and the usual ports only")
    address = await _public_address(parts.hostname, port, resolve)
    target = httpx.URL(url).copy_with(host=address)
    headers = {"Host": parts.netloc, "Accept": "audio/*, video/*, */*;q=0.1", "Accept-Encoding": "identity"}
    return client.build_request("GET", target, headers=headers, extensions={"sni_hostname": parts.hostname})


async def _public_address(host: str, port: int, resolve: Resolve) -> str:
    addresses = await resolve(host, port)
    if not addresses or not all(is_public(address) for address in addresses):
        raise StenogramError("link.forbidden", f"{host} is not public")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether the address is one of the internet's, also when it is wrapped in IPv6 (mapped, 6to4, Teredo, NAT64)."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if parsed in _NAT64:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None and not is_public(str(inner)):
            return False
    return parsed.is_global and not parsed.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _media(response: httpx.Response, limits: LimitSettings) -> Linked:
    content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type.startswith(_PAGES):
        raise StenogramError("link.not_media", content_type)
    declared = response.headers.get("content-length", "")
    length = int(declared) if declared.isdecimal() else None
    if length is not None and length > limits.max_upload_bytes:
        raise InvalidMedia("media.too_large", limit_mb=limits.max_upload_mb)
    return Linked(response.aiter_raw(), content_type or "application/octet-stream", length)
