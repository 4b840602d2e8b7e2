import type en from './account.en'

const ru: typeof en = {
  title: 'Настройки',
  retry: 'Повторить',
  failed: 'Не удалось загрузить.',
  loading: 'Загружаем…',
  saved: 'Сохранено',
  more: 'Показать ещё',
  settings: {
    title: 'Новые записи',
    lead: 'Бот работает по тем же настройкам.',
    speech: 'Язык речи', preset: 'Режим', diarize: 'Различать говорящих', speakers: 'Сколько говорящих', denoise: 'Убирать шум',
    keep: 'Хранить записи', keep_day: 'Один день', keep_week: 'Неделю', keep_forever: 'Пока не удалю', keep_hint: 'Действует для записей, добавленных с этого момента.',
    export: 'Формат файлов в боте', notices: 'Бот и время', language: 'Язык бота', timezone: 'Часовой пояс', service_zone: 'Как у сервиса: {zone}',
    notify: 'Длинные записи: присылать результат новым сообщением', silent: 'Писать только результаты', auto: 'Определять',
  },
  usage: {
    title: 'Расход', unlimited: 'Без ограничений', plan: 'Тариф: {name}', left: 'Осталось на сегодня: {time}', packs: 'Дополнительно: {time}', debt: 'Долг: {time}', of: 'Сегодня использовано {used} из {whole}', resets: 'Новый запас: {when}',
    days: 'По дням', day: 'День', time: 'Записи', count: '{n} запись | {n} записи | {n} записей', none: 'За последние 30 дней записей не было.',
    archive: 'Скачать всё, что обо мне хранится', archive_hint: 'ZIP-архив: записи, расшифровки и данные аккаунта.',
  },
  sessions: {
    title: 'Где вы вошли', this: 'Это устройство', unknown: 'Неизвестный браузер', seen: 'последний раз {when}', way_link: 'по ссылке', way_telegram: 'из Telegram', way_widget: 'через Telegram',
    end: 'Выйти', end_label: 'Выйти: {name}', others: 'Выйти на всех остальных', ended: 'Сеанс завершён',
  },
  keys: {
    title: 'Ключи для программ', lead: 'Программа передаёт ключ в заголовке «Authorization: Bearer». Ключ не даёт доступа к сеансам и администрированию.', none: 'Ключей пока нет.',
    name: 'Для чего ключ', name_hint: 'например, резервные копии', scope: 'Права', scope_read: 'Только чтение', scope_write: 'Чтение и изменение', days: 'Срок', days_30: '30 дней', days_90: '90 дней', days_365: 'Год', days_0: 'Пока не отзову',
    make: 'Создать ключ', secret: 'Скопируйте ключ сейчас: больше мы его не покажем.', copy: 'Скопировать', copied: 'Скопировано', revoke: 'Отозвать', revoke_label: 'Отозвать: {name}', revoked: 'Ключ отозван',
    never: 'не использовался', used: 'последний раз {when}', until: 'до {when}', over: 'срок истёк',
  },
  runs: { title: 'История обработки', back: 'К записи', none: 'Запись ещё не обрабатывалась.', stage: 'Этап', state: 'Состояние', took: 'Время', tries: 'Попытки', from: 'Заново отсюда', restarted: 'Запущено заново', auto: 'язык определён сам', speakers: '{n} говорящий | {n} говорящих | {n} говорящих', denoise: 'шум убран', plain: 'без различения говорящих' },
  state: { waiting: 'Ожидает', queued: 'В очереди', running: 'Идёт', done: 'Готово', skipped: 'Пропущено', failed: 'Сбой, будет ещё попытка', cancelled: 'Отменено', dead: 'Не получилось' },
  admin: {
    title: 'Администрирование', tab_people: 'Люди', tab_health: 'Состояние', tab_letters: 'Сбои', tab_audit: 'Журнал', tab_models: 'Модели', forbidden: 'Эти страницы — для администраторов.',
    find: "Имя, {'@'}имя или номер", nobody: 'Никого не нашлось.', total: '{n} человек | {n} человека | {n} человек', admin: 'Администратор', blocked: 'Доступ закрыт', unlimited: 'Без ограничений', since: 'с {when}', back: 'Все люди',
    plan: 'Тариф', plan_default: 'Как у сервиса: {name}', per_day: '{name}, {time} в день', no_limits: 'Без ограничений', block: 'Закрыть доступ', unblock: 'Открыть доступ', block_sure: 'Закрыть доступ? {name} больше не войдёт, обработка записей остановится.', appoint: 'Сделать администратором', appoint_sure: 'Дать права администратора? Их получит {name}.', dismiss: 'Снять права администратора', dismiss_sure: 'Снять права администратора? Их лишится {name}.', by_setting: 'Администратор по настройкам сервера', grant: 'Дать часы', hours: 'Часы', granted: 'Часы начислены',
    queue: 'Очередь', due: 'Ждут', delayed: 'Отложены', running: 'В работе', oldest: 'Самая старая', workers: 'Исполнители', no_workers: 'Ни один исполнитель не работает.', redis_away: 'Redis не отвечает.', leases: 'Сейчас в работе', disk: 'Диск', disk_free: 'Свободно {free} из {total}', stored: 'Занято записями: {size}', outbox: 'Неотправленных сообщений: {n}', cleaning: 'Уборка', cleaned: 'удалено за всё время: {n}', none_running: 'Сейчас ничего не обрабатывается.',
    letters_none: 'Окончательных сбоев нет.', replay: 'Повторить', discard: 'Убрать', replayed: 'Снова в очереди', discarded: 'Убрано из списка', attempts: '{n} попытка | {n} попытки | {n} попыток', run: 'обработка {id}',
    audit_none: 'Записей в журнале пока нет.', someone: 'удалённый аккаунт', via_bot: 'в боте', via_key: 'по ключу', when: 'Когда', who: 'Кто', what: 'Что', whom: 'Кому',
    many_languages: '{n} язык | {n} языка | {n} языков', model: 'Модель', engine: 'Движок', languages: 'Языки', size: 'Размер', here: 'Установлена', absent: 'Не установлена',
    action: {
      session_opened: 'вход', session_ended: 'завершение сеанса', session_others_ended: 'завершение остальных сеансов', key_made: 'создание ключа', key_revoked: 'отзыв ключа', user_blocked: 'закрытие доступа', user_unblocked: 'открытие доступа', user_appointed: 'назначение администратором', user_dismissed: 'снятие прав администратора', user_unlimited: 'снятие ограничений', user_limited: 'возврат ограничений', user_plan: 'смена тарифа', user_granted: 'начисление часов', user_refunded: 'возврат платежа', letter_replayed: 'повтор после сбоя', letter_discarded: 'сбой убран из списка', archive_taken: 'выгрузка архива',
    },
  },
  widget: 'Войти через Telegram',
}

export default ru
