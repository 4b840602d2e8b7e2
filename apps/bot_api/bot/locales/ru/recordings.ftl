### From a posted recording to its text.

## What was posted

icon = { $kind ->
    [voice] 🎙
    [video] 🎬
    [video_note] 🎬
    [document] 📄
    [link] 🔗
   *[audio] 🎧
}
nameless = { $kind ->
    [voice] Голосовое сообщение
    [video_note] Видеосообщение
    [video] Видео
    [link] Запись по ссылке
    [sample] Пример записи
   *[audio] Запись
}
item = { $icon } <b>{ $name }</b>
item-long = { $icon } <b>{ $name }</b> · { $clock }

## While we work

bar = { $bar } { $percent } %
stage = { $stage ->
    [preprocess] Готовлю звук
    [transcribe] Распознаю речь
    [diarize] Различаю голоса
    [summarize] Пишу резюме
    [export] Готовлю файлы
   *[other] Работаю над записью
}
left = осталось около { $span }
left-moments = осталось несколько секунд
status-received = Получил запись, сейчас начну.
status-fetching = Скачиваю файл…
status-fetching-link = Скачиваю запись по ссылке…
status-queued = Запись в очереди, скоро начну.
status-queued-place = { $place ->
    [1] Ваша запись следующая в очереди.
   *[other] Место в очереди: { $place }. Ждать здесь не нужно, текст придёт сам.
}
status-busy = Сейчас много работы, начну, как только освободится место. Отправлять ещё раз не нужно.
status-busy-ahead = { $ahead ->
    [one] Сейчас много работы: в очереди { $ahead } запись.
    [few] Сейчас много работы: в очереди { $ahead } записи.
   *[many] Сейчас много работы: в очереди { $ahead } записей.
} Начну, как только освободится место. Отправлять ещё раз не нужно.
status-done = Готово, сейчас покажу текст.
status-cancelled = Остановлено. Запись можно запустить снова.
status-cancelled-line = остановлено
failed = ❌ { $error }
upload-page = Telegram отдаёт ботам файлы только до { $limit_mb } МБ. Отправьте этот файл через веб-страницу.
upload-address = Telegram отдаёт ботам файлы только до { $limit_mb } МБ. Отправьте этот файл через веб-страницу: { $url }

album = <b>{ $count ->
    [one] { $count } запись
    [few] { $count } записи
   *[many] { $count } записей
}</b> · { $done ->
    [0] в работе
   *[other] готово { $done }
}
album-line = { $number }. { $name } — { $state }
album-line-done = { $number }. ✅ { $name }
album-line-failed = { $number }. ❌ { $name }: { $error }
album-more = { $count ->
    [one] …и ещё { $count } запись
    [few] …и ещё { $count } записи
   *[many] …и ещё { $count } записей
}
line-received = принята
line-busy = ждёт места
line-fetching = скачиваю
line-queued = { $place ->
    [0] в очереди
   *[other] { $place }-я в очереди
}
line-running = { $stage ->
    [preprocess] готовлю звук
    [transcribe] распознаю речь
    [diarize] различаю голоса
    [summarize] пишу резюме
    [export] готовлю файлы
   *[other] в работе
}, { $percent } %

## When it is done

headline = ✅ Готово: «{ $name }», { $clock }
headline-nameless = ✅ Готово: { $kind ->
    [voice] голосовое сообщение
    [video_note] видеосообщение
    [video] видео
    [link] запись по ссылке
    [sample] пример записи
   *[audio] запись
}, { $clock }
headline-untimed = ✅ Готово: «{ $name }»
headline-short = ✅ Готово
headline-failed = ❌ Не получилось: «{ $name }»
headline-failed-short = ❌ Не получилось
headline-cancelled = Остановлено
headline-album = { $done ->
    [one] ✅ Готова { $done } запись
    [few] ✅ Готовы { $done } записи
   *[many] ✅ Готово { $done } записей
}
headline-album-partly = { $count ->
    [one] Готово { $done } из { $count } записи
   *[other] Готово { $done } из { $count } записей
}
headline-album-failed = ❌ Не получилось: { $count ->
    [one] { $count } запись
    [few] { $count } записи
   *[many] { $count } записей
}

result-title = <b>{ $name }</b>
result-forwarded = ↪️ { $author }, { $moment }
result-forwarded-author = ↪️ { $author }
result-forwarded-moment = ↪️ { $moment }
result-repeated = <i>Эта запись уже расшифрована, вот текст.</i>
result-language = { $language } ({ $percent } %)
result-empty = Речи в записи не нашлось. Проверьте, есть ли в ней голос, или запустите её заново и выберите язык сами.
result-turn = <b>{ $name }</b> { $clock }
result-summary = <b>Резюме</b>
result-point = • { $text }
result-file = Весь текст в файле.
result-buttons = Весь текст — в файлах: выберите формат ниже.
result-empty-short = Речи не нашлось.
result-warning = ⚠️ { $warning }
result-partly = Текст готов, но один из следующих шагов не удался. Его можно повторить: «Ещё…» → «Заново».

album-result = { $count ->
    [one] <b>{ $count } запись</b>
    [few] <b>{ $count } записи</b>
   *[many] <b>{ $count } записей</b>
}
album-result-partly = { $count ->
    [one] <b>Готово { $done } из { $count } записи</b>
   *[other] <b>Готово { $done } из { $count } записей</b>
}
album-result-none = { $count ->
    [one] <b>Не получилось: { $count } запись</b>
    [few] <b>Не получилось: { $count } записи</b>
   *[many] <b>Не получилось: { $count } записей</b>
}
album-result-hint = Нажмите номер, чтобы открыть текст.
album-entry = { $number }. <b>{ $name }</b>
album-entry-long = { $number }. <b>{ $name }</b> · { $clock }

summary-title = <b>{ $name }: резюме</b>
summary-decisions = <b>Решения</b>
summary-actions = <b>Поручения</b>
summary-keyphrases = <b>Темы:</b> { $phrases }
summary-action = • { $text } ({ $who })
summary-empty = Резюме нет: в записи слишком мало текста.

speakers-title = <b>Кто говорит</b>
speakers-line = { $name } · { $share } % · { $clock }
speakers-hint = Нажмите имя, чтобы изменить его.
speakers-one = В записи один голос, имена не нужны.
speakers-unknown = Голоса в этой записи не разделены. Запустите её заново: «Ещё…» → «Заново».

again-title = <b>Расшифровать заново: «{ $name }»</b>
again-hint = Прежний текст останется, пока не будет готов новый.

delete-question = Удалить запись, текст и файлы? Вернуть их будет нельзя.
delete-done = Запись удалена вместе с текстом и файлами.

## What the bot says to what it cannot take

recording-voice = Голосовое { $when }
recording-audio = Аудио { $when }
recording-video = Видео { $when }
recording-video-note = Видеосообщение { $when }
recording-document = Запись { $when }
nothing-to-transcribe = В этом сообщении нет записи. Ответьте на голосовое, аудио или видео.
transcribe-how = Ответьте командой /transcribe на голосовое, аудио или видео, и я пришлю текст.
too-fast = Слишком много сообщений подряд. Подождите немного.

## Buttons

button-cancel = Отменить
button-cancel-all = Отменить все
button-retry = Повторить
button-retry-number = Повторить № { $number }
button-restart = Запустить снова
button-upload = Отправить через страницу
button-open = Открыть и править
button-more = Ещё…
button-back = ‹ Назад
button-summary = Резюме
button-text = Только текст
button-speakers = Говорящие
button-again = Заново
button-delete = Удалить
button-delete-sure = Да, удалить
button-keep = Оставить
button-quality = Точнее
button-fast = Быстрее
button-language-auto = Язык: авто
button-speakers-auto = Говорящих: авто
button-speakers-count = { $count }
button-chosen = ✓ { $label }
button-go = Запустить
button-previous = ‹
button-next = ›

## Warnings of a result in words for users of the bot; an empty one is not shown

warning-demo_model = Это демонстрационная модель: она понимает только синтетические голоса, с живыми ошибается. Попросите администратора установить настоящую.
warning-lighter_model = Серверу не хватило памяти, поэтому сработала модель полегче: ошибок может быть больше.
warning-smaller_batch = { "" }
warning-no_export = { "" }
warning-quiet = Запись очень тихая, громкость поднята. Проверьте имена и числа.
warning-clipped = Запись перегружена по громкости, часть слов может быть неверна. В следующий раз держите микрофон подальше.
warning-truncated = Файл обрывается раньше конца, и текст вместе с ним. Если запись длиннее, отправьте её ещё раз.
warning-low_language_probability = Язык определён неуверенно. Если он неверен, выберите его сами: «Ещё…» → «Заново».
warning-no_diarization = Голоса различить не удалось, но текст полный. Попробуйте ещё раз: «Ещё…» → «Заново».
warning-no_summary = Резюме не получилось, но текст полный. Попробуйте ещё раз: «Ещё…» → «Заново».
warning-no_speech = Звук есть, но речи я не услышал.

## Errors whose words in the catalogue are meant for other fronts

error-auth-required = Сначала нажмите /start, чтобы познакомиться.
error-auth-link_spent = Эта ссылка для входа уже использована или устарела. Откройте страницу заново кнопкой в боте.
error-request-invalid = Не получилось разобрать запрос. Попробуйте ещё раз или откройте /help.
error-media-unsupported = Это не аудио и не видео, которое я умею читать. Отправьте mp3, m4a, wav, ogg, flac, webm, mp4 и подобное.
error-media-no_speech = Звук есть, но речи я не услышал. Отправьте запись, в которой говорят.
error-link-forbidden = Ссылка ведёт на адрес, который мне нельзя открывать. Отправьте ссылку, доступную всем в интернете.
error-request-too_large = Это больше, чем можно принять за один раз. Разделите на части и отправьте по очереди.
error-queue-full = Сейчас слишком много работы. Отправьте запись снова { $retry_after ->
    [unknown] немного позже
   *[other] через { $retry_after }
}.
error-queue-full_for_user = { $waiting ->
    [one] В очереди уже { $waiting } ваша запись.
    [few] В очереди уже { $waiting } ваши записи.
   *[other] В очереди уже { $waiting } ваших записей.
} Дождитесь, пока их станет меньше, и повторите{ $retry_after ->
    [unknown] { "" }
   *[other] { " " }через { $retry_after }
}.
error-quota-exceeded = { $needed ->
    [unknown] На сегодня осталось { $left }, на эту запись не хватит.
   *[other] На эту запись нужно { $needed }, а на сегодня осталось { $left }.
} Новый запас появится { $resets_at }.
error-quota-files = { $limit ->
    [one] За час можно отправить { $limit } запись.
    [few] За час можно отправить { $limit } записи.
   *[other] За час можно отправить { $limit } записей.
} Следующую приму { $retry_after ->
    [unknown] позже
   *[other] через { $retry_after }
}.
error-telegram-too_large = Telegram отдаёт ботам файлы только до { $limit_mb } МБ. Сожмите запись или разделите её и отправьте по частям.
error-telegram-unavailable = Telegram сейчас не отдаёт файл. Нажмите «Повторить» через пару минут.
error-library-name_taken = «{ $name }» у вас уже есть. Выберите другое название.
error-run-conflict = { $state ->
    [done] Обработка уже закончилась: менять в ней больше нечего.
    [done_with_warnings] Обработка уже закончилась: менять в ней больше нечего.
    [cancelled] Обработка уже остановлена. Запустите её снова, если нужно.
    [dead] Обработка уже остановилась с ошибкой. Запустите её снова.
   *[other] Сейчас это сделать нельзя: запись ещё в работе. Дождитесь конца.
}
error-run-cancelled = Обработка остановлена. Запустите её снова, если нужно.
error-engine-failed = При обработке случился сбой. Нажмите «Повторить»; если не поможет, напишите администратору.
error-engine-out_of_memory = Серверу не хватило памяти на эту запись. Нажмите «Повторить» позже или выберите режим «Быстрее»: /settings.
error-engine-unavailable = Служба, которая обрабатывает записи, не отвечает. Нажмите «Повторить» через пару минут.
error-engine-not_configured = Эта часть сервиса ещё не настроена. Напишите администратору.
error-engine-refused = Служба, которая обрабатывает записи, отказалась это делать. Попробуйте другую запись или напишите администратору.
error-engine-invalid_output = При обработке случился сбой. Нажмите «Повторить»; если не поможет, напишите администратору.
error-engine-over_budget = Для резюме текст слишком длинный, но сам он готов. Поднять предел может администратор.
error-weights-unavailable = Модель для распознавания ещё не установлена. Напишите администратору.
error-storage-full = На сервере кончилось место. Ничего не потеряно; напишите администратору и отправьте запись позже.
error-storage-corrupt = Сохранённый файл повреждён и не читается. Отправьте запись ещё раз.
error-storage-unavailable = Хранилище файлов не отвечает. Попробуйте ещё раз через минуту.
error-database-unavailable = Сервис сейчас не отвечает. Попробуйте ещё раз через минуту.
error-queue-unavailable = Сервис сейчас не отвечает. Попробуйте ещё раз через минуту.
error-stage-timeout = { $stage ->
    [preprocess] Звук готовился слишком долго, пришлось остановить.
    [transcribe] Речь распознавалась слишком долго, пришлось остановить.
    [diarize] Голоса различались слишком долго, пришлось остановить.
    [summarize] Резюме писалось слишком долго, пришлось остановить.
    [export] Файлы готовились слишком долго, пришлось остановить.
   *[other] Обработка шла слишком долго, пришлось остановить.
} Нажмите «Повторить».
error-internal = У меня что-то сломалось. Нажмите «Повторить»; если не поможет, { $request_id ->
    [unknown] напишите администратору
   *[other] сообщите администратору номер { $request_id }
}.
