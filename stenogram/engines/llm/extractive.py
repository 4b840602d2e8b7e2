"""Minutes without a language model: the sentences that the others resemble most (LexRank) and key phrases (YAKE!).

It says nothing that was not said: summary sentences are quotations with their moment. Decisions, tasks and sentiment
need understanding and stay empty.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from stenogram.pipeline.ports import SummaryRequest
from stenogram.speech.minutes import Keyphrase, Minutes, Statement
from stenogram.speech.transcript import Segment, Transcript

SHORTEST_SENTENCE = 4  # words: greetings and answers carry no summary
CHUNK = 150  # sentences that are ranked together: LexRank compares every pair
KEYPHRASES = 10
SUMY_LANGUAGES = {"ru": "russian", "en": "english"}


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    at: float


class ExtractiveSummarizer:
    """Summarizer for Russian and English (other languages: without stemming). Deterministic and local."""

    engine = "extractive"
    model = "lexrank+yake"

    def summarize(self, request: SummaryRequest, progress: Callable[[float], None]) -> Minutes:
        transcript = request.transcript
        language = transcript.language  # quotations stay in the language they were said in
        sentences = [
            sentence for segment in transcript.segments for sentence in _sentences(segment) if _tells(sentence)
        ]
        chosen = _most_central(sentences, _summary_length(len(sentences)), language, progress)
        return Minutes(
            title=transcript.title,
            language=language,
            summary=tuple(Statement(sentence.text, (sentence.at,)) for sentence in chosen),
            decisions=(),
            actions=(),
            keyphrases=tuple(_keyphrases(transcript, language)),
            sentiments=(),
            engine=self.engine,
            model=self.model,
        )


def _tells(sentence: _Sentence) -> bool:
    """Whether it can stand in a summary: not a word or two, and not a question."""
    return len(sentence.text.split()) >= SHORTEST_SENTENCE and not sentence.text.endswith("?")


def _summary_length(sentences: int) -> int:
    """3 sentences for a short talk, about one in twelve, at most 12 for a long one."""
    return min(sentences, max(3, min(12, sentences // 12)))


def _sentences(segment: Segment) -> Iterator[_Sentence]:
    """The sentences of a segment with the start of their first word."""
    import razdel

    joined = "".join(word.text for word in segment.words)
    starts, offset = [], 0
    for word in segment.words:
        starts.append((offset + len(word.text) - len(word.text.lstrip()), word.start))
        offset += len(word.text)
    for found in razdel.sentenize(joined):
        at = max((start for start in starts if start[0] <= found.start), default=(0, segment.start))[1]
        yield _Sentence(found.text, at)


def _most_central(
    sentences: Sequence[_Sentence], count: int, language: str, progress: Callable[[float], None]
) -> list[_Sentence]:
    """The ``count`` most central sentences in order of time; long talks are ranked in chunks, then the winners."""
    chunks = [sentences[i : i + CHUNK] for i in range(0, len(sentences), CHUNK)]
    winners: list[_Sentence] = []
    for number, chunk in enumerate(chunks):
        winners += _lexrank(chunk, count, language)
        progress((number + 1) / (len(chunks) + 1))
    best = winners if len(chunks) <= 1 else _lexrank(winners, count, language)
    return sorted(best, key=lambda sentence: sentence.at)


class _RazdelTokenizer:
    """Sumy's tokenizer port over razdel, since Sumy's own wants a download."""

    def to_words(self, text: str) -> tuple[str, ...]:
        import razdel

        return tuple(token.text for token in razdel.tokenize(text) if token.text[0].isalnum())


def _lexrank(sentences: Sequence[_Sentence], count: int, language: str) -> list[_Sentence]:
    from sumy.models.dom import ObjectDocumentModel, Paragraph
    from sumy.models.dom import Sentence as SumySentence
    from sumy.nlp.stemmers import Stemmer, null_stemmer
    from sumy.summarizers.lex_rank import LexRankSummarizer

    first = {sentence.text: sentence for sentence in reversed(sentences)}  # a sentence said twice counts once
    if len(first) <= count:
        return list(first.values())
    sumy_language = SUMY_LANGUAGES.get(language)
    rank: Any = LexRankSummarizer(Stemmer(sumy_language) if sumy_language else null_stemmer)
    rank.stop_words = _stop_words(language)
    tokenizer = _RazdelTokenizer()
    document = ObjectDocumentModel([Paragraph([SumySentence(text, tokenizer) for text in first])])
    return [first[str(sentence)] for sentence in rank(document, count)]


def _extractor(language: str) -> Any:
    import yake

    return yake.KeywordExtractor(lan=language, n=3, dedup_lim=0.7, top=KEYPHRASES)


@lru_cache(maxsize=4)
def _stop_words(language: str) -> frozenset[str]:
    return frozenset(_extractor(language).stopword_set)


def _keyphrases(transcript: Transcript, language: str) -> Iterator[Keyphrase]:
    """YAKE! scores fall with salience from about 1 to 0 (Campos et al. 2020); ours rise: 1 / (1 + score)."""
    text = "\n".join(segment.text for segment in transcript.segments)
    for phrase, score in _extractor(language).extract_keywords(text):
        at = tuple(_occurrences(transcript, phrase))
        if at:
            yield Keyphrase(phrase, 1 / (1 + float(score)), at)


def _occurrences(transcript: Transcript, phrase: str) -> Iterator[float]:
    pattern = re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE)
    return (
        sentence.at
        for segment in transcript.segments
        for sentence in _sentences(segment)
        if pattern.search(sentence.text)
    )
