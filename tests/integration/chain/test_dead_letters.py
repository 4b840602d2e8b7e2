"""The list of exhausted stages: recorded once, inspected, replayed, discarded."""

import pytest

from stenogram.errors import StenogramError
from stenogram.pipeline.stage import Stage
from stenogram.queue import DEAD_LETTER_TASK
from stenogram.services import dead_letters
from stenogram.storage.models import DeadLetter
from tests.bed import Bed


def exhaust(bed: Bed, stage: str = "diarize") -> DeadLetter:
    """A run whose ``stage`` was given up, and its letter."""
    bed.script.tell(stage, errors=("engine.failed",) * 3)
    run_id = bed.start()
    bed.work(run_id)
    assert bed.record_dead_letter(run_id, Stage(stage))
    [letter] = bed.dead_letters()
    assert (letter.run_id, letter.stage) == (run_id, stage)
    return letter


def test_a_letter_says_what_happened_and_is_written_once(bed: Bed) -> None:
    letter = exhaust(bed)

    assert not bed.record_dead_letter(letter.run_id, Stage.DIARIZE)  # the message came twice

    assert (letter.attempts, letter.error_code) == (3, "engine.failed")
    inspected = bed.inside(lambda session: dead_letters.inspect(session, letter.id))
    assert inspected.letter.id == letter.id
    assert inspected.run.state == "done_with_warnings"
    assert len(bed.dead_letters()) == 1


def test_what_the_sender_can_mend_is_no_dead_letter(bed: Bed) -> None:
    bed.script.tell("preprocess", errors=("media.decode_failed",))
    run_id = bed.start()

    assert bed.work(run_id).state == "dead"
    bed.later()
    bed.reap()

    assert DEAD_LETTER_TASK not in [message["headers"]["task"] for message in bed.messages("dead_letter")]
    assert not bed.dead_letters()


def test_a_letter_whose_message_was_lost_is_written_by_the_reaper(bed: Bed) -> None:
    bed.script.tell("diarize", errors=("engine.failed",) * 3)
    run_id = bed.start()
    bed.work(run_id)
    bed.empty_redis()

    bed.reap()
    assert not bed.dead_letters()  # the recorder may still be about to do it
    bed.later()
    bed.reap()
    bed.reap()

    assert [(letter.run_id, letter.stage) for letter in bed.dead_letters()] == [(run_id, "diarize")]


def test_a_replay_of_a_required_stage_finishes_the_run(bed: Bed) -> None:
    letter = exhaust(bed, "transcribe")
    assert bed.view(letter.run_id).state == "dead"

    events = bed.replay(letter.id)

    assert [(event.type, event.state) for event in events] == [("run", "queued"), ("stage", "queued")]
    view = bed.work(letter.run_id)
    assert (view.state, view.error) == ("done", None)
    assert [stage.attempts for stage in view.stages] == [1] * 5
    assert not bed.dead_letters()


def test_a_replay_of_an_optional_stage_makes_anew_what_went_on_without_it(bed: Bed) -> None:
    letter = exhaust(bed)
    assert bed.view(letter.run_id).warnings == ("no_diarization",)
    assert {row.speaker for row in bed.segments(letter.run_id)} == {None}

    bed.replay(letter.id)

    waiting = bed.view(letter.run_id)
    assert (waiting.state, waiting.warnings) == ("queued", ())
    assert [stage.state for stage in waiting.stages] == ["done", "done", "queued", "waiting", "waiting"]
    view = bed.work(letter.run_id)
    assert (view.state, view.warnings) == ("done", ())
    assert {row.speaker for row in bed.segments(letter.run_id)} == {"S1", "S2"}
    assert len(bed.script.calls("summarize")) == 2
    assert b"S2" in bed.export(letter.run_id) or b"Speaker 2" in bed.export(letter.run_id)


def test_a_second_exhaustion_is_a_second_letter(bed: Bed) -> None:
    first = exhaust(bed)
    bed.replay(first.id)
    bed.script.tell("diarize", errors=("engine.failed",) * 3)
    bed.work(first.run_id)

    assert bed.record_dead_letter(first.run_id, Stage.DIARIZE)

    [second] = bed.dead_letters()
    assert second.id != first.id


def test_a_discarded_letter_is_gone_for_good(bed: Bed) -> None:
    letter = exhaust(bed)

    bed.discard(letter.id)

    assert not bed.dead_letters()
    assert not bed.record_dead_letter(letter.run_id, Stage.DIARIZE)  # its message came once more
    bed.later()
    bed.reap()
    assert not bed.dead_letters()
    for act in (bed.replay, bed.discard):
        with pytest.raises(StenogramError, match="not_found"):
            act(letter.id)
    assert bed.view(letter.run_id).state == "done_with_warnings"
    assert bed.inside(lambda session: dead_letters.inspect(session, letter.id)).letter.resolution == "discarded"


def test_no_replay_while_a_later_stage_is_at_work(bed: Bed) -> None:
    bed.script.tell("diarize", errors=("engine.failed",) * 3)
    run_id = bed.start()
    bed.work(run_id, until=Stage.SUMMARIZE)
    bed.record_dead_letter(run_id, Stage.DIARIZE)
    [letter] = bed.dead_letters()

    with pytest.raises(StenogramError, match=r"run\.conflict"):
        bed.replay(letter.id)

    bed.cancel(run_id)
    with pytest.raises(StenogramError, match=r"run\.conflict"):
        bed.replay(letter.id)
    assert [item.id for item in bed.dead_letters()] == [letter.id]


def test_an_unknown_letter_is_not_found(bed: Bed) -> None:
    with pytest.raises(StenogramError, match="not_found"):
        bed.inside(lambda session: dead_letters.inspect(session, 404))
