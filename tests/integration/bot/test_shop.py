"""People buy hours for Telegram Stars, and administrators give the Stars back."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.bot import inbox
from stenogram.services import payments, quotas
from stenogram.storage.models import Payment, User
from stenogram.storage.repositories import Users
from tests.integration.bot.scene import Scene, playing
from tests.integration.bot.talk import labels, next_message, said, says, tapped, taps
from tests.servers import Servers
from tests.telegram_stub import Message, Person
from tests.telegram_stub.model import Content, Invoice
from tests.telegram_stub.model import Payment as Checkout
from tests.telegram_stub.wire import payment_json

ADMIN = 900
PACKAGES = "3600:50,36000:400"


@pytest.fixture(scope="module")
def scene(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    settings = {
        "TELEGRAM_STARS_PACKAGES": PACKAGES,
        "BOT_SUPPORT": "@helpdesk",
        "BOT_ADMIN_IDS": str(ADMIN),
        "QUOTA_PLANS": "tiny:20",
        "QUOTA_PLAN": "tiny",
    }
    with playing(servers, tmp_path_factory.mktemp("shop"), settings) as made:
        yield made


def packs(scene: Scene, person: Person) -> float:
    """Seconds in the person's reserve."""

    async def ask(session: AsyncSession) -> float:
        return (await quotas.allowance(session, await _known(session, person), scene.bed.settings)).packs

    return scene.bed.inside(ask)


def kept(scene: Scene, person: Person) -> list[Payment]:
    async def ask(session: AsyncSession) -> list[Payment]:
        return list(await payments.of_user(session, await _known(session, person)))

    return scene.bed.inside(ask)


async def _known(session: AsyncSession, person: Person) -> User:
    found = await Users(session).by_telegram(person.id)
    assert found is not None
    return found


def invoice(scene: Scene, person: Person, label: str) -> Message:
    shop = says(scene, person, "/buy")
    tapped(scene, person, shop, label)
    return next_message(scene, shop, lambda m: m.invoice is not None)


def buys(scene: Scene, person: Person, label: str = "1\xa0ч за 50\xa0⭐") -> Checkout:
    """And the thanks have come."""
    offered = invoice(scene, person, label)
    payment = person.pays(offered)
    next_message(scene, offered, lambda m: m.text.startswith(("✅ Спасибо", "✅ Thank")))
    return payment


def tells(scene: Scene, person: Person, what: str, payment: Checkout) -> None:
    """Telegram tells of a payment in a message that the person did not write."""
    body = {**payment_json(payment, None), "currency": "XTR"}
    with scene.telegram.world.changes.change():
        world = scene.telegram.world
        world.deliver(world.post(person.chat, person.account, Content(), service={what: body}))


def test_a_package_is_bought_and_credited(scene: Scene) -> None:
    anna = scene.person()
    shop = says(scene, anna, "/buy")
    assert "Каждый день: 20 с. Запаса пока нет." in said(shop)
    assert labels(shop) == ["1\xa0ч за 50\xa0⭐", "10\xa0ч за 400\xa0⭐"]
    offered = invoice(scene, anna, "10\xa0ч за 400\xa0⭐")
    assert offered.invoice is not None
    assert (offered.invoice.currency, offered.invoice.amount) == ("XTR", 400)
    assert offered.invoice.title == "10\xa0ч записей"
    payment = anna.pays(offered)
    thanks = next_message(scene, offered, lambda m: m.text.startswith("✅"))
    assert said(thanks) == "✅ Спасибо! Добавлено 10 ч, теперь в запасе 10 ч."
    assert payment.state == "paid"
    assert packs(scene, anna) == 36000
    assert [(one.charge_id, one.stars) for one in kept(scene, anna)] == [(payment.charge_id, 400)]
    assert "В запасе: 10 ч." in said(says(scene, anna, "/buy"))


def test_in_english_too(scene: Scene) -> None:
    boris = scene.person("Boris", "en")
    shop = says(scene, boris, "/buy")
    assert "Every day: 20 s. Nothing in reserve yet." in said(shop)
    payment = buys(scene, boris, "1\xa0h for 50\xa0⭐")
    assert payment.state == "paid"
    assert said(boris.messages[-1]) == "✅ Thank you! 1 h added, your reserve is 1 h now."


def test_an_update_that_comes_twice_credits_once(scene: Scene) -> None:
    anna = scene.person()
    payment = buys(scene, anna)
    tells(scene, anna, "successful_payment", payment)  # in an update of another number
    says(scene, anna, "/terms")  # handled after it
    assert packs(scene, anna) == 3600
    assert len(kept(scene, anna)) == 1
    assert sum(m.text.startswith("✅") for m in anna.messages) == 1


def test_a_payment_is_agreed_to_while_everybody_is_busy(scene: Scene) -> None:
    anna = scene.person()
    others = [scene.person(f"Житель {number}") for number in range(inbox.AT_ONCE - 1)]
    offered = invoice(scene, anna, "1\xa0ч за 50\xa0⭐")
    scene.telegram.answers_slowly("sendMessage", seconds=8, count=inbox.AT_ONCE)
    for person in (anna, *others):
        person.sends_text("/help")  # each update is busy for eight seconds
    scene.until(lambda: all(person.messages[-1].text.startswith("Что прислать") for person in (anna, *others)))
    payment = anna.pays(offered)
    scene.until(lambda: payment.state == "paid", within=4)
    scene.until(lambda: packs(scene, anna) == 3600)


def test_what_is_not_for_sale_is_not_sold(scene: Scene) -> None:
    anna = scene.person()
    says(scene, anna, "/buy")
    attempts = []
    for payload in ("pack:3600:49", "pack:7200:50", "pack:36000:400", "nonsense"):
        link = f"https://t.me/${payload}"
        scene.telegram.world.invoice_links[link] = Invoice("x", "y", payload, "XTR", 50)
        attempts.append(anna.pays(link))
    scene.until(lambda: all(payment.state == "refused" for payment in attempts))
    assert {payment.error_message for payment in attempts} == {"Такого пакета больше нет. Выберите заново: /buy."}
    assert not kept(scene, anna)


def test_who_is_shut_out_does_not_pay(scene: Scene) -> None:
    anna = scene.person()
    offered = invoice(scene, anna, "1\xa0ч за 50\xa0⭐")
    shut_out(scene, anna)
    payment = anna.pays(offered)
    scene.until(lambda: payment.state != "asked")
    assert (payment.state, payment.error_message) == (
        "refused",
        "Администратор закрыл вам доступ. Если это ошибка, напишите ему.",
    )


def shut_out(scene: Scene, person: Person) -> None:
    async def block(session: AsyncSession) -> None:
        await session.execute(update(User).where(User.telegram_id == person.id).values(blocked_at=func.now()))

    scene.bed.inside(block)


def has_paid(scene: Scene, person: Person, payload: str) -> Checkout:
    """Telegram has taken the money, and says so."""
    made = Invoice("x", "y", payload, "XTR", 70)
    with scene.telegram.world.changes.change():
        number = scene.telegram.world.number(-6)
        payment = Checkout(f"p{number}", person.account, made, 0.0, "paid", charge_id=f"late-{number}")
        scene.telegram.world.payments[payment.id] = payment
    tells(scene, person, "successful_payment", payment)
    return payment


def test_what_is_paid_is_credited_though_the_person_was_shut_out_meanwhile(scene: Scene) -> None:
    anna = scene.person()
    says(scene, anna, "/start")
    shut_out(scene, anna)
    has_paid(scene, anna, "pack:3600:70")
    scene.until(lambda: packs(scene, anna) == 3600)


def test_the_terms_of_an_invoice_hold_though_the_packages_have_changed(scene: Scene) -> None:
    anna = scene.person()
    says(scene, anna, "/start")
    has_paid(scene, anna, "pack:7200:70")
    scene.until(lambda: any(said(m).startswith("✅ Спасибо! Добавлено 2 ч") for m in anna.messages))
    assert packs(scene, anna) == 7200


def test_what_nobody_can_credit_is_given_back(scene: Scene) -> None:
    anna = scene.person()
    says(scene, anna, "/start")
    payment = has_paid(scene, anna, "of another bot")
    scene.until(lambda: any("поэтому я вернул 70 ⭐" in said(m) for m in anna.messages))
    assert payment.state == "refunded"
    assert not kept(scene, anna)


def test_help_and_terms(scene: Scene) -> None:
    anna = scene.person()
    assert "@helpdesk" in says(scene, anna, "/paysupport").text
    assert "не сгорают" in says(scene, anna, "/terms").text
    boris = scene.person("Boris", "en")
    assert "@helpdesk" in says(scene, boris, "/paysupport").text
    assert "do not expire" in says(scene, boris, "/terms").text


def test_who_is_refused_for_want_of_time_is_shown_the_shop(scene: Scene) -> None:
    anna = scene.person()
    sent = anna.sends_voice(scene.voice(), duration=60)
    refusal = scene.answer(sent, lambda m: "осталось" in m.text)
    assert "Купить время" in labels(refusal)
    tapped(scene, anna, refusal, "Купить время")
    assert "10\xa0ч за 400\xa0⭐" in labels(next_message(scene, refusal, lambda m: "запас" in m.text))
    buys(scene, anna)
    again = anna.sends_voice(scene.voice(), duration=6)
    assert "Hello there." in scene.result_of(again).text


# --- giving back ---


def refunds(scene: Scene, person: Person, *, wait: bool = True) -> Message:
    """Through the administrator's menu: the list of the person's payments."""
    admin = scene.telegram.user(id=ADMIN, name="Ольга", language="ru")
    menu = taps(scene, admin, says(scene, admin, "/admin"), "Люди")
    taps(scene, admin, menu, "Найти")
    found = says(scene, admin, str(person.id))
    taps(scene, admin, found, next(label for label in labels(found) if person.account.name in label))
    listed = taps(scene, admin, found, "Платежи")
    taps(scene, admin, listed, "Вернуть №\xa01")
    assert said(listed).startswith("Вернуть 50 ⭐?")
    admin.presses(listed, "Вернуть 50\xa0⭐")
    if wait:
        scene.until(lambda: "возвращено" in listed.text)
    return listed


def test_a_payment_is_given_back_once(scene: Scene) -> None:
    anna = scene.person("Алиса")
    payment = buys(scene, anna)
    scene.telegram.loses_answers("refundStarPayment")
    refunds(scene, anna)
    assert payment.state == "refunded"
    assert packs(scene, anna) == 0
    scene.until(lambda: said(anna.messages[-1]) == "Вам вернули 50 ⭐, 1 ч списано из запаса.")
    says(scene, anna, "/terms")  # after the update about the refund
    assert sum("Вам вернули" in m.text for m in anna.messages) == 1
    assert not any(m.text.startswith("С этим я работать") for m in anna.messages)


def test_a_refund_is_finished_after_a_crash(scene: Scene) -> None:
    anna = scene.person("Вера")
    payment = buys(scene, anna)
    scene.telegram.answers_slowly("refundStarPayment", seconds=30)
    listed = refunds(scene, anna, wait=False)
    scene.until(lambda: payment.state == "refunded")  # Telegram has done it, and we do not know
    scene.kill()
    assert packs(scene, anna) == 3600
    scene.start()
    scene.until(lambda: "возвращено" in listed.text)
    assert packs(scene, anna) == 0
    assert sum(call.method == "refundStarPayment" for call in scene.telegram.calls) >= 2
    scene.until(lambda: any("Вам вернули" in m.text for m in anna.messages))


def test_a_refund_that_telegram_made_is_booked(scene: Scene) -> None:
    anna = scene.person("Глеб")
    payment = buys(scene, anna)
    with scene.telegram.world.changes.change():
        payment.state = "refunded"
    tells(scene, anna, "refunded_payment", payment)
    scene.until(lambda: packs(scene, anna) == 0)
    scene.until(lambda: "Вам вернули" in anna.messages[-1].text)


def test_a_shop_without_packages_is_closed(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> None:
    with playing(servers, tmp_path_factory.mktemp("closed")) as closed:
        anna = closed.person()
        for command in ("/buy", "/paysupport", "/terms"):
            assert says(closed, anna, command).text.startswith("Такой команды нет.")
        published = closed.telegram.called("setMyCommands")
        assert published
        assert not any("paysupport" in str(call) for call in published)
