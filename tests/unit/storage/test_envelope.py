"""Segments: what goes in comes out, and nothing that was touched does."""

import base64
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stenogram.errors import StorageError
from stenogram.storage.envelope import SEALED_SEGMENT, SEGMENT, Cipher, Keyring, Measure, seal, sealed_size, segments

CIPHER = Cipher(bytes(range(32)))
SIZES = st.one_of(
    st.integers(0, 40), st.sampled_from([SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT]), st.integers(0, 3 * SEGMENT)
)


def sealed(plain: bytes, step: int = 50_000) -> list[bytes]:
    return list(seal(CIPHER, (plain[at : at + step] for at in range(0, len(plain), step)), Measure()))


def opened(pieces: list[bytes]) -> bytes:
    return b"".join(CIPHER.open(index, piece, index == len(pieces) - 1) for index, piece in enumerate(pieces))


@settings(max_examples=40, deadline=None)
@given(size=SIZES, step=st.integers(1000, 200_000))
def test_what_goes_in_comes_out(size: int, step: int) -> None:
    plain = os.urandom(size)
    pieces = sealed(plain, step)
    assert opened(pieces) == plain
    assert len(pieces) == segments(size)
    assert sum(map(len, pieces)) == sealed_size(size)
    assert all(len(piece) == SEALED_SEGMENT for piece in pieces[:-1])


@settings(max_examples=30, deadline=None)
@given(size=SIZES, data=st.data())
def test_a_flipped_bit_is_found(size: int, data: st.DataObject) -> None:
    pieces = sealed(bytes(size))
    index = data.draw(st.integers(0, len(pieces) - 1))
    at = data.draw(st.integers(0, len(pieces[index]) - 1))
    broken = bytearray(pieces[index])
    broken[at] ^= 1 << data.draw(st.integers(0, 7))
    pieces[index] = bytes(broken)
    with pytest.raises(StorageError, match=r"storage\.corrupt"):
        opened(pieces)


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p[:-1],
        lambda p: [p[1], p[0], *p[2:]],
        lambda p: [*p, p[-1]],
        lambda p: [*p[:-1], p[-1][:-1]],
        lambda p: [*p[:-1], p[-1][:3]],
        lambda p: [p[0], p[0], *p[2:]],
    ],
    ids=["cut off", "reordered", "extended", "shortened", "nearly gone", "repeated"],
)
def test_a_changed_order_or_length_is_found(change) -> None:  # type: ignore[no-untyped-def] # a lambda of the table above
    with pytest.raises(StorageError, match=r"storage\.corrupt"):
        opened(change(sealed(bytes(3 * SEGMENT))))


def test_keys() -> None:
    old, new = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
    wrapped_by, ring = Keyring.parse(old), Keyring.parse(f"new:{new}, old:{old}")
    wrapped = wrapped_by.wrap(b"k" * 32, "object")
    assert ring.current == "new"
    assert ring.unwrap(wrapped, wrapped_by.current, "object") == b"k" * 32
    for ids in ((wrapped_by.current, "other"), ("new", "object"), ("unknown", "object")):
        with pytest.raises(StorageError, match=r"storage\.corrupt"):
            ring.unwrap(wrapped, *ids)


@pytest.mark.parametrize("text", ["", "abc!", "aGk=", "id:aGk="])
def test_bad_keys_are_refused_without_showing_them(text: str) -> None:
    with pytest.raises(ValueError, match="MASTER_KEY") as caught:
        Keyring.parse(text)
    assert not text or text not in str(caught.value)
