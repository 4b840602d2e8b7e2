### The bot among several people.

group-hello =
    Hello! I turn voice messages, audio and video into text.

    Reply to a recording with /transcribe, or mention me. Administrators can set the rest: /settings.
group-settings =
    <b>Settings of this group</b>

    Administrators can change them. Everything else is as the one who asks for the text prefers.
group-settings-closed = The settings of this group are saved. To come back to them: /settings.
group-blind = ⚠️ At present I see only messages addressed to me. For me to answer every voice message, make me an administrator of the group.
group-anonymous = I cannot see who you are: you write as the group or as a channel. Write as yourself, and I make the text.
group-private-only = This is personal, so I answer in our own chat.
group-speech =
    <b>Language of speech</b>

    If everybody here speaks one language, choose it: there will be fewer mistakes.
group-speech-own = as the sender prefers

alert-group-admins = Only administrators change the settings of this group.

button-group-every = { $value ->
    [yes] Transcribe: every voice message
   *[no] Transcribe: when asked
}
button-group-speech = Language of speech: { $value }
button-group-diarize = { $value ->
    [yes] Speakers: told apart
    [no] Speakers: not told apart
   *[own] Speakers: as the sender prefers
}
button-open-chat = Open the chat
