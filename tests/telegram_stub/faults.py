"""Faults that a test asks for: refusals, silence, lost and slow answers, downloads that break off."""

from collections.abc import Collection
from dataclasses import dataclass, field

from tests.telegram_stub.errors import ApiError
from tests.telegram_stub.limits import LIGHT_METHODS, MESSAGE_METHODS

ENDLESS = float("inf")
DOWNLOAD = "download"  # the name under which faults know the fetching of a file
LIMITED = MESSAGE_METHODS | LIGHT_METHODS


@dataclass
class Fault:
    """What happens to the next ``left`` requests; ``only`` has method names in lower case, None is every request."""

    name: str
    only: frozenset[str] | None
    left: float = ENDLESS
    refusal: ApiError | None = None
    silent: bool = False  # the connection drops, and nothing was carried out
    lost: bool = False  # carried out, and then the connection drops
    seconds: float = 0.0  # carried out, and the answer waits so long
    retry_after: int = 0  # of a storm
    kept_bytes: int | None = None  # of a download that breaks off


@dataclass
class Faults:
    active: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> Fault:
        self.active.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        if fault in self.active:
            self.active.remove(fault)

    def take(self, method: str) -> Fault | None:
        """The fault that befalls a request, the oldest first; it is used up by one."""
        for fault in self.active:
            if fault.only is None or method in fault.only:
                fault.left -= 1
                if fault.left <= 0:
                    self.remove(fault)
                return fault
        return None

    def breaks(self, method: str) -> bool:
        """Whether an outage would end a request that is waiting."""
        return any(
            (fault.only is None or method in fault.only) and (fault.refusal or fault.silent) for fault in self.active
        )


def names(methods: Collection[str]) -> frozenset[str]:
    return frozenset(method.lower() for method in methods)
