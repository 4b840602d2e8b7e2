"""How long a search in a library of a million segments takes, of one person.

    python -m benchmarks.search [--segments 1000000] [--queries 400] [--limit-ms 80]

Embedded PostgreSQL, and the API in this process, so that parsing, the index, ranking, fragments and JSON are counted,
and no network. The library is one of an hour's meetings and short messages, its words as frequent as words are (Zipf).
Queries are of all kinds: rare and frequent words, several, phrases, exclusions, and each as it is being typed. Prints
the median and the 95th percentile of every kind and of all; exits 1 beyond the limit.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from asgi_lifespan import LifespanManager

from apps.bot_api.main import create_app
from stenogram.embedded import EmbeddedServices
from stenogram.settings import load_settings
from stenogram.storage.database import upgrade
from stenogram.storage.models import User
from stenogram.storage.repositories import Users

_STEMS, _WORDS_EACH = 12_000, 11
_FREQUENT = ("это", "просто", "значит", "очень", "сказать", "знать", "проект", "договор", "срок", "неделя", "клиент")
_ENDINGS = ("", "а", "у", "ом", "ы", "ов", "ам", "ами")
_SYLLABLES = (
    "ба",
    "во",
    "ги",
    "до",
    "же",
    "зи",
    "ко",
    "лу",
    "ме",
    "но",
    "пе",
    "ра",
    "со",
    "ти",
    "фу",
    "хо",
    "ча",
    "ше",
)
_LONG, _SHORT = 900, 40
_INDEXED_AT_ONCE = 100
_COLUMNS = {
    "recordings": "id owner_id title file_name content_type size sha256 duration media created_at",
    "runs": "id recording_id first_stage options state cancel_requested error_params warnings language created_at",
    "transcripts": "run_id version duration language language_probability turns provenance",
    "segments": "run_id id position start end text words",
}


def _vocabulary(dice: random.Random) -> list[str]:
    made = {"".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4))) + dice.choice("бвдклмнрст") for _ in range(_STEMS)}
    return [*_FREQUENT, *sorted(made)]


class _Speech:
    """Sentences whose words are as frequent as words are."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self.words = _vocabulary(self._dice)
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))

    def sentence(self) -> str:
        count = self._dice.randint(4, 2 * _WORDS_EACH - 4)
        stems = self._dice.choices(self.words, cum_weights=self._weights, k=count)
        return " ".join(f"{stem}{self._dice.choice(_ENDINGS)}" for stem in stems)


def _sizes(segments: int) -> Iterator[int]:
    """Nine tenths of all segments are of meetings, the rest of messages."""
    left = segments
    while left > 0:
        size = min(left, _LONG if left > segments // 10 else _SHORT)
        left -= size
        yield size


async def _fill(connection: asyncpg.Connection, owner: UUID, speech: _Speech, segments: int) -> None:
    start = datetime(2024, 1, 1, tzinfo=UTC)
    recordings, runs, transcripts, said = [], [], [], list[tuple[Any, ...]]()
    for number, size in enumerate(_sizes(segments)):
        recording, run, at = uuid4(), uuid4(), start + timedelta(hours=number)
        recordings.append(
            (recording, owner, speech.sentence()[:80], "a.ogg", "audio/ogg", 1, b"", size * 4.0, "{}", at)
        )
        runs.append((run, recording, "preprocess", "{}", "done", False, "{}", "[]", "ru", at))
        transcripts.append((run, 1, size * 4.0, "ru", 1.0, "[]", "[]"))
        said += ((run, f"s{n}", n, n * 4.0, n * 4.0 + 3, speech.sentence(), "[]") for n in range(size))
    for table, rows in (("recordings", recordings), ("runs", runs), ("transcripts", transcripts), ("segments", said)):
        await connection.copy_records_to_table(table, records=rows, columns=_COLUMNS[table].split())


async def _index(connection: asyncpg.Connection, owner: UUID) -> None:
    while await connection.fetchval("SELECT search_refresh($1, $2)", owner, _INDEXED_AT_ONCE):
        pass
    await connection.execute("VACUUM ANALYZE")  # as autovacuum does in its time


def _queries(speech: _Speech, count: int) -> Iterator[tuple[str, str, bool]]:
    """Kind, query, and whether it is still being typed."""
    dice = random.Random(7)
    common, middle, rare = speech.words[:12], speech.words[12:400], speech.words[400:]
    for _ in range(count // 8 + 1):
        one, other = dice.sample(common, 2)
        yield "frequent word", one, False
        yield "frequent words", f"{one} {other}", False
        yield "word", dice.choice(middle), False
        yield "rare word", dice.choice(rare), False
        yield "words", f"{dice.choice(middle)} {dice.choice(common)}", False
        yield "phrase", f'"{one} {other}"', False
        yield "excluded", f"{dice.choice(middle)} -{other}", False
        yield "typing", dice.choice(common + middle + rare)[: dice.randint(2, 6)], True


async def _measure(client: httpx.AsyncClient, speech: _Speech, count: int) -> dict[str, list[float]]:
    took = defaultdict[str, list[float]](list)
    for number, (kind, query, typing) in enumerate(_queries(speech, count)):
        params: dict[str, Any] = {"q": query, "typing": typing}
        began = time.perf_counter()
        answer = await client.get("/api/v1/search", params=params)
        elapsed = 1000 * (time.perf_counter() - began)
        answer.raise_for_status()
        if number >= 16:  # connections and plans are made by the first
            took[kind].append(elapsed)
    return took


def _report(took: dict[str, list[float]], limit: float) -> int:
    everything = [one for some in took.values() for one in some]
    for kind, some in [*took.items(), ("all", everything)]:
        print(
            f"{kind:<15} median {median(some):6.1f} ms   p95 {quantiles(some, n=20)[-1]:6.1f} ms   {len(some)} queries"
        )
    p95 = quantiles(everything, n=20)[-1]
    print(json.dumps({"search_p95_ms": round(p95, 1), "limit_ms": limit}))
    return int(p95 > limit)


async def _run(url: str, options: argparse.Namespace) -> int:
    app = create_app(load_settings())
    async with LifespanManager(app):
        runtime = app.state.runtime
        async with runtime.database.begin() as session:
            owner = await Users(session).add(User(name="anna", role="user"))
        speech = _Speech(1)
        connection = await asyncpg.connect(url)
        began = time.perf_counter()
        await _fill(connection, owner.id, speech, options.segments)
        filled = time.perf_counter()
        await _index(connection, owner.id)
        size = await connection.fetchval("SELECT pg_total_relation_size('search_postings') / 1048576")
        rows = await connection.fetchval("SELECT count(*) FROM search_documents")
        print(f"{options.segments} segments in {rows} recordings: written in {filled - began:.0f} s,", end=" ")
        print(f"indexed in {time.perf_counter() - filled:.0f} s, index of {size} MB")
        await connection.close()
        token, _ = runtime.tokens.issue(owner.id)
        headers = {"Authorization": f"Bearer {token}"}
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=headers, timeout=60) as client:
            return _report(await _measure(client, speech, options.queries), options.limit_ms)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--segments", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--limit-ms", type=float, default=80.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        servers = EmbeddedServices(Path(folder))
        servers.start()
        try:
            url = servers.database_url
            os.environ.update(
                {"DATABASE_URL": url, "REDIS_URL": servers.redis_url, "DATA_DIR": folder, "SECRET_KEY": "s" * 40}
            )
            upgrade(url)
            return asyncio.run(_run(url, options))
        finally:
            servers.stop()


if __name__ == "__main__":
    sys.exit(main())
