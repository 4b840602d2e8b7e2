"""Names suggested by voice: with consent only, of one's own recordings only, and gone with them."""

from typing import Any
from uuid import UUID

import httpx

from stenogram.services import voices
from tests.integration.api.conftest import Api
from tests.integration.api.test_api_recordings import send
from tests.integration.api.test_api_runs import transcribe

VERA = (1.0, 0.0)


async def heard(api: Api, client: httpx.AsyncClient, name: str | None = None) -> dict[str, Any]:
    """A recording in which a voice like Vera's is heard, named or not."""
    made: dict[str, Any] = (await send(client)).json()
    run_id = made["latest_run"]["id"]
    await transcribe(api, run_id)
    async with api.runtime.database.begin() as session:
        await voices.keep(session, api.runtime.vault, UUID(run_id), {"S1": VERA})
    if name is not None:
        assert (await client.patch(f"/api/v1/runs/{run_id}/speakers/S1", json={"name": name})).status_code == 200
    return made


async def suggested(client: httpx.AsyncClient, made: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await client.get(f"/api/v1/runs/{made['latest_run']['id']}/speakers/suggestions")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def agree(client: httpx.AsyncClient, agreed: bool) -> None:
    answer = await client.patch("/api/v1/me/settings", json={"voices": agreed})
    assert (answer.status_code, answer.json()["voices"]) == (200, agreed)


async def test_a_voice_that_was_named_is_known_again(api: Api, anna: httpx.AsyncClient) -> None:
    await agree(anna, True)
    await heard(api, anna, "Vera")
    made = await heard(api, anna)
    assert await suggested(anna, made) == [{"label": "S1", "name": "Vera", "score": 1.0}]
    await anna.patch(f"/api/v1/runs/{made['latest_run']['id']}/speakers/S1", json={"name": "Vera"})
    assert await suggested(anna, made) == []


async def test_nobody_is_known_without_consent_and_taking_it_back_destroys(api: Api, anna: httpx.AsyncClient) -> None:
    await heard(api, anna, "Vera")
    made = await heard(api, anna)
    assert await suggested(anna, made) == []
    await agree(anna, True)
    assert len(await suggested(anna, made)) == 1
    await agree(anna, False)
    await agree(anna, True)
    assert await suggested(anna, made) == []


async def test_voices_of_others_and_of_what_was_deleted_are_not_known(
    api: Api, anna: httpx.AsyncClient, boris: httpx.AsyncClient
) -> None:
    await agree(anna, True)
    await agree(boris, True)
    named = await heard(api, boris, "Vera")
    made = await heard(api, anna)
    assert await suggested(anna, made) == []
    own = await heard(api, boris)
    assert len(await suggested(boris, own)) == 1
    run = made["latest_run"]["id"]
    assert (await boris.get(f"/api/v1/runs/{run}/speakers/suggestions")).status_code == 404
    assert (await boris.delete(f"/api/v1/recordings/{named['id']}")).status_code == 204
    assert await suggested(boris, own) == []
