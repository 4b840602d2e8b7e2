"""A tsquery as PostgreSQL prints it, made into an expression over bit strings: one bit for each segment of a recording.

tsquery:  or = and { "|" and };  and = phrase { "&" phrase };  phrase = not { "<n>" not };
          not = "!" not | "(" or ")" | 'lexeme' [":*"]
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_TOKEN = re.compile(r"\s*(?:'((?:[^'\\]|''|\\.)*)'(:[*A-D]+)?|(<(?:-|\d+)>|[!&|()]))")
_ESCAPED = re.compile(r"''|\\(.)")
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Term:
    """A lexeme, or all that begin with it."""

    lexeme: str
    prefix: bool = False

    @property
    def after(self) -> str:
        """Above all that begin with it, byte by byte."""
        return self.lexeme + _LAST


@dataclass(frozen=True, slots=True)
class Expression:
    """``sql``: bits of the segments that may match, made of ``{0}``, ``{1}`` … of the ``terms``.

    Not ``exact``: some of these segments do not match (a phrase needs its words side by side).
    """

    sql: str
    terms: tuple[Term, ...]
    exact: bool


def parse(tsquery: str) -> Expression | None:
    """None: there is nothing in it that could be looked up. Raises ValueError for what is not a tsquery."""
    parser = _Parser(tsquery)
    if not parser.tokens:
        return None
    found = parser.alternatives()
    if parser.position != len(parser.tokens):
        raise ValueError(f"not a tsquery: {tsquery}")
    return Expression(found.sql, tuple(parser.terms), found.exact) if found.sql else None


@dataclass(frozen=True, slots=True)
class _Node:
    """Empty ``sql``: every segment may match."""

    sql: str
    exact: bool


class _Parser:
    def __init__(self, tsquery: str) -> None:
        self.tokens = _tokens(tsquery)
        self.position = 0
        self.terms: list[Term] = []

    def alternatives(self) -> _Node:
        nodes = [self._all()]
        while self._take("|"):
            nodes.append(self._all())
        return _joined(nodes, "|")

    def _all(self) -> _Node:
        nodes = [self._phrase()]
        while self._take("&"):
            nodes.append(self._phrase())
        return _joined(nodes, "&")

    def _phrase(self) -> _Node:
        nodes = [self._one()]
        while self._next().startswith("<"):
            self.position += 1
            nodes.append(self._one())
        return nodes[0] if len(nodes) == 1 else _Node(_joined(nodes, "&").sql, exact=False)

    def _one(self) -> _Node:
        if self._take("!"):
            node = self._one()
            return _Node(f"~{node.sql}", exact=True) if node.exact and node.sql else _Node("", exact=False)
        if self._take("("):
            node = self.alternatives()
            if not self._take(")"):
                raise ValueError("not a tsquery: a parenthesis is open")
            return node
        return self._term()

    def _term(self) -> _Node:
        token = self.tokens[self.position] if self.position < len(self.tokens) else ""
        if isinstance(token, str):
            raise ValueError(f"not a tsquery: {token!r} where a word should be")  # noqa: TRY004 - of a text
        self.position += 1
        if token not in self.terms:
            self.terms.append(token)
        return _Node(f"{{{self.terms.index(token)}}}", exact=True)

    def _next(self) -> str:
        token = self.tokens[self.position] if self.position < len(self.tokens) else ""
        return token if isinstance(token, str) else ""

    def _take(self, sign: str) -> bool:
        found = self._next() == sign
        self.position += found
        return found


def _joined(nodes: Sequence[_Node], sign: str) -> _Node:
    """In a conjunction, what may be anything says nothing; in a disjunction it says all."""
    if len(nodes) == 1:
        return nodes[0]
    exact = all(node.exact for node in nodes)
    known = [node.sql for node in nodes if node.sql]
    if not known or (sign == "|" and len(known) < len(nodes)):
        return _Node("", exact=False)
    return _Node(f"({f' {sign} '.join(known)})", exact)


def _tokens(tsquery: str) -> list[str | Term]:
    found: list[str | Term] = []
    position = 0
    while tsquery[position:].strip():
        match = _TOKEN.match(tsquery, position)
        if match is None:
            raise ValueError(f"not a tsquery: {tsquery}")
        lexeme, flags, sign = match.groups()
        found.append(sign or Term(_ESCAPED.sub(lambda one: one[1] or "'", lexeme), "*" in (flags or "")))
        position = match.end()
    return found
