### What a person has used, what is kept of them, and how it ends.

usage-today =
    <b>Today</b>
    Used { $used } of { $daily }, { $left } left.
usage-resets = It is renewed on { $when }.
usage-unlimited =
    <b>Without limits</b>
    Used today: { $used }.
usage-packs = In reserve: { $packs }. It is used when the day’s share is.
usage-debt = Owed: { $packs }. It comes off what is added next.
usage-plan = Plan: { $plan }.
usage-week = <b>This week</b>
usage-day = <code>{ $day } { $bar }</code> { $amount }

privacy-what =
    <b>What is kept</b>
    The recordings you sent, their texts and files. Your name and id in Telegram, settings, time used, payments.
privacy-where =
    <b>Where</b>
    { $store ->
        [s3] In the file store that the owner of this bot has chosen
       *[local] On the server of the owner of this bot
    }. Recordings and files are encrypted, each with a key of its own. Speech is recognised there too. { $telegram ->
        [own] Recordings come by way of Telegram to the owner’s own server
       *[cloud] Messages with recordings pass through Telegram and stay in your chats
    }.
privacy-summary = Summaries are written by { $host }: the text of a recording goes there, its sound does not.
privacy-no-summary = Summaries are made there too, and texts go nowhere else.
privacy-long =
    <b>How long</b>
    { $keep ->
        [day] New recordings are deleted after 24 hours, with their texts and files
        [week] New recordings are deleted after 7 days, with their texts and files
       *[forever] Recordings, texts and files are kept until you delete them
    }. To change that: /settings. Unfinished uploads are deleted after { $uploads }.
privacy-delete =
    <b>How to take and delete it</b>
    One recording: “More…” under its result, then “Delete”. Everything: /delete_me. A copy for you: /export_me.
privacy-support = Questions: { $support }

export-begun = Packing your archive: recordings, texts, settings. It comes here, you need not wait.
export-busy = Your archive is being packed already, it comes here.
export-ready = Everything kept of you: recordings, their texts as DOCX and JSON, settings and usage.
export-too-large = The archive takes { $size }, and Telegram takes files of up to { $limit } from bots. Download it here: the link works for an hour and needs no password, so do not pass it on.
export-too-large-address = The archive takes { $size }, and Telegram takes files of up to { $limit } from bots. Download it here: the link works for an hour and needs no password, so do not pass it on.
    { $url }
export-failed = The archive could not be sent. Please try again: /export_me.
export-interrupted = The service was restarted before your archive was done. Please try again: /export_me.

forget-question =
    <b>Delete all your data?</b>

    Recordings, texts, files, settings and your reserve of time will be gone for good. You may take a copy before: /export_me.
forget-sure = <b>This will be gone for good</b>
forget-recordings = • { $recordings }, { $span }, with all texts and files
forget-packs = • time in reserve: { $packs }
forget-rest = • settings, name and usage
forget-stays = Messages in Telegram stay: you can delete them yourself. For two days an anonymous mark tells how much time was used today.
forget-not = Nothing was deleted.
forgotten = Everything is deleted. To come back, press /start.

button-forget = Delete all my data
button-forget-sure = Yes, delete for good: { $recordings }
button-stay = Keep it
button-download = Download the archive
