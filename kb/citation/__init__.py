"""Legal citations: find, parse, resolve, judge and write them (one stage a module).

`find` sees forms, `parse` binds names to laws, `resolve` asks the structure of a day, `judge` says what is
wrong. The code never rewrites an author's text.
"""

from kb.citation import rules as _rules  # noqa: F401 (its functions register themselves)
from kb.citation.chain import Provision
from kb.citation.find import Found, find
from kb.citation.judge import PROCEDURAL, Cited, Judged, judge, judge_text
from kb.citation.loose import parse_loose
from kb.citation.model import Citation, Context, Days, Gap, Mention, Reading, format_citation
from kb.citation.parse import parse, read
from kb.citation.quotes import Quotation, quotes_of
from kb.citation.resolve import Settled, canonical, settle
from kb.citation.wording import Comparison, compare

__all__ = [
    "PROCEDURAL",
    "Citation",
    "Cited",
    "Comparison",
    "Context",
    "Days",
    "Found",
    "Gap",
    "Judged",
    "Mention",
    "Provision",
    "Quotation",
    "Reading",
    "Settled",
    "canonical",
    "compare",
    "find",
    "format_citation",
    "judge",
    "judge_text",
    "parse",
    "parse_loose",
    "quotes_of",
    "read",
    "settle",
]
