"""The chain stage by stage, in this process, against a real PostgreSQL and a real Redis."""

from tests.integration.chain.conftest import Bed


def test_a_run_goes_through_all_stages(bed: Bed) -> None:
    run_id = bed.start()

    view = bed.work(run_id)

    assert view.state == "done"
    assert [stage.state for stage in view.stages] == ["done"] * 5
    assert [stage.attempts for stage in view.stages] == [1] * 5
    assert view.fraction == 1.0
    assert (view.language, view.language_probability) == ("en", 0.9)
    assert all(stage.engine_seconds is not None for stage in view.stages)
