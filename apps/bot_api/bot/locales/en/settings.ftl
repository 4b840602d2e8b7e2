### What a person may set for themselves.

settings-title =
    <b>Settings</b>

    Tap a line to change it. New values hold for the recordings you send from now on.

    <b>Notify</b>: the result of a long recording comes as a new message, with a sound.
    <b>Silent mode</b>: I write nothing but the result.
settings-closed = Your settings are saved. To come back to them: /settings.

settings-auto = auto
settings-place = { $city }, { $offset }
settings-keep-name = { $value ->
    [day] 24 hours
    [week] 7 days
   *[forever] until I delete it
}

settings-speech =
    <b>Language of speech</b>

    If all your recordings are in one language, choose it: there will be fewer mistakes. Otherwise I find out the language of each.
settings-auto-speech = Find out automatically
settings-languages = <b>Language of speech</b>
settings-speakers =
    <b>How many people speak</b>

    If you know the exact number, speakers are told apart better.
settings-auto-speakers = Count automatically
settings-keep =
    <b>How long to keep recordings</b>

    After that, the recording, its text and its files are deleted for good. Recordings that are here already keep the time they came with.
settings-export =
    <b>File with the result</b>

    A long text comes as a file. Which format should it be? The others stay in the buttons under the result.
settings-zone =
    <b>Time zone</b>

    Dates are shown in it, and your minutes are renewed at its midnight. In the zone you have chosen it is { $now }.
settings-place-question =
    <b>Another time zone</b>

    Write a city, such as Berlin or Vladivostok, the name of a zone, such as Asia/Tokyo, or an offset, such as UTC+5.
settings-place-lost =
    <b>I do not know this place</b>

    Write a large city with the same time, the name of a zone, such as Asia/Tokyo, or an offset, such as UTC+5.

## Buttons

button-set-language = 🌐 Bot language: { $value ->
    [en] English
   *[ru] Russian
}
button-set-speech = Language of speech: { $value }
button-set-preset = { $value ->
    [fast] Quality: faster
   *[quality] Quality: more exact
}
button-set-diarize = { $value ->
    [yes] Speakers: told apart
   *[no] Speakers: not told apart
}
button-set-speakers = Speakers: { $value }
button-set-denoise = { $value ->
    [yes] Noise: removed
   *[no] Noise: left as it is
}
button-set-keep = Keep: { $value }
button-set-notify = { $value ->
    [yes] Notify: yes
   *[no] Notify: no
}
button-set-silent = { $value ->
    [yes] Silent mode: on
   *[no] Silent mode: off
}
button-set-export = File: { $value }
button-set-zone = Time zone: { $value }
button-languages = Other languages…
button-other-zone = Another place…
button-page = { $page } of { $pages }
button-done = Done

## Cities that people type, by the zone whose time they have; those that name a zone themselves need not be here.

place-cities =
    Europe/Moscow: St Petersburg, Saint Petersburg, Kazan, Nizhny Novgorod, Rostov-on-Don, Krasnodar, Voronezh, Sochi
    Asia/Yekaterinburg: Chelyabinsk, Ufa, Perm, Tyumen
    Asia/Vladivostok: Khabarovsk
    Europe/Kiev: Kyiv, Kharkiv, Odesa, Lviv
    Asia/Almaty: Astana
    Asia/Jerusalem: Tel Aviv, Haifa
    Europe/Istanbul: Antalya, Ankara
    Europe/London: Manchester, Birmingham, Edinburgh, Glasgow
    Europe/Berlin: Munich, Hamburg, Frankfurt, Cologne
    Europe/Paris: Lyon, Marseille
    Europe/Madrid: Barcelona
    Europe/Rome: Milan
    Europe/Zurich: Geneva
    Asia/Shanghai: Beijing, Shenzhen
    Asia/Kolkata: Delhi, Mumbai, Bangalore
    America/Los_Angeles: San Francisco, San Diego, Seattle, Las Vegas
    America/New_York: Washington, Boston, Miami, Philadelphia, Atlanta
    America/Chicago: Dallas, Houston, Austin
