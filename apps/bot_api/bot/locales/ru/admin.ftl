### What administrators see.

admin-title =
    <b>Управление</b>

    Людей: { $people }
    Записей в очереди: { $waiting }, в работе: { $running }
    Сбоев без разбора: { $letters }

## The queue

queue-title = <b>Очередь</b> · { $clock }
queue-name = { $queue ->
    [cpu] Звук и файлы
    [gpu] Речь и голоса
    [llm] Резюме
   *[other] Прочее
}
queue-line = { $name }: ждёт { $waiting }, в работе { $running }
queue-line-old = { $name }: ждёт { $waiting }, в работе { $running }, дольше всех { $span }
queue-none = Очередь пуста, работы нет.
queue-unsent = ⚠️ Задания не доходят до обработчиков: { $count }, самое старое ждёт { $span }. Проверьте Redis.
queue-workers = Обработчиков: { $count }, заданий в работе: { $busy }
queue-workers-none = ⚠️ Ни один обработчик не отвечает. Записи ждут, пока он не запустится.
queue-workers-unknown = ⚠️ Redis не отвечает, поэтому не видно, кто работает.
queue-disk = На диске свободно { $free } из { $total }
queue-files = Файлов в хранилище: { $count }, { $size }
queue-letters = Сбоев без разбора: { $count }

## Dead letters

letters-title =
    <b>Сбои</b>

    Здесь этапы, которые не удались после всех попыток. Новые сверху.
letters-none =
    <b>Сбои</b>

    Неразобранных сбоев нет.
letter-title = <b>Сбой: { $stage ->
    [preprocess] подготовка звука
    [transcribe] распознавание речи
    [diarize] различение голосов
    [summarize] резюме
    [export] создание файлов
   *[other] { $stage }
}</b>
letter-recording = Запись: { $name }, { $clock }
letter-owner = Чья: { $name }
letter-attempts = { $count ->
    [one] { $count } попытка
    [few] { $count } попытки
   *[many] { $count } попыток
}, последняя { $when }
letter-run = Номер: <code>{ $id }</code>
letter-error = <code>{ $code }</code>: { $error }
letter-resolved = { $resolution ->
    [replayed] Запущено заново{ $state ->
        [done] , и теперь всё готово.
        [done_with_warnings] , и теперь готово.
        [dead] , но снова не удалось.
       *[other] .
    }
   *[discarded] Снято с разбора.
}
alert-replayed = Запускаю заново
alert-discarded = Снято с разбора
notice-letters = { $count ->
    [one] ⚠️ Новый сбой: запись не удалось обработать после всех попыток. Разобрать: /admin.
    [few] ⚠️ { $count } новых сбоя: записи не удалось обработать после всех попыток. Разобрать: /admin.
   *[many] ⚠️ { $count } новых сбоев: записи не удалось обработать после всех попыток. Разобрать: /admin.
}

## People

people-title =
    <b>Люди</b>: { $count }

    Новые сверху.
people-question = Кого найти? Напишите имя, @имя или номер Telegram.
people-found = <b>Люди</b>: «{ $asked }»
people-many =
    <b>Люди</b>: «{ $asked }»

    Нашлось много, здесь самые новые. Уточните запрос, если нужного нет.
people-none =
    <b>Люди</b>: «{ $asked }»

    Никого не нашлось. Попробуйте часть имени или номер Telegram целиком.
person-title = <b>{ $name }</b>
person-telegram = { $handle ->
    [none] Telegram: <code>{ $id }</code>
   *[other] Telegram: { $handle }, <code>{ $id }</code>
}
person-role = { $role ->
    [named] Администратор: задан в BOT_ADMIN_IDS
    [admin] Администратор
   *[user] Пользователь
}
person-since = Здесь с { $moment }
person-plan = План { $plan }: { $daily } в день
person-unlimited = План { $plan }, без ограничений
person-used = Сегодня использовано: { $used }
person-packs = { $sign ->
    [debt] Долг: { $packs }
   *[have] В запасе: { $packs }
}
person-recordings = Записей за 30 дней: { $count }
person-blocked = ⛔ Доступ закрыт { $moment }
person-unreachable = Сообщения не доходят: бот у этого человека заблокирован
appoint-question =
    Сделать администратором: <b>{ $name }</b>?

    Администраторы видят очередь, сбои и всех людей, открывают и закрывают доступ, пишут всем сразу.
plans-title = <b>{ $name }</b>: план
hours-title =
    <b>{ $name }</b>: сколько часов добавить?

    Они расходуются после дневного запаса и не сгорают.
alert-blocked = Доступ закрыт
alert-unblocked = Доступ открыт
alert-appointed = Теперь это администратор
alert-dismissed = Больше не администратор
alert-granted = Добавлено: { $amount }
notice-appointed = Вы теперь администратор этого бота. Управление: /admin.
notice-granted = Вам добавлено { $amount }. Теперь в запасе { $packs }, они не сгорают.

## Payments

payments-title = <b>{ $name }</b>: платежи
payment-line = { $state ->
    [refunded] { $number }. { $amount } за { $stars } ⭐, { $when }, возвращено
   *[paid] { $number }. { $amount } за { $stars } ⭐, { $when }
}
payments-more = …и ещё { $count } более ранних
refund-question =
    Вернуть { $stars } ⭐?

    Их получит { $name }, а { $amount } спишутся из запаса. Если они уже использованы, останется долг.
alert-refunded = Возвращено: { $stars } ⭐

## A text to everybody

broadcast-question =
    <b>Рассылка</b>

    Напишите текст, его { $count ->
        [one] получит { $count } человек
        [few] получат { $count } человека
       *[many] получат { $count } человек
    }. Сначала я покажу, как он будет выглядеть. Оформление сохранится.
broadcast-dropped = Рассылка отменена.
broadcast-progress = { $waiting ->
    [0] <b>Рассылка закончена</b>
   *[other] <b>Рассылка идёт</b>
}

    Всего: { $count }
    Отправлено: { $sent }
    Не доставлено: { $failed }
    Осталось: { $waiting }
alert-broadcast = Отправляю

## Invitations

invite-title =
    <b>Приглашение</b>

    По ссылке войдёт столько людей, сколько вы выберете. Она действует 7 дней.
invite-link =
    { $link }

    { $count ->
        [one] По этой ссылке может войти { $count } человек
        [few] По этой ссылке могут войти { $count } человека
       *[many] По этой ссылке могут войти { $count } человек
    }, до { $until }.

## Buttons

button-admin-queue = Очередь
button-admin-people = Люди
button-admin-letters = { $count ->
    [0] Сбои
   *[other] Сбои: { $count }
}
button-admin-broadcast = Рассылка
button-admin-invite = Пригласить
button-refresh = Обновить
button-first = ‹ Новые
button-older = Раньше ›
button-letter = { $stage ->
    [preprocess] Звук
    [transcribe] Речь
    [diarize] Голоса
    [summarize] Резюме
    [export] Файлы
   *[other] { $stage }
} · { $code } · { $when }
button-replay = Запустить заново
button-discard = Снять с разбора
button-find = Найти
button-find-again = Искать ещё
button-person = { $state ->
    [blocked] ⛔{ " " }
    [admin] ★{ " " }
   *[user] { "" }
}{ $name }{ $handle ->
    [none] { "" }
   *[other] { " " }{ $handle }
}
button-block = Закрыть доступ
button-unblock = Открыть доступ
button-appoint = Сделать администратором
button-appoint-sure = Да, сделать
button-dismiss = Снять с администраторов
button-plan = План: { $plan }
button-plan-default = По умолчанию: { $plan }
button-unlimited = { $value ->
    [yes] Безлимит: да
   *[no] Безлимит: нет
}
button-grant = Добавить часы
button-hours = { $amount }
button-payments = Платежи
button-refund-number = Вернуть № { $number }
button-refund-sure = Вернуть { $stars } ⭐
button-broadcast-send = { $count ->
    [one] Отправить { $count } человеку
   *[other] Отправить { $count } людям
}
button-broadcast-drop = Не отправлять
button-invite = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[many] { $count } человек
}
button-share = Переслать
