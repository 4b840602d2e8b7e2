"""Of what breaks on our side: engines, storage, the database, the queue."""

from collections.abc import Mapping

from stenogram.error_texts.text import GivenUp, Text

SERVICE: Mapping[str, Text] = {
    "engine.failed": Text(
        True,
        "The engine “{engine}” failed. We try again by ourselves.",
        "Движок «{engine}» дал сбой. Мы сами попробуем ещё раз.",
        GivenUp(
            "The engine “{engine}” failed again and again. Start once more; if it fails again, tell the administrator.",
            "Движок «{engine}» раз за разом давал сбой. Запустите заново; если не поможет, сообщите администратору.",
        ),
    ),
    "engine.out_of_memory": Text(
        True,
        "The engine “{engine}” ran out of memory. Choose the preset “fast” or a smaller model.",
        "Движку «{engine}» не хватило памяти. Выберите пресет «fast» или модель поменьше.",
    ),
    "engine.unavailable": Text(
        True,
        "The engine “{engine}” cannot be reached. We try again by ourselves.",
        "Движок «{engine}» недоступен. Мы сами попробуем ещё раз.",
        GivenUp(
            "The engine “{engine}” could not be reached. Start again later, or tell the administrator.",
            "Движок «{engine}» так и не ответил. Запустите заново позже или сообщите администратору.",
        ),
    ),
    "engine.not_configured": Text(
        False,
        "The engine “{engine}” is not set up: {detail}",
        "Движок «{engine}» не настроен: {detail}",
    ),
    "engine.refused": Text(
        False,
        "The engine “{engine}” refused to answer.",
        "Движок «{engine}» отказался отвечать.",
    ),
    "engine.invalid_output": Text(
        True,
        "The engine “{engine}” gave an answer we cannot use. We try again by ourselves.",
        "Движок «{engine}» дал негодный ответ. Мы сами попробуем ещё раз.",
        GivenUp(
            "The engine “{engine}” gave answers we cannot use. Start again in another mode, or tell the administrator.",
            "Движок «{engine}» давал негодные ответы. Запустите заново в другом режиме или сообщите администратору.",
        ),
    ),
    "engine.over_budget": Text(
        False,
        "The transcript is too long for the summary budget of {budget} tokens. Raise LLM_TOKEN_BUDGET.",
        "Расшифровка слишком длинна для резюме: бюджет {budget} токенов. Поднимите LLM_TOKEN_BUDGET.",
    ),
    "weights.unavailable": Text(
        False,
        "The model “{model}” is not on this machine and cannot be downloaded. Run “stenogram models pull {model}”.",
        "Модели «{model}» на этой машине нет, и скачать её нельзя. Выполните «stenogram models pull {model}».",
    ),
    "export.failed": Text(
        True,
        "The file in the format “{format}” could not be made. Choose another format or try again.",
        "Файл в формате «{format}» сделать не удалось. Выберите другой формат или попробуйте ещё раз.",
    ),
    "storage.full": Text(
        True,
        "There is no room left on the server's disk. Nothing was lost; tell the administrator.",
        "На диске сервера нет места. Ничего не потеряно; сообщите администратору.",
    ),
    "storage.corrupt": Text(
        False,
        "The stored file is damaged and cannot be read.",
        "Сохранённый файл повреждён и не читается.",
    ),
    "storage.unavailable": Text(
        True,
        "The file storage cannot be reached. Try again in a minute.",
        "Хранилище файлов недоступно. Попробуйте через минуту.",
    ),
    "database.unavailable": Text(
        True,
        "The database cannot be reached. Try again in a minute.",
        "База данных недоступна. Попробуйте через минуту.",
    ),
    "queue.unavailable": Text(
        True,
        "The queue cannot be reached. Try again in a minute.",
        "Очередь недоступна. Попробуйте через минуту.",
    ),
    "stage.timeout": Text(
        True,
        "The stage “{stage}” took too long and was stopped. We try again by ourselves.",
        "Этап «{stage}» шёл слишком долго и был остановлен. Мы сами попробуем ещё раз.",
        GivenUp(
            "The stage “{stage}” took too long each time. Start again later, best in the mode “fast”.",
            "Этап «{stage}» каждый раз шёл слишком долго. Запустите заново позже, лучше в быстром режиме.",
        ),
    ),
    "internal": Text(
        True,
        "Something broke on our side. Tell the administrator this number: {request_id}.",
        "У нас что-то сломалось. Сообщите администратору этот номер: {request_id}.",
    ),
}
