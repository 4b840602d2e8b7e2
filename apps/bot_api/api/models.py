"""The recognition models we know, and which of them are on this machine."""

from fastapi import APIRouter

from apps.bot_api.deps import CurrentUser, Running
from apps.bot_api.schemas.service import ModelOut
from stenogram.services import models

router = APIRouter(tags=["models"])


@router.get("/models")
def list_models(runtime: Running, _user: CurrentUser) -> list[ModelOut]:
    """Models by name, with the presets that use them."""
    return [ModelOut.model_validate(model, from_attributes=True) for model in models.list_(runtime.settings.asr)]
