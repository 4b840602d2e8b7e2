"""The queue of updates: what the bot has not yet confirmed, in order, for polling or for the webhook."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.telegram_stub.clock import Clock
from tests.telegram_stub.model import Json
from tests.telegram_stub.wire import checked_update

ON_REQUEST = frozenset(
    {"chat_member", "message_reaction", "message_reaction_count"}
)  # only if named in allowed_updates
KEPT_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class Pending:
    id: int
    kind: str
    queue: int  # a chat or user: the webhook keeps the order within it
    body: Json  # with its update_id
    at: float  # clock time


@dataclass
class Updates:
    clock: Clock
    allowed: frozenset[str] = frozenset()  # empty: all but ON_REQUEST
    sent: list[Pending] = field(default_factory=list)  # all there ever were
    _pending: dict[int, Pending] = field(default_factory=dict)
    _next_id: int = 500_000_001

    def add(self, kind: str, body: Json, queue: int) -> Pending | None:
        """Queue an update, unless the bot does not want its kind."""
        if kind not in self.allowed and (self.allowed or kind in ON_REQUEST):
            return None
        full = checked_update({"update_id": self._next_id, kind: body})
        update = Pending(self._next_id, kind, queue, full, self.clock.now())
        self._next_id += 1
        self._pending[update.id] = update
        self.sent.append(update)
        return update

    def again(self, update: Pending) -> None:
        """Queue an update a second time under its own id, as Telegram does when it has missed a confirmation."""
        self._pending = dict(sorted({**self._pending, update.id: update}.items()))

    def allow(self, kinds: Iterable[str] | None) -> None:
        """What setWebhook and getUpdates say; None keeps what was said before."""
        if kinds is not None:
            self.allowed = frozenset(kinds)

    @property
    def pending(self) -> list[Pending]:
        """The oldest first, without what nobody has fetched for a day."""
        for update in [one for one in self._pending.values() if one.at < self.clock.now() - KEPT_SECONDS]:
            del self._pending[update.id]
        return list(self._pending.values())

    def confirm(self, update_id: int) -> None:
        self._pending.pop(update_id, None)

    def confirm_before(self, offset: int) -> None:
        """``offset`` as in getUpdates: a negative one leaves only that many from the end."""
        waiting = self.pending
        gone = waiting[:offset] if offset < 0 else [update for update in waiting if update.id < offset]
        for update in gone:
            self.confirm(update.id)

    def clear(self) -> None:
        self._pending.clear()
