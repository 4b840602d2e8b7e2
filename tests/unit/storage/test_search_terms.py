"""A tsquery as an expression over bits."""

import pytest

from stenogram.storage.search_terms import Term, parse


@pytest.mark.parametrize(
    ("tsquery", "sql", "terms", "exact"),
    [
        ("'аренд'", "{0}", ["аренд"], True),
        ("'аренд' & 'склад'", "({0} & {1})", ["аренд", "склад"], True),
        ("'аренд' & !'склад'", "({0} & ~{1})", ["аренд", "склад"], True),
        ("'a' & 'b' | 'c'", "(({0} & {1}) | {2})", ["a", "b", "c"], True),
        ("'a' & 'b' & 'a'", "({0} & {1} & {0})", ["a", "b"], True),
        ("'дом' <2> 'мор'", "({0} & {1})", ["дом", "мор"], False),
        ("'a' & !( 'b' <-> 'c' )", "({0})", ["a", "b", "c"], False),
        ("'o''neil' & 'back\\\\slash'", "({0} & {1})", ["o'neil", "back\\slash"], True),
    ],
)
def test_expressions(tsquery: str, sql: str, terms: list[str], exact: bool) -> None:
    found = parse(tsquery)
    assert found is not None
    assert (found.sql, [term.lexeme for term in found.terms], found.exact) == (sql, terms, exact)


def test_a_prefix_is_a_range() -> None:
    found = parse("'склад' | 'скла':*")
    assert found is not None
    assert found.terms == (Term("склад"), Term("скла", prefix=True))
    prefix = found.terms[1]
    assert prefix.lexeme.encode() <= "складской".encode() < prefix.after.encode()
    assert not prefix.lexeme.encode() <= "слово".encode() < prefix.after.encode()


@pytest.mark.parametrize("tsquery", ["", " ", "!( 'a' <-> 'b' )", "'a' | !( 'b' <-> 'c' )"])
def test_what_could_be_anything_is_not_looked_up(tsquery: str) -> None:
    assert parse(tsquery) is None


@pytest.mark.parametrize("text", ["'a' &", "( 'a'", "'a' 'b'", "naked", "& 'a'"])
def test_what_is_not_a_tsquery(text: str) -> None:
    with pytest.raises(ValueError, match="not a tsquery"):
        parse(text)
