"""httpx for tests: it waits for an answer as long as a busy machine may need, where httpx itself gives up after 5 s."""

from functools import partial

import httpx

ANSWER_SECONDS = 60.0

get = partial(httpx.get, timeout=ANSWER_SECONDS)
post = partial(httpx.post, timeout=ANSWER_SECONDS)
stream = partial(httpx.stream, timeout=ANSWER_SECONDS)
