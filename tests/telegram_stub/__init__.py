"""A stand-in for Telegram: a Bot API over real HTTP on loopback, for bots that do not know the difference.

::

    async with TelegramStub() as telegram:
        bot = Bot(telegram.token, session=AiohttpSession(api=telegram.api))  # or another process, with telegram.url
        anna = telegram.user(id=7, name="Анна", language="ru")
        anna.opens("/start")
        await telegram.until(lambda: anna.chat.from_bot)    # woken by every change: no sleeping
        anna.presses(anna.chat.last, "Настройки")
        assert not telegram.violations

People (`Person`) act at once: what they do becomes an update, which the bot fetches by getUpdates or gets by webhook.
What they see is in `Chat.messages` (current text, buttons, file; every edit in `Message.versions`), `Chat.draft` and
`Chat.actions`. What the bot asked is in ``telegram.calls``; what was refused in ``telegram.refusals``; what came faster
than Telegram lets a bot write in ``telegram.violations``. ``telegram.html()`` shows it all as a page.

The limits go by `Clock`, which a test may move by hand (`HandTime`). Faults are ``storm``, ``outage``,
``loses_answers``, ``answers_slowly``, ``refuses`` and ``cuts_downloads``.
``with TelegramStub()`` serves from a thread: then bots may be killed and started again at will. Whatever the stand-in
cannot do as Telegram does it reports as its own failure at the end, and every answer and update has to pass aiogram's
own types.

clock     time, the lock, and waiting for changes      server    HTTP, records of calls, faults on the way
entities  HTML and UTF-16 offsets                      polling   getUpdates, setWebhook
limits    numbers, and the sliding windows             webhook   delivery with retries
files     contents and their ids                       methods*  what each method does
model     users, chats, messages, queries              keyboards reply markup
world     the state and its moves                      people, groups  what users do
wire      as Telegram's JSON, checked                  stub, render    the whole, and how it looks
"""

from tests.telegram_stub.clock import Clock, HandTime
from tests.telegram_stub.errors import ApiError, StubError
from tests.telegram_stub.groups import Group, from_channel, from_chat, from_hidden_user, from_user
from tests.telegram_stub.limits import NO_LIMITS, Limits
from tests.telegram_stub.model import Chat, Message
from tests.telegram_stub.people import Attachment, Person
from tests.telegram_stub.stub import TOKEN, TelegramStub

__all__ = [
    "NO_LIMITS",
    "TOKEN",
    "ApiError",
    "Attachment",
    "Chat",
    "Clock",
    "Group",
    "HandTime",
    "Limits",
    "Message",
    "Person",
    "StubError",
    "TelegramStub",
    "from_channel",
    "from_chat",
    "from_hidden_user",
    "from_user",
]
