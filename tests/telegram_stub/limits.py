"""Telegram's limits, by the stand-in's own clock."""

import math
from collections import defaultdict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field

from tests.telegram_stub.clock import Clock

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024  # of the cloud; a local server has no such limit
UPLOAD_BYTES = 50 * 1024 * 1024
LOCAL_UPLOAD_BYTES = 2000 * 1024 * 1024
CALLBACK_SECONDS = 15.0
INLINE_SECONDS = 10.0
CHECKOUT_SECONDS = 10.0
DRAFT_SECONDS = 30.0

MESSAGE_METHODS = frozenset(
    {
        "sendmessage",
        "senddocument",
        "sendaudio",
        "sendvoice",
        "sendvideo",
        "sendphoto",
        "sendmediagroup",
        "sendinvoice",
        "forwardmessage",
        "copymessage",
        "editmessagetext",
        "editmessagecaption",
        "editmessagereplymarkup",
        "editmessagemedia",
    }
)
LIGHT_METHODS = frozenset(
    {
        "sendchataction",
        "sendmessagedraft",
        "setmessagereaction",
        "deletemessage",
        "deletemessages",
        "answercallbackquery",
        "answerinlinequery",
        "answerprecheckoutquery",
    }
)


@dataclass(frozen=True)
class Limits:
    """How often the bot may call. Strict unless told otherwise: edits count as messages, no burst in a chat."""

    per_second: int = 30
    chat_burst: int = 1  # messages in one chat within `chat_seconds`
    chat_seconds: float = 1.0
    group_per_minute: int = 20
    light_count: bool = True  # drafts, actions, answers, deletes and reactions count in `per_second`
    tolerance: float = 0.05  # seconds by which the way here may have shortened a pause


NO_LIMITS = Limits(per_second=1_000_000, chat_burst=1_000_000, group_per_minute=1_000_000)


@dataclass
class Violation:
    """A request that came too early."""

    rule: str  # "overall", "chat", "group", or "barred": it did not wait for the retry_after of an earlier answer
    retry_after: int


@dataclass
class Meter:
    """Sliding windows over the requests that were carried out, and the bars that answers with 429 have set."""

    clock: Clock
    limits: Limits
    _seen: dict[Hashable, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _barred: dict[int, float] = field(default_factory=dict)  # by chat, until when

    def admit(self, method: str, chat_id: int, *, group: bool, messages: int = 1) -> Violation | None:
        """Count the request if it keeps to the limits; else say what it broke. ``method`` in lower case."""
        if method in LIGHT_METHODS:
            windows = [self._overall(messages)] if self.limits.light_count else []
        elif method in MESSAGE_METHODS:
            windows = [self._overall(messages), *self._of_chat(chat_id, group, messages)]
            if violation := self.barred(chat_id):
                return violation
        else:
            return None
        for rule, wait, _, _ in windows:
            if wait > 0:
                return self.bar(chat_id, Violation(rule, math.ceil(wait)))
        now = self.clock.now()
        for _, _, key, count in windows:
            self._seen[key].extend([now] * count)
        return None

    def bar(self, chat_id: int, violation: Violation) -> Violation:
        """From now on messages to the chat are refused until ``retry_after`` has passed."""
        until = self.clock.now() + violation.retry_after - self.limits.tolerance
        self._barred[chat_id] = max(until, self._barred.get(chat_id, 0.0))
        return violation

    def barred(self, chat_id: int) -> Violation | None:
        """The violation that a message to the chat would be now, before the retry_after of an earlier answer."""
        left = self._barred.get(chat_id, 0.0) - self.clock.now()
        return Violation("barred", math.ceil(left)) if left > 0 else None

    def _overall(self, count: int) -> tuple[str, float, Hashable, int]:
        return "overall", self._wait("overall", self.limits.per_second, 1.0, count), "overall", count

    def _of_chat(self, chat_id: int, group: bool, count: int) -> list[tuple[str, float, Hashable, int]]:
        key: Hashable = ("chat", chat_id)
        # An album is one event in its chat.
        rules = [("chat", self._wait(key, self.limits.chat_burst, self.limits.chat_seconds, 1), key, 1)]
        if group:
            minute: Hashable = ("group", chat_id)
            rules.append(("group", self._wait(minute, self.limits.group_per_minute, 60.0, count), minute, count))
        return rules

    def _wait(self, key: Hashable, allowed: int, seconds: float, count: int) -> float:
        """Seconds until ``count`` more fit into the window."""
        seen, now = self._seen[key], self.clock.now()
        while seen and seen[0] <= now - seconds + self.limits.tolerance:
            seen.popleft()
        excess = len(seen) + count - allowed
        if excess <= 0:
            return 0.0
        return seen[min(excess, len(seen)) - 1] + seconds - now if seen else 0.0
