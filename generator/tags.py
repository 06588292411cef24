"""The tag language of templates: find tags in a paragraph's text, judge each by itself, list its fields.

The language is the part of Jinja2 that python-docx-template made known in Word: ``{{ }}``, ``{# #}``,
``{% if/for/set %}``, and the forms ``{%p %} {%tr %} {%tc %} {%r %} {{p }} {{r }}`` that stand for their whole
paragraph, row, cell or run. Whatever could import, define or reach into Python is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import jinja2
from jinja2 import nodes

from generator.render import CLOSE, DICT_CALLS, LOOP_CALLS, OPEN, TEXT_CALLS, word_sandbox
from kb.findings import Finding, Place

_BODY = r"""(?:'[^']*'|"[^"]*"|[^'"{}%]|\{(?![{%\#])|\}(?!\})|%(?!\}))*"""
_TAG = re.compile(rf"\{{\{{(?P<out>{_BODY})\}}\}}|\{{%(?P<block>{_BODY})%\}}|\{{#(?P<comment>.*?)#\}}", re.S)
_FORM = re.compile(r"(p|tr|tc|r)\s+(?=\S)")
_LOOSE = re.compile(r"\{\{|\}\}|\{%|%\}")
_WIDE = re.compile(r"｛｛|｝｝|｛[%％]|[%％]｝|\{％|％\}")
_WIDE_SIGNS = re.compile(r"[，（）｜：；＝！＋＜＞［］．]")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_SPACES = re.compile(r"[\s\u00a0\u3000]+")
_CURLY = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "＂": '"', "＇": "'"})

# What python-docx-template writes for literal braces.
LITERALS = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}

_OPENERS = {"if": "endif", "for": "endfor"}
_WORDS = {"if", "elif", "else", "endif", "for", "endfor", "set"}
_SPACED_FORMS = {"p", "tr", "tc", "r"}
_SHELL = {
    "if": "{0}%{1}%{2}{0}% endif %{2}",
    "elif": "{0}% if 1 %{2}{0}%{1}%{2}{0}% endif %{2}",
    "for": "{0}%{1}%{2}{0}% endfor %{2}",
    "set": "{0}%{1}%{2}",
}


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: what it is, where it stands, what the author typed."""

    kind: str  # out, block, comment
    form: str  # "", p, tr, tc, r
    body: str  # without braces and form
    text: str
    start: int
    end: int
    place: Place

    @property
    def word(self) -> str:
        """The first word of a block tag: if, elif, else, endif, for, endfor, set."""
        word = re.match(r"\w+", self.body) if self.kind == "block" else None
        return word[0] if word else ""

    @property
    def where(self) -> str:
        return f"{where(self.place)}“{self.text}”"

    def source(self) -> str:
        """The tag as the compiled template holds it."""
        if self.kind == "comment":
            return ""
        left, right = ("{", "}") if self.kind == "out" else ("%", "%")
        return f"{OPEN}{left} {self.body} {right}{CLOSE}"


@dataclass(frozen=True, slots=True)
class Field:
    """A field the template asks for.

    ``name`` is its path (``party.name``, ``evidence[].name`` for an entry of a list), ``use`` is 值, 条件 or
    列表, ``where`` the place of its first tag, ``text`` the tag itself.
    """

    name: str
    use: str
    where: str
    text: str


def where(place: Place) -> str:
    words = [place.part, place.cell or "", f"第{place.paragraph}段" if place.paragraph else ""]
    return " ".join(word for word in words if word)


def fault(code: str, message: str, text: str, place: Place, suggestion: str) -> Finding:
    """A finding about a template; every one of them stops its use."""
    return Finding(code, "否决", message, text, place, suggestion)


def scan(text: str, place: Place) -> tuple[list[Tag], list[Finding]]:
    """The tags in one paragraph's text, and what looks like a tag but isn't one.

    Args:
        text: the joined text of the paragraph's runs.
        place: where the paragraph stands.
    """
    tags = [_tag(found, place) for found in _TAG.finditer(text)]
    rest = list(text)
    for tag in tags:
        rest[tag.start : tag.end] = "\0" * (tag.end - tag.start)
    remains = "".join(rest)
    faults = []
    for found in _LOOSE.finditer(remains):
        near = text[max(0, found.start() - 2) : found.start() + 24]
        spot = replace(place, start=found.start(), end=found.end())
        message, mend = (
            ("标签没有写完，或引号不成对", "开头与结尾须在同一段里，引号成对，如 {{ 字段 }}、{% if 条件 %}")
            if found[0] in ("{{", "{%")
            else ("只有标签的结尾，没有开头", "请在同一段里补上开头；要印出花括号本身，写 }_}")
        )
        faults.append(fault("T1", message, near, spot, mend))
    for found in _WIDE.finditer(remains):
        near = text[max(0, found.start() - 2) : found.start() + 24]
        spot = replace(place, start=found.start(), end=found.end())
        faults.append(fault("T8", "标签用了全角符号", near, spot, "请改用半角 {{ }} 或 {% %}"))
    return tags, faults


def _tag(found: re.Match[str], place: Place) -> Tag:
    kind = str(found.lastgroup)
    raw = found[kind]
    form = _FORM.match(raw)
    body = raw[form.end() :] if form else raw
    if '"' not in body and "'" not in body:
        body = body.translate(_CURLY)  # Word turns quotes into curly ones as the author types
    body = _SPACES.sub(" ", body).strip()
    spot = replace(place, start=found.start(), end=found.end())
    return Tag(kind, form[1] if form else "", body, found[0], found.start(), found.end(), spot)


# -- one tag by itself -----------------------------------------------------------------------------------


def judge(tag: Tag) -> list[Finding]:
    """What is wrong with one tag, whatever stands around it."""
    if tag.kind == "comment":
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
        return word_sandbox().parse(tag.source())
    shell = _SHELL.get(tag.word)
    return word_sandbox().parse(shell.format(OPEN, f" {tag.body} ", CLOSE) if shell else "")


def _shape(tag: Tag) -> tuple[str, str]:
    """The faults that need no parser: an unknown word, an odd form, a stray sign."""
    if not tag.body:
        return "标签是空的", "请写上字段名，如 {{ 当事人 }}"
    if tag.body[-1] in "-+" or (tag.body[0] in "-+" and tag.kind == "block"):
        return "不支持 - 和 + 的去空白写法", "请删去 - 或 +；整段的条件写 {%p if 条件 %}"
    if tag.kind == "out":
        if tag.form in ("tr", "tc"):
            return f"没有 {{{{{tag.form} }}}} 这种写法", "请写 {{ 字段 }}；重复一行用 {%tr for … %}"
        return "", ""
    if tag.word in _SPACED_FORMS:
        return f"{tag.word} 前多了空格", f"请写成 {{%{tag.body} %}}，% 与 {tag.word} 之间不留空格"
    if tag.body.startswith("else if"):
        return "没有 else if", "请写成 {% elif 条件 %}"
    if tag.word not in _WORDS:
        return f"不能使用“{tag.word}”", "只可用 if、elif、else、endif、for、endfor、set"
    if tag.word in ("else", "endif", "endfor") and tag.body != tag.word:
        return f"“{tag.word}”后面不应再有内容", f"请写成 {{% {tag.word} %}}"
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
        elif isinstance(node, nodes.Test) and node.name not in sandbox.tests:
            yield "T3", f"没有“is {node.name}”这种判断", "可用 is defined、==、in 等"
        elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            if _underscored(node):
                yield "T4", "字段名不能以 _ 开头", "请改用普通字段名"
        elif isinstance(node, nodes.Call) and not _callable(node.node):
            yield "T4", "不能调用函数", "请改用过滤器，如 {{ 日期字段|日期 }}"
        elif isinstance(node, nodes.Pow):
            yield "T4", "不能使用乘方 **", "请先算好再填入"
        elif isinstance(node, nodes.CondExpr) and node.expr2 is None:
            yield "T4", "“… if …”缺少 else", "请写成 {{ 甲 if 条件 else 乙 }}"


def _underscored(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Name):
        return node.name.startswith("_")
    if isinstance(node, nodes.Getattr):
        return node.attr.startswith("_")
    argument = node.arg if isinstance(node, nodes.Getitem) else None
    return isinstance(argument, nodes.Const) and str(argument.value).startswith("_")


def _callable(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Name):
        return node.name == "range"
    return isinstance(node, nodes.Getattr) and node.attr in LOOP_CALLS | DICT_CALLS | TEXT_CALLS


def _filter_hint(name: str) -> str:
    from difflib import get_close_matches

    if name == "safe":
        return "值一律按文字填入，请删去 |safe"
    known = sorted(known for known in word_sandbox().filters if not known.startswith("_"))
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"是否要写“{near[0]}”" if near else "可用：" + "、".join(known)


# -- blocks and fields -----------------------------------------------------------------------------------


class Walk:
    """Follows the tags of one part in document order: which blocks are open, and what each name means."""

    def __init__(self) -> None:
        self.open: list[tuple[Tag, object]] = []
        self.faults: list[Finding] = []
        self.fields: dict[str, Field] = {}
        self._scopes: list[dict[str, str]] = [{"loop": "", "range": ""}]

    def step(self, tag: Tag, level: object) -> None:
        """Take the next tag; ``level`` equals that of the block's opening where the XML stays whole."""
        if tag.kind == "comment":
            return
        if tag.word in ("elif", "else", "endif", "endfor"):
            self._continue(tag, level)
        self._read_fields(tag)
        if tag.word in _OPENERS:
            self.open.append((tag, level))

    def finish(self) -> None:
        for tag, _ in self.open:
            mend = f"请在后面补上 {{%{tag.form} {_OPENERS[tag.word]} %}}"
            self._fault("T5", f"“{tag.word}”没有对应的结束标签", tag, mend)

    def _continue(self, tag: Tag, level: object) -> None:
        wanted = ("for", "if") if tag.word == "else" else ("for",) if tag.word == "endfor" else ("if",)
        if not self.open or self.open[-1][0].word not in wanted:
            opener = "for" if tag.word == "endfor" else "if"
            self._fault("T5", f"“{tag.word}”前面没有对应的“{opener}”", tag, "请核对各标签是否成对、是否交叉")
            return
        first, opened = self.open[-1]
        if level != opened:
            mend = f"请用与开始标签“{first.text}”相同的写法（如都用 %p 或都用 %tr），并放在同一单元格或同一层"
            self._fault("T7", "与开始标签不在同一层，填写后文档会损坏", tag, mend)
        if tag.word in ("endif", "endfor"):
            self.open.pop()
            if tag.word == "endfor":
                self._scopes.pop()

    def _fault(self, code: str, message: str, tag: Tag, mend: str) -> None:
        self.faults.append(fault(code, message, tag.text, tag.place, mend))

    def _read_fields(self, tag: Tag) -> None:
        if tag.kind == "block" and tag.word not in _SHELL:
            return
        tree = parse(tag)
        if tag.word == "for":
            loop = next(tree.find_all(nodes.For))
            source = self._path(loop.iter)
            self._collect(loop.iter, tag, "列表")
            scope = dict.fromkeys((name.name for name in loop.target.find_all(nodes.Name)), "")
            if isinstance(loop.target, nodes.Name):
                scope = {loop.target.name: f"{source}[]" if source else ""}
            self._scopes.append(scope)
            if loop.test is not None:
                self._collect(loop.test, tag, "条件")
        elif tag.word == "set":
            assigned = next(tree.find_all(nodes.Assign))
            self._collect(assigned.node, tag, "值")
            for name in _names(assigned.target):
                self._scopes[-1][name] = ""
        else:
            for node in tree.body:
                self._collect(
                    node.test if isinstance(node, nodes.If) else node,
                    tag,
                    "值" if tag.kind == "out" else "条件",
                )

    def _collect(self, node: nodes.Node, tag: Tag, use: str) -> None:
        path = self._path(node)
        if path:
            self.fields.setdefault(path, Field(path, use, where(tag.place), tag.text))
        # A path holds no other fields, except in the brackets of a call: loop.cycle(甲, 乙).
        calls = [node, *node.find_all(nodes.Call)] if path is not None else []
        arguments = [each for call in calls if isinstance(call, nodes.Call) for each in call.args]
        for child in node.iter_child_nodes() if path is None else arguments:
            self._collect(child, tag, use)

    def _path(self, node: nodes.Node) -> str | None:
        """The data path of an expression; empty for a name the template made; None where it isn't a path."""
        if isinstance(node, nodes.Name):
            for scope in reversed(self._scopes):
                if node.name in scope:
                    return scope[node.name]
            return node.name
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
            return self._path(node.node.node)
        if isinstance(node, nodes.Getattr):
            owner, step = self._path(node.node), f".{node.attr}"
        elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            key = node.arg.value
            owner, step = self._path(node.node), f".{key}" if isinstance(key, str) else "[]"
        else:
            return None
        return f"{owner}{step}" if owner else owner


def _names(node: nodes.Node) -> list[str]:
    found = [node.name] if isinstance(node, nodes.Name) else []
    return found + [name.name for name in node.find_all(nodes.Name)]
