"""How much of a paper is sent: what fits the window, as far as a run has learnt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.errors import TooLong
from summarize.fitting import LEAST, LEAST_REPLY, Fit, see_that_it_was_read
from summarize.records import Message, Reply, Request
from summarize.schema import summary_schema


def request(characters: int) -> Request:
    """Return a request of so many characters."""
    return Request(model="m", messages=(Message(role="user", content="x" * characters),))


@given(st.integers(2_048, 200_000), st.integers(0, 5_000))
def test_a_prompt_and_its_answer_fit_the_window(window: int, around: int) -> None:
    """Whatever the window, what is sent and what may be answered take no more than it has."""
    fit = Fit(paper=16_000, reply=2_000)
    fit.within(window, around)
    assert fit.reply >= LEAST_REPLY or fit.reply == 2_000
    assert fit.paper + fit.reply + around / fit.ratio <= window or fit.paper == 0
    assert fit.paper <= 16_000


@given(
    st.lists(st.tuples(st.integers(1_000, 60_000), st.none() | st.integers(1, 200_000),
                       st.none() | st.integers(100, 100_000), st.none() | st.integers(1, 9_000)))
)  # fmt: skip
def test_shrinking_comes_to_an_end(
    errors: list[tuple[int, int | None, int | None, int | None]],
) -> None:
    """Each refusal makes what is sent smaller, whatever figures a server gives, or is the last."""
    fit = Fit(paper=16_000, reply=2_000)
    for size, tokens, window, kept in errors:
        sent = fit.paper
        try:
            fit.shrink(request(size), sent, TooLong("", tokens=tokens, window=window, kept=kept))
        except TooLong:
            return
        assert LEAST <= fit.paper < sent


def test_a_cut_prompt_is_told_from_a_long_one() -> None:
    """Fewer tokens than any tokenizer makes of a text were read: the server cut it."""
    for read in (None, 4_000, 2_200):
        see_that_it_was_read(request(12_000), Reply(text="", tokens_read=read), None)
    with pytest.raises(TooLong, match=r"read only 2,048 of about 3,333") as caught:
        see_that_it_was_read(request(12_000), Reply(text="", tokens_read=2_048), None)
    assert caught.value.kept == 2_048
    with pytest.raises(TooLong):
        see_that_it_was_read(request(12_000), Reply(text="", tokens_read=2_500), 3_000)


@given(st.integers(0, 10_000))
def test_a_full_answer_fits_its_limit(tokens: int) -> None:
    """The longest answer that a schema allows takes no more tokens than are left for it."""
    schema = summary_schema(tokens)
    note = schema["$defs"]["Note"]["properties"]
    notes = schema["properties"]["notes"]["maxItems"]
    longest = 350 + notes * (note["text"]["maxLength"] + note["quote"]["maxLength"] + 60)
    assert 1 <= notes <= 8
    assert longest <= 2.5 * tokens or (notes, note["text"]["maxLength"]) == (1, 120)
