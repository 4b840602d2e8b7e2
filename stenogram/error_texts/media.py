"""Of recordings on their way in: files, links, what Telegram hands out, uploads."""

from collections.abc import Mapping

from stenogram.error_texts.text import Text

MEDIA: Mapping[str, Text] = {
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
}
