"""What the stand-in answers or raises when something is wrong."""


class ApiError(Exception):
    """An answer that is not ``ok``: Telegram's code, its description, and its ``parameters`` (``retry_after``, …)."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters


class StubError(Exception):
    """The stand-in itself cannot answer as Telegram would: a test that meets this proves nothing, so it fails."""


def bad_request(text: str) -> ApiError:
    return ApiError(400, f"Bad Request: {text}")


def forbidden(text: str) -> ApiError:
    return ApiError(403, f"Forbidden: {text}")


def too_many_requests(retry_after: int) -> ApiError:
    """``retry_after`` in seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def stale_query() -> ApiError:
    return bad_request("query is too old and response timeout expired or query ID is invalid")
