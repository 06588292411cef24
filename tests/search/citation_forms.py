"""Ways of typing a citation of one article, as officers do: a row a form."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

from kb.laws import COUNTRY, Article, LawBook
from kb.numerals import to_chinese

_WIDE = {ord(c): ord(c) + 0xFEE0 for c in "0123456789abcdefghijklmnopqrstuvwxyz()"}
_TRADITIONAL = OpenCC("s2t")


@dataclass(frozen=True, slots=True)
class Cited:
    """An article as it is to be cited; ``n`` and ``suffix`` may be those of none."""

    title: str
    alias: str
    n: int
    suffix: int = 0
    items: bool = False

    @property
    def name(self) -> str:
        return self.title.removeprefix(COUNTRY)

    @property
    def initials(self) -> str:
        return "".join(c for c in "".join(lazy_pinyin(self.name, Style.FIRST_LETTER)) if c.isalpha())

    @property
    def chinese(self) -> str:
        return f"第{to_chinese(self.n)}条" + (f"之{to_chinese(self.suffix)}" if self.suffix else "")

    @property
    def spelled(self) -> str:
        return to_chinese(self.n) + (f"之{to_chinese(self.suffix)}" if self.suffix else "")

    @property
    def arabic(self) -> str:
        return f"{self.n}条" + (f"之{to_chinese(self.suffix)}" if self.suffix else "")

    @property
    def key(self) -> str:
        return f"{self.n}-{self.suffix}" if self.suffix else str(self.n)


FORMS: dict[str, Callable[[Cited], str]] = {
    "全称": lambda c: f"《{c.title}》{c.chinese}",
    "书名号": lambda c: f"《{c.name}》{c.chinese}",
    "书名号，数字": lambda c: f"《{c.name}》{c.key}",
    "简称": lambda c: f"{c.name}{c.chinese}",
    "空格": lambda c: f"{c.name} {c.chinese}",
    "数字": lambda c: f"{c.name}{c.arabic}",
    "第，数字": lambda c: f"{c.name} 第{c.arabic}",
    "数字里有空格": lambda c: f"{c.name}第 {c.n} 条" + (f"之{to_chinese(c.suffix)}" if c.suffix else ""),
    "只有数字": lambda c: f"{c.name}{c.key}",
    "空格，只有数字": lambda c: f"{c.name} {c.key}",
    "汉字，没有条": lambda c: f"{c.name}{c.spelled}",
    "全角": lambda c: f"{c.name}{c.arabic}".translate(_WIDE),
    "全角，只有数字": lambda c: f"{c.name}　{c.key}".translate(_WIDE),
    "别名": lambda c: f"{c.alias}{c.arabic}",
    "别名，只有数字": lambda c: f"{c.alias}{c.key}",
    "首字母": lambda c: f"{c.initials}{c.arabic}",
    "首字母，空格": lambda c: f"{c.initials.upper()} {c.arabic}",
    "首字母，全角": lambda c: f"{c.initials}{c.arabic}".translate(_WIDE),
    "条在前": lambda c: f"{c.arabic} {c.name}",
    "条在前，的": lambda c: f"第{c.arabic}的{c.name}",
    "繁体": lambda c: _TRADITIONAL.convert(f"{c.name}{c.chinese}"),
    "依照": lambda c: f"依照《{c.name}》{c.chinese}的规定",
    "违反": lambda c: f"违反了{c.name}{c.arabic}",
    "什么内容": lambda c: f"{c.name}{c.arabic}是什么内容",
    "款": lambda c: f"{c.name}{c.chinese}第一款",
    "款，数字": lambda c: f"{c.name}{c.arabic}1款",
    "款，括号": lambda c: f"{c.name}{c.arabic}(1)",
    "款，空格": lambda c: f"{c.name} {c.arabic} 一",
    "项": lambda c: f"{c.name}{c.chinese}第一款第（一）项" if c.items else f"{c.name}{c.chinese}第一款",
    "项，数字": lambda c: f"{c.alias} {c.arabic}1款1项" if c.items else f"{c.alias} {c.arabic}1款",
    "项，空格": lambda c: f"{c.name} {c.spelled} 一 一" if c.items else f"{c.name} {c.key}",
    "项，点": lambda c: f"{c.name}{c.n}.1.1" if c.items and not c.suffix else f"{c.name}{c.key}",
}


def sample(book: LawBook, count: int, rng: random.Random) -> list[tuple[str, Cited, str]]:
    """So many queries over the laws that have articles, each form about as often: form, article, query."""
    titles = [t for t in book.titles() if articles_of(book, t)]
    out = []
    for i in range(count):
        form = list(FORMS)[i % len(FORMS)]
        title = rng.choice(titles)
        version = book.versions_of(title)[-1]
        article = rng.choice(articles_of(book, title))
        alias = next(iter(version.aliases), title.removeprefix(COUNTRY))
        items = bool(article.paragraphs and article.paragraphs[0].items)
        cited = Cited(title, alias, article.number, article.suffix, items)
        out.append((form, cited, FORMS[form](cited)))
    return out


def articles_of(book: LawBook, title: str) -> list[Article]:
    """The articles of the latest version; not the points of a decision."""
    versions = book.versions_of(title)
    found = book.articles(versions[-1]).values() if versions else ()
    return [a for a in found if a.kind == "article"]
