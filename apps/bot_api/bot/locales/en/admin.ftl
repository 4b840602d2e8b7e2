### What administrators see.

admin-title =
    <b>Administration</b>

    People: { $people }
    Recordings that wait: { $waiting }, in progress: { $running }
    Open failures: { $letters }

## The queue

queue-title = <b>Queue</b> · { $clock }
queue-name = { $queue ->
    [cpu] Sound and files
    [gpu] Speech and voices
    [llm] Summaries
   *[other] Other work
}
queue-line = { $name }: { $waiting } waiting, { $running } running
queue-line-old = { $name }: { $waiting } waiting, { $running } running, the longest for { $span }
queue-none = The queue is empty, there is nothing to do.
queue-unsent = ⚠️ Jobs do not reach the workers: { $count }, the oldest is due for { $span }. Check Redis.
queue-workers = Workers: { $count }, jobs in progress: { $busy }
queue-workers-none = ⚠️ No worker answers. Recordings wait until one is started.
queue-workers-unknown = ⚠️ Redis does not answer, so nobody can tell who works.
queue-disk = Free on disk: { $free } of { $total }
queue-files = Files stored: { $count }, { $size }
queue-letters = Open failures: { $count }

## Dead letters

letters-title =
    <b>Failures</b>

    Stages that failed after every attempt, the newest first.
letters-none =
    <b>Failures</b>

    There are no open failures.
letter-title = <b>Failed: { $stage ->
    [preprocess] preparing the sound
    [transcribe] recognising speech
    [diarize] telling voices apart
    [summarize] the summary
    [export] making files
   *[other] { $stage }
}</b>
letter-recording = Recording: { $name }, { $clock }
letter-owner = Sent by: { $name }
letter-attempts = { $count ->
    [one] { $count } attempt
   *[other] { $count } attempts
}, the last on { $when }
letter-run = Number: <code>{ $id }</code>
letter-error = <code>{ $code }</code>: { $error }
letter-resolved = { $resolution ->
    [replayed] Run again{ $state ->
        [done] , and now it is done.
        [done_with_warnings] , and now it is done.
        [dead] , but it failed once more.
       *[other] .
    }
   *[discarded] Taken off the list.
}
alert-replayed = Running it again
alert-discarded = Taken off the list
notice-letters = { $count ->
    [one] ⚠️ A new failure: a recording could not be processed after every attempt. See to it: /admin.
   *[other] ⚠️ { $count } new failures: recordings could not be processed after every attempt. See to them: /admin.
}

## People

people-title =
    <b>People</b>: { $count }

    The newest first.
people-question = Whom do you look for? Send a name, an @name or a Telegram number.
people-found = <b>People</b>: “{ $asked }”
people-many =
    <b>People</b>: “{ $asked }”

    There are many; these are the newest. Be more exact if you miss somebody.
people-none =
    <b>People</b>: “{ $asked }”

    Nobody found. Try a part of the name, or the whole Telegram number.
person-title = <b>{ $name }</b>
person-telegram = { $handle ->
    [none] Telegram: <code>{ $id }</code>
   *[other] Telegram: { $handle }, <code>{ $id }</code>
}
person-role = { $role ->
    [named] Administrator: named in BOT_ADMIN_IDS
    [admin] Administrator
   *[user] User
}
person-since = Here since { $moment }
person-plan = Plan { $plan }: { $daily } a day
person-unlimited = Plan { $plan }, without limits
person-used = Used today: { $used }
person-packs = { $sign ->
    [debt] Debt: { $packs }
   *[have] In reserve: { $packs }
}
person-recordings = Recordings in 30 days: { $count }
person-blocked = ⛔ Access closed on { $moment }
person-unreachable = Messages do not arrive: this person has blocked the bot
appoint-question =
    Make <b>{ $name }</b> an administrator?

    Administrators see the queue, failures and everybody here, open and close access, and write to all at once.
plans-title = <b>{ $name }</b>: plan
hours-title =
    <b>{ $name }</b>: how many hours to add?

    They are used after the daily allowance and do not expire.
alert-blocked = Access is closed
alert-unblocked = Access is open
alert-appointed = An administrator from now on
alert-dismissed = No longer an administrator
alert-granted = Added: { $amount }
notice-appointed = You are an administrator of this bot now. Your menu: /admin.
notice-granted = You have been given { $amount }. Your reserve is { $packs } now; it does not expire.

## Payments

payments-title = <b>{ $name }</b>: payments
payment-line = { $state ->
    [refunded] { $number }. { $amount } for { $stars } ⭐, { $when }, refunded
   *[paid] { $number }. { $amount } for { $stars } ⭐, { $when }
}
payments-more = …and { $count } earlier ones
refund-question =
    Refund { $stars } ⭐?

    { $name } gets them back, and { $amount } are taken from the reserve. What was used already becomes a debt.
alert-refunded = Refunded: { $stars } ⭐

## A text to everybody

broadcast-question =
    <b>Broadcast</b>

    Send me the text. { $count ->
        [one] { $count } person
       *[other] { $count } people
    } will get it. I show you first how it will look; its formatting is kept.
broadcast-dropped = The broadcast is cancelled.
broadcast-progress = { $waiting ->
    [0] <b>The broadcast is over</b>
   *[other] <b>The broadcast is under way</b>
}

    In all: { $count }
    Sent: { $sent }
    Not delivered: { $failed }
    To go: { $waiting }
alert-broadcast = Sending

## Invitations

invite-title =
    <b>Invitation</b>

    As many people as you choose can come in by the link. It works for 7 days.
invite-link =
    { $link }

    { $count ->
        [one] { $count } person
       *[other] { $count } people
    } can come in by this link, until { $until }.

## Buttons

button-admin-queue = Queue
button-admin-people = People
button-admin-letters = { $count ->
    [0] Failures
   *[other] Failures: { $count }
}
button-admin-broadcast = Broadcast
button-admin-invite = Invite
button-refresh = Refresh
button-first = ‹ Newest
button-older = Older ›
button-letter = { $stage ->
    [preprocess] Sound
    [transcribe] Speech
    [diarize] Voices
    [summarize] Summary
    [export] Files
   *[other] { $stage }
} · { $code } · { $when }
button-replay = Run again
button-discard = Take off the list
button-find = Search
button-find-again = Search again
button-person = { $state ->
    [blocked] ⛔{ " " }
    [admin] ★{ " " }
   *[user] { "" }
}{ $name }{ $handle ->
    [none] { "" }
   *[other] { " " }{ $handle }
}
button-block = Close access
button-unblock = Open access
button-appoint = Make administrator
button-appoint-sure = Yes, do it
button-dismiss = Dismiss as administrator
button-plan = Plan: { $plan }
button-plan-default = Default: { $plan }
button-unlimited = { $value ->
    [yes] No limits: yes
   *[no] No limits: no
}
button-grant = Add hours
button-hours = { $amount }
button-payments = Payments
button-refund-number = Refund no. { $number }
button-refund-sure = Refund { $stars } ⭐
button-broadcast-send = { $count ->
    [one] Send to { $count } person
   *[other] Send to { $count } people
}
button-broadcast-drop = Do not send
button-invite = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
button-share = Forward
