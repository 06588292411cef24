"""`kb coverage`: how many of the fines of the loaded statutes the grammar holds, and which it doesn't."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from app.cli.chinese import Command
from app.cli.common import emit, json_option, note, open_base
from kb.numerals import to_chinese

if TYPE_CHECKING:
    from kb.laws import Article, LawBook, LawVersion
    from kb.money.coverage import Coverage, Miss

_SHOWN = 20


@click.command(
    "coverage", cls=Command, help="统计已导入法律的罚款条款有多少能读成结构并照原数写回，列出读不懂的。"
)
@click.option(
    "--folder", "folders", multiple=True, metavar="文件夹", help="只看来自这个文件夹的文本；可以写几次"
)
@json_option
@click.pass_context
def coverage_command(ctx: click.Context, folders: tuple[str, ...], as_json: bool) -> None:
    from kb.money.coverage import Coverage

    book = open_base(ctx).snapshot().laws
    versions = [v for t in book.titles() for v in book.versions_of(t) if v.has_text and _from(v, folders)]
    whole, by_folder = Coverage(), dict[str, Coverage]()
    for done, version in enumerate(versions, 1):
        part = by_folder.setdefault(_folder(version), Coverage())
        for place, text, below_in in _paragraphs(book, version):
            part.add(place, text, below_in=below_in)
        if done % 200 == 0 or done == len(versions):
            note(f"核对 {done}/{len(versions)}")
    for part in by_folder.values():
        whole.include(part)
    data: dict[str, Any] = {
        "texts": len(versions),
        **_counts(whole),
        "folders": [
            {"folder": name, **_counts(part)} for name, part in sorted(by_folder.items()) if part.amounts
        ],
        "misses": [_miss(m) for m in whole.misses],
        "set_aside": [_miss(m) for m in whole.set_aside],
    }
    emit(data, as_json, lambda: _text(whole, by_folder, len(versions)))


def _from(version: LawVersion, folders: Sequence[str]) -> bool:
    return not folders or _folder(version) in folders


def _folder(version: LawVersion) -> str:
    """The folder a text was imported from."""
    return version.source.rpartition("/")[0].rpartition("/")[2] or "（无）"


def _paragraphs(book: LawBook, version: LawVersion) -> Iterator[tuple[str, str, bool]]:
    """Each 款 that speaks of fines: place, text, whether 以下 counts the number in there."""
    from kb.money.counting import read_counting

    articles = list(book.articles(version).values())
    said = [(a, counting) for a in articles if (counting := read_counting(a.full_text()))]
    out = [(a, c.scope) for a, c in said if not c.below_in]
    for article in articles:
        below_in = not any(
            scope == "全文" or a is article or (scope == "本章" and a.chapter == article.chapter)
            for a, scope in out
        )
        for n, paragraph in enumerate(article.paragraphs, 1):
            text = paragraph.full_text()
            if "罚" in text:
                yield _place(version, article, n), text, below_in


def _place(version: LawVersion, article: Article, paragraph: int) -> str:
    number = to_chinese(article.number)
    where = f"第{number}条" if article.kind == "article" else f"{number}、"
    where += f"之{to_chinese(article.suffix)}" if article.suffix else ""
    where += f"第{to_chinese(paragraph)}款" if len(article.paragraphs) > 1 else ""
    year = f"（{version.adopted:%Y-%m-%d}）" if version.adopted else ""
    return f"《{version.title}》{year}{where}"


def _counts(part: Coverage) -> dict[str, Any]:
    return {
        "clauses": part.amounts + part.open + part.mentions,
        "amounts": part.amounts,
        "held": part.held,
        "share": round(part.share, 4),
        "open": part.open,
        "mentions": part.mentions,
    }


def _miss(miss: Miss) -> dict[str, str]:
    return {"place": miss.place, "text": miss.text, "why": miss.why}


def _text(whole: Coverage, by_folder: dict[str, Coverage], texts: int) -> str:
    if not texts:
        return "没有载入条文，没有可统计的罚款条款：先用 cailiang laws import 导入"
    lines = [
        f"{texts} 个法律文本，写明数额的罚款条款 {whole.amounts} 处，读成结构并照原数写回 {whole.held} 处"
        f"（{whole.share:.2%}）；数额由别处规定的 {whole.open} 处，只提到罚款的 {whole.mentions} 处"
    ]
    lines += [
        f"  {name}  {p.held}/{p.amounts}（{p.share:.2%}）"
        for name, p in sorted(by_folder.items())
        if p.amounts
    ]
    lines += [f"读不懂 {m.place}：{m.why}：{m.text}" for m in whole.misses[:_SHOWN]]
    if len(whole.misses) > _SHOWN:
        lines.append(f"另有 {len(whole.misses) - _SHOWN} 处读不懂，用 --json 查看")
    return "\n".join(lines)
