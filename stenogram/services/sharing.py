"""Links by which people without an account read a transcript, or a part of it, and hear it where that was allowed.

A link shows what it was made for and nothing more: not the ids, the file's name or the speakers of the rest. Its secret
is derived from its id with the key of the service, so the database holds none and the owner can be shown it again.
"""

import base64
import hashlib
import hmac
import math
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, BinaryIO
from uuid import UUID, uuid4

import redis.asyncio
from anyio import to_thread
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import InvalidOptions, StenogramError, StorageError
from stenogram.media.clip import CLIP_FORMATS
from stenogram.services import access, clips, link_parts, peaks, transcripts
from stenogram.services.peaks import Peaks
from stenogram.services.selection import Selection
from stenogram.services.transcripts import Readable
from stenogram.speech.transcript import Transcript
from stenogram.storage.database import Database
from stenogram.storage.link_models import ShareLink
from stenogram.storage.link_rows import ShareLinks
from stenogram.storage.models import Recording, User
from stenogram.storage.repositories import clock
from stenogram.storage.vault import SealedReader, Vault

LONGEST_DAYS = 365
MOST_LINKS = 100  # of one recording
PASS_SECONDS = 12 * 3600
TRIES, TRIES_SECONDS = 10, 600
"""Passwords that one address may try at one link, within this time."""

TRIES_OF_ALL, TRIES_OF_ALL_SECONDS = 100, 3600
"""And all addresses together."""

CLIP = CLIP_FORMATS["m4a"]

_EDGE = 1e-6  # of a peak: what floats lose

_MAC_BYTES, _SALT_BYTES = 16, 16
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}  # 16 MiB and some 50 ms a try


@dataclass(frozen=True, slots=True)
class Wish:
    """What a new link is to show. ``start`` and ``end`` in seconds, None both: the whole."""

    audio: bool
    days: int
    start: float | None = None
    end: float | None = None
    segment_ids: tuple[str, ...] = ()
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """A link that was opened, and the recording behind it."""

    link: ShareLink
    recording: Recording

    @property
    def whole(self) -> bool:
        return self.link.start is None


# --- secrets ---


def secret_of(key: str, link_id: UUID) -> str:
    """What stands in the address of the link: its id and a MAC of it."""
    return base64.urlsafe_b64encode(link_id.bytes + _mac(key, b"link", link_id.bytes)).decode().rstrip("=")


def _id_of(key: str, secret: str) -> UUID:
    """Raises StenogramError("not_found") for anything that ``secret_of`` did not make."""
    try:
        raw = base64.b64decode(secret + "=" * (-len(secret) % 4), altchars=b"-_", validate=True)
        link_id = UUID(bytes=raw[:16])
    except ValueError as error:
        raise StenogramError("not_found", "no secret of a link") from error
    if not hmac.compare_digest(raw[16:], _mac(key, b"link", link_id.bytes)):
        raise StenogramError("not_found", "no secret of a link")
    return link_id


def _mac(key: str, use: bytes, message: bytes) -> bytes:
    return hmac.digest(key.encode(), b"stenogram share " + use + b"\0" + message, "sha256")[:_MAC_BYTES]


def _hashed(password: str, salt: bytes) -> bytes:
    return salt + hashlib.scrypt(password.encode(errors="replace"), salt=salt, dklen=32, **_SCRYPT)


def _pass_mac(key: str, link: ShareLink, until: int) -> str:
    return _mac(key, b"pass", link.id.bytes + until.to_bytes(8, "big") + (link.password or b"")).hex()


def _passes(key: str, link: ShareLink, given: str) -> bool:
    until, _, mac = given.partition(".")
    if not (until.isascii() and until.isdecimal() and len(until) <= 12) or int(until) < time.time():
        return False
    return hmac.compare_digest(mac.encode(), _pass_mac(key, link, int(until)).encode())


# --- of the owner ---


async def create(database: Database, vault: Vault, user: User, run_id: UUID, wish: Wish) -> tuple[ShareLink, Recording]:
    """Make a link. The sound of a part is cut now and kept by itself: the whole file is never behind such a link.

    Raises StenogramError: ``not_found``, ``transcript.not_ready``, ``share.too_many``; InvalidOptions("request.range").
    """
    async with database.session() as session:
        run = await access.owned_run(session, user, run_id)
        if await ShareLinks(session).count(run.recording_id) >= MOST_LINKS:
            raise StenogramError("share.too_many", limit=MOST_LINKS)
        readable = await transcripts.read(session, run_id)
        recording = readable.recording
        start, end = _part(wish, readable.transcript)
        link = ShareLink(
            id=uuid4(),
            run_id=run_id,
            start=start,
            end=end,
            segments=_chosen(wish, readable),
            audio=wish.audio,
            password=await _new_password(wish.password),
            expires_at=await clock(session) + timedelta(days=wish.days),
        )
    return await _keep(database, vault, link, recording), recording


async def _new_password(password: str | None) -> bytes | None:
    return await to_thread.run_sync(_hashed, password, secrets.token_bytes(_SALT_BYTES)) if password else None


def _chosen(wish: Wish, readable: Readable) -> dict[str, Any] | None:
    if not wish.segment_ids:
        return None
    places = [at for at, one in enumerate(readable.transcript.segments) if one.id in wish.segment_ids]
    if wish.audio and places and places[-1] - places[0] >= len(places):
        raise InvalidOptions("request.range", "sound is shared of segments that follow one another")
    return link_parts.remembered(readable.version, readable.transcript.only(wish.segment_ids).segments)


def _part(wish: Wish, transcript: Transcript) -> tuple[float | None, float | None]:
    """The bounds of what is to be shown; segments without bounds bring their own."""
    if (wish.start is None) != (wish.end is None):
        raise InvalidOptions("request.range", "a part needs both its start and its end")
    selection = Selection(wish.start, wish.end, wish.segment_ids)
    if selection.everything:
        return None, None
    shown = selection.of(transcript).segments
    if wish.start is not None:
        return wish.start, wish.end
    if not shown:
        raise InvalidOptions("request.range", "no such segments")
    return min(segment.start for segment in shown), max(segment.end for segment in shown)


async def _keep(database: Database, vault: Vault, link: ShareLink, recording: Recording) -> ShareLink:
    if link.audio and link.start is None:
        await _keep_whole(database, vault, recording)
    if not link.audio or link.start is None or link.end is None:
        async with database.begin() as session:
            return await ShareLinks(session).add(link)
    start, end = link.start, min(link.end, recording.duration or link.end)
    with await clips.make(database, vault, recording.id, start, end, CLIP) as clip:
        async with database.begin() as session:
            await vault.put(session, _clip_key(recording.id, link.id), _chunks(clip), CLIP.content_type)
            return await ShareLinks(session).add(link)


async def _keep_whole(database: Database, vault: Vault, recording: Recording) -> None:
    """The sound of the whole without what its file tells besides, for all links to it."""
    key = _sound_key(recording.id)
    async with database.session() as session:
        if await vault.has(session, key):
            return
    sound, content_type = await clips.bare(database, vault, recording.id)
    with sound:
        async with database.begin() as session:
            await vault.put(session, key, _chunks(sound), content_type)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(1 << 20), b"")


def _clip_key(recording_id: UUID, link_id: UUID) -> str:
    return f"recordings/{recording_id}/links/{link_id}.{CLIP.extension}"  # goes with the recording


def _sound_key(recording_id: UUID) -> str:
    return f"recordings/{recording_id}/links/sound"


async def list_(session: AsyncSession, user: User, recording_id: UUID) -> Sequence[ShareLink]:
    """Newest first. Raises StenogramError("not_found")."""
    await access.owned_recording(session, user, recording_id)
    return await ShareLinks(session).of_recording(recording_id)


async def revoke(session: AsyncSession, vault: Vault, user: User, link_id: UUID) -> None:
    """From the commit on nobody reads by it. Raises StenogramError("not_found"), also for what is somebody else's."""
    found = await ShareLinks(session).with_recording(link_id)
    if found is None or found[1].owner_id != user.id:
        raise StenogramError("not_found", f"link {link_id}")
    await vault.delete(session, _clip_key(found[1].id, link_id))
    await ShareLinks(session).delete(link_id)


# --- of whoever has the link ---


async def find(session: AsyncSession, key: str, secret: str) -> Shared:
    """Raises StenogramError: ``not_found`` for what is none or was revoked, ``share.gone`` when it is over."""
    found = await ShareLinks(session).with_recording(_id_of(key, secret))
    if found is None:
        raise StenogramError("not_found", "a link that was revoked")
    if found[0].expires_at <= await clock(session):
        raise StenogramError("share.gone")
    return Shared(*found)


async def enter(session: AsyncSession, key: str, secret: str, given: str | None) -> Shared:
    """``find``, and StenogramError("share.locked") where there is a password and ``given`` is no pass of ``unlock``."""
    shared = await find(session, key, secret)
    if shared.link.password is not None and not _passes(key, shared.link, given or ""):
        raise StenogramError("share.locked")
    return shared


async def unlock(store: "redis.asyncio.Redis", key: str, link: ShareLink, address: str, password: str) -> str:
    """The pass for a right password. Raises StenogramError: ``share.password``, ``request.too_many``.

    The try is counted before the password is looked at: many at once gain nothing.
    """
    await _count(store, f"share:tries:{link.id}:{address}", TRIES, TRIES_SECONDS)
    await _count(store, f"share:tries:{link.id}", TRIES_OF_ALL, TRIES_OF_ALL_SECONDS)
    kept = link.password or b""
    made = await to_thread.run_sync(_hashed, password, kept[:_SALT_BYTES] or bytes(_SALT_BYTES))
    if link.password is not None and not hmac.compare_digest(made, kept):
        raise StenogramError("share.password")
    until = int(time.time()) + PASS_SECONDS
    return f"{until}.{_pass_mac(key, link, until)}"


async def _count(store: "redis.asyncio.Redis", name: str, most: int, seconds: int) -> None:
    try:
        async with store.pipeline(transaction=True) as pipe:
            pipe.set(name, 0, ex=seconds, nx=True)
            pipe.incr(name)
            pipe.ttl(name)
            _, count, left = await pipe.execute()
    except RedisError as error:
        raise StorageError("queue.unavailable", type(error).__name__) from error
    if count > most:
        raise StenogramError("request.too_many", retry_after=max(1, int(left)))


async def read(session: AsyncSession, shared: Shared) -> Readable:
    """What the link shows, as it is now: corrections of its owner are seen. A part carries no minutes."""
    whole = await transcripts.read(session, shared.link.run_id)
    if shared.whole:
        return whole
    chosen = await link_parts.chosen(session, shared.link, whole)
    return replace(whole, transcript=_shown(shared.link, chosen), minutes=None)


def _shown(link: ShareLink, chosen: Transcript) -> Transcript:
    """The part alone: nobody who does not speak in it, and nothing that tells how much there is besides."""
    part = chosen.between(link.start, link.end)
    heard = {segment.speaker for segment in part.segments}
    return replace(
        part,
        duration=min(link.end or part.duration, part.duration),
        speakers=tuple(speaker for speaker in part.speakers if speaker.label in heard),
        turns=tuple(turn for turn in part.turns if turn.speaker in heard),
    )


async def open_media(database: Database, vault: Vault, shared: Shared) -> SealedReader:
    """The sound that may be heard: of a part its own file. Raises StenogramError("not_found")."""
    if not shared.link.audio:
        raise StenogramError("not_found", "a link without sound")
    if shared.whole:
        await _keep_whole(database, vault, shared.recording)  # a link may be older than this file
    key = _sound_key(shared.recording.id) if shared.whole else _clip_key(shared.recording.id, shared.link.id)
    async with database.session() as session:
        return await vault.open(session, key)


async def waveform(session: AsyncSession, vault: Vault, shared: Shared) -> Peaks:
    """Of what may be heard, from its start; no peak covers sound outside of it. Raises StenogramError("not_found")."""
    if not shared.link.audio:
        raise StenogramError("not_found", "a link without sound")
    found = await peaks.get(session, vault, shared.recording.id)
    if shared.link.start is None or shared.link.end is None:
        return found
    first, last = shared.link.start / found.interval_seconds, shared.link.end / found.interval_seconds
    return replace(found, peaks=found.peaks[math.ceil(first - _EDGE) : math.floor(last + _EDGE)])
