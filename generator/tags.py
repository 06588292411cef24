"""The tag language of templates: find tags in a paragraph's text, and judge each by itself.

The language is the part of Jinja2 that python-docx-template made known in Word: ``{{ }}``, ``{# #}``,
``{% if/for/with/set/raw %}``, the forms ``{%p %} {%tr %} {%tc %} {%r %} {{p }} {{r }}`` that stand for their
whole paragraph, row, cell or run, and ``{% cellbg/colspan/vm/hm %}`` that speak of their cell. Whatever could
import, define or reach into Python is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

import jinja2
from jinja2 import nodes

from generator.filters import WORDING
from generator.render import CALLS, word_sandbox
from generator.values import CLOSE, OPEN
from kb.findings import Finding, Place

_BODY = r"""(?:'[^']*'|"[^"]*"|[^'"{}%]|\{(?![{%\#])|\}(?!\})|%(?!\}))*"""
_TAG = re.compile(
    rf"\{{\{{(?P<out>{_BODY})\}}\}}|\{{%(?P<block>{_BODY})%\}}|\{{#(?P<comment>.*?)#\}}"
    r"|(?P<literal>\{_\{(?!\{(?![{%\#]))|\}_\}|\{_%|%_\})",
    re.S,
)
_RAW = re.compile(r"(?:(?:p|tr|tc|r)\s)?\s*raw\s*")
_END_RAW = re.compile(r"\{%[-+]?(?P<block>(?:(?:p|tr|tc|r)\s)?\s*endraw\s*)[-+]?%\}")
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}")
_FORM = re.compile(r"(p|tr|tc|r)\s+(?=\S)")
_LOOSE = re.compile(r"\{\{|\}\}|\{%|%\}")
_WIDE = re.compile(r"｛｛|｝｝|｛[%％]|[%％]｝|\{％|％\}")
_WIDE_SIGNS = re.compile(r"[，（）｜：；＝！＋＜＞［］．]")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_SPACES = re.compile(r"[\s\u00a0\u3000]+")
# What the eye doesn't see and copying brings along: zero widths, marks of direction, soft hyphens.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_CURLY = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "＂": '"', "＇": "'"})
# What Word makes of >=, <= and != as the author types.
_CORRECTED = str.maketrans({"≥": ">=", "≤": "<=", "≠": "!="})

# What python-docx-template writes for literal braces.
LITERALS = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}
_LITERAL = re.compile("|".join(map(re.escape, LITERALS)))

CELL_WORDS = {"cellbg", "colspan", "vm", "hm"}
_WORDS = {"if", "elif", "else", "endif", "for", "endfor", "with", "endwith", "set", *CELL_WORDS}
_SPACED_FORMS = {"p", "tr", "tc", "r"}
SHELL = {
    "if": "{0}%{1}%{2}{0}% endif %{2}",
    "elif": "{0}% if 1 %{2}{0}%{1}%{2}{0}% endif %{2}",
    "for": "{0}%{1}%{2}{0}% endfor %{2}",
    "with": "{0}%{1}%{2}{0}% endwith %{2}",
    "set": "{0}%{1}%{2}",
}


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: what it is, where it stands, what the author typed.

    ``trims`` says on which sides ``{%- -%}`` takes the blanks away.
    """

    kind: str  # out, block, comment, literal
    form: str  # "", p, tr, tc, r
    body: str  # without braces, form and minus signs
    text: str
    start: int
    end: int
    place: Place
    trims: tuple[bool, bool] = (False, False)

    @property
    def word(self) -> str:
        """The first word of a block tag: if, elif, else, endif, for, endfor, set, or of the cell."""
        word = re.match(r"\w+", self.body) if self.kind == "block" else None
        return word[0] if word else ""

    @property
    def argument(self) -> str:
        """What follows the first word."""
        return self.body[len(self.word) :].strip()

    @property
    def where(self) -> str:
        return f"{where(self.place)}“{self.text}”"

    def source(self) -> str:
        """The tag as the compiled template holds it."""
        if self.kind == "literal":
            return self.body
        if self.kind == "comment" or self.word in CELL_WORDS:
            return ""
        left, right = ("{", "}") if self.kind == "out" else ("%", "%")
        return f"{OPEN}{left} {self.body} {right}{CLOSE}"


@dataclass(frozen=True, slots=True)
class Field:
    """A field the template asks for.

    ``name`` is its path (``party.name``, ``evidence[].name`` for an entry of a list), ``use`` is 值, 条件 or
    列表, ``where`` (in words) and ``place`` say where its first tag is, ``text`` is the tag itself.
    """

    name: str
    use: str
    where: str
    text: str
    place: Place = field(default_factory=Place)


def where(place: Place) -> str:
    words = [place.part, place.cell or "", f"第{place.paragraph}段" if place.paragraph else ""]
    return " ".join(word for word in words if word)


def fault(code: str, message: str, text: str, place: Place, suggestion: str) -> Finding:
    """A finding about a template; every one of them stops its use."""
    return Finding(code, "否决", message, text, place, suggestion)


@dataclass(frozen=True, slots=True)
class Scan:
    """What one paragraph holds; ``raw`` where a ``{% raw %}`` is still open at its end."""

    tags: list[Tag]
    faults: list[Finding]
    raw: bool


def scan(text: str, place: Place, raw: bool = False) -> Scan:
    """The tags in one paragraph's text, and what looks like a tag but isn't one.

    Args:
        text: the joined text of the paragraph's runs.
        place: where the paragraph stands.
        raw: whether a ``{% raw %}`` of an earlier paragraph is still open.
    """
    tags, at = [], 0
    while True:
        if raw:
            ending = _END_RAW.search(text, at)
            stop = ending.start() if ending else len(text)
            tags += [_literal(found, found[0], place) for found in _BRACES.finditer(text, at, stop)]
            if ending is None:
                break
            tags.append(replace(_tag(ending, "block", place), kind="comment"))
            raw, at = False, ending.end()
        found = _TAG.search(text, at)
        if found is None:
            break
        at, kind = found.end(), str(found.lastgroup)
        if kind == "literal":
            tags.append(_literal(found, LITERALS[found[0]], place))
            continue
        tag = _tag(found, kind, place)
        raw = kind == "block" and _RAW.fullmatch(tag.body) is not None
        tags.append(replace(tag, kind="comment") if raw else tag)
    return Scan(tags, list(_near_tags(text, tags, place)), raw)


def _near_tags(text: str, tags: list[Tag], place: Place) -> Iterator[Finding]:
    """What is left of braces once the tags are taken out."""
    rest = list(text)
    for tag in tags:
        rest[tag.start : tag.end] = "\0" * (tag.end - tag.start)
    remains = "".join(rest)
    for found in _LOOSE.finditer(remains):
        near = text[max(0, found.start() - 2) : found.start() + 24]
        spot = replace(place, start=found.start(), end=found.end())
        message, mend = (
            ("标签没有写完，或引号不成对", "开头与结尾须在同一段里，引号成对，如 {{ 字段 }}、{% if 条件 %}")
            if found[0] in ("{{", "{%")
            else ("只有标签的结尾，没有开头", "请在同一段里补上开头；要印出花括号本身，写 }_}")
        )
        yield fault("T1", message, near, spot, mend)
    for found in _WIDE.finditer(remains):
        near = text[max(0, found.start() - 2) : found.start() + 24]
        spot = replace(place, start=found.start(), end=found.end())
        yield fault("T8", "标签用了全角符号", near, spot, "请改用半角 {{ }} 或 {% %}")


def _literal(found: re.Match[str], says: str, place: Place) -> Tag:
    spot = replace(place, start=found.start(), end=found.end())
    return Tag("literal", "", says, found[0], found.start(), found.end(), spot)


def _tag(found: re.Match[str], kind: str, place: Place) -> Tag:
    raw = _UNSEEN.sub("", found[kind])
    inside = _UNSEEN.sub("", found[0])[2:-2]
    trims = inside[:1] == "-", inside[-1:] == "-"
    if kind != "comment":
        raw = raw[1:] if raw[:1] in ("-", "+") else raw
        raw = raw[:-1] if raw[-1:] in ("-", "+") else raw
    form = _FORM.match(raw)
    body = raw[form.end() :] if form else raw
    spot = replace(place, start=found.start(), end=found.end())
    name = form[1] if form else ""
    tag = Tag(kind, name, _readable(body), found[0], found.start(), found.end(), spot, trims)
    return tag if kind == "comment" else _straightened(tag)


def _readable(body: str) -> str:
    """The expression as the author meant it, whatever Word made of his signs."""
    if '"' not in body and "'" not in body:
        body = body.translate(_CURLY)  # Word turns quotes into curly ones as the author types
    pieces, at = [], 0
    for quoted in _QUOTED.finditer(body):
        pieces += [_SPACES.sub(" ", body[at : quoted.start()].translate(_CORRECTED)), quoted[0]]
        at = quoted.end()
    pieces.append(_SPACES.sub(" ", body[at:].translate(_CORRECTED)))
    return _LITERAL.sub(lambda sign: LITERALS[sign[0]], "".join(pieces).strip())


def _straightened(tag: Tag) -> Tag:
    """A tag with straight and curly quotes: the curly ones are its own text, unless it makes no sense so."""
    plain = tag.body.translate(_CURLY)
    if plain == tag.body:
        return tag
    try:
        parse(tag)
    except (jinja2.TemplateSyntaxError, RecursionError):
        return replace(tag, body=plain)
    return tag


# -- one tag by itself -----------------------------------------------------------------------------------


def judge(tag: Tag) -> list[Finding]:
    """What is wrong with one tag, whatever stands around it."""
    if tag.kind in ("comment", "literal"):
        return []
    message, mend = _shape(tag)
    if not message:
        try:
            tree = parse(tag)
        except (jinja2.TemplateSyntaxError, RecursionError):
            message, mend = "标签写法有误", _syntax_hint(tag)
        else:
            return [fault(code, what, tag.text, tag.place, how) for code, what, how in _forbidden(tree)]
        return [fault("T2", message, tag.text, tag.place, mend)]
    return [fault("T4", message, tag.text, tag.place, mend)]


def parse(tag: Tag) -> nodes.Template:
    """The syntax tree of one tag, closed by itself.

    Raises:
        jinja2.TemplateSyntaxError: it isn't Jinja2.
    """
    if tag.kind == "out":
        return _tree(tag.source())
    if tag.word in ("cellbg", "colspan"):
        return _tree(f"{OPEN}{{ {tag.argument} }}{CLOSE}")
    shell = SHELL.get(tag.word)
    return _tree(shell.format(OPEN, f" {tag.body} ", CLOSE) if shell else "")


@lru_cache(256)
def _tree(source: str) -> nodes.Template:
    """Each tag is looked at more than once, and a template says many of them again and again."""
    return word_sandbox().plain(source)


def _shape(tag: Tag) -> tuple[str, str]:
    """The faults that need no parser: an unknown word, an odd form, a stray sign."""
    if not tag.body:
        return "标签是空的", "请写上字段名，如 {{ 当事人 }}"
    if tag.kind == "out":
        if tag.form in ("tr", "tc"):
            return f"没有 {{{{{tag.form} }}}} 这种写法", "请写 {{ 字段 }}；重复一行用 {%tr for … %}"
        return "", ""
    if tag.word in _SPACED_FORMS:
        return f"{tag.word} 前多了空格", f"请写成 {{%{tag.body} %}}，% 与 {tag.word} 之间不留空格"
    if tag.body.startswith("else if"):
        return "没有 else if", "请写成 {% elif 条件 %}"
    if tag.word not in _WORDS:
        return f"不能使用“{tag.word}”", "只可用 if、elif、else、endif、for、endfor、with、endwith、set、raw"
    if tag.word in ("else", "endif", "endfor", "endwith", "vm", "hm") and tag.body != tag.word:
        return f"“{tag.word}”后面不应再有内容", f"请写成 {{% {tag.word} %}}"
    if tag.word in ("cellbg", "colspan") and not tag.argument:
        return f"“{tag.word}”后面缺少字段", f"请写成 {{% {tag.word} 字段 %}}"
    if tag.word in CELL_WORDS and tag.form:
        return f"“{tag.word}”不用 {tag.form} 的写法", f"请写成 {{% {tag.body} %}}"
    if tag.word == "set" and "=" not in tag.body:
        return "set 缺少等号", "请写成 {% set 名称 = 值 %}"
    return "", ""


def _syntax_hint(tag: Tag) -> str:
    wide = _WIDE_SIGNS.search(_QUOTED.sub("", tag.body))
    if wide:
        return f"请把全角“{wide[0]}”改为半角"
    if tag.word in ("if", "elif") and re.search(r"(?<![=!<>])=(?!=)", tag.body):
        return "比较是否相等要写两个等号 =="
    if tag.word == "for":
        return "请写成 {% for 项 in 列表 %}"
    return "请核对括号、引号和运算符；字段名不能含空格和标点"


def _forbidden(tree: nodes.Template) -> Iterator[tuple[str, str, str]]:
    sandbox = word_sandbox()
    for node in tree.find_all(nodes.Node):
        if isinstance(node, nodes.Filter):
            if node.name not in sandbox.filters or node.name.startswith("_"):
                yield "T3", f"没有“{node.name}”这个过滤器", _filter_hint(node.name)
            elif node.name == WORDING and not _names_phrase(node):
                yield "T4", "用语的编号要直接写出，空要写名称", "写成 {{ 'phrase/编号'|用语(空=字段) }}"
        elif isinstance(node, nodes.Test) and node.name not in sandbox.tests:
            yield "T3", f"没有“is {node.name}”这种判断", "可用 is defined、==、in 等"
        elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem | nodes.NSRef):
            if _underscored(node):
                yield "T4", "字段名不能以 _ 开头", "请改用普通字段名"
        elif isinstance(node, nodes.Call) and not _callable(node.node):
            yield "T4", "不能调用函数", "请改用过滤器，如 {{ 日期字段|日期 }}"
        elif isinstance(node, nodes.Pow):
            yield "T4", "不能使用乘方 **", "请先算好再填入"
        elif isinstance(node, nodes.For) and node.recursive:
            yield "T4", "不能使用 recursive", "请写成两层 for"


def _underscored(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Name):
        return node.name.startswith("_")
    if isinstance(node, nodes.Getattr | nodes.NSRef):
        return node.attr.startswith("_")
    argument = node.arg if isinstance(node, nodes.Getitem) else None
    return isinstance(argument, nodes.Const) and str(argument.value).startswith("_")


def _callable(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Name):
        return node.name in word_sandbox().globals
    return isinstance(node, nodes.Getattr) and node.attr in CALLS


def _names_phrase(node: nodes.Filter) -> bool:
    """Whether the tag itself says which phrase it takes, so that a check can look it up."""
    given = bool(node.args or node.dyn_args or node.dyn_kwargs)
    return isinstance(node.node, nodes.Const) and isinstance(node.node.value, str) and not given


def _filter_hint(name: str) -> str:
    from difflib import get_close_matches

    if name == "safe":
        return "值一律按文字填入，请删去 |safe"
    known = sorted(known for known in word_sandbox().filters if not known.startswith("_"))
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"是否要写“{near[0]}”" if near else "可用：" + "、".join(known)
