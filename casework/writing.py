"""Writing to the cases: what `Cases.writing` hands out, for one transaction of one person.

Everything done with one writer stands or falls together: a case and its papers, numbers, rows and log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from casework import audit_log, bodies, ledger_rows, numbering
from casework import schema as t
from casework.bodies import Body
from generator.casefile import CaseFile
from generator.catalogue import STAGES, document_types
from kb import uses
from kb.errors import BadRecord, BadValue, Conflict, NotFound
from kb.uses import Rests

CASES = "case"
LONGEST_NAME = 80
INCOMPLETE, OPEN, CLOSED = "未填完", "在办", "已结案"
STATES = (INCOMPLETE, OPEN, CLOSED)
ISSUED, VOID, RESERVED, BROUGHT = "已签发", "作废", "预领", "转入"


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case at one of its revisions.

    Attributes:
        text: its body as the store keeps it; read when asked for, so a list can pass one that is spoiled.
        said: why it was no whole case file when it was saved; empty where it was one.
        at: when this revision was entered.
    """

    id: str
    revision: int
    text: str
    said: str
    state: str
    stage: str
    author: str
    at: str

    @property
    def body(self) -> Body:
        """The mapping of CASE.yaml as it was typed.

        Raises:
            BadRecord: the text is spoiled.
        """
        return bodies.load(self.text, self.id)

    @property
    def shown(self) -> Body:
        """The same to look at beside `fault`: what can be drawn of it."""
        try:
            return bodies.drawable(self.body) if self.fault else self.body
        except BadRecord:
            return {}

    @property
    def case(self) -> CaseFile:
        """The typed case file.

        Raises:
            BadRecord: it is not whole yet, or an older build wrote what this one doesn't know.
        """
        return bodies.stored_case(self.text, self.id)

    @property
    def fault(self) -> str:
        """Why this is no whole case file, now and by this build; empty where it is one."""
        if self.said:
            return self.said
        try:
            self.case  # noqa: B018
        except BadRecord as e:
            return str(e)
        return ""


class CaseWriter:
    """One person's writing in one transaction.

    Attributes:
        conn: the transaction; ``by``: who writes; ``at``: when, with a time zone.
    """

    def __init__(self, conn: sa.Connection, *, by: str, at: datetime) -> None:
        if not by.strip():
            raise BadValue("没有写明是谁", where="--by", hint="写经办人的姓名")
        if len(by.strip()) > LONGEST_NAME:
            raise BadValue("姓名太长", where=by.strip()[:20], hint=f"不超过{LONGEST_NAME}个字")
        self.conn = conn
        self.by = by.strip()
        self.at = at
        self._logged: tuple[int, str] | None = None
        self._rests: list[tuple[str, str, Rests]] = []

    @property
    def stamp(self) -> dict[str, str]:
        return {"author": self.by, "at": self.at.isoformat()}

    def log(self, what: str, case: str = "", **body: Any) -> None:
        """Add an entry to the log; nobody else writes while this transaction lasts."""
        after = self._logged or audit_log.last(self.conn)
        self._logged = audit_log.append(
            self.conn, after, at=self.at, who=self.by, what=what, case=case, body=body
        )

    def rows(self, table: sa.Table, which: sa.ColumnElement[bool]) -> dict[str, str]:
        """What the log is told of rows that were written."""
        return audit_log.digests(self.conn, table, which)

    # ------------------------------------------------------------ cases

    def current(self, id: str) -> StoredCase:
        """A case as it stands in this transaction.

        Raises:
            NotFound: no case has the id.
        """
        row = self.conn.execute(sa.select(t.case_file).where(t.case_file.c.id == id)).first()
        if row is None:
            raise NotFound(f"没有编号为“{id}”的案件", hint="用 cailiang case list 查看案件")
        return stored(row)

    def create(self, body: Mapping[str, Any], *, day: date | None = None, note: str = "建案") -> StoredCase:
        """Add a case; it need not be whole. Without an id it gets the next one of its year: ``2026-0007``.

        Args:
            day: when the case came about; left out: today.

        Raises:
            Conflict: there is a case of this id.
            BadRecord: the body can't be kept, or its id can't be one.
        """
        id = body.get("id") or self._next_id()
        if not isinstance(id, str) or not bodies.ID.fullmatch(id):
            hint = "用小写字母、数字、连字符和斜线，如 2026-0001；留空则自动编号"
            raise BadValue(f"案件编号“{str(id)[:40]}”不能用", where="id", hint=hint)
        if self.conn.execute(sa.select(t.case_file.c.id).where(t.case_file.c.id == id)).first():
            raise Conflict(f"已有编号为“{id}”的案件", hint="换一个编号，或者留空由系统编号")
        whole = {"schema": 1} | dict(body) | {"id": id}
        return self._put(id, whole, 1, "", day=day, note=note)

    def save(
        self,
        id: str,
        body: Mapping[str, Any],
        *,
        expected_revision: int,
        day: date | None = None,
        note: str = "修改",
    ) -> StoredCase:
        """Write a new revision of a case; nothing is written where the body is what stands there.

        Args:
            expected_revision: the revision the change was made on.
            day: when what is entered happened; left out: today.

        Raises:
            NotFound: no case has the id.
            Conflict: someone wrote a revision in between; says who and when.
            BadRecord: the body can't be kept.
        """
        old = self.current(id)
        if old.revision != expected_revision:
            raise changed(old)
        whole = {**body, "id": id}
        if bodies.dump(whole) == old.text:
            self._forget_autosave(id)
            return old
        return self._put(id, whole, old.revision + 1, old.stage, day=day, note=note)

    def copy(self, source: str, id: str = "") -> StoredCase:
        """A new case on the model of an earlier one: benchmarks, basis, officers; nothing of the party.

        Raises:
            NotFound: no case has the id `source`.
            Conflict: there is a case of the new id.
        """
        new = bodies.template_of(self.current(source).body)
        return self.create(new | ({"id": id} if id else {}), note=f"由 {source} 复制")

    def autosave(self, id: str, body: Mapping[str, Any], *, revision: int) -> None:
        """Keep what somebody is typing, in place of what was kept for the same person and case.

        Args:
            id: the case; it need not exist yet.
            revision: the revision it is typed over; 0 for a new case.
        """
        if not bodies.ID.fullmatch(id):
            raise BadValue(f"案件编号“{id[:40]}”不能用", where="id", hint="用小写字母、数字、连字符和斜线")
        self._forget_autosave(id)
        row = {"case": id, **self.stamp, "body": bodies.dump(body), "revision": revision}
        self.conn.execute(sa.insert(t.case_autosave).values(**row))

    def _forget_autosave(self, id: str) -> None:
        c = t.case_autosave.c
        self.conn.execute(sa.delete(t.case_autosave).where(c.case == id, c.author == self.by))

    def _next_id(self) -> str:
        year = self.at.year
        while True:  # an id of this form may have been given by hand
            (number,) = numbering.take(self.conn, numbering.Series(CASES, year))
            id = f"{year}-{number:04d}"
            if not self.conn.execute(sa.select(t.case_file.c.id).where(t.case_file.c.id == id)).first():
                return id

    def _put(
        self, id: str, body: Body, revision: int, stage: str, *, day: date | None, note: str
    ) -> StoredCase:
        text, fault = bodies.dump(body), bodies.fault_of(body)
        state = _state(stage, fault)
        row = {"revision": revision, "body": text, "fault": fault, "state": state, "stage": stage}
        columns = row | self.stamp | asdict(bodies.summary_of(body))
        if revision == 1:
            self.conn.execute(sa.insert(t.case_file).values(id=id, **columns))
        else:
            self.conn.execute(sa.update(t.case_file).where(t.case_file.c.id == id).values(**columns))
        kept = {"case": id, "revision": revision, "body": text, "note": note, **self.stamp}
        self.conn.execute(sa.insert(t.case_revision).values(**kept, day=day or self.at.date()))
        c = t.case_revision.c
        rows = self.rows(t.case_revision, (c.case == id) & (c.revision == revision))
        self.log("案件", id, revision=revision, rows=rows, why=note)
        self._forget_autosave(id)
        now = StoredCase(id, revision, text, fault, state, stage, self.by, self.at.isoformat())
        ledger_rows.follow(self, now)
        return now

    def settle(self, id: str) -> None:
        """Bring state and stage of a case in line with its issued papers: the furthest stage they reached."""
        f, c = t.case_file.c, t.document.c
        query = sa.select(c.type).where(c.case == id, c.state.in_((ISSUED, BROUGHT))).distinct()
        stages = {kind.type: kind.stage for kind in document_types()}
        reached = {stages[type] for type in self.conn.execute(query).scalars() if type in stages}
        stage = max(reached, key=STAGES.index, default="")
        fault = self.conn.execute(sa.select(f.fault).where(f.id == id)).scalar() or ""
        change = {"stage": stage, "state": _state(stage, fault)}
        self.conn.execute(sa.update(t.case_file).where(f.id == id).values(**change))

    # ------------------------------------------------------------ what papers rest on

    def rests(self, kind: str, id: int, rests: Rests) -> None:
        """Register what a stored paper cites and rests on (`kb.uses`); written by `finish`, all together.

        The last deed of a paper: what fails before it is not registered.
        """
        self._rests.append((kind, str(id), rests))

    def finish(self) -> None:
        """What is written once, at the end of the transaction."""
        uses.register(self.conn, self._rests)
        self._rests.clear()

    # ------------------------------------------------------------ bytes

    def keep(self, data: bytes) -> str:
        """Store bytes under their SHA-256; the same bytes are stored once."""
        digest = audit_log.sha256(data)
        c = t.content.c
        if not self.conn.execute(sa.select(c.sha256).where(c.sha256 == digest)).first():
            self.conn.execute(sa.insert(t.content).values(sha256=digest, size=len(data), body=data))
        return digest


def _state(stage: str, fault: str) -> str:
    return CLOSED if stage == STAGES[-1] else INCOMPLETE if fault else OPEN


def stored(row: sa.Row[Any]) -> StoredCase:
    return StoredCase(row.id, row.revision, row.body, row.fault, row.state, row.stage, row.author, row.at)


def changed(now: StoredCase) -> Conflict:
    """One line: who wrote the newer revision, and when."""
    when = datetime.fromisoformat(now.at).strftime("%m月%d日%H时%M分")
    hint = "重新打开后再改；您的改动没有保存，也没有覆盖别人的改动"
    return Conflict(f"案件“{now.id}”已被{now.author}于{when}改过", hint=hint)
