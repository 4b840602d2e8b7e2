"""Summarisers: a language model behind an OpenAI-compatible API, and an extractive one that needs no key."""

from stenogram.errors import EngineError, InvalidOptions
from stenogram.pipeline.ports import Summarizer
from stenogram.settings import SummarySettings

GEMINI_BASE_URL = "https://generativelanguage.googleapis.com/v1beta/openai/"
SUMMARIZERS = ("openai", "extractive")


def make_summarizer(settings: SummarySettings, engine: str | None = None) -> Summarizer:
    """The summariser named by ``engine``, else by the settings (``auto``: ``openai`` where a key or an address is set).

    Raises InvalidOptions for an unknown name, EngineError ``engine.not_configured`` when ``openai`` has neither.
    """
    chosen = engine or settings.engine
    configured = bool(settings.openai_api_key or settings.openai_base_url or settings.gemini_api_key)
    if chosen == "auto":
        chosen = "openai" if configured else "extractive"
    if chosen == "extractive":
        from stenogram.engines.llm.extractive import ExtractiveSummarizer

        return ExtractiveSummarizer()
    if chosen != "openai":
        raise InvalidOptions("options.engine", engine=chosen, supported=", ".join(SUMMARIZERS))
    if not configured:
        raise EngineError("engine.not_configured", engine="openai", detail="OPENAI_API_KEY or OPENAI_BASE_URL")
    return _remote(settings)


def _remote(settings: SummarySettings) -> Summarizer:
    from stenogram.engines.llm.openai import Endpoint, OpenAISummarizer

    gemini = settings.gemini_api_key if not (settings.openai_api_key or settings.openai_base_url) else None
    key = gemini or settings.openai_api_key
    endpoint = Endpoint(
        base_url=GEMINI_BASE_URL if gemini else settings.openai_base_url,
        api_key=key.get_secret_value() if key else "none",  # Ollama and vLLM take any
        model=settings.gemini_model if gemini else settings.openai_model,
        context_tokens=settings.context_tokens,
        token_budget=settings.token_budget,
        timeout_seconds=settings.timeout_seconds,
        breaker_failures=settings.breaker_failures,
        breaker_seconds=settings.breaker_seconds,
    )
    return OpenAISummarizer(endpoint)
