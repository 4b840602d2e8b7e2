"""Every error a person can meet: a stable code, whether trying again can help, and words in ru and en.

HTTP statuses live in ``apps.bot_api``, exit codes in ``stenogram.cli``; this module knows neither.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Text(NamedTuple):
    """What a code means: may a retry help, and what to tell the person (``{name}`` slots take the params)."""

    retryable: bool
    en: str
    ru: str


CATALOG: Mapping[str, Text] = {
    # --- the media itself -------------------------------------------------------------------------------------------
    "media.empty": Text(
        False,
        "The file is empty. Check the recording and send it again.",
        "Файл пустой. Проверьте запись и отправьте её ещё раз.",
    ),
    "media.too_large": Text(
        False,
        "The file is larger than {limit_mb} MB. Compress it or split it and send the parts.",
        "Файл больше {limit_mb} МБ. Сожмите его или разделите и отправьте по частям.",
    ),
    "media.unsupported": Text(
        False,
        "This is not an audio or video file we can read. Send mp3, m4a, wav, ogg, flac, webm, mp4 or the like.",
        "Это не аудио и не видео, которое мы умеем читать. Отправьте mp3, m4a, wav, ogg, flac, webm, mp4 и подобное.",
    ),
    "media.playlist": Text(
        False,
        "This is a playlist, not a recording. Send the recording itself.",
        "Это плейлист, а не запись. Отправьте саму запись.",
    ),
    "media.truncated": Text(
        False,
        "The file is cut off and cannot be read. Save or download it again and send it once more.",
        "Файл обрывается и не читается. Сохраните или скачайте его заново и отправьте ещё раз.",
    ),
    "media.no_audio": Text(
        False,
        "The video has no sound track. Send a recording with sound.",
        "В видео нет звуковой дорожки. Отправьте запись со звуком.",
    ),
    "media.silent": Text(
        False,
        "There is only silence in the recording. Check the microphone and record again.",
        "В записи только тишина. Проверьте микрофон и запишите ещё раз.",
    ),
    "media.no_speech": Text(
        False,
        "We heard sound but no speech. Send a recording in which people speak.",
        "Звук есть, но речи мы не услышали. Отправьте запись, в которой говорят.",
    ),
    "media.too_short": Text(
        False,
        "The recording is shorter than {minimum_s} s. Send a longer one.",
        "Запись короче {minimum_s} с. Отправьте запись подлиннее.",
    ),
    "media.too_long": Text(
        False,
        "The recording is longer than {limit_h} h. Split it and send the parts.",
        "Запись длиннее {limit_h} ч. Разделите её и отправьте по частям.",
    ),
    "media.decode_failed": Text(
        False,
        "The recording could not be decoded. Convert it to mp3 or wav and send it again.",
        "Запись не удалось раскодировать. Переведите её в mp3 или wav и отправьте ещё раз.",
    ),
    # --- the request ------------------------------------------------------------------------------------------------
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
    "link.forbidden": Text(
        False,
        "This link leads to an address we may not open. Send a link that anybody on the internet can open.",
        "Ссылка ведёт на адрес, который нам нельзя открывать. Отправьте ссылку, доступную всем в интернете.",
    ),
    "link.unreachable": Text(
        True,
        "The link could not be opened: {reason}. Check it, or send the file itself.",
        "Ссылку не удалось открыть: {reason}. Проверьте её или отправьте сам файл.",
    ),
    "link.not_media": Text(
        False,
        "The link leads to a page, not to a recording. Send a direct link to the audio or video file.",
        "Ссылка ведёт на страницу, а не на запись. Отправьте прямую ссылку на аудио или видео.",
    ),
    "telegram.too_large": Text(
        False,
        "Telegram gives bots files of up to {limit_mb} MB only. Send this one through the web page.",
        "Telegram отдаёт ботам файлы только до {limit_mb} МБ. Отправьте этот файл через веб-страницу.",
    ),
    "telegram.unavailable": Text(
        True,
        "Telegram does not hand out the file now. We try again by ourselves.",
        "Telegram сейчас не отдаёт файл. Мы сами попробуем ещё раз.",
    ),
    "telegram.file_gone": Text(
        False,
        "Telegram no longer has this file. Send it again.",
        "В Telegram этого файла больше нет. Отправьте его ещё раз.",
    ),
    "payment.unknown": Text(
        False,
        "There is no such package any more. Choose again with /buy.",
        "Такого пакета больше нет. Выберите заново: /buy.",
    ),
    "upload.offset": Text(
        True,
        "The upload goes on at byte {offset}. Ask where it stands and send the rest.",
        "Загрузка продолжается с байта {offset}. Спросите, где она остановилась, и отправьте остальное.",
    ),
    "upload.version": Text(
        False,
        "Only tus {supported} is spoken here.",
        "Здесь поддерживается только tus {supported}.",
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
    "library.name_taken": Text(
        False,
        "You have “{name}” already. Choose another name.",
        "«{name}» у вас уже есть. Выберите другое название.",
    ),
    "auth.forbidden": Text(
        False,
        "You have no right to do this. Ask the administrator.",
        "У вас нет на это прав. Обратитесь к администратору.",
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
    # --- engines ----------------------------------------------------------------------------------------------------
    "engine.failed": Text(
        True,
        "The engine “{engine}” failed. We try again by ourselves.",
        "Движок «{engine}» дал сбой. Мы сами попробуем ещё раз.",
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
    # --- the service ------------------------------------------------------------------------------------------------
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
    ),
    "internal": Text(
        True,
        "Something broke on our side. Tell the administrator this number: {request_id}.",
        "У нас что-то сломалось. Сообщите администратору этот номер: {request_id}.",
    ),
}


class StenogramError(Exception):
    """An expected failure: ``code`` is stable, ``params`` fill its text, ``detail`` is for the log.

    A person sees ``detail`` only where the code's text has a slot for it.
    """

    def __init__(self, code: str, detail: str = "", **params: str | int | float) -> None:
        if code not in CATALOG:
            raise KeyError(f"unknown error code {code!r}")
        self.code = code
        self.detail = detail
        self.params = {"detail": detail, **params} if "{detail}" in CATALOG[code].en else params
        super().__init__(f"{code}: {detail}" if detail else code)

    @property
    def retryable(self) -> bool:
        return CATALOG[self.code].retryable

    def message(self, language: str = "en") -> str:
        """The text for the person, in ``ru`` or (for any other language) ``en``."""
        return render(self.code, self.params, language)


class InvalidMedia(StenogramError):
    """The recording cannot be transcribed, whatever we do."""


class InvalidOptions(StenogramError):
    """The request asks for something that does not exist."""


class EngineError(StenogramError):
    """A recogniser, diarizer or summariser failed; raised by adapters around the third-party exception."""


class StorageError(StenogramError):
    """The blob store, the database or the queue failed."""


class RunCancelled(StenogramError):
    """Raised by the progress hook inside a stage when somebody cancelled the run."""

    def __init__(self) -> None:
        super().__init__("run.cancelled")


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def render(code: str, params: Mapping[str, object], language: str = "en") -> str:
    """The text of ``code`` in ``ru`` or ``en``; a slot without a param shows ``?``."""
    text = CATALOG.get(code, CATALOG["internal"])
    template = text.ru if language.startswith("ru") else text.en
    return template.format_map(_Blank(params))
