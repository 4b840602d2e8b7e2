"""Groups, and where a forwarded message may come from."""

from tests.telegram_stub.model import Chat, Content, Json, Message, User
from tests.telegram_stub.wire import chat_json, user_json
from tests.telegram_stub.world import World

SUPERGROUP_BASE = -1_000_000_000_000


class Group:
    """A group with the bot in it or not; people write to it with ``chat=group``."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self.chat = chat

    @property
    def id(self) -> int:
        return self.chat.id

    @property
    def messages(self) -> list[Message]:
        return self.chat.messages

    @property
    def last(self) -> Message:
        return self.chat.last

    def adds_bot(self, by: User, *, admin: bool = False) -> None:
        """my_chat_member and the service message, as when somebody adds the bot in a client."""
        world = self._world
        with world.changes.change():
            world.membership(self.chat, world.bot, "administrator" if admin else "member", by)
            self._service(by, {"new_chat_members": [user_json(world.bot)]})

    def makes_bot(self, status: str, by: User) -> None:
        """``status``: administrator, member, left or kicked; after the last two the bot is refused with 403."""
        with self._world.changes.change():
            self._world.membership(self.chat, self._world.bot, status, by)

    def takes(self, user: User, status: str = "member") -> None:
        """``user`` joins, or becomes ``status``."""
        with self._world.changes.change():
            self._world.membership(self.chat, user, status, by=user)
            if status == "member":
                self._service(user, {"new_chat_members": [user_json(user)]})

    def loses(self, user: User) -> None:
        with self._world.changes.change():
            self._world.membership(self.chat, user, "left", by=user)
            self._service(user, {"left_chat_member": user_json(user)})

    def becomes_supergroup(self, by: User) -> "Group":
        """The supergroup that takes the place of this basic group; the old id is refused with migrate_to_chat_id."""
        world = self._world
        with world.changes.change():
            chat = Chat(SUPERGROUP_BASE + self.id, "supergroup", self.chat.title, members=dict(self.chat.members))
            world.chats[chat.id] = chat
            group = Group(world, chat)
            self._service(by, {"migrate_to_chat_id": chat.id})
            self.chat.migrated_to = chat.id
            group._service(by, {"migrate_from_chat_id": self.id})
        return group

    def _service(self, by: User, body: Json) -> None:
        self._world.deliver(self._world.post(self.chat, by, Content(), service=body))


def from_user(name: str, *, user_id: int = 900_000_001, date: int = 1_700_000_000) -> Json:
    """The origin of a message of somebody who lets others see who they are."""
    sender = user_json(User(user_id, name))
    return {"type": "user", "date": date, "sender_user": sender}


def from_hidden_user(name: str, *, date: int = 1_700_000_000) -> Json:
    return {"type": "hidden_user", "date": date, "sender_user_name": name}


def from_chat(title: str, *, chat_id: int = -1_009_000_000_001, date: int = 1_700_000_000) -> Json:
    """Of an anonymous administrator of a group."""
    return {"type": "chat", "date": date, "sender_chat": chat_json(Chat(chat_id, "supergroup", title))}


def from_channel(title: str, *, chat_id: int = -1_009_000_000_002, date: int = 1_700_000_000) -> Json:
    return {
        "type": "channel",
        "date": date,
        "chat": chat_json(Chat(chat_id, "channel", title)),
        "message_id": 7,
    }
