## Before anybody writes

bot-description =
    Send a voice message, a recorded meeting or a video, and I return the text: who said what and when.
    Russian and English, speakers told apart, summaries, and files: DOCX, SRT, PDF.
    Recordings stay on your company's own servers.
bot-short-description = Voice messages, meetings and videos as text: who said what and when.
menu-button = Open
command-start = How to begin
command-help = What I can do
command-settings = Language, quality, speakers, notifications
command-history = My recordings
command-search = Search my recordings: /search contract
command-usage = What is used and what is left
command-cancel = Stop what is under way
command-export-me = Download all my data
command-delete-me = Delete all my data
command-privacy = What is kept, and for how long
command-transcribe = In reply to a recording: turn it into text
command-admin = Queue, people, failures, broadcast
command-buy = Buy time
command-paysupport = Help with payments
command-terms = Terms

## The first minutes

tour-1 =
    <b>Hello, { $name }!</b>

    Send a voice message, audio, a video or a link to a file. I return the text: who said what and when.
tour-2 =
    <b>What to do with the text</b>

    Every result has buttons: files as DOCX, SRT, TXT and more, a summary, names of speakers, another run with other settings.

    All you have sent can be searched: <code>/search contract</code>; the whole list: /history.
tour-3 =
    <b>Make it yours</b>

    Language of speech, quality, number of speakers, how long recordings are kept, notifications: /settings.

    In a group, reply to a voice message with /transcribe. What is kept and how to delete it: /privacy.
button-tour-next = Next ›
button-sample = Try an example
help =
    <b>What to send</b>
    A voice message, audio, a video, a round video, a file, several files at once, a link to a file, or a forwarded message.

    <b>Commands</b>
    /settings: language, quality, speakers, keeping, notifications
    /history: my recordings
    /search word: search my recordings
    /usage: what is used and what is left
    /cancel: stop what is under way
    /privacy, /export_me, /delete_me: your data

    <b>In a group</b>
    Reply to a recording with /transcribe, or mention me.
help-group = Reply to a voice message, audio or video with /transcribe, and I send the text.
unknown-command = There is no such command. All I can do: /help.
unknown-text = I turn recordings into text. Send a voice message, audio, a video or a link to a file. More: /help.
unsupported = I cannot work with this. Send a voice message, audio, a video or a file: mp3, m4a, wav, ogg, mp4.
outdated-button = This button is no longer valid. Open the menu again.

## Answers to presses

cancelling = Stopping
retrying = Starting
making-file = Making the { $format }
cancelled-all = { $count ->
    [one] { $count } recording was stopped.
   *[other] { $count } recordings were stopped.
}
nothing-to-cancel = Nothing is under way.
name-question = What is the name of “{ $name }”? Reply to this message.
name-placeholder = Name
name-taken = Noted: { $name }.
