"""What happens in a case besides its papers: remedies used, payments, who acts, what was overruled."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from generator.casetypes import Day, Money, Text
from kb.records import Strict

TRAITS = Literal["涉及重大公共利益", "案情疑难复杂、涉及多个法律关系", "情节复杂", "重大违法行为"]
"""Why a decision is reviewed (行政处罚法 58(1)(一)(三)) or deliberated by the heads (57(2))."""


class Proceeding(Strict):
    """A reconsideration or suit of a party; ``ended`` is the day its outcome reached the organ."""

    kind: Literal["行政复议", "行政诉讼"]
    party: int = Field(1, ge=1)
    accepted: Day
    ended: Day | None = None
    result: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Proceeding:
        if self.ended and self.ended < self.accepted:
            raise ValueError("ended 早于 accepted")
        return self


class Payment(Strict):
    """Money of a fine that reached the organ; ``banked`` is the day cash went on to the bank (71)."""

    date: Day
    amount: Money
    party: int = Field(1, ge=1)
    receipt: Text | None = None
    banked: Day | None = None


class Entrustment(Strict):
    """The acting body is entrusted (行政处罚法 20): it acts in the organ's name within this paper."""

    body: Text
    paper: Text
    until: Day | None = None


class Override(Strict):
    """A warned gate that somebody passed, and why; barred ones can't be passed."""

    gate: str = Field(pattern=r"^G\d{1,2}$")
    reason: Text
    by: Text
