"""A hard stop: what a run spends never passes its budget, however much is asked at once.

The most that a request can cost is reserved before it is sent, and settled with what its reply did
cost. One that does not fit beside what is under way waits for that; one that would not fit even
then is not sent.
"""

import asyncio
import math

from summarize.backends import Ask
from summarize.errors import OverBudget, RoundupError
from summarize.prices import Price
from summarize.records import Reply, Request

AROUND = 4_000  # tokens around the messages: the schema, a chat's template, a provider's own words
_PICO = 10**12  # of a dollar: whole numbers add up exactly, and what was reserved leaves no trace
_LIMITS = ("max_tokens", "max_completion_tokens")  # of an answer, where a prompt file sets one


class Budget:
    """What a run may spend, in US dollars, on a model of this price."""

    def __init__(self, dollars: float, price: Price) -> None:
        self.dollars = dollars
        self.refused = 0  # requests that were not sent
        self._price = price
        self._most = math.floor(dollars * _PICO)
        self._spent = self._reserved = 0
        self._dearest = 0.0
        self._settled = asyncio.Event()

    @property
    def spent(self) -> float:
        """What replies have cost; where none came, or it did not say, the most that it can have."""
        return self._spent / _PICO

    def guard(self, ask: Ask) -> Ask:
        """Return the same function, held to the budget.

        It raises `OverBudget` for a request that might cost more than is left.
        """

        async def guarded(request: Request) -> Reply:
            worst = self.worst(request)
            reserved = await self._reserve(worst)
            paid = worst
            try:
                reply = await ask(request)
                paid = self._paid(reply, worst)
            except RoundupError as error:
                paid = 0.0 if error.free else worst
                raise
            finally:
                self._settle(reserved, paid)
            return reply

        return guarded

    def worst(self, request: Request) -> float:
        """Return the most that a request can cost: no tokenizer makes more tokens than bytes."""
        read = sum(len(m.content.encode("utf-8", "surrogatepass")) for m in request.messages)
        given = [request.params.get(name) for name in _LIMITS]
        limits = [int(limit) for limit in given if isinstance(limit, int | float)]
        return self._price.most(read + AROUND, max(request.reply_tokens, *limits, 0))

    def advice(self) -> str:
        """Say what was spent, and how to go on."""
        return (
            f"${self.spent:.2f} of ${self.dollars:.2f} were spent, and the next request may cost "
            f"up to ${_up(self._dearest):.2f}. To go on, run the same command with a new --budget: "
            "what is paid for is kept."
        )

    async def _reserve(self, dollars: float) -> int:
        """Take what a request may cost from what is left, and return it; wait where that helps."""
        worst = math.ceil(dollars * _PICO)
        while self._spent + self._reserved + worst > self._most:
            if self._spent + worst > self._most:
                self.refused += 1
                self._dearest = max(self._dearest, dollars)
                raise OverBudget(
                    f"the budget of ${self.dollars:.2f} is spent"
                    if self._spent
                    else f"the budget of ${self.dollars:.2f} is less than one request may cost"
                )
            await self._settled.wait()
        self._reserved += worst
        return worst

    def _settle(self, reserved: int, dollars: float) -> None:
        self._reserved -= reserved
        self._spent += math.ceil(dollars * _PICO)
        self._settled.set()
        self._settled = asyncio.Event()

    def _paid(self, reply: Reply, worst: float) -> float:
        """Return what a reply cost: by the service's word, by its tokens, or at worst."""
        if reply.cost:
            return reply.cost
        if reply.tokens_read is None or reply.tokens_written is None:
            return worst
        return self._price.of(reply.tokens_read, reply.tokens_written)


def _up(dollars: float) -> float:
    """Round up to a cent."""
    return math.ceil(dollars * 100) / 100
