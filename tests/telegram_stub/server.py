"""The HTTP side: requests as Telegram takes them, answers as it gives them, and a record of both."""

import asyncio
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiogram.methods import GetUpdates, TelegramMethod
from aiohttp import BodyPartReader, web

from tests.telegram_stub.errors import ApiError, StubError, bad_request, too_many_requests
from tests.telegram_stub.faults import DOWNLOAD, LIMITED, Fault, Faults
from tests.telegram_stub.limits import DOWNLOAD_BYTES, LOCAL_UPLOAD_BYTES, MESSAGE_METHODS, UPLOAD_BYTES, Violation
from tests.telegram_stub.methods import HANDLERS, KNOWN, parse, perform
from tests.telegram_stub.model import Json
from tests.telegram_stub.polling import Poller
from tests.telegram_stub.wire import check
from tests.telegram_stub.world import World

BLOCK_BYTES = 1 << 16
HUNG_UP = "the bot hung up"


@dataclass
class Call:
    """A request of the bot, and what became of it."""

    method: str
    at: float  # clock time
    params: Json = field(default_factory=dict)
    finished_at: float | None = None  # clock time
    status: int = 0  # 0: no answer was sent (yet)
    description: str = ""
    result: Any = None
    violation: Violation | None = None  # of the limits, by the bot's own fault
    fault: str = ""  # what a test had asked for, or that the bot has hung up

    @property
    def chat_id(self) -> int:
        """0 if the call names no chat."""
        text = str(self.params.get("chat_id", ""))
        return int(text) if text.lstrip("-").isdigit() else 0


class Server:
    """One bot's endpoint."""

    def __init__(self, world: World, token: str, faults: Faults) -> None:
        self.world = world
        self.token = token
        self.faults = faults
        self.calls: list[Call] = []
        self.failures: list[BaseException] = []  # of the stand-in itself
        self.poller = Poller(world, faults)
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> str:
        """Listen on loopback; the base URL."""
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._api)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, bound = self._runner.addresses[0][:2]
        return f"http://{host}:{bound}"

    async def stop(self) -> None:
        self.poller.close()
        if self._runner:
            await self._runner.cleanup()

    async def _api(self, request: web.Request) -> web.StreamResponse:
        call = Call(request.match_info["method"], self.world.clock.now())
        with self.world.changes.change():
            self.calls.append(call)
        try:
            result = await self._answered(request, call)
            return _sent(call, 200, {"ok": True, "result": result})
        except ApiError as error:
            parameters = {"parameters": error.parameters} if error.parameters else {}
            body = {"ok": False, "error_code": error.code, "description": error.description, **parameters}
            call.description = error.description
            return _sent(call, error.code, body)
        except _Dropped:
            return _dropped(request)
        except ConnectionError:  # the bot is gone
            call.fault = HUNG_UP
            return _dropped(request)
        except Exception as error:  # noqa: BLE001 - the test is told when the stand-in ends
            error.add_note(f"in {call.method} {call.params}")
            self.failures.append(error)
            return _sent(call, 500, {"ok": False, "error_code": 500, "description": f"Internal Server Error: {error}"})
        finally:
            with self.world.changes.change():
                call.finished_at = self.world.clock.now()

    async def _answered(self, request: web.Request, call: Call) -> object:
        if request.match_info["token"] != self.token:
            raise ApiError(401, "Unauthorized")
        kind = KNOWN.get(call.method.lower())
        if kind is None:
            raise ApiError(404, "Not Found")
        call.params, uploads = await self._fields(request)
        with self.world.changes.change():
            fault = self.faults.take(call.method.lower())
            self._refuse(call, fault)
        result = await self._result(kind, call, uploads)
        if fault and fault.seconds:
            call.fault = fault.name
            await asyncio.sleep(fault.seconds)
        if fault and fault.lost:
            call.fault = fault.name
            raise _Dropped
        return result

    def _refuse(self, call: Call, fault: Fault | None) -> None:
        """What a fault does before a request is carried out."""
        if fault is None or not (fault.refusal or fault.silent or fault.retry_after):
            return
        call.fault = fault.name
        if fault.silent:
            raise _Dropped
        if fault.refusal:
            raise fault.refusal
        call.violation = self.world.meter.barred(call.chat_id)
        self.world.meter.bar(call.chat_id, Violation("storm", fault.retry_after))
        raise too_many_requests(fault.retry_after)

    async def _result(self, kind: type[TelegramMethod[Any]], call: Call, uploads: Mapping[str, str]) -> object:
        with self.world.changes.change():
            typed = parse(kind, call.params, uploads)
            self._meter(call, typed)
            if kind is not GetUpdates:
                call.result = self._performed(typed)
        if isinstance(typed, GetUpdates):
            call.result = await self.poller.get_updates(typed)
        check(kind.__returning__, call.result)
        return call.result

    def _performed(self, typed: TelegramMethod[Any]) -> object:
        if type(typed) not in HANDLERS:
            raise StubError(f"the stand-in has no {typed.__api_method__}")
        return perform(self.world, typed)

    def _meter(self, call: Call, typed: TelegramMethod[Any]) -> None:
        method = call.method.lower()
        if method not in LIMITED:
            return
        chat = self.world.chats.get(call.chat_id)
        count = len(getattr(typed, "media", ())) if method == "sendmediagroup" else 1
        group = chat is not None and chat.is_group and method in MESSAGE_METHODS
        call.violation = self.world.meter.admit(method, call.chat_id, group=group, messages=count)
        if call.violation:
            raise too_many_requests(call.violation.retry_after)

    async def _fields(self, request: web.Request) -> tuple[Json, dict[str, str]]:
        """The parameters, and the file_ids of uploaded parts by name."""
        fields: Json = dict(request.query)
        if request.content_type == "multipart/form-data":
            return await self._multipart(request, fields)
        if request.content_type == "application/json":
            return {**fields, **await request.json()}, {}
        return {**fields, **await request.post()}, {}

    async def _multipart(self, request: web.Request, fields: Json) -> tuple[Json, dict[str, str]]:
        uploads: dict[str, str] = {}
        limit = LOCAL_UPLOAD_BYTES if self.world.local else UPLOAD_BYTES
        too_large = False
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                raise bad_request("can't parse the multipart body")
            if part.filename is None:
                fields[part.name] = await part.text()
                continue
            with tempfile.TemporaryDirectory(dir=self.world.folder) as folder:
                target = Path(folder) / "upload"
                if await _save(part, target, limit):
                    with self.world.changes.change():
                        uploads[part.name] = self.world.files.add(target, name=part.filename).file_id
                else:
                    too_large = True
        if too_large:
            raise ApiError(413, "Request Entity Too Large")
        return fields, uploads

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """A download from the cloud; a local server gives out paths instead."""
        with self.world.changes.change():
            fault = self.faults.take(DOWNLOAD)
            content = self.world.files.at_path(request.match_info["path"])
            self.calls.append(call := Call(DOWNLOAD, self.world.clock.now(), {"path": request.match_info["path"]}))
        call.fault = fault.name if fault else ""
        if fault and fault.silent:
            return _dropped(request)
        if fault and fault.refusal:
            return _sent(call, fault.refusal.code, {"ok": False, "error_code": fault.refusal.code})
        served = request.match_info["token"] == self.token and not self.world.local
        if not served or content is None or content.size > DOWNLOAD_BYTES:
            return _sent(call, 404, {"ok": False, "error_code": 404, "description": "Not Found"})
        if fault and fault.seconds:
            await asyncio.sleep(fault.seconds)
        path = self.world.folder / content.path
        if fault and fault.kept_bytes is not None:
            return await _broken_off(request, path, fault.kept_bytes)
        call.status = 200
        return web.FileResponse(path)


class _Dropped(Exception):
    """The connection is to be closed without an answer."""


def _sent(call: Call, status: int, body: Json) -> web.Response:
    call.status = status
    return web.Response(status=status, text=json.dumps(body, ensure_ascii=False), content_type="application/json")


def _dropped(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)


async def _save(part: BodyPartReader, target: Path, limit: int) -> bool:
    """Whether the part fits; what is beyond is read and thrown away, so that the client gets to read the answer."""
    size = 0
    with target.open("wb") as output:
        while block := await part.read_chunk(BLOCK_BYTES):
            size += len(block)
            if size <= limit:
                output.write(block)
    return size <= limit


async def _broken_off(request: web.Request, path: Path, kept: int) -> web.StreamResponse:
    data = await asyncio.to_thread(path.read_bytes)
    response = web.StreamResponse(headers={"Content-Length": str(len(data))})
    await response.prepare(request)
    await response.write(data[:kept])
    if request.transport:
        request.transport.close()
    return response
