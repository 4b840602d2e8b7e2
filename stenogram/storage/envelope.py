"""Envelope encryption: AES-256-GCM in fixed-size segments under a data key per file, wrapped by a key-encryption key.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): the nonce of a segment is its number and a flag
on the last one, so segments cannot be reordered, dropped, repeated or cut off unnoticed, and any one can be read alone.
A data key serves exactly one file, so counting nonces never repeat under one key.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stenogram.errors import StorageError

KEY = 32  # bytes
SEGMENT = 64 * 1024  # plaintext bytes; every segment but the last is full
TAG = 16
SEALED_SEGMENT = SEGMENT + TAG

_CONTENT = b"stenogram blob 1"  # associated data of every segment: names the format
_WRAPPED = b"\x01"  # format of a wrapped key: this byte, nonce, sealed data key
_NONCE = 12


def segments(size: int) -> int:
    """How many segments ``size`` plaintext bytes take; an empty file has one, empty segment."""
    return max(1, -(-size // SEGMENT))


def sealed_size(size: int) -> int:
    """Bytes on disk of ``size`` plaintext bytes."""
    return size + segments(size) * TAG


def _nonce(index: int, last: bool) -> bytes:
    return index.to_bytes(_NONCE - 1, "big") + bytes([last])


class Cipher:
    """Seals and opens the segments of one file. Thread-safe."""

    def __init__(self, data_key: bytes) -> None:
        self._gcm = AESGCM(data_key)

    def seal(self, index: int, plain: bytes | memoryview, last: bool) -> bytes:
        return self._gcm.encrypt(_nonce(index, last), plain, _CONTENT)

    def open(self, index: int, sealed: bytes | memoryview, last: bool) -> bytes:
        """The plaintext of segment ``index``. Raises StorageError("storage.corrupt") when it is not authentic."""
        try:
            return self._gcm.decrypt(_nonce(index, last), sealed, _CONTENT)
        except InvalidTag as error:
            raise StorageError("storage.corrupt", f"segment {index} is not authentic") from error


@dataclass(slots=True)
class Measure:
    """Size and SHA-256 of the plaintext that went by."""

    size: int = 0
    sha256: bytes = b""


def seal(cipher: Cipher, chunks: Iterable[bytes], measure: Measure) -> Iterator[bytes]:
    """Sealed segments of chunks of any sizes; ``measure`` is filled in when the iterator is exhausted.

    Holds back at most one segment and one chunk, to know which segment is the last.
    """
    digest, held, index = hashlib.sha256(), bytearray(), 0
    for chunk in chunks:
        digest.update(chunk)
        measure.size += len(chunk)
        held += chunk
        full = max(0, (len(held) - 1) // SEGMENT)  # never the last one, even where it is full
        with memoryview(held) as view:
            for start in range(0, full * SEGMENT, SEGMENT):
                yield cipher.seal(index, view[start : start + SEGMENT], last=False)
                index += 1
        del held[: full * SEGMENT]
    measure.sha256 = digest.digest()
    yield cipher.seal(index, bytes(held), last=True)


class Keyring:
    """The key-encryption keys by id; the first is the current one, the others still open what they once wrapped."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise ValueError("MASTER_KEY has no key")
        if any(len(key) != KEY for key in keys.values()):
            raise ValueError(f"every key of MASTER_KEY must be {KEY} bytes")
        self.current = next(iter(keys))
        # a key that was used without a name stays known by its fingerprint when it is given one later
        self._keys = {**{fingerprint(key): key for key in keys.values()}, **keys}

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """From ``base64`` or ``id:base64``, several separated by commas. Raises ValueError, without showing a key."""
        keys: dict[str, bytes] = {}
        for entry in filter(None, (part.strip() for part in text.split(","))):
            name, _, encoded = entry.rpartition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error as error:
                raise ValueError("MASTER_KEY is not base64") from error
            keys[name or fingerprint(key)] = key
        return cls(keys)

    def wrap(self, data_key: bytes, object_name: str) -> bytes:
        """The data key under the current key, bound to the object it opens."""
        nonce = os.urandom(_NONCE)
        return _WRAPPED + nonce + AESGCM(self._keys[self.current]).encrypt(nonce, data_key, object_name.encode())

    def unwrap(self, wrapped: bytes, kek_id: str, object_name: str) -> bytes:
        """Raises StorageError("storage.corrupt") for a key that we do not have or that does not fit."""
        if kek_id not in self._keys:
            raise StorageError("storage.corrupt", f"MASTER_KEY has no key {kek_id!r}")
        nonce, sealed = wrapped[1 : 1 + _NONCE], wrapped[1 + _NONCE :]
        try:
            return AESGCM(self._keys[kek_id]).decrypt(nonce, sealed, object_name.encode())
        except (InvalidTag, ValueError) as error:
            raise StorageError("storage.corrupt", f"the data key does not open with key {kek_id!r}") from error


def fingerprint(key: bytes) -> str:
    """A name for a key that has none: the beginning of its SHA-256, which tells nothing of 256 random bits."""
    return hashlib.sha256(b"stenogram kek" + key).hexdigest()[:12]
