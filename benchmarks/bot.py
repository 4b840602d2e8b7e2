"""Fifty people send five voice messages each to the bot at once: when they hear from it, and that each hears once.

    python -m benchmarks.bot [--people 50] [--voices 5] [--engine-seconds 0.2]

A real API process with its bot (webhook), real workers with engines that only wait, and the stand-in for Telegram,
whose clock checks Telegram's limits. Prints when people got their first status and when their results, how long an
update took to be acknowledged while the queue was full, and the memory of the API. Exits 1 when a message was answered
not at all or twice, a limit of Telegram's was broken, an update took longer than 50 ms (95 of 100; twenty a second), or
the API more than 250 MB.

Telegram lets a bot write thirty messages a second, so from the thirty-first person on nobody can hear within the first
second: it prints how many did, and the time of the last first status to that of an even thirty a second.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from tests.fakes.engines import speech_wav
from tests.integration.bot.scene import Scene, has_result, playing
from tests.servers import Servers
from tests.telegram_stub import Message, Person

ACK_LIMIT_MS, MEMORY_LIMIT_MB = 50.0, 250.0
_PER_SECOND = 30
_PATIENCE = 600.0


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="bot-") as folder:
        servers = Servers(Path(folder) / "servers", "bot")
        servers.start()
        settings = {
            "STENOGRAM_ENGINES": "benchmarks.queue:WaitingEngines",
            "BENCHMARK_ENGINE_SECONDS": str(options.engine_seconds),
        }
        try:
            with playing(servers, Path(folder) / "scene", settings, webhook=True) as scene:
                return _measure(scene, options.people, options.voices)
        finally:
            servers.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bot", description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--voices", type=int, default=5)
    parser.add_argument("--engine-seconds", type=float, default=0.2)
    return parser.parse_args()


class Memory:
    """The most memory (RSS, MB) that a process had while somebody looked."""

    def __init__(self, pid: int) -> None:
        self.most = 0.0
        self._process, self._over = psutil.Process(pid), threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(0.2):
            self.most = max(self.most, self._process.memory_info().rss / 1e6)

    def stop(self) -> float:
        self._over.set()
        self._thread.join()
        return self.most


def _measure(scene: Scene, people: int, voices: int) -> int:
    crowd = [scene.person(f"Person {number}", "en") for number in range(people)]
    sounds = [[speech_wav(1, speech=1 + (who * voices + one) / 1000) for one in range(voices)] for who in range(people)]
    memory = Memory(scene.server.process.pid)
    begun = time.monotonic()
    sent = [person.sends_voice(data, duration=2) for person, own in zip(crowd, sounds, strict=True) for data in own]
    scene.until(lambda: all(_bots(person) for person in crowd), _PATIENCE)
    burst = _acknowledgements(scene)
    typed = [_say(person) for person in crowd for _ in range(5)]
    scene.until(lambda: len(_acknowledgements(scene)) == len(sent) + len(typed), _PATIENCE)
    steady = _acknowledgements(scene)[len(burst) :]
    scene.until(lambda: all(_results(scene, one) for one in sent), _PATIENCE)
    whole = time.monotonic() - begun
    return _report(scene, sent, crowd, (burst, steady), whole, memory.stop())


def _say(person: Person) -> Message:
    """Somebody writes: twenty of them a second, all people together."""
    time.sleep(0.05)
    return person.sends_text("hello")


def _bots(person: Person) -> list[Message]:
    return [message for message in person.messages if message.sender.is_bot]


def _results(scene: Scene, sent: Message) -> list[Message]:
    return [m for m in sent.chat.messages if m.reply_to is sent and m.sender.is_bot and has_result(m)]


def _acknowledgements(scene: Scene) -> list[float]:
    """Milliseconds from the POST of an update to its answer."""
    return [item.seconds * 1000 for item in scene.telegram.deliveries if item.status == 200]


def _report(
    scene: Scene,
    sent: Sequence[Message],
    crowd: Sequence[Person],
    acks: tuple[list[float], list[float]],
    whole: float,
    memory: float,
) -> int:
    firsts = sorted(min(message.date for message in _bots(person)) for person in crowd)
    starts = {person.id: min(m.date for m in person.messages if not m.sender.is_bot) for person in crowd}
    first = sorted(min(m.date for m in _bots(person)) - starts[person.id] for person in crowd)
    wrong = [message for message in sent if len(_results(scene, message)) != 1]
    bound = len(crowd) / _PER_SECOND
    burst, steady = acks
    ack = _percentile(steady, 0.95)
    print(f"{len(sent)} voice messages of {len(crowd)} people, all answered after {whole:.1f} s")
    early, late = _percentile(first, 0.5), _percentile(first, 0.95)
    print(f"first status: median {early:.2f} s, 95 % {late:.2f} s, last {first[-1]:.2f} s")
    allowed = min(len(crowd), _PER_SECOND)
    heard = sum(wait <= 1.0 for wait in first)
    print(f"within a second of writing: {heard} people, where Telegram lets {allowed} messages through a second")
    print(f"the last of them to an even thirty a second: ×{(firsts[-1] - min(starts.values())) / bound:.2f}")
    print(f"acknowledged, all at once: median {_percentile(burst, 0.5):.0f} ms, 95 % {_percentile(burst, 0.95):.0f} ms")
    print(f"acknowledged, 20 a second: median {_percentile(steady, 0.5):.0f} ms, 95 % {ack:.0f} ms of {len(steady)}")
    print(f"memory of the API: {memory:.0f} MB at most")
    print(f"answered not exactly once: {len(wrong)}; limits broken: {len(scene.telegram.violations)}")
    return int(bool(wrong or scene.telegram.violations or ack > ACK_LIMIT_MS or memory > MEMORY_LIMIT_MB))


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    sys.exit(main())
