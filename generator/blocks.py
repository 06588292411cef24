"""The tags of one part in document order: which blocks are open, and which fields the template asks for."""

from __future__ import annotations

from jinja2 import nodes

from generator.tags import SHELL, Field, Tag, fault, parse, where
from kb.findings import Finding

_OPENERS = {"if": "endif", "for": "endfor", "with": "endwith"}
_CONTINUES = {"elif": ("if",), "else": ("for", "if"), **{end: (word,) for word, end in _OPENERS.items()}}


class Walk:
    """Follows the tags of one part in document order: which blocks are open, and what each name means."""

    def __init__(self) -> None:
        self.open: list[tuple[Tag, object]] = []
        self.faults: list[Finding] = []
        self.fields: dict[str, Field] = {}
        self._scopes: list[dict[str, str]] = [{"loop": "", "range": "", "namespace": "", "dict": ""}]

    def step(self, tag: Tag, level: object) -> None:
        """Take the next tag; ``level`` equals that of the block's opening where the XML stays whole."""
        if tag.kind in ("comment", "literal"):
            return
        if tag.word in _CONTINUES:
            self._continue(tag, level)
        self._read_fields(tag)
        if tag.word in _OPENERS:
            self.open.append((tag, level))

    def finish(self) -> None:
        for tag, _ in self.open:
            mend = f"请在后面补上 {{%{tag.form} {_OPENERS[tag.word]} %}}"
            self._fault("T5", f"“{tag.word}”没有对应的结束标签", tag, mend)

    def _continue(self, tag: Tag, level: object) -> None:
        wanted = _CONTINUES[tag.word]
        if not self.open or self.open[-1][0].word not in wanted:
            self._fault(
                "T5", f"“{tag.word}”前面没有对应的“{wanted[-1]}”", tag, "请核对各标签是否成对、是否交叉"
            )
            return
        first, opened = self.open[-1]
        if level != opened:
            mend = f"请用与开始标签“{first.text}”相同的写法（如都用 %p 或都用 %tr），并放在同一单元格或同一层"
            self._fault("T7", "与开始标签不在同一层，填写后文档会损坏", tag, mend)
        if tag.word in _OPENERS.values():
            self.open.pop()
            if tag.word != "endif":
                self._scopes.pop()

    def _fault(self, code: str, message: str, tag: Tag, mend: str) -> None:
        self.faults.append(fault(code, message, tag.text, tag.place, mend))

    def _read_fields(self, tag: Tag) -> None:
        if tag.kind == "block" and tag.word not in SHELL and tag.word not in ("cellbg", "colspan"):
            return
        tree = parse(tag)
        if tag.word == "for":
            loop = next(tree.find_all(nodes.For))
            source = self._path(_listed(loop.iter))
            self._collect(loop.iter, tag, "列表")
            scope = dict.fromkeys((name.name for name in loop.target.find_all(nodes.Name)), "")
            if isinstance(loop.target, nodes.Name):
                scope = {loop.target.name: f"{source}[]" if source else ""}
            self._scopes.append(scope)
            if loop.test is not None:
                self._collect(loop.test, tag, "条件")
        elif tag.word == "with":
            block = next(tree.find_all(nodes.With))
            for value in block.values:
                self._collect(value, tag, "值")
            self._scopes.append(dict.fromkeys((name for each in block.targets for name in _names(each)), ""))
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
                    "条件" if tag.word in ("if", "elif") else "值",
                )

    def _collect(self, node: nodes.Node, tag: Tag, use: str) -> None:
        path = self._path(node)
        if path:
            self.fields.setdefault(path, Field(path, use, where(tag.place), tag.text, tag.place))
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


def _listed(node: nodes.Node) -> nodes.Node:
    """The list a loop goes over, without the filters that only put it in order."""
    while isinstance(node, nodes.Filter) and node.name in ("sort", "reverse", "list", "unique") and node.node:
        node = node.node
    return node
