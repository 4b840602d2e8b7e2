"""Nothing is lost and nothing comes twice: while Telegram is away, while we are, while people change their minds."""

import re
from collections.abc import Iterator

import pytest

from apps.bot_api.bot import intake
from stenogram.pipeline.stage import Stage
from tests import http
from tests.integration.bot.scene import Scene, has_result, playing
from tests.servers import Servers
from tests.telegram_stub import Attachment, Message
from tests.telegram_stub.server import Call


def results(message: Message) -> list[Message]:
    """Messages of the bot that bring a result, all of the chat."""
    return [m for m in message.chat.messages if m.sender.is_bot and has_result(m)]


def refused(scene: Scene) -> list[Call]:
    """Requests that Telegram forbade."""
    return [call for call in scene.telegram.calls if call.status == 403]


def slow_downloads(scene: Scene) -> list[Call]:
    return [call for call in scene.telegram.called("download") if call.fault == "slow answer"]


def test_what_came_while_the_service_was_down_is_answered_once(scene: Scene) -> None:
    anna, boris = scene.person(), scene.person("Борис")
    scene.kill()
    sent = [anna.sends_voice(scene.voice(), duration=6), boris.sends_voice(scene.voice(), duration=6)]
    scene.start()
    for one in sent:
        scene.result_of(one)
        assert len(results(one)) == 1


def test_killed_while_a_recording_is_under_way(scene: Scene) -> None:
    anna = scene.person()
    sent = scene.held(anna.sends_voice, scene.voice(8), stage=Stage.TRANSCRIBE, at=3)
    status = scene.answer(sent, lambda m: "%" in m.text)
    scene.kill()
    scene.bed.script.release(Stage.TRANSCRIBE)
    scene.start()
    assert scene.result_of(sent) is status
    assert [m for m in anna.messages if m.sender.is_bot] == [status]


def test_an_update_that_comes_twice_is_handled_once(scene: Scene) -> None:
    anna = scene.person()
    sent = anna.sends_voice(scene.voice(), duration=6)
    scene.result_of(sent)
    assert len(results(sent)) == 1
    scene.settle()
    calls = len(scene.telegram.called("sendMessage"))
    scene.kill()  # it forgets what it has confirmed: Telegram sends the last ones again
    scene.start()
    other = scene.person("Борис").sends_voice(scene.voice(), duration=6)
    scene.result_of(other)
    assert len(results(sent)) == 1
    assert len(scene.telegram.called("sendMessage")) == calls + 1


def test_a_storm_of_retry_after(scene: Scene) -> None:
    scene.telegram.storm(retry_after=2, count=10)
    anna, boris = scene.person(), scene.person("Борис")
    sent = [anna.sends_voice(scene.voice(), duration=6), boris.sends_voice(scene.voice(), duration=6)]
    for one in sent:
        scene.result_of(one)
        assert len([m for m in one.chat.messages if m.sender.is_bot]) == 1


@pytest.mark.parametrize("status", [502, None])
def test_telegram_is_away_for_a_while(scene: Scene, status: int | None) -> None:
    anna = scene.person()
    sent = scene.held(anna.sends_voice, scene.voice(6), stage=Stage.TRANSCRIBE, at=2)
    answer = scene.answer(sent)
    with scene.telegram.outage(status):
        scene.bed.script.release(Stage.TRANSCRIBE)
        failed = len(scene.telegram.calls)
        scene.until(lambda: len(scene.telegram.calls) > failed + 4)
    assert scene.result_of(sent) is answer
    assert len(results(sent)) == 1


def test_an_answer_of_telegrams_that_is_lost_makes_no_second_result(scene: Scene) -> None:
    anna = scene.person()
    scene.telegram.loses_answers("sendMessage", "editMessageText", count=2)
    sent = anna.sends_voice(scene.voice(), duration=6)
    scene.result_of(sent)
    assert len(results(sent)) == 1


def test_a_download_that_breaks_off_is_begun_anew(scene: Scene) -> None:
    anna = scene.person()
    scene.telegram.cuts_downloads(after=1000, count=2)
    assert "Hello there." in scene.result_of(anna.sends_voice(scene.voice(), duration=6)).text


def test_files_that_come_slowly_keep_nobody_waiting(scene: Scene) -> None:
    scene.telegram.answers_slowly("download", seconds=20, count=intake.AT_ONCE)
    anna, boris = scene.person(), scene.person("Борис")
    sent = [anna.sends_voice(scene.voice(), duration=6) for _ in range(intake.AT_ONCE)]
    scene.until(lambda: len(slow_downloads(scene)) == intake.AT_ONCE)
    boris.opens("/start")
    scene.until(lambda: boris.messages[-1].sender.is_bot)
    assert not any(call.status for call in slow_downloads(scene))
    for one in sent:
        scene.result_of(one)


def test_whoever_blocks_the_bot_is_left_alone(scene: Scene) -> None:
    anna = scene.person()
    sent = scene.held(anna.sends_voice, scene.voice(6), stage=Stage.TRANSCRIBE, at=2)
    scene.answer(sent)
    anna.blocks_bot()
    scene.bed.script.release(Stage.TRANSCRIBE)
    scene.until(lambda: refused(scene))
    boris = scene.person("Борис")
    scene.result_of(boris.sends_voice(scene.voice(), duration=6))
    assert len(refused(scene)) <= 2
    anna.opens("/start")
    scene.until(lambda: anna.messages[-1].sender.is_bot)
    scene.result_of(anna.sends_voice(scene.voice(), duration=6))


def test_a_status_that_was_deleted_is_not_missed(scene: Scene) -> None:
    anna = scene.person()
    sent = scene.held(anna.sends_voice, scene.voice(6), stage=Stage.TRANSCRIBE, at=2)
    status = scene.answer(sent)
    anna.deletes(status)
    scene.bed.script.release(Stage.TRANSCRIBE)
    assert scene.result_of(sent) is not status
    assert len(results(sent)) == 1


def test_two_people_at_once_do_not_wait_for_each_other(scene: Scene) -> None:
    people = [scene.person(name) for name in ("Анна", "Борис")]
    sent = [person.sends_voice(scene.voice(), duration=6) for person in people]
    for one in sent:
        assert scene.result_of(one).chat is one.chat


# --- busy ---


@pytest.fixture(scope="module")
def busy(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with playing(servers, tmp_path_factory.mktemp("busy"), {"MAX_WAITING_RUNS": "1"}) as made:
        yield made


def test_a_full_queue_is_waited_for_and_says_so(busy: Scene) -> None:
    anna, boris, vera = busy.person(), busy.person("Борис"), busy.person("Вера")
    first = busy.held(anna.sends_voice, busy.voice(6), stage=Stage.TRANSCRIBE, at=2)
    busy.answer(first, lambda m: "%" in m.text)
    second = boris.sends_voice(busy.voice(), duration=6)  # waits in the queue
    busy.answer(second, lambda m: "очеред" in m.text.lower())
    third = vera.sends(Attachment("voice", busy.voice(), duration=6))  # waits outside of it
    status = busy.answer(third, lambda m: "Сейчас" in m.text)
    busy.bed.script.release(Stage.TRANSCRIBE)
    for one in (first, second, third):
        busy.result_of(one)
    assert busy.answer_to(third) is status


# --- the webhook ---


@pytest.fixture(scope="module")
def hooked(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Everybody has waited long there."""
    folder, settings = tmp_path_factory.mktemp("hook"), {"BOT_RING_AFTER_SECONDS": "0"}
    with playing(servers, folder, settings, webhook=True, webhook_pauses=(0.1, 0.2, 0.5)) as made:
        yield made


def test_updates_by_webhook(hooked: Scene) -> None:
    anna = hooked.person()
    hooked.result_of(anna.sends_voice(hooked.voice(), duration=6))
    hooked.kill()
    sent = anna.sends_voice(hooked.voice(), duration=6)
    hooked.start()
    hooked.result_of(sent)
    assert len(results(sent)) == 2


def test_whoever_waited_long_gets_a_message_that_rings(hooked: Scene) -> None:
    anna = hooked.person()
    sent = hooked.held(anna.sends_voice, hooked.voice(6), stage=Stage.TRANSCRIBE, at=2)
    status = hooked.answer(sent, lambda m: "%" in m.text)
    hooked.bed.script.release(Stage.TRANSCRIBE)
    assert hooked.result_of(sent) is not status
    assert status not in anna.messages


def test_a_webhook_without_the_secret_is_refused(hooked: Scene) -> None:
    body = {"update_id": 1, "message": {}}
    url = f"http://127.0.0.1:{hooked.port}/telegram/webhook"
    assert http.post(url, json=body).status_code == 403
    assert http.post(url, json=body, headers={"X-Telegram-Bot-Api-Secret-Token": "guess"}).status_code == 403


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 422), (b"\xff", 422), (b"[]", 422), (b'{"update_id": "1"}', 422), (b" " * 300_000, 413)]
)
def test_what_is_no_update_is_refused(hooked: Scene, body: bytes, status: int) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": hooked.telegram.world.webhook.secret}
    answer = http.post(f"http://127.0.0.1:{hooked.port}/telegram/webhook", content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_how_long_updates_take_is_measured(hooked: Scene) -> None:
    hooked.person().sends_text("hello")
    hooked.until(lambda: any(delivery.status == 200 for delivery in hooked.telegram.deliveries))
    figures = http.get(f"http://127.0.0.1:{hooked.port}/metrics").text
    assert re.search(r"^stenogram_update_seconds_count [1-9]", figures, re.MULTILINE)


def test_there_is_no_webhook_where_the_bot_polls(scene: Scene) -> None:
    assert http.post(f"http://127.0.0.1:{scene.port}/telegram/webhook", json={"update_id": 1}).status_code == 404
