"""Amounts and conditions in the words of the law, as structures and back."""

from kb.money.amounts import Amount, format_amount, parse_amount
from kb.money.clauses import Clause, FineSpan, find_fines, read_clauses
from kb.money.conditions import Bound, Condition, format_condition, parse_condition
from kb.money.fines import Fine, Floor, find_amounts, format_fine, parse_fine

__all__ = [
    "Amount",
    "Bound",
    "Clause",
    "Condition",
    "Fine",
    "FineSpan",
    "Floor",
    "find_amounts",
    "find_fines",
    "format_amount",
    "format_condition",
    "format_fine",
    "parse_amount",
    "parse_condition",
    "parse_fine",
    "read_clauses",
]
