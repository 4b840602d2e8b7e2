"""Of who may come in, and how much they may send."""

from collections.abc import Mapping

from stenogram.error_texts.text import Text

PEOPLE: Mapping[str, Text] = {
    "quota.exceeded": Text(
        False,
        "This recording takes {needed} and {left} are left for today. More from {resets_at}.",
        "На эту запись нужно {needed}, а на сегодня осталось {left}. Новый запас появится {resets_at}.",
    ),
    "quota.files": Text(
        True,
        "You sent {limit} recordings within an hour; more are taken from {resets_at}.",
        "За час вы отправили {limit} записей; следующие можно отправить после {resets_at}.",
    ),
    "access.closed": Text(
        False,
        "This bot is for invited people only. Ask its administrator for an invitation link.",
        "Этот бот только для приглашённых. Попросите у администратора ссылку-приглашение.",
    ),
    "access.blocked": Text(
        False,
        "Your access was closed by the administrator. Write to them if you think this is a mistake.",
        "Администратор закрыл вам доступ. Если это ошибка, напишите ему.",
    ),
    "access.invite_spent": Text(
        False,
        "This invitation was used up or has expired. Ask the administrator for a new one.",
        "Это приглашение уже использовано или устарело. Попросите у администратора новое.",
    ),
    "account.exists": Text(
        False,
        "This Telegram account has recordings of its own here. Export what you need, use /delete_me, and try again.",
        "У этого аккаунта Telegram здесь уже есть свои записи. Выгрузите нужное, удалите всё (/delete_me) и повторите.",
    ),
    "account.last_admin": Text(
        False,
        "There is no other administrator. Make somebody else one first.",
        "Других администраторов нет. Сначала назначьте кого-нибудь ещё.",
    ),
    "payment.unknown": Text(
        False,
        "There is no such package any more. Choose again with /buy.",
        "Такого пакета больше нет. Выберите заново: /buy.",
    ),
    "payment.not_refunded": Text(
        True,
        "Telegram did not give this payment back, so nothing has changed. Try again later.",
        "Telegram не вернул этот платёж, поэтому ничего не изменилось. Попробуйте позже.",
    ),
    "auth.required": Text(
        False,
        "Sign in first: open the link that the service printed at start.",
        "Сначала войдите: откройте ссылку, которую сервис напечатал при запуске.",
    ),
    "auth.link_spent": Text(
        False,
        "This sign-in link was used or has expired. Make a new one with “stenogram link”.",
        "Эта ссылка для входа использована или устарела. Сделайте новую командой «stenogram link».",
    ),
    "auth.init_data": Text(
        False,
        "Telegram's sign-in is too old or not for this bot. Close the page and open it again with a button of the bot.",
        "Вход через Telegram устарел или не для этого бота. Закройте страницу и откройте её снова кнопкой в боте.",
    ),
    "auth.widget": Text(
        False,
        "Telegram's answer is too old or not for this bot. Sign in with Telegram once more.",
        "Ответ Telegram устарел или не для этого бота. Войдите через Telegram ещё раз.",
    ),
    "auth.scope": Text(
        False,
        "This key may not do this. Use a key that may write, or sign in as a person.",
        "С этим ключом так нельзя. Возьмите ключ с правом записи или войдите сами.",
    ),
    "keys.too_many": Text(
        False,
        "You have {limit} keys already. Revoke one that you do not use.",
        "У вас уже {limit} ключей. Отзовите тот, которым не пользуетесь.",
    ),
    "auth.forbidden": Text(
        False,
        "You have no right to do this. Ask the administrator.",
        "У вас нет на это прав. Обратитесь к администратору.",
    ),
}
