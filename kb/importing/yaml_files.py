"""Read YAML and Markdown files strictly: every refusal names file, line, field, what is and what should be.

Stricter than YAML 1.1 on purpose, because an amount or an article number may never change on its way in: no
tags, no aliases, no duplicate keys, no floats (``3.5`` becomes a Decimal), ``yes``, ``on``, ``0012`` and
``1:30`` stay text; keys are always text. Days are ``YYYY-MM-DD``.
"""

from __future__ import annotations

import difflib
import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from kb.errors import BadRecord, NotFound

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    M = TypeVar("M", bound=BaseModel)

MAX_BYTES = 2_000_000
MAX_DEPTH = 40

PathTuple = tuple[str | int, ...]


@dataclass(frozen=True)
class Lines:
    """Where each value of a file stands: ``line_of(("statutory", 0, "fine"))`` is its line, from 1.

    Values that come from no file (a form, JSON) have ``Lines(name)`` and no lines.
    """

    file: str
    lines: Mapping[PathTuple, int] = field(default_factory=dict)

    def line_of(self, path: PathTuple) -> int:
        """The line of a value, or of the nearest thing around it that stands in the file."""
        return self.lines.get(self.known(path), 1)

    def known(self, path: PathTuple) -> PathTuple:
        """The part of a path that stands in the file; words that only a validator adds are skipped."""
        if not self.lines:
            return path
        at: PathTuple = ()
        for step in path:
            if (*at, step) in self.lines:
                at = (*at, step)
        return at

    def where(self, path: PathTuple = ()) -> str:
        return f"{self.file} 第{self.line_of(path)}行" if self.lines else self.file


def load_yaml(path: Path) -> tuple[dict[str, Any], Lines]:
    """Read one YAML file.

    Returns:
        The mapping of the file, and where each value stands.

    Raises:
        NotFound: no such file.
        BadRecord: not UTF-8, too big, not well-formed, or one of the forms this module refuses.
    """
    return parse_yaml(read_text(path), str(path))


def parse_markdown(text: str, file: str) -> tuple[dict[str, Any], str, Lines]:
    """Read Markdown with front matter between two ``---`` lines; `file` only names it in messages.

    Returns:
        The front matter, the text below it without outer blank lines, and where each value stands.

    Raises:
        BadRecord: as `load_yaml`; also where the front matter is missing or not closed.
    """
    rows = text.splitlines()
    ends = [i for i, row in enumerate(rows) if row.rstrip() == "---"]
    if len(ends) < 2 or ends[0] != 0:
        raise BadRecord(
            "没有文件头", where=f"{file} 第1行", hint="第一行写 ---，字段写完后再写一行 ---，下面写正文"
        )
    data, lines = parse_yaml("\n".join(["", *rows[1 : ends[1]]]), file)
    return data, "\n".join(rows[ends[1] + 1 :]).strip(), lines


def read_text(path: Path) -> str:
    """The text of a small UTF-8 file, with or without a byte order mark."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _too_long(str(path))
        return decode(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise NotFound("找不到文件", where=str(path), hint="检查路径和文件名") from None
    except OSError as error:
        raise BadRecord(f"文件读不出来（{error.strerror}）", where=str(path), hint="检查权限和路径") from None


def decode(data: bytes, file: str) -> str:
    """The text of bytes; `file` only names them. Raises BadRecord: too big, or not UTF-8."""
    if len(data) > MAX_BYTES:
        raise _too_long(file)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise BadRecord("文件不是UTF-8编码", where=f"{file} 第{row}行", hint="另存为UTF-8编码") from None


def _too_long(file: str) -> BadRecord:
    return BadRecord("文件超过2MB", where=file, hint="拆成几个文件")


def parse_yaml(text: str, file: str) -> tuple[dict[str, Any], Lines]:
    """Read YAML text; `file` only names it in messages. Raises as `load_yaml`."""
    reader = _Reader(text, file)
    data = reader.document()
    return data, Lines(file, reader.lines)


# ---------------------------------------------------------------- from text to values

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_INT = re.compile(r"[-+]?(?:0|[1-9]\d*)")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9]\d*)\.\d+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_MISTAKES = (
    ("tab", "缩进用了制表符", "缩进只用空格"),
    ("cannot start any token", "缩进用了制表符，或者值以 @、` 等符号开头", "缩进只用空格；值用引号括起来"),
    ("mapping values are not allowed", "一行里有两个冒号，或者缩进不对", "值里有冒号时用引号括起来"),
    ("could not find expected ':'", "字段名后面缺冒号", "写成 字段: 值"),
    ("',' or ']'", "方括号没有闭合或者缺逗号", "写成 [甲, 乙]"),
    ("',' or '}'", "花括号没有闭合或者缺逗号", "写成 {甲: 一, 乙: 二}"),
    ("end of stream", "引号或者括号没有闭合", "补上引号或者括号"),
    ("block", "缩进不齐", "同一层的字段左边对齐"),
    ("expected key", "缩进不齐，或者字段名后面缺冒号", "同一层的字段左边对齐，写成 字段: 值"),
)


class _Reader:
    """Turns parser events into plain values and writes down their lines.

    Works on events, not on composed nodes: libyaml's composer recurses in C and dies of deep nesting, and an
    alias refused as an event can neither expand nor loop.
    """

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines: dict[PathTuple, int] = {}
        if found := _CONTROL.search(text):
            row = text.count("\n", 0, found.start()) + 1
            raise BadRecord("有看不见的控制字符", where=f"{file} 第{row}行", hint="删掉控制字符")
        self.events = iter(yaml.parse(text, Loader=_LOADER))

    def next(self) -> yaml.Event:
        try:
            return next(self.events)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            row = mark.line + 1 if mark else 1
            words = f"{getattr(error, 'problem', '')} {getattr(error, 'reason', '')}"
            fault, hint = next(
                ((fault, hint) for key, fault, hint in _MISTAKES if key in words),
                ("YAML写法有误", "检查这一行和上一行"),
            )
            raise BadRecord(fault, where=f"{self.file} 第{row}行", hint=hint) from None

    def refuse(self, event: yaml.Event, message: str, hint: str) -> BadRecord:
        return BadRecord(message, where=f"{self.file} 第{_row(event)}行", hint=hint)

    def document(self) -> dict[str, Any]:
        """The one mapping of the file."""
        self.next()
        if isinstance(start := self.next(), yaml.StreamEndEvent):
            raise self.refuse(start, "文件是空的", "至少写一个字段")
        first = self.next()
        if not isinstance(first, yaml.MappingStartEvent):
            raise self.refuse(first, "文件应当是“字段: 值”的形式", "写成 字段: 值")
        data: dict[str, Any] = self.value(first, ())
        self.next()
        if not isinstance(more := self.next(), yaml.StreamEndEvent):
            raise self.refuse(more, "一个文件里有两份内容（---）", "拆成两个文件")
        return data

    def value(self, event: yaml.Event, path: PathTuple) -> Any:
        if getattr(event, "anchor", None):
            raise self.refuse(
                event, "用了别名（& 或 *），这里不允许", "把内容重写一遍；值以这些符号开头时加引号"
            )
        if getattr(event, "tag", None):
            raise self.refuse(event, "用了类型标记（!），这里不允许", "去掉标记；值以感叹号开头时加引号")
        if len(path) > MAX_DEPTH:
            raise self.refuse(event, "嵌套太深", f"最多{MAX_DEPTH}层")
        self.lines.setdefault(path, _row(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            out: list[Any] = []
            while not isinstance(event := self.next(), yaml.SequenceEndEvent):
                out.append(self.value(event, (*path, len(out))))
            return out
        assert isinstance(event, yaml.ScalarEvent)
        return self.scalar(event)

    def mapping(self, path: PathTuple) -> dict[str, Any]:
        out: dict[str, Any] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = event.value if isinstance(event, yaml.ScalarEvent) else ""
            if not key or key == "<<" or getattr(event, "anchor", None) or getattr(event, "tag", None):
                raise self.refuse(event, "字段名写法不对", "字段名写成一个词")
            if key in out:
                raise self.refuse(
                    event, f"字段“{key}”写了两次", f"第{self.lines[(*path, key)]}行已经有了，留一个"
                )
            self.lines[(*path, key)] = _row(event)
            out[key] = self.value(self.next(), (*path, key))
        return out

    def scalar(self, event: yaml.ScalarEvent) -> Any:
        text: str = event.value
        if event.style:  # quoted or block text is text
            return text
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if _INT.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        if not _DAY.fullmatch(text):
            return text
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.refuse(event, f"没有“{text}”这一天", "检查年月日") from None


def _row(event: yaml.Event) -> int:
    mark: Any = event.start_mark
    return int(mark.line) + 1


# ---------------------------------------------------------------- from values to records

_EXPECTED = {
    "string_type": "一段文字",
    "int_type": "一个整数",
    "int_parsing": "一个整数",
    "int_from_float": "一个整数",
    "decimal_type": "一个数，如 3.5",
    "decimal_parsing": "一个数，如 3.5",
    "bool_type": "true 或者 false",
    "bool_parsing": "true 或者 false",
    "list_type": "一个列表，如 [甲, 乙]",
    "dict_type": "“字段: 值”的形式",
    "model_type": "“字段: 值”的形式",
    "model_attributes_type": "“字段: 值”的形式",
    "date_type": "一个日期，如 2026-08-15",
    "date_parsing": "一个日期，如 2026-08-15",
    "date_from_datetime_parsing": "一个日期，如 2026-08-15",
    "date_from_datetime_inexact": "一个日期，如 2026-08-15",
    "datetime_parsing": "日期和时间，如 2026-08-15 09:30",
    "datetime_from_date_parsing": "日期和时间，如 2026-08-15 09:30",
    "datetime_type": "日期和时间，如 2026-08-15 09:30",
    "time_parsing": "时间，如 09:30",
}


def validate(model: type[M], data: Mapping[str, Any], lines: Lines) -> M:
    """Make a record of a mapping.

    Args:
        model: the pydantic model that says which fields there are.
        data: what `load_yaml` read.
        lines: where it stands.

    Raises:
        BadRecord: the first fault in one line, with the number of the others.
    """
    from pydantic import ValidationError

    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = faults(model, error, lines)
    first, message, hint = found[0]
    if len(found) > 1:
        hint = f"{hint}（另有{len(found) - 1}处）"
    raise BadRecord(message, where=lines.where(first), hint=hint)


def faults(model: type[BaseModel], error: ValidationError, lines: Lines) -> list[tuple[PathTuple, str, str]]:
    """Every fault of a mapping, the one to name first before the others: where, what, how to mend it."""
    found: dict[PathTuple, list[ErrorDetails]] = {}
    for e in error.errors(include_url=False):
        at = lines.known(e["loc"])
        if e["type"] in ("missing", "extra_forbidden") and at[-1:] != e["loc"][-1:]:
            at = (*at, *e["loc"][-1:])
        found.setdefault(at, []).append(e)
    # A missing field often is a misspelt one, and the misspelt one is the fault to name.
    ordered = sorted(found, key=lambda at: (found[at][0]["type"] == "missing", lines.line_of(at)))
    return [(at, *_explain(model, at, found[at])) for at in ordered]


def _explain(model: type[BaseModel], at: PathTuple, errors: list[ErrorDetails]) -> tuple[str, str]:
    """What is wrong and what would be right, for the faults of one place."""
    e = errors[0]
    name = field_name(at)
    if e["type"] == "missing":
        return f"缺少字段“{name}”", f"补上“{at[-1]}: …”" if at else "补上"
    if e["type"] == "extra_forbidden":
        known = _fields_at(model, e["loc"][:-1])
        near = difflib.get_close_matches(str(at[-1]), known, n=1, cutoff=0.5)
        return (
            f"没有“{name}”这个字段",
            f"是不是“{near[0]}”" if near else "可用的字段：" + "、".join(known),
        )
    if e["type"] == "value_error":
        return f"字段“{name}”不对" if at else "内容前后不一致", str(e["ctx"]["error"])
    found = _shown(e["input"])
    if e["type"] == "literal_error":
        choices = str(e["ctx"]["expected"]).replace("'", "").replace(" or ", "、").replace(", ", "、")
        return f"字段“{name}”不能是“{found}”", f"可以写：{choices}"
    if e["type"] == "string_pattern_mismatch":
        return (
            f"字段“{name}”写成了“{found}”",
            "编号用小写字母、数字、连字符和斜线，如 market/false-advertising",
        )
    if e["type"] == "too_short":
        return f"字段“{name}”不能为空", "至少写一项"
    expected = list(dict.fromkeys(_EXPECTED[x["type"]] for x in errors if x["type"] in _EXPECTED))
    return f"字段“{name}”写成了“{found}”", "应当是" + ("，或者".join(expected) or "别的形式，见文件格式说明")


def field_name(at: PathTuple) -> str:
    """``statutory 第1项 fine``: a path as a reader says it."""
    return " ".join(f"第{s + 1}项" if isinstance(s, int) else s for s in at)


def _shown(value: Any) -> str:
    text = _written(value)
    return text if len(text) <= 30 else text[:29] + "…"


def _written(value: Any) -> str:
    """A value as a record's author would write it."""
    if value is None or value == "":
        return "空"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_written(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    return str(value)


def _fields_at(model: type[BaseModel], loc: PathTuple) -> list[str]:
    """The names a mapping at this place may use."""
    models = [model]
    for step in loc:
        inner = [m for outer in models for m in _models_in(_annotation(outer, step))]
        models = inner or models
    return list(dict.fromkeys(f.alias or name for m in models for name, f in m.model_fields.items()))


def _annotation(model: type[BaseModel], step: str | int) -> Any:
    return next((f.annotation for name, f in model.model_fields.items() if step in (f.alias, name)), None)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if hasattr(annotation, "model_fields"):
        return [annotation]
    return [m for arg in typing.get_args(annotation) for m in _models_in(arg)]
