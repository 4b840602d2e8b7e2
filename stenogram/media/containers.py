"""Which demuxer may read a file, told by its first bytes alone: names and declared types are never believed.

ffmpeg's own probing is not used, because a "recording" may be a playlist, a concat script or another text that makes
ffmpeg open further files and addresses. What is not on the list here never reaches ffmpeg.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stenogram.errors import InvalidMedia

HEAD_BYTES = 65_536
_RIFF_PLACEHOLDER = 0x7FFF_0000
_JUNK_BYTES = 16_384  # padding that may stand before the first MPEG audio frame


@dataclass(frozen=True, slots=True)
class Container:
    """``demuxer`` is ffmpeg's name for ``-f``; ``input_options`` go before the input, for ffmpeg and ffprobe alike."""

    demuxer: str
    input_options: tuple[str, ...] = ()


_MOV = Container("mov", ("-enable_drefs", "0", "-use_absolute_path", "0"))
_MAGIC: tuple[tuple[int, bytes, Container], ...] = (
    (0, b"OggS", Container("ogg")),
    (0, b"fLaC", Container("flac")),
    (0, b"\x1aE\xdf\xa3", Container("matroska")),
    (0, b"RF64", Container("wav")),
    (0, b"BW64", Container("wav")),
    (0, b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb", Container("w64")),
    (0, b"caff\x00\x01", Container("caf")),
    (0, b"#!AMR\n", Container("amr")),
    (0, b"#!AMR-WB\n", Container("amr")),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", Container("asf")),
    *((4, box, _MOV) for box in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")),
)
_FORMS: dict[tuple[bytes, bytes], Container] = {
    (b"RIFF", b"WAVE"): Container("wav"),
    (b"RIFF", b"AVI "): Container("avi"),
    (b"FORM", b"AIFF"): Container("aiff"),
    (b"FORM", b"AIFC"): Container("aiff"),
}
_PLAYLISTS = (b"#extm3u", b"#ext-x-", b"ffconcat", b"[playlist]", b"<mpd", b"<smoothstreamingmedia", b"<asx", b"v=0")


def sniff(path: Path) -> Container:
    """The container of ``path``. Raises InvalidMedia: media.empty, media.playlist or media.unsupported."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if not head:
            raise InvalidMedia("media.empty")
        tag_length = _id3_length(head)
        if tag_length:
            file.seek(tag_length)
            head = file.read(HEAD_BYTES)
    return _recognise(head)


def missing_share(path: Path) -> float:
    """Of a RIFF file, the share of the bytes that its header promises and that are not there, 0..1 (below 1).

    ffmpeg then takes the size of the file for the truth. A writer that cannot seek leaves a placeholder near the
    greatest size, which promises nothing.
    """
    with path.open("rb") as file:
        head = file.read(12)
    if head[:4] != b"RIFF" or len(head) < 12:
        return 0.0
    promised = 8 + int.from_bytes(head[4:8], "little")
    if promised >= _RIFF_PLACEHOLDER:
        return 0.0
    return max(0.0, 1 - path.stat().st_size / promised)


def _recognise(head: bytes) -> Container:
    _refuse_playlists(head)
    for offset, magic, container in _MAGIC:
        if head.startswith(magic, offset):
            return container
    form = _FORMS.get((head[:4], head[8:12])) or _mpeg_audio(head)
    if form is None:
        raise InvalidMedia("media.unsupported", f"unknown magic bytes {head[:8].hex()}")
    return form


def _refuse_playlists(head: bytes) -> None:
    text = head.removeprefix(b"\xef\xbb\xbf")
    if text[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = text.replace(b"\x00", b"")[2:]  # UTF-16, as far as ASCII goes
    text = text.lstrip(b" \t\r\n\v\f\x00").lower()
    if text.startswith(b"<?xml"):
        text = text.partition(b"?>")[2].lstrip()
    if text.startswith(_PLAYLISTS):
        raise InvalidMedia("media.playlist")


def _id3_length(head: bytes) -> int:
    """Bytes of a leading ID3v2 tag, header (and footer) included; its size is four 7-bit digits (id3.org, 3.1)."""
    if not head.startswith(b"ID3") or len(head) < 10:
        return 0
    size = 0
    for digit in head[6:10]:
        size = size << 7 | digit & 0x7F
    return size + (20 if head[5] & 0x10 else 10)


def _mpeg_audio(head: bytes) -> Container | None:
    """MP3 or ADTS AAC: frames have no magic, so two headers must stand exactly one frame apart."""
    for start in range(min(_JUNK_BYTES, len(head) - 6)):
        if head[start] == 0xFF and head[start + 1] & 0xE0 == 0xE0:
            if _chained(head, start, _adts_frame_length):
                return Container("aac")
            if _chained(head, start, _mpeg_frame_length):
                return Container("mp3")
    return None


def _chained(head: bytes, start: int, frame_length: Callable[[bytes], int]) -> bool:
    """Whether a whole frame stands at ``start`` and another begins behind it (or the file ends there)."""
    length = frame_length(head[start : start + 6])
    if not length or start + length > len(head):
        return False
    behind = head[start + length : start + length + 6]
    return start + length == len(head) or (len(behind) == 6 and frame_length(behind) > 0)


def _adts_frame_length(header: bytes) -> int:
    """ISO/IEC 14496-3, 1.A.2: 12 sync bits, layer 0, 13 bits of length."""
    if header[0] != 0xFF or header[1] & 0xF6 != 0xF0 or header[2] >> 2 & 0xF > 12:
        return 0
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return length if length > 7 else 0


_BIT_RATES = {  # kbit/s by (MPEG-1?, layer); ISO/IEC 11172-3, 2.4.2.3 and 13818-3
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def _mpeg_frame_length(header: bytes) -> int:
    if header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return 0
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    bit_rate_index, rate_index, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or layer == 4 or not 0 < bit_rate_index < 15 or rate_index == 3:
        return 0
    is_mpeg1 = version == 3
    bit_rate = _BIT_RATES[is_mpeg1, layer][bit_rate_index - 1] * 1000
    sample_rate = (44_100, 48_000, 32_000)[rate_index] >> {3: 0, 2: 1, 0: 2}[version]
    if layer == 1:
        return (12 * bit_rate // sample_rate + padding) * 4
    samples = 576 if layer == 3 and not is_mpeg1 else 1152
    return samples // 8 * bit_rate // sample_rate + padding
