"""Small transcripts for tests."""

from collections.abc import Sequence

from stenogram.speech.transcript import Segment, Speaker, Transcript, Word


def transcript(
    lines: Sequence[tuple[str | None, str]], *, language: str = "ru", title: str = "Совещание"
) -> Transcript:
    """One segment per (speaker, text); every word lasts half a second, segments are a second apart."""
    segments, at = [], 0.0
    for number, (speaker, text) in enumerate(lines):
        words = []
        for token in text.split():
            words.append(Word(f" {token}", at, at + 0.5, 0.9))
            at += 0.5
        start = words[0].start if words else at
        segments.append(Segment(f"s{number + 1:04}", start, at, tuple(words), speaker))
        at += 1.0
    labels = dict.fromkeys(speaker for speaker, _ in lines if speaker)
    return Transcript(title, at, language, 0.98, tuple(segments), tuple(Speaker(label) for label in labels))
