"""For whoever runs the service: is it alive, is it ready, what are its figures."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from apps.bot_api.deps import Running
from apps.bot_api.figures import exposition
from apps.bot_api.schemas.service import HealthOut, ReadyOut
from stenogram.errors import StorageError
from stenogram.services import health

router = APIRouter(tags=["service"])


@router.get("/healthz")
async def get_health() -> HealthOut:
    """The process answers."""
    return HealthOut(status="ok")


@router.get("/readyz")
async def get_readiness(runtime: Running) -> ReadyOut:
    """Everything it stands on answers too; else a 503 problem whose ``params.failing`` names what does not."""
    failing = await health.failing(runtime.dependencies)
    if failing:
        raise StorageError(next(iter(failing.values())), failing=", ".join(failing))
    return ReadyOut(status="ready", database="ok", redis="ok", blobs="ok")


@router.get("/metrics", include_in_schema=False)
async def get_metrics(request: Request, runtime: Running) -> Response:
    """Prometheus text: requests, stages, queues, dead letters."""
    return Response(await exposition(runtime, request.app.state.requests), media_type=CONTENT_TYPE_LATEST)
