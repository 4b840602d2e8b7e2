import pytest

from stenogram.errors import InvalidOptions, RunCancelled, StenogramError
from stenogram.pipeline.export import export
from stenogram.pipeline.ports import ExportRequest
from stenogram.pipeline.stage import no_progress
from stenogram.speech.transcript import HypothesisSegment, Transcript

TRANSCRIPT = Transcript("Тема", 1.0, "ru", 0.9, ())


def shout(request: ExportRequest) -> bytes:
    return request.transcript.title.upper().encode()


def tell_language(request: ExportRequest) -> bytes:
    return f"{request.language} {request.metadata['file_name']}".encode()


def broken(request: ExportRequest) -> bytes:
    raise RuntimeError("secret words of the transcript")


EXPORTERS = {"shout": shout, "language": tell_language, "broken": broken}


def test_files_come_in_order_and_once() -> None:
    fractions: list[float] = []

    def progress(fraction: float, partial: object = ()) -> None:
        fractions.append(fraction)

    formats = ("language", "shout", "language")
    files = export(TRANSCRIPT, None, formats, EXPORTERS, "en", {"file_name": "a.wav"}, progress)
    assert files == {"language": b"en a.wav", "shout": "ТЕМА".encode()}
    assert list(files) == ["language", "shout"]
    assert fractions == [0.0, 0.5, 1.0]


def test_no_formats_make_no_files() -> None:
    assert export(TRANSCRIPT, None, (), EXPORTERS, "ru", {}, no_progress) == {}


def test_an_unknown_format_is_refused_before_any_work() -> None:
    with pytest.raises(InvalidOptions) as caught:
        export(TRANSCRIPT, None, ("broken", "xls"), EXPORTERS, "ru", {}, no_progress)
    assert (caught.value.code, caught.value.params["format"]) == ("options.format", "xls")


def test_a_failing_format_is_named_and_tells_no_text() -> None:
    with pytest.raises(StenogramError) as caught:
        export(TRANSCRIPT, None, ("shout", "broken"), EXPORTERS, "ru", {}, no_progress)
    assert caught.value.code == "export.failed"
    assert "broken" in caught.value.message("ru")
    assert "secret" not in str(caught.value)
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_cancelling_passes_through() -> None:
    def cancel(fraction: float, partial: tuple[HypothesisSegment, ...] | object = ()) -> None:
        raise RunCancelled

    with pytest.raises(RunCancelled):
        export(TRANSCRIPT, None, ("shout",), EXPORTERS, "ru", {}, cancel)
