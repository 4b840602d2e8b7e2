### What a person may set for themselves.

settings-title =
    <b>Настройки</b>

    Нажмите на строку, чтобы её изменить. Новые значения действуют для записей, которые вы пришлёте позже.

    <b>Оповещать</b>: результат долгой записи приходит новым сообщением, со звуком.
    <b>Тихий режим</b>: я пишу только результат, без хода работы.
settings-closed = Настройки сохранены. Вернуться к ним: /settings.

settings-auto = авто
settings-place = { $city }, { $offset }
settings-keep-name = { $value ->
    [day] 24 часа
    [week] 7 дней
   *[forever] пока не удалю
}

settings-speech =
    <b>Язык речи</b>

    Если во всех записях говорят на одном языке, выберите его: ошибок станет меньше. Иначе я определю язык каждой записи сам.
settings-auto-speech = Определять автоматически
settings-languages = <b>Язык речи</b>
settings-speakers =
    <b>Сколько человек говорит</b>

    Если вы знаете число точно, голоса различаются лучше.
settings-auto-speakers = Считать автоматически
settings-keep =
    <b>Сколько хранить записи</b>

    Когда срок выйдет, запись, текст и файлы удалятся без возможности вернуть. Записей, которые уже здесь, новый срок не коснётся.
settings-export =
    <b>Файл с результатом</b>

    Длинный текст приходит файлом. В каком формате его присылать? Остальные останутся в кнопках под результатом.
settings-zone =
    <b>Часовой пояс</b>

    По нему показываются даты и каждую полночь обновляется запас минут. Сейчас в выбранном поясе { $now }.
settings-place-question =
    <b>Другой часовой пояс</b>

    Напишите город, например «Владивосток» или «Берлин», имя пояса, например Asia/Tokyo, или сдвиг, например UTC+5.
settings-place-lost =
    <b>Такого места я не знаю</b>

    Напишите крупный город, в котором столько же времени, имя пояса, например Asia/Tokyo, или сдвиг, например UTC+5.

## Buttons

button-set-language = 🌐 Язык бота: { $value ->
    [en] английский
   *[ru] русский
}
button-set-speech = Язык речи: { $value }
button-set-preset = { $value ->
    [fast] Качество: быстрее
   *[quality] Качество: точнее
}
button-set-diarize = { $value ->
    [yes] Голоса: различать
   *[no] Голоса: не различать
}
button-set-speakers = Говорящих: { $value }
button-set-denoise = { $value ->
    [yes] Шум: убирать
   *[no] Шум: не трогать
}
button-set-keep = Хранить: { $value }
button-set-notify = { $value ->
    [yes] Оповещать: да
   *[no] Оповещать: нет
}
button-set-silent = { $value ->
    [yes] Тихий режим: да
   *[no] Тихий режим: нет
}
button-set-export = Файл: { $value }
button-set-zone = Часовой пояс: { $value }
button-languages = Другие языки…
button-other-zone = Другое место…
button-page = { $page } из { $pages }
button-done = Готово

## Cities that people type, by the zone whose time they have; those that name a zone themselves need not be here.

place-cities =
    Europe/Moscow: Санкт-Петербург, Петербург, Питер, Казань, Нижний Новгород, Ростов-на-Дону, Ростов, Краснодар, Воронеж, Сочи
    Europe/Moscow: Тула, Ярославль, Рязань, Пенза, Липецк, Севастополь, Тверь, Иваново, Белгород, Курск, Архангельск, Мурманск
    Europe/Moscow: Махачкала, Грозный, Ставрополь, Владимир, Смоленск, Калуга, Вологда, Чебоксары, Петрозаводск, Набережные Челны
    Europe/Samara: Тольятти, Ижевск
    Asia/Yekaterinburg: Челябинск, Уфа, Пермь, Тюмень, Оренбург, Магнитогорск, Сургут, Курган, Нижневартовск
    Asia/Novosibirsk: Кемерово
    Asia/Krasnoyarsk: Абакан
    Asia/Irkutsk: Улан-Удэ
    Asia/Yakutsk: Благовещенск
    Asia/Vladivostok: Хабаровск
    Asia/Sakhalin: Южно-Сахалинск, Сахалин
    Asia/Kamchatka: Камчатка
    Europe/Kiev: Киев, Харьков, Одесса, Днепр, Львов
    Europe/Minsk: Гомель, Брест, Гродно, Витебск, Могилёв
    Asia/Almaty: Алма-Ата, Астана, Караганда, Шымкент
    Asia/Jerusalem: Тель-Авив, Хайфа
    Europe/Istanbul: Анталья, Анкара
    Europe/Berlin: Мюнхен, Гамбург, Франкфурт, Кёльн
    Europe/Madrid: Барселона
    Europe/Rome: Милан
    Europe/Zurich: Женева
    Asia/Shanghai: Пекин
    Asia/Kolkata: Дели, Мумбаи
    Asia/Bangkok: Пхукет, Паттайя
    Asia/Makassar: Бали, Денпасар
    America/Los_Angeles: Сан-Франциско, Сиэтл
    America/New_York: Вашингтон, Бостон, Майами
