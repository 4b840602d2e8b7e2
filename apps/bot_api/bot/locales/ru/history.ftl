### A person's recordings: the list, the search, quotations.

history-title = <b>Мои записи</b> · { $recordings }
history-line =
    { $number }. { $sign } <b>{ $name }</b>
    { $facts }
history-sign = { $state ->
    [done] ✅
    [done_with_warnings] ✅
    [dead] ❌
    [cancelled] ⏹
    [none] ▫️
   *[running] ⏳
}
history-empty = Записей пока нет. Пришлите голосовое, аудио, видео или ссылку на файл.

search-question = Что найти в ваших записях? Ответьте словом или фразой.
search-placeholder = Слово или фраза
search-title = <b>Поиск: { $query }</b> · { $recordings }
search-line = { $number }. <b>{ $name }</b> · { $date }
search-hit = <i>{ $clock }</i> { $text }
search-more = { $count ->
    [one] и ещё { $count } место
    [few] и ещё { $count } места
   *[many] и ещё { $count } мест
}
search-nothing =
    <b>По запросу «{ $query }» ничего не нашлось</b>

    Уберите лишние слова или возьмите другое. Форма слова не важна: «договор» найдёт и «договоры». Слова в кавычках ищутся точной фразой, слово с минусом исключается.
search-senseless =
    <b>По запросу «{ $query }» искать нечего</b>

    Предлоги, союзы и слова с минусом сами по себе не ищутся. Добавьте слово, которое было в записи.

quotation =
    <blockquote>{ $text }</blockquote>
    <b>{ $name }</b> · { $clock }
quotation-title = <b>{ $name }</b>

inline-open = Открыть бота
inline-nothing = Ничего не нашлось. Открыть бота
inline-title = { $name } · { $clock }

button-search = 🔍 Найти в записях
button-search-other = 🔍 Искать другое
button-number = { $number }
