# Measures: numbers with their units.
span-seconds = { $seconds } s
span-minutes = { $minutes } min
span-hours = { $minutes ->
    [0] { $hours } h
   *[other] { $hours } h { $minutes } min
}
span-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
size-kb = { $size } KB
size-mb = { $size } MB
size-gb = { $size } GB

# Patterns of Unicode CLDR.
moment = MMMM d, HH:mm
moment-year = MMMM d, y, HH:mm

count-recordings = { $count ->
    [one] { $count } recording
   *[other] { $count } recordings
}
count-speakers = { $count ->
    [one] { $count } speaker
   *[other] { $count } speakers
}
