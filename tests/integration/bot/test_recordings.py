"""People send recordings, and get text."""

from tests.integration.bot.scene import Scene


def test_a_voice_message_is_answered_in_one_message(scene: Scene) -> None:
    anna = scene.person()
    anna.opens("/start")
    sent = anna.sends_voice(scene.voice(), duration=6)
    answer = scene.result_of(sent)
    assert "Hello there." in answer.text
    assert [m for m in anna.messages if m.reply_to is sent] == [answer]
