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
    [voice] Voice message
    [video_note] Video message
    [video] Video
    [link] Recording from a link
    [sample] Sample recording
   *[audio] Recording
}
item = { $icon } <b>{ $name }</b>
item-long = { $icon } <b>{ $name }</b> · { $clock }

## While we work

bar = { $bar } { $percent }%
stage = { $stage ->
    [preprocess] Preparing the audio
    [transcribe] Transcribing speech
    [diarize] Telling speakers apart
    [summarize] Writing the summary
    [export] Preparing the files
   *[other] Working on the recording
}
left = about { $span } left
left-moments = a few seconds left
status-received = Got your recording, starting now.
status-fetching = Downloading the file…
status-fetching-link = Downloading the recording from the link…
status-queued = In the queue, starting soon.
status-queued-place = { $place ->
    [1] Your recording is next in the queue.
   *[other] Place in the queue: { $place }. No need to wait here, the text will come by itself.
}
status-busy = Busy right now. Yours starts as soon as there is room, no need to send it again.
status-busy-ahead = Busy right now: { $ahead ->
    [one] { $ahead } recording is
   *[other] { $ahead } recordings are
} in the queue. Yours starts as soon as there is room, no need to send it again.
status-done = Done, the text comes in a moment.
status-cancelled = Stopped. You can start it again.
status-cancelled-line = stopped
failed = ❌ { $error }
upload-page = Telegram gives bots files of up to { $limit_mb } MB only. Send this one through the web page.
upload-address = Telegram gives bots files of up to { $limit_mb } MB only. Send this one through the web page: { $url }

album = <b>{ $count ->
    [one] { $count } recording
   *[other] { $count } recordings
}</b> · { $done ->
    [0] working
   *[other] { $done } done
}
album-line = { $number }. { $name } — { $state }
album-line-done = { $number }. ✅ { $name }
album-line-failed = { $number }. ❌ { $name }: { $error }
album-more = { $count ->
    [one] …and { $count } more recording
   *[other] …and { $count } more recordings
}
line-received = received
line-busy = waiting for room
line-fetching = downloading
line-queued = { $place ->
    [0] in the queue
   *[other] number { $place } in the queue
}
line-running = { $stage ->
    [preprocess] preparing the audio
    [transcribe] transcribing speech
    [diarize] telling speakers apart
    [summarize] writing the summary
    [export] preparing the files
   *[other] in progress
}, { $percent }%

## When it is done

headline = ✅ Done: “{ $name }”, { $clock }
headline-nameless = ✅ Done: { $kind ->
    [voice] voice message
    [video_note] video message
    [video] video
    [link] recording from a link
    [sample] sample recording
   *[audio] recording
}, { $clock }
headline-untimed = ✅ Done: “{ $name }”
headline-short = ✅ Done
headline-failed = ❌ Failed: “{ $name }”
headline-failed-short = ❌ Failed
headline-cancelled = Stopped
headline-album = ✅ { $done ->
    [one] { $done } recording is done
   *[other] { $done } recordings are done
}
headline-album-partly = { $done } of { $count ->
    [one] { $count } recording is done
   *[other] { $count } recordings are done
}
headline-album-failed = ❌ Failed: { $count ->
    [one] { $count } recording
   *[other] { $count } recordings
}

result-title = <b>{ $name }</b>
result-forwarded = ↪️ { $author }, { $moment }
result-forwarded-author = ↪️ { $author }
result-forwarded-moment = ↪️ { $moment }
result-repeated = <i>This recording is transcribed already, here is the text.</i>
result-language = { $language } ({ $percent }%)
result-empty = I found no speech in the recording. Check that somebody speaks in it, or run it again and choose the language yourself.
result-turn = <b>{ $name }</b> { $clock }
result-summary = <b>In brief</b>
result-point = • { $text }
result-file = The whole text is in the file.
result-buttons = The whole text is in the files: choose a format below.
result-empty-short = No speech was found.
result-warning = ⚠️ { $warning }
result-partly = The text is ready, but one of the later steps failed. You can repeat it: “More…” → “Redo”.

album-result = { $count ->
    [one] <b>{ $count } recording</b>
   *[other] <b>{ $count } recordings</b>
}
album-result-partly = <b>{ $done } of { $count ->
    [one] { $count } recording is done
   *[other] { $count } recordings are done
}</b>
album-result-none = { $count ->
    [one] <b>Failed: { $count } recording</b>
   *[other] <b>Failed: { $count } recordings</b>
}
album-result-hint = Tap a number to open the text.
album-entry = { $number }. <b>{ $name }</b>
album-entry-long = { $number }. <b>{ $name }</b> · { $clock }

summary-title = <b>{ $name }: in brief</b>
summary-decisions = <b>Decisions</b>
summary-actions = <b>Action items</b>
summary-keyphrases = <b>Topics:</b> { $phrases }
summary-action = • { $text } ({ $who })
summary-empty = There is no summary: the recording has too little text.

speakers-title = <b>Who speaks</b>
speakers-line = { $name } · { $share }% · { $clock }
speakers-hint = Tap a name to change it.
speakers-one = There is one voice in the recording, so no names are needed.
speakers-unknown = Speakers are not told apart in this recording. Run it again: “More…” → “Redo”.

again-title = <b>Transcribe again: “{ $name }”</b>
again-hint = The text you have stays until the new one is ready.

delete-question = Delete the recording, its text and its files? They cannot be brought back.
delete-done = The recording is deleted, with its text and its files.

## What the bot says to what it cannot take

recording-voice = Voice { $when }
recording-audio = Audio { $when }
recording-video = Video { $when }
recording-video-note = Video message { $when }
recording-document = Recording { $when }
nothing-to-transcribe = There is no recording in this message. Reply to a voice message, an audio or a video.
transcribe-how = Reply to a voice message, an audio or a video with /transcribe, and I send the text.
too-fast = Too many messages at once. Wait a little.

## Buttons

button-cancel = Cancel
button-cancel-all = Cancel all
button-retry = Try again
button-retry-number = Try no. { $number } again
button-restart = Start again
button-upload = Send through the page
button-open = Open and edit
button-more = More…
button-back = ‹ Back
button-summary = Summary
button-text = Text only
button-speakers = Speakers
button-again = Redo
button-delete = Delete
button-delete-sure = Yes, delete
button-keep = Keep
button-quality = Better
button-fast = Faster
button-language-auto = Language: auto
button-speakers-auto = Speakers: auto
button-speakers-count = { $count }
button-chosen = ✓ { $label }
button-go = Start
button-previous = ‹
button-next = ›

## Warnings of a result in words for users of the bot; an empty one is not shown

warning-demo_model = This is the demo model: it understands synthetic voices only and gets real ones wrong. Ask the administrator to install a real one.
warning-lighter_model = The server was short of memory, so a lighter model was used: there may be more mistakes.
warning-smaller_batch = { "" }
warning-no_export = { "" }
warning-quiet = The recording is very quiet, so it was amplified: check names and numbers.
warning-clipped = The recording is overdriven: some words may be wrong. Keep the microphone further away next time.
warning-truncated = The file breaks off before its end, and so does the text. If the recording is longer, send it again.
warning-low_language_probability = The language was hard to tell. If it is wrong, choose it yourself: “More…” → “Redo”.
warning-no_diarization = Speakers could not be told apart, but the text is complete. Try again: “More…” → “Redo”.
warning-no_summary = The summary failed, but the text is complete. Try again: “More…” → “Redo”.
warning-no_speech = There is sound, but I heard no speech.

## Errors whose words in the catalogue are meant for other fronts

error-auth-required = Tap /start first, so that I know you.
error-auth-link_spent = This sign-in link was used or has expired. Open the page again with the button in the bot.
error-request-invalid = I could not understand the request. Try again or open /help.
error-media-unsupported = This is not an audio or video file that I can read. Send mp3, m4a, wav, ogg, flac, webm, mp4 or the like.
error-media-no_speech = I heard sound but no speech. Send a recording in which people speak.
error-link-forbidden = This link leads to an address that I may not open. Send a link that anybody on the internet can open.
error-request-too_large = This is more than I can take at once. Split it and send the parts one by one.
error-queue-full = There is too much work now. Send the recording again { $retry_after ->
    [unknown] a little later
   *[other] in { $retry_after }
}.
error-queue-full_for_user = { $waiting ->
    [one] { $waiting } of your recordings waits already.
   *[other] { $waiting } of your recordings wait already.
} Wait until some are done, then try again{ $retry_after ->
    [unknown] { "" }
   *[other] { " " }in { $retry_after }
}.
error-quota-exceeded = { $needed ->
    [unknown] { $left } are left for today, which is not enough for this recording.
   *[other] This recording takes { $needed }, and { $left } are left for today.
} More from { $resets_at }.
error-quota-files = { $limit ->
    [one] You can send { $limit } recording an hour.
   *[other] You can send { $limit } recordings an hour.
} I take the next one { $retry_after ->
    [unknown] later
   *[other] in { $retry_after }
}.
error-telegram-too_large = Telegram gives bots files of up to { $limit_mb } MB only. Compress the recording, or split it and send the parts.
error-telegram-unavailable = Telegram does not hand out the file now. Tap “Try again” in a few minutes.
error-library-name_taken = You have “{ $name }” already. Choose another name.
error-run-conflict = { $state ->
    [done] The work has ended already, there is nothing left to change.
    [done_with_warnings] The work has ended already, there is nothing left to change.
    [cancelled] The work was stopped already. Start it again if you need it.
    [dead] The work has stopped with an error already. Start it again.
   *[other] This cannot be done now: the recording is being worked on. Wait until it is done.
}
error-run-cancelled = The work was stopped. Start it again if you need it.
error-engine-failed = Something went wrong during the work. Tap “Try again”; if that does not help, write to the administrator.
error-engine-out_of_memory = The server had too little memory for this recording. Tap “Try again” later, or choose “Faster” in /settings.
error-engine-unavailable = The service that works on recordings does not answer. Tap “Try again” in a few minutes.
error-engine-not_configured = This part of the service is not set up yet. Write to the administrator.
error-engine-refused = The service that works on recordings refused to do it. Try another recording or write to the administrator.
error-engine-invalid_output = Something went wrong during the work. Tap “Try again”; if that does not help, write to the administrator.
error-engine-over_budget = The text is too long for a summary, but the text itself is ready. The administrator can raise the limit.
error-weights-unavailable = The model for recognition is not installed yet. Write to the administrator.
error-storage-full = The server has no room left. Nothing is lost; write to the administrator and send the recording later.
error-storage-corrupt = The stored file is damaged and cannot be read. Send the recording again.
error-storage-unavailable = The file storage does not answer. Try again in a minute.
error-database-unavailable = The service does not answer now. Try again in a minute.
error-queue-unavailable = The service does not answer now. Try again in a minute.
error-stage-timeout = { $stage ->
    [preprocess] Preparing the audio
    [transcribe] Recognition
    [diarize] Telling speakers apart
    [summarize] The summary
    [export] Preparing the files
   *[other] The work
} took too long and was stopped. Tap “Try again”.
error-internal = Something broke on my side. Tap “Try again”; if that does not help, { $request_id ->
    [unknown] write to the administrator
   *[other] give the administrator the number { $request_id }
}.
