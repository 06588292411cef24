"""The further papers of a case and the goods they deal with, as CASE.yaml says them.

What a document type asks of its own (`values`) is kept here as written, every leaf as text: `ownfields`
reads it by the types that ``document.yaml`` gives.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from generator.casetypes import Day, Money, Number, Text, When
from kb.records import Strict

MODES = Literal["直接送达", "留置送达", "邮寄送达", "电子送达", "委托送达", "公告送达"]
GOODS_STATUS = Literal["登记保存", "查封", "扣押", "没收", "返还", "销毁", "移送", "无"]


def _as_written(value: Any) -> Any:
    """Leaves as text, the way an author or a form writes them; empty places are refused."""
    if isinstance(value, dict):
        return {str(key): _as_written(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_written(inner) for inner in value]
    if value is None:
        raise ValueError("有一项是空的：没有的就不写")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="minutes")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


Written = Annotated[dict[str, Any], BeforeValidator(_as_written)]


class Goods(Strict):
    """涉案物品. ``paper`` is the key of the paper that took it; ``status`` what became of it."""

    name: Text
    spec: Text | None = None
    unit: Text | None = None
    quantity: Decimal | None = Field(None, gt=0)
    place: Text | None = None
    value: Money | None = None
    owner: Text | None = None
    status: GOODS_STATUS = "无"
    paper: Text | None = None
    disposal: Text | None = None
    disposed_on: Day | None = None


class Served(Strict):
    """When and how a paper reached whom (民事诉讼法 87-95); without ``at`` it is still on its way."""

    at: When | None = None
    mode: MODES = "直接送达"
    receiver: Text | None = None
    relation: Text | None = None
    witness: Text | None = None
    place: Text | None = None
    remark: Text | None = None

    @property
    def day(self) -> dt.date | None:
        """The day it reached the party."""
        return self.at.date() if isinstance(self.at, dt.datetime) else self.at


class Paper(Strict):
    """One further paper of the case.

    ``key`` names it within the case; ``party`` counts from 1; ``officers`` are names out of the case's own;
    ``void`` is the reason why it no longer counts; ``values`` are the own fields of its type.
    """

    type: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    key: str | None = Field(None, pattern=r"^[a-z0-9][a-z0-9_-]*$")
    number: Number | None = None
    date: Day | None = None
    party: int | None = Field(None, ge=1)
    officers: list[Text] = Field(default_factory=list)
    served: Served | None = None
    void: Text | None = None
    values: Written = Field(default_factory=dict)
