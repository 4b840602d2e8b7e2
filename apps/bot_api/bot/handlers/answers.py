"""The buttons under a status: cancel, try again."""

from uuid import UUID

from aiogram import Router
from aiogram.types import CallbackQuery
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.render.buttons import Cancel, Retry
from apps.bot_api.bot.texts import Texts
from stenogram.errors import StenogramError
from stenogram.services import posts
from stenogram.storage.models import User
from stenogram.storage.telegram_models import TelegramAnswer, TelegramPost
from stenogram.storage.telegram_rows import Answers, Posts

router = Router(name="answers")


@router.callback_query(Cancel.filter())
async def cancel(query: CallbackQuery, callback_data: Cancel, desk: Desk, user: User, texts: Texts) -> None:
    async with desk.runtime.database.begin() as session:
        post = await _own(session, callback_data.post_id, user)
        together = await Posts(session).of([post.answer_id]) if callback_data.whole else [post]
        stopped = [await posts.stop(session, one) for one in together]
    await desk.runtime.dispatcher.flush(event for events in stopped for event in events)
    await query.answer(texts.plain("cancelling"))


@router.callback_query(Retry.filter())
async def retry(query: CallbackQuery, callback_data: Retry, desk: Desk, user: User, texts: Texts) -> None:
    async with desk.runtime.database.begin() as session:
        post = await _own(session, callback_data.post_id, user)
        answer = await Answers(session).get(post.answer_id)
        if answer is not None and post.state in ("failed", "cancelled"):
            await _begin_anew(session, post, answer)
    desk.caretaker.begin(post.answer_id)
    await query.answer(texts.plain("retrying"))


async def _begin_anew(session: AsyncSession, post: TelegramPost, answer: TelegramAnswer) -> None:
    await Posts(session).set(
        post.id, state="new", error_code=None, error_params={}, recording_id=None, run_id=None, repeated=False
    )
    await Answers(session).set(answer.id, delivered_at=None, headline=False)


async def _own(session: AsyncSession, post_id: UUID, user: User) -> TelegramPost:
    """Raises StenogramError("not_found") for what belongs to somebody else."""
    post = await Posts(session).get(post_id)
    if post is None or post.owner_id != user.id:
        raise StenogramError("not_found", f"post {post_id}")
    return post
