"""What is done on the page reaches the bot: people blocked, payments given back, accounts deleted."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.pipeline.stage import Stage
from stenogram.services import access, payments
from stenogram.storage.models import Payment, User
from stenogram.storage.repositories import Users
from tests.integration.bot.scene import Scene, playing
from tests.integration.bot.talk import next_message, said, says, tapped
from tests.servers import Servers
from tests.telegram_stub import Person

SECRET = "s" * 40


@pytest.fixture(scope="module")
def scene(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    settings = {"TELEGRAM_STARS_PACKAGES": "3600:50", "SECRET_KEY": SECRET}
    with playing(servers, tmp_path_factory.mktemp("page"), settings) as made:
        yield made


def known(scene: Scene, person: Person) -> User | None:
    return scene.bed.inside(lambda session: Users(session).by_telegram(person.id))


def owner(scene: Scene, person: Person) -> User:
    found = known(scene, person)
    assert found is not None
    return found


@contextmanager
def page(scene: Scene, user: User) -> Iterator[httpx.Client]:
    """The API as the page uses it, signed in."""
    tokens = access.open_tokens(scene.bed.settings.server)
    headers = {"Authorization": f"Bearer {tokens.issue(user.id)[0]}"}
    with httpx.Client(base_url=f"{scene.server.url}/api/v1", headers=headers, timeout=60) as client:
        yield client


@contextmanager
def administration(scene: Scene) -> Iterator[httpx.Client]:
    with page(scene, scene.bed.inside(access.ensure_local_admin)) as client:
        yield client


def test_who_is_blocked_on_the_page_is_stopped_in_the_bot(scene: Scene) -> None:
    anna = scene.person()
    sent = scene.held(anna.sends_voice, scene.voice(8), stage=Stage.TRANSCRIBE, at=2)
    answer = scene.answer(sent, lambda m: "%" in m.text)
    with administration(scene) as admin:
        assert admin.patch(f"/admin/users/{owner(scene, anna).id}", json={"blocked": True}).status_code == 200
    scene.bed.script.release(Stage.TRANSCRIBE)
    scene.until(lambda: "Остановлено" in answer.text)
    assert says(scene, anna, "/help").text.startswith("Администратор закрыл вам доступ.")


def test_a_payment_is_given_back_on_the_page_once_and_its_payer_hears_of_it(scene: Scene) -> None:
    anna = scene.person("Алиса")
    shop = says(scene, anna, "/buy")
    tapped(scene, anna, shop, "1\xa0ч за 50\xa0⭐")
    offered = next_message(scene, shop, lambda m: m.invoice is not None)
    payment = anna.pays(offered)
    next_message(scene, offered, lambda m: m.text.startswith("✅ Спасибо"))
    [kept] = received(scene, anna)
    with administration(scene) as admin:
        scene.telegram.loses_answers("refundStarPayment")
        wanted = {"charge_id": kept.charge_id}
        answers = [admin.post("/admin/payments/refund", json=wanted) for _ in range(3)]
        assert answers[-1].json()["refunded_at"] is not None
        listed = admin.get("/admin/payments").json()
        assert (listed["total"], listed["selling"], listed["items"][0]["payer"]) == (1, True, "Алиса")
        assert admin.post("/admin/payments/refund", json={"charge_id": "another"}).status_code == 404
        told = admin.get("/admin/audit", params={"action": "user.refunded"}).json()["items"]
    assert payment.state == "refunded"
    assert told[-1]["details"] == {"stars": 50}
    scene.until(lambda: any("Вам вернули 50 ⭐" in said(m) for m in anna.messages))
    says(scene, anna, "/terms")
    assert sum("Вам вернули" in said(m) for m in anna.messages) == 1


def received(scene: Scene, person: Person) -> list[Payment]:
    payer = owner(scene, person)

    async def ask(session: AsyncSession) -> list[Payment]:
        return list(await payments.of_user(session, payer))

    return scene.bed.inside(ask)


def test_who_leaves_by_the_page_is_gone_from_the_bot_with_what_was_under_way(scene: Scene) -> None:
    anna = scene.person("Вера")
    sent = scene.held(anna.sends_voice, scene.voice(8), stage=Stage.TRANSCRIBE, at=2)
    status = scene.answer(sent, lambda m: "%" in m.text)
    with page(scene, owner(scene, anna)) as client:
        assert client.delete("/me").status_code == 204
        assert client.get("/me").status_code == 401
    scene.bed.script.release(Stage.TRANSCRIBE)
    assert known(scene, anna) is None
    scene.until(lambda: status not in anna.messages)
    assert said(says(scene, anna, "/history")).startswith("Записей пока нет.")  # they come again as somebody new
