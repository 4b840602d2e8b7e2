"""Of what is asked for: the request, its options, runs, edits, the library, links that are shared."""

from collections.abc import Mapping

from stenogram.error_texts.text import Text

REQUESTS: Mapping[str, Text] = {
    "request.invalid": Text(
        False,
        "The request is not valid: {detail}",
        "Запрос составлен неверно: {detail}",
    ),
    "request.range": Text(
        False,
        "The requested range is outside the file.",
        "Запрошенный диапазон вне файла.",
    ),
    "request.method": Text(
        False,
        "This address does not take the method {method}.",
        "Этот адрес не принимает метод {method}.",
    ),
    "request.media_type": Text(
        False,
        "The request body must be {expected}.",
        "Тело запроса должно быть {expected}.",
    ),
    "request.too_large": Text(
        False,
        "The request is larger than this address takes.",
        "Запрос больше, чем принимает этот адрес.",
    ),
    "request.too_many": Text(
        True,
        "Too many requests. Wait a little and try again.",
        "Слишком много запросов. Подождите немного и попробуйте снова.",
    ),
    "queue.full": Text(
        True,
        "We are busy: {waiting} recordings wait already. Try again in {retry_after} s.",
        "Мы заняты: в очереди уже {waiting} записей. Попробуйте через {retry_after} с.",
    ),
    "queue.full_for_user": Text(
        True,
        "{waiting} of your recordings wait already. Wait until some are done, or try again in {retry_after} s.",
        "Ваших записей в очереди уже {waiting}. Дождитесь, пока их станет меньше, или повторите через {retry_after} с.",
    ),
    "options.language": Text(
        False,
        "The language “{language}” is not supported. Leave it on automatic or choose one of: {supported}.",
        "Язык «{language}» не поддерживается. Оставьте автоматический или выберите из: {supported}.",
    ),
    "options.preset": Text(
        False,
        "There is no preset “{preset}”. Choose one of: {supported}.",
        "Пресета «{preset}» нет. Выберите из: {supported}.",
    ),
    "options.engine": Text(
        False,
        "There is no engine “{engine}”. Choose one of: {supported}.",
        "Движка «{engine}» нет. Выберите из: {supported}.",
    ),
    "options.format": Text(
        False,
        "There is no export format “{format}”. Choose one of: {supported}.",
        "Формата «{format}» нет. Выберите из: {supported}.",
    ),
    "options.speakers": Text(
        False,
        "The number of speakers must be from 1 to {maximum}.",
        "Число говорящих должно быть от 1 до {maximum}.",
    ),
    "library.name_taken": Text(
        False,
        "You have “{name}” already. Choose another name.",
        "«{name}» у вас уже есть. Выберите другое название.",
    ),
    "not_found": Text(
        False,
        "Not found. It may have been deleted.",
        "Не найдено. Возможно, это уже удалили.",
    ),
    "run.conflict": Text(
        False,
        "This cannot be done while the run is in the state “{state}”.",
        "Это нельзя сделать, пока обработка в состоянии «{state}».",
    ),
    "run.cancelled": Text(False, "The run was cancelled.", "Обработка отменена."),
    "transcript.not_ready": Text(
        False,
        "The transcript is not ready yet. Wait until recognition ends.",
        "Расшифровка ещё не готова. Дождитесь конца распознавания.",
    ),
    "edit.invalid": Text(
        False,
        "The change does not fit the transcript. Load it again and repeat the change.",
        "Правка не подходит к расшифровке. Загрузите её заново и повторите правку.",
    ),
    "edit.too_early": Text(
        True,
        "Speakers are still being told apart. Editing opens when that is done.",
        "Говорящих ещё различают. Править можно будет, когда это закончится.",
    ),
    "edit.unknown_version": Text(
        False,
        "The transcript has been made anew meanwhile. Load it again.",
        "Расшифровку тем временем сделали заново. Загрузите её ещё раз.",
    ),
    "share.gone": Text(
        False,
        "This link has expired. Ask whoever sent it for a new one.",
        "Срок действия ссылки истёк. Попросите новую у того, кто её прислал.",
    ),
    "share.locked": Text(
        False,
        "This link asks for a password. Ask whoever sent it.",
        "Для этой ссылки нужен пароль. Спросите его у того, кто её прислал.",
    ),
    "share.password": Text(
        False,
        "The password is wrong.",
        "Пароль неверный.",
    ),
    "share.too_many": Text(
        False,
        "This recording has {limit} links already. Revoke one that nobody needs.",
        "У этой записи уже {limit} ссылок. Отзовите ненужные.",
    ),
}
