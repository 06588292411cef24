"""Write search/homophones.txt, the characters of GB 2312 by how they are said: python -m scripts.homophones

A search looks for slips of the ear; the whole of pypinyin would take it a fifth of a second to load.
"""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "search" / "homophones.txt"
ROWS, CELLS = range(0xB0, 0xF8), range(0xA1, 0xFF)


def lines() -> list[str]:
    """A syllable without its tone, then the characters that are read so; some stand in several lines."""
    from pypinyin import Style, pinyin

    found: dict[str, str] = {}
    for row in ROWS:
        for cell in CELLS:
            char = bytes((row, cell)).decode("gb2312", "ignore")
            if char:
                for syllable in pinyin(char, Style.NORMAL, heteronym=True)[0]:
                    found[syllable] = found.get(syllable, "") + char
    return [f"{syllable} {found[syllable]}" for syllable in sorted(found)]


if __name__ == "__main__":
    PAGE.write_text("\n".join([*lines(), ""]), encoding="utf-8")
