"""From files to records and laws, and back: `load_records`, `load_laws`, `dump_record`.

A file holds one record, or several of one kind under ``records:`` that share what the file says above.
Case studies are Markdown: the front matter is the record, the text below it the ``body``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml
from pydantic import Field

from kb.errors import BadRecord
from kb.importing.yaml_files import Lines, load_yaml, parse_markdown, parse_yaml, read_text, validate
from kb.laws import Article, HistoryLine, LawVersion, Repeal, parse_structure
from kb.records import KINDS, SCHEMA, Record, Strict, Texts

FOLDERS = {
    "benchmark": "benchmarks",
    "leniency": "leniency",
    "phrase": "phrases",
    "case_study": "case_studies",
    "procedure": "procedures",
    "synonym": "synonyms",
    "question": "questions",
    "setting": "settings",
}
SHARED = ("kind", "schema", "domain", "from", "source")


# ---------------------------------------------------------------- records


def load_records(folder: Path) -> list[Record]:
    """Every record below a folder (``laws/`` aside), in the order of the file names.

    Raises:
        BadRecord: a faulty file, or a key (kind, id, instrument, from) that two records share.
    """
    out: list[Record] = []
    first: dict[tuple[object, ...], str] = {}
    for path in record_files(folder):
        for record, where in _read(path):
            key = (record.kind, record.id, record.source.instrument, record.from_)
            if key in first:
                raise BadRecord(
                    f"编号“{record.id}”重复",
                    where=where,
                    hint=f"{first[key]}已有同一依据、同一生效日的记录，改编号或者改 from",
                )
            first[key] = where
            out.append(record)
    return out


def record_files(folder: Path) -> list[Path]:
    """The record files below a folder, in the order of their names."""
    found = (p for p in folder.rglob("*") if p.suffix in (".yaml", ".yml", ".md") and p.is_file())
    return sorted(p for p in found if "laws" not in p.relative_to(folder).parts and p.stem != "README")


def load_file(path: Path) -> list[Record]:
    """The records of one file. Raises BadRecord, NotFound."""
    return [record for record, _ in _read(path)]


def load_record(path: Path) -> Record:
    """The only record of a file.

    Raises:
        BadRecord: a faulty file, or a file of several records.
    """
    records = load_file(path)
    if len(records) != 1:
        raise BadRecord("这个文件里不止一条记录", where=str(path), hint="每个文件写一条记录")
    return records[0]


def _read(path: Path) -> list[tuple[Record, str]]:
    return parse_records(read_text(path), str(path))


def parse_records(text: str, file: str) -> list[tuple[Record, str]]:
    """The records of a file's text, each with its place; ``file`` names it in messages. Raises BadRecord."""
    if file.lower().endswith(".md"):
        data, body, lines = parse_markdown(text, file)
        data = {**data, "body": body}
    else:
        data, lines = parse_yaml(text, file)
    model = _model(data, lines)
    if "records" not in data:
        return [(validate(model, data, lines), lines.where())]
    rows = data["records"]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadRecord(
            "字段“records”写法不对", where=lines.where(("records",)), hint="写成一列记录，每条以 - 开头"
        )
    for name in data:
        if name not in (*SHARED, "records"):
            raise BadRecord(
                f"没有“{name}”这个字段",
                where=lines.where((name,)),
                hint="records 之外只能写 " + "、".join(SHARED),
            )
    shared = {name: data[name] for name in SHARED if name in data}
    return [_row(model, {**shared, **row}, lines, i) for i, row in enumerate(rows)]


def _row(model: type[Record], data: Mapping[str, Any], lines: Lines, i: int) -> tuple[Record, str]:
    place: dict[tuple[str | int, ...], int] = {(): lines.line_of(("records", i))}
    for path, line in lines.lines.items():
        if path[:2] == ("records", i):
            place[path[2:]] = line
        elif path and path[0] in SHARED:
            place.setdefault(path, line)
    own = Lines(lines.file, place)
    return validate(model, data, own), own.where()


def _model(data: Mapping[str, Any], lines: Lines) -> type[Record]:
    _check_schema(data, lines)
    kind = data.get("kind")
    if kind is None:
        raise BadRecord(
            "缺少字段“kind”", where=lines.where(), hint="补上“kind: …”，可以写：" + "、".join(KINDS)
        )
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadRecord(
            f"字段“kind”不能是“{kind}”", where=lines.where(("kind",)), hint="可以写：" + "、".join(KINDS)
        )
    return KINDS[kind]


def _check_schema(data: Mapping[str, Any], lines: Lines) -> None:
    if (found := data.get("schema", SCHEMA)) != SCHEMA:
        raise BadRecord(
            f"字段“schema”是“{found}”", where=lines.where(("schema",)), hint=f"本程序读 schema: {SCHEMA}"
        )


def dump_record(record: Record) -> str:
    """The text of a record's file (Markdown for a case study); `load_file` reads it back equal."""
    data = {"schema": SCHEMA, "kind": record.kind, "id": record.id}
    fields = record.model_dump(by_alias=True, exclude_defaults=True)
    data.update({name: value for name, value in fields.items() if name not in data})
    body = data.pop("body", "")
    text = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return f"---\n{text}---\n\n{body}\n" if record.kind == "case_study" else text


def file_name(record: Record) -> Path:
    """Where an export puts a record: one name for each key (kind, id, instrument, from)."""
    parts = [record.id]
    usual = "法律条文" if record.kind in ("benchmark", "setting") else "示例"
    if record.source.instrument != usual:
        safe = re.sub(r"\W+", "-", record.source.instrument).strip("-")[:40]
        parts.append(safe)
        if safe != record.source.instrument:  # two instruments may clean to one name
            parts.append(hashlib.sha256(record.source.instrument.encode()).hexdigest()[:8])
    if record.from_:
        parts.append(record.from_.isoformat())
    return Path(FOLDERS[record.kind], "@".join(parts) + (".md" if record.kind == "case_study" else ".yaml"))


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True

    def decimal(self, value: Decimal) -> yaml.Node:
        text = format(value, "f")
        return self.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)

    def text(self, value: str) -> yaml.Node:
        return self.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(Decimal, _Dumper.decimal)
_Dumper.add_representer(str, _Dumper.text)


# ---------------------------------------------------------------- laws


class Act(Strict):
    """One line of a law's history: 公布, 修订, 修正 …"""

    day: dt.date
    act: str


class VersionFile(Strict):
    """One dated text of a law; ``structure`` is written as `kb.laws.parse_structure` reads it."""

    adopted: dt.date | None = None
    from_: dt.date | None = Field(None, alias="from")
    from_basis: Literal["原文", "版本表", "推定"]
    to: dt.date | None = None
    number: str = ""
    history: list[Act] = Field(default_factory=list)
    source: str
    checked: dt.date
    structure: str


class RepealFile(Strict):
    day: dt.date
    by: str = ""
    source: str = ""


class LawFile(Strict):
    """A law of the shipped base: titles, dates and structure are facts; the summaries are our own words."""

    kind: Literal["law"]
    schema_: int = Field(SCHEMA, alias="schema")
    title: str
    level: Literal["法律", "行政法规", "地方性法规", "部门规章", "地方政府规章", "司法解释", "规范性文件"]
    issuer: str
    aliases: Texts = Field(default_factory=list)
    summaries: dict[str, str] = Field(default_factory=dict)
    versions: list[VersionFile] = Field(min_length=1)
    repealed: RepealFile | None = None


class Laws(NamedTuple):
    """What `load_laws` found: versions with articles, repeals, own summaries by (title, article key)."""

    versions: list[tuple[LawVersion, list[Article]]]
    repeals: list[Repeal]
    summaries: dict[tuple[str, str], str]


def load_laws(folder: Path) -> Laws:
    """Every law file of a folder.

    Raises:
        BadRecord: a faulty file, a title that stands in two files, a summary of an article no version has.
    """
    out = Laws([], [], {})
    seen: dict[str, Path] = {}
    for path in sorted(folder.glob("*.yaml")):
        law, lines = load_law(path)
        if law.title in seen:
            raise BadRecord(
                f"《{law.title}》重复",
                where=str(path),
                hint=f"{seen[law.title].name}里已经有了，合成一个文件",
            )
        seen[law.title] = path
        keys: set[str] = set()
        for i, version in enumerate(law.versions):
            articles = _articles(version, lines, i)
            keys.update(a.key for a in articles)
            out.versions.append((_version(law, version), articles))
        for key, summary in law.summaries.items():
            if key not in keys:
                raise BadRecord(
                    f"《{law.title}》没有第{key}条",
                    where=lines.where(("summaries", key)),
                    hint="改摘要的条号",
                )
            out.summaries[law.title, key] = summary
        if law.repealed:
            out.repeals.append(Repeal(law.title, law.repealed.day, law.repealed.by, law.repealed.source))
    return out


def load_law(path: Path) -> tuple[LawFile, Lines]:
    """One law file as it is written. Raises BadRecord, NotFound."""
    data, lines = load_yaml(path)
    _check_schema(data, lines)
    return validate(LawFile, data, lines), lines


def _articles(version: VersionFile, lines: Lines, i: int) -> list[Article]:
    try:
        return list(parse_structure(version.structure))
    except (BadRecord, ValueError) as error:
        raise BadRecord(
            f"条文结构写法不对（{error.message}）" if isinstance(error, BadRecord) else "条文结构写法不对",
            where=lines.where(("versions", i, "structure")),
            hint="写成 条号:各款项数，如 2:7,0",
        ) from None


def _version(law: LawFile, version: VersionFile) -> LawVersion:
    return LawVersion(
        title=law.title,
        from_=version.from_,
        from_basis=version.from_basis,
        to=version.to,
        adopted=version.adopted,
        level=law.level,
        issuer=law.issuer,
        number=version.number,
        history=tuple(
            HistoryLine(a.day, a.act, f"{a.day.year}年{a.day.month}月{a.day.day}日{a.act}")
            for a in version.history
        ),
        aliases=tuple(law.aliases),
        source=version.source,
        checked=version.checked,
    )
