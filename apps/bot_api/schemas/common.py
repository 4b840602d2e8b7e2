"""What every schema of the API stands on. Outputs have no defaults: what a client may rely on is always there."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, AfterValidator(_aware)]
"""A time that a client gives; without a zone it is taken for UTC."""


class Output(BaseModel):
    """An answer. Built by a ``from_…`` function of its module, never straight from a row."""

    model_config = ConfigDict(frozen=True)


class Input(BaseModel):
    """A request; unknown fields are refused, so that a misspelt option is not silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(Output):
    """An error (RFC 9457). ``code`` is stable; ``title`` and ``detail`` are in the language of Accept-Language."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "example": {
                "type": "urn:stenogram:error:media.empty",
                "title": "Unprocessable content",
                "status": 422,
                "detail": "The file is empty. Check the recording and send it again.",
                "code": "media.empty",
                "params": {},
                "request_id": "3f0c7f1d6f0b4a52",
                "instance": "/api/v1/recordings",
            }
        },
    )

    type: str
    title: str
    status: int
    detail: str
    code: str
    params: dict[str, Any] = Field(description="What fills the slots of the text, for clients that word it themselves")
    request_id: str
    instance: str


class Notice(Output):
    """A warning or an error of a run: a stable code and its words."""

    code: str
    message: str
