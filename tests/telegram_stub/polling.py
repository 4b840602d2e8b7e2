"""getUpdates and the webhook's methods."""

import re
from urllib.parse import urlsplit

from aiogram.methods import DeleteWebhook, GetUpdates, GetWebhookInfo, SetWebhook

from tests.telegram_stub.errors import ApiError, bad_request
from tests.telegram_stub.faults import Faults
from tests.telegram_stub.methods import handles
from tests.telegram_stub.model import Json
from tests.telegram_stub.world import Webhook, World

MAX_UPDATES = 100
MAX_TIMEOUT_SECONDS = 50
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


class Poller:
    """Long polling: a new getUpdates ends the one that is waiting, which then gets the 409, as at Telegram."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self._newest = 0
        self._closed = False

    def close(self) -> None:
        with self._world.changes.change():
            self._closed = True

    async def get_updates(self, call: GetUpdates) -> list[Json]:
        with self._world.changes.change():
            self._check_webhook()
            self._newest += 1
            own = self._newest
            self._world.updates.allow(call.allowed_updates)
            if call.offset:
                self._world.updates.confirm_before(call.offset)
        limit = min(call.limit or MAX_UPDATES, MAX_UPDATES)
        try:
            await self._world.changes.until(
                lambda: self._ended(own) or self._world.updates.pending,
                within=min(call.timeout or 0, MAX_TIMEOUT_SECONDS),
            )
        except TimeoutError:
            return []
        self._check_webhook()
        if self._newest != own:
            text = "terminated by other getUpdates request; make sure that only one bot instance is running"
            raise ApiError(409, f"Conflict: {text}")
        if self._faults.breaks("getupdates"):
            raise ApiError(502, "Bad Gateway")
        return [update.body for update in self._world.updates.pending[:limit]]

    def _ended(self, own: int) -> bool:
        broken = self._faults.breaks("getupdates")
        return self._closed or broken or self._newest != own or bool(self._world.webhook.url)

    def _check_webhook(self) -> None:
        if self._world.webhook.url:
            text = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise ApiError(409, f"Conflict: {text}")


@handles(SetWebhook)
def set_webhook(world: World, call: SetWebhook) -> bool:
    if not call.url:
        return _forget_webhook(world, bool(call.drop_pending_updates))
    if urlsplit(call.url).scheme not in {"http", "https"} or not urlsplit(call.url).hostname:
        raise bad_request("bad webhook: invalid webhook URL specified")
    secret = call.secret_token or ""
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = 40 if call.max_connections is None else call.max_connections
    if not 1 <= connections <= 100:
        raise bad_request("max_connections must be between 1 and 100")
    world.updates.allow(call.allowed_updates)
    if call.drop_pending_updates:
        world.updates.clear()
    world.webhook = Webhook(call.url, secret, connections)
    return True


@handles(DeleteWebhook)
def delete_webhook(world: World, call: DeleteWebhook) -> bool:
    return _forget_webhook(world, bool(call.drop_pending_updates))


def _forget_webhook(world: World, drop_pending: bool) -> bool:
    if drop_pending:
        world.updates.clear()
    world.webhook = Webhook()
    return True


@handles(GetWebhookInfo)
def get_webhook_info(world: World, call: GetWebhookInfo) -> Json:
    hook = world.webhook
    error = {"last_error_date": int(hook.last_error_at), "last_error_message": hook.last_error}
    return {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
        "max_connections": hook.max_connections,
        **({"allowed_updates": sorted(world.updates.allowed)} if world.updates.allowed else {}),
        **(error if hook.last_error else {}),
    }
