# Measures: numbers with their units.
span-seconds = { $seconds } с
span-minutes = { $minutes } мин
span-hours = { $minutes ->
    [0] { $hours } ч
   *[other] { $hours } ч { $minutes } мин
}
span-days = { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
}
size-kb = { $size } КБ
size-mb = { $size } МБ
size-gb = { $size } ГБ

# Patterns of Unicode CLDR.
moment = d MMMM, H:mm
moment-year = d MMMM y, H:mm

count-recordings = { $count ->
    [one] { $count } запись
    [few] { $count } записи
   *[many] { $count } записей
}
count-speakers = { $count ->
    [one] { $count } говорящий
   *[other] { $count } говорящих
}
