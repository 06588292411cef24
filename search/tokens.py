"""Text to search tokens: single Chinese characters, pairs of neighbours, and words of letters or digits.

Documents and queries go through the same function. A token is a number of 42 bits, so that a token and a
document number fit into one 64-bit value and numpy can sort them together:

- a character: its code point in the upper 21 bits, 0 below;
- a pair: the two code points;
- a word: a 40-bit hash under two leading ones, where no code point reaches.

Spelling is folded one character to one character (full width, case, compatibility forms), so offsets in the
folded text are offsets in the text.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple
from unicodedata import normalize

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.uint32]
Offsets = npt.NDArray[np.int64]

KEY_BITS = 42
_HALF = 21
_WORD = np.uint64(0b11 << 40)
_WORD_BITS = 40
_BREAK, _HAN, _WORDCHAR = 0, 1, 2
_BMP = 0x10000
_PLANES_OF_HAN = (0x20000, 0x40000)
# Where folding changes something or letters live; the rest of the plane is ideographs, Hangul or neither.
_SMALL_SCRIPTS = ((0x0, 0x3400), (0xA000, 0xAC00), (0xF900, 0xFB00), (0xFB00, 0xFFFE))
_HAN_RANGES = ((0x3007, 0x3008), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
_HANGUL = (0xAC00, 0xD7A4)
_ALIKE = {"○": "〇", "◯": "〇"}


class Tokens(NamedTuple):
    """Tokens of a text, and where each stands: ``text[start:end]``."""

    keys: Keys
    starts: Offsets
    ends: Offsets


@cache
def _tables() -> tuple[Codes, npt.NDArray[np.uint8]]:
    """For each code point of the basic plane: what it folds to, and its class after folding."""
    fold = np.arange(_BMP, dtype=np.uint32)
    kind = np.zeros(_BMP, dtype=np.uint8)
    for first, last in _SMALL_SCRIPTS:
        for code in range(first, last):
            char = chr(code)
            folded = normalize("NFKC", _ALIKE.get(char, char)).lower()
            fold[code] = ord(folded) if len(folded) == 1 else code
            kind[code] = _WORDCHAR if char.isalnum() else _BREAK
    kind[slice(*_HANGUL)] = _WORDCHAR
    for first, last in _HAN_RANGES:
        kind[first:last] = _HAN
    return fold, kind[np.minimum(fold, _BMP - 1)]


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _folded(text: str) -> tuple[Codes, npt.NDArray[np.uint8]]:
    fold, kind = _tables()
    codes = _codes(text)
    if not len(codes) or np.max(codes) < _BMP:
        return fold[codes], kind[codes]
    low = np.minimum(codes, _BMP - 1)
    far = codes >= _BMP
    han = far & (codes >= _PLANES_OF_HAN[0]) & (codes < _PLANES_OF_HAN[1])
    kinds = np.where(far, np.where(han, _HAN, _BREAK), kind[low]).astype(np.uint8)
    return np.where(far, codes, fold[low]), kinds


def fold(text: str) -> str:
    """One spelling: full width, case and compatibility forms folded, each character to one character."""
    codes, _ = _folded(text)
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def tokenise(text: str) -> Tokens:
    """All tokens of a text: characters, then pairs, then words."""
    codes, kinds = _folded(text)
    wide = codes.astype(np.uint64)
    han = kinds == _HAN
    singles = np.flatnonzero(han)
    pairs = np.flatnonzero(han[:-1] & han[1:])
    word_keys, word_starts, word_ends = _words(wide, kinds == _WORDCHAR)
    half = np.uint64(_HALF)
    return Tokens(
        np.concatenate([wide[singles] << half, (wide[pairs] << half) | wide[pairs + 1], word_keys]),
        np.concatenate([singles, pairs, word_starts]),
        np.concatenate([singles + 1, pairs + 2, word_ends]),
    )


def _words(codes: Keys, inside: npt.NDArray[np.bool_]) -> tuple[Keys, Offsets, Offsets]:
    """Hash each run of letters and digits (a polynomial in its code points, mixed down to 40 bits)."""
    at = np.flatnonzero(inside)
    if not len(at):
        none = np.zeros(0, dtype=np.int64)
        return none.astype(np.uint64), none, none
    first = np.flatnonzero(np.diff(at, prepend=-2) != 1)
    lengths = np.diff(np.append(first, len(at)))
    powers = np.full(int(lengths.max()), 1_000_003, dtype=np.uint64)
    powers[0] = 1
    place = np.arange(len(at)) - np.repeat(first, lengths)
    sums = np.add.reduceat(codes[at] * np.cumprod(powers, dtype=np.uint64)[place], first)
    mixed = (sums * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _WORD_BITS)
    starts = at[first]
    return mixed | _WORD, starts, starts + lengths


def is_single(keys: Keys) -> npt.NDArray[np.bool_]:
    """Which tokens are single Chinese characters."""
    low = np.uint64((1 << _HALF) - 1)
    single: npt.NDArray[np.bool_] = ((keys & low) == 0) & (keys < _WORD)
    return single
