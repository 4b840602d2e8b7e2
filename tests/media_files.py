"""Good, odd and hostile recordings, made with ffmpeg and espeak-ng in a folder of the caller's.

Every function gives the path of the file it made. Speech is made once per text and voice and then copied.
"""

import random
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

ENGLISH = (
    "Good morning, colleagues. Let us discuss the delivery of sensors. It was late by nine days, "
    "and we have to move the date of the launch."
)
RUSSIAN = "Доброе утро, коллеги. Давайте обсудим поставку датчиков. Она задержалась на девять дней."

LOSSY: dict[str, tuple[str, ...]] = {
    # file name: what the encoder is told. Anything a phone, a recorder or a messenger is known to send.
    "speech.m4a": ("-c:a", "aac"),
    "speech.mp3": ("-c:a", "libmp3lame", "-q:a", "4"),
    "bare.mp3": ("-c:a", "libmp3lame", "-b:a", "64k", "-write_xing", "0", "-id3v2_version", "0"),
    "voice.ogg": ("-c:a", "libopus", "-b:a", "24k"),
    "vorbis.ogg": ("-c:a", "libvorbis"),
    "speech.webm": ("-c:a", "libopus"),
    "speech.aac": ("-c:a", "aac", "-f", "adts"),
    "speech.wma": ("-c:a", "wmav2"),
    "speech.mka": ("-c:a", "libvorbis"),
    "telephone.wav": ("-ar", "8000", "-c:a", "pcm_mulaw"),
    "speech.3gp": ("-ar", "16000", "-c:a", "aac", "-f", "3gp"),
}
LOSSLESS: dict[str, tuple[str, ...]] = {
    "speech.wav": ("-c:a", "pcm_s16le"),
    "float.wav": ("-c:a", "pcm_f32le"),
    "studio.wav": ("-ar", "96000", "-ac", "6", "-c:a", "pcm_s24le"),
    "big.wav": ("-rf64", "always", "-c:a", "pcm_s16le"),
    "speech.flac": ("-c:a", "flac"),
    "speech.aiff": ("-c:a", "pcm_s16be"),
    "speech.w64": ("-c:a", "pcm_s16le"),
    "speech.caf": ("-c:a", "pcm_s16be"),
    "apple.m4a": ("-c:a", "alac"),
}
VIDEOS: dict[str, tuple[str, ...]] = {
    "meeting.mp4": ("-c:v", "mpeg4", "-c:a", "aac"),
    "meeting.mov": ("-c:v", "mpeg4", "-c:a", "aac"),
    "meeting.mkv": ("-c:v", "mpeg4", "-c:a", "libopus"),
    "meeting.webm": ("-c:v", "libvpx", "-c:a", "libvorbis"),
    "meeting.avi": ("-c:v", "mpeg4", "-c:a", "libmp3lame"),
}


def ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True, stdin=subprocess.DEVNULL
    )


# --- good ones ---


def speech(path: Path, text: str = ENGLISH, voice: str = "en", words_per_minute: int = 150) -> Path:
    """Synthetic speech, 22.05 kHz mono WAV; the default lasts about nine seconds."""
    subprocess.run(["espeak-ng", "-v", voice, "-s", str(words_per_minute), "-w", str(path), text], check=True)
    return path


def encode(source: Path, path: Path, *options: str, filters: str | None = None) -> Path:
    """``source`` re-encoded to ``path``, with ffmpeg's output options and an audio filter."""
    ffmpeg("-i", source, *(("-af", filters) if filters else ()), *options, path)
    return path


def encode_raw(source: Path, path: Path) -> Path:
    """A file of bare float32 samples, 16 kHz mono, as a float WAV."""
    ffmpeg("-f", "f32le", "-ar", "16000", "-ac", "1", "-i", source, "-c:a", "pcm_f32le", path)
    return path


def video(source: Path, path: Path, *options: str) -> Path:
    """A small picture with the sound of ``source``."""
    picture = ("-f", "lavfi", "-i", "testsrc=size=64x48:rate=5")
    ffmpeg(*picture, "-i", source, "-map", "0:v", "-map", "1:a", "-shortest", *options, path)
    return path


def long_speech(source: Path, path: Path, seconds: float, *options: str) -> Path:
    """``source`` over and over for ``seconds``."""
    ffmpeg("-stream_loop", "-1", "-i", source, "-t", str(seconds), *options, path)
    return path


def amr(path: Path, seconds: float) -> Path:
    """AMR-NB of 12.2 kbit/s (3GPP TS 26.101) whose parameters are noise: few ffmpegs can encode it, all decode it."""
    dice = random.Random(7)
    frames = (b"\x3c" + dice.randbytes(31) for _ in range(round(seconds * 50)))
    path.write_bytes(b"#!AMR\n" + b"".join(frames))
    return path


# --- bad ones ---


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def text(path: Path) -> Path:
    path.write_text("This is only a text, whatever its name says. " * 40, encoding="utf-8")
    return path


def playlist(path: Path, target: str = "file:///etc/passwd", prefix: bytes = b"") -> Path:
    """An HLS playlist that asks for another file."""
    lines = ("#EXTM3U", "#EXT-X-TARGETDURATION:10", "#EXTINF:10,", target, "#EXT-X-ENDLIST", "")
    path.write_bytes(prefix + "\n".join(lines).encode())
    return path


def concat_script(path: Path, target: str = "/etc/passwd") -> Path:
    path.write_text(f"ffconcat version 1.0\nfile '{target}'\n", encoding="utf-8")
    return path


def image(path: Path) -> Path:
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=64x48", "-frames:v", "1", path)
    return path


def silent_video(path: Path) -> Path:
    """A video without a sound track."""
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=64x48:rate=5", "-t", "2", "-c:v", "mpeg4", path)
    return path


def silence(path: Path, seconds: float = 5, *options: str) -> Path:
    """Digital silence. With a codec such as FLAC and many hours it is a decompression bomb of a few kilobytes."""
    ffmpeg("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", str(seconds), *options, path)
    return path


def noise(path: Path, seconds: float = 5, level_db: float = -30) -> Path:
    """Sound without speech."""
    ffmpeg("-f", "lavfi", "-i", f"anoisesrc=d={seconds}:c=pink:seed=1:a={10 ** (level_db / 20):.6f}", path)
    return path


def cut_off(source: Path, path: Path, share: float = 0.5) -> Path:
    """The first ``share`` of the bytes of ``source``."""
    data = source.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def lying_wav(source: Path, path: Path, data_bytes: int) -> Path:
    """``source`` (a plain WAV) whose header claims ``data_bytes`` of samples."""
    data = bytearray(source.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = struct.pack("<I", data_bytes)
    path.write_bytes(data)
    return path


def clip(source: Path, path: Path, seconds: float = 0.2) -> Path:
    ffmpeg("-i", source, "-t", str(seconds), path)
    return path


def all_good(folder: Path, source: Path) -> Sequence[Path]:
    """``source`` in every format that people send."""
    sounds = [encode(source, folder / name, *options) for name, options in (LOSSY | LOSSLESS).items()]
    return [*sounds, *(video(source, folder / name, *options) for name, options in VIDEOS.items())]
