"""Finds ASCII punctuation beside Chinese characters in what teachers read; ``--fix`` writes the full-width one.

Looked at: string literals of ``bot``, ``handlers``, ``schedules``, ``tools`` and ``start.py``, and the docstrings of
functions decorated with ``@command`` (they are the help text). Left alone: other docstrings, comments, patterns (raw
strings, arguments of ``re.*``, anything with ``(?:``), and literals with ``# ascii: reason`` on one of their lines; the
remark on a line of its own holds until the next empty line.

The full-width characters are written as escapes, because typed directly they easily turn into ASCII again.

Usage: ``python tools/punctuation.py [--fix] [file or folder …]``; exit status 1 when something was found and not fixed.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = ("bot", "handlers", "schedules", "tools", "start.py")

FULL_WIDTH = {",": 0xFF0C, ":": 0xFF1A, "?": 0xFF1F, "(": 0xFF08, ")": 0xFF09, ";": 0xFF1B, "!": 0xFF01}

# Han characters and the Chinese marks that stand beside them: \u300a\u300b\u201c\u201d.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\u300a\u300b\u201c\u201d"
_WRONG = re.compile(rf"(?<=[{_HAN}])[,:?;!()]|[,:?;!](?= ?[{_HAN}])|[()](?=[{_HAN}])")
_EXEMPT = re.compile(r"#\s*ascii:\s*\S")
_PATTERN = re.compile(r"\(\?[:=!<P]")
_QUOTED = re.compile(r"""(['"])(.*?)\1""", re.DOTALL)

_Position = tuple[int, int]


@dataclass(frozen=True)
class Finding:
    """One wrong mark: 1-based line, offset in the file's text, the mark, what it becomes, the text around it."""

    line: int
    offset: int
    mark: str
    right: str
    around: str


def findings(source: str) -> list[Finding]:
    """The wrong marks of a module's source text, in order.

    Raises:
        SyntaxError: ``source`` is no Python.
    """
    skipped = _spans_to_skip(source)
    starts = _line_starts(source)
    exempt = _exempt_lines(source)
    found: list[Finding] = []
    for begin, end in _literals(source):
        if exempt.intersection(range(begin[0], end[0] + 1)) or any(b <= begin and end <= e for b, e in skipped):
            continue
        first, last = starts[begin[0]] + begin[1], starts[end[0]] + end[1]
        found.extend(_finding(source, first + offset, nested) for offset, nested in _wrong_marks(source[first:last]))
    return sorted(found, key=lambda finding: finding.offset)


def fixed(source: str) -> str:
    """``source`` with every wrong mark replaced by the escape of the full-width one."""
    for finding in reversed(findings(source)):
        source = source[: finding.offset] + finding.right + source[finding.offset + 1 :]
    return source


def _exempt_lines(source: str) -> set[int]:
    """Numbers of the lines that a remark exempts."""
    exempt = set()
    block = False
    for number, line in enumerate(io.StringIO(source), start=1):
        remark = bool(_EXEMPT.search(line))
        block = bool(line.strip()) and (block or (remark and line.lstrip().startswith("#")))
        if remark or block:
            exempt.add(number)
    return exempt


def _finding(source: str, offset: int, nested: bool) -> Finding:
    mark = source[offset]
    code = FULL_WIDTH[mark]
    right = chr(code) if nested else f"\\u{code:04x}"
    around = source[max(0, offset - 12) : offset + 12].replace("\n", " ")
    return Finding(source.count("\n", 0, offset) + 1, offset, mark, right, around)


def _line_starts(source: str) -> list[int]:
    starts = [0, 0]
    for line in io.StringIO(source):
        starts.append(starts[-1] + len(line))
    return starts


def _literals(source: str) -> Iterator[tuple[_Position, _Position]]:
    """Begin and end of every string literal; an f-string is one, whether the tokenizer takes it apart (3.12) or not."""
    opened: list[_Position] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        name = tokenize.tok_name[token.type]
        if name == "FSTRING_START":
            opened.append(token.start)
        elif name == "FSTRING_END":
            begin = opened.pop()
            if not opened:
                yield begin, token.end
        elif name == "STRING" and not opened:
            yield token.start, token.end


def _wrong_marks(literal: str) -> Iterator[tuple[int, bool]]:
    """Offsets of wrong marks in the source of one literal, prefix and quotes included.

    The second value says whether the mark stands in a string inside a replacement field, where Python 3.11 allows no
    backslash.
    """
    prefix = literal[: min(literal.index(quote) for quote in "'\"" if quote in literal)].lower()
    if "r" in prefix or "b" in prefix or _PATTERN.search(literal):
        return
    for start, text, nested in _pieces(literal) if "f" in prefix else [(0, literal, False)]:
        for offset in sorted(_marks(text)):
            yield start + offset, nested


def _marks(text: str) -> set[int]:
    """Where ``text`` has wrong marks; of a pair of brackets both are wrong when one is."""
    wrong = {match.start() for match in _WRONG.finditer(text)}
    stack: list[int] = []
    for index, char in enumerate(text):
        if char == "(":
            stack.append(index)
        elif char == ")" and stack:
            pair = {stack.pop(), index}
            wrong |= pair if pair & wrong else set()
    return wrong


def _pieces(literal: str) -> Iterator[tuple[int, str, bool]]:
    """The literal parts of an f-string, and the quoted strings inside its replacement fields."""
    depth, start = 0, 0
    for match in re.finditer(r"\{\{|\}\}|\{|\}", literal):
        mark = match.group()
        if depth == 0 and mark == "{":
            yield start, literal[start : match.start()], False
            depth, start = 1, match.end()
        elif depth and mark in ("{", "}", "}}"):
            depth += 1 if mark == "{" else -len(mark)
            if depth <= 0:
                yield from _quoted(literal[start : match.start()], start)
                depth, start = 0, match.end()
    yield start, literal[start:], False


def _quoted(expression: str, base: int) -> Iterator[tuple[int, str, bool]]:
    for match in _QUOTED.finditer(expression):
        yield base + match.start(2), match.group(2), True


def _spans_to_skip(source: str) -> list[tuple[_Position, _Position]]:
    """Begin and end of docstrings (but those of commands) and of calls of ``re.*``."""
    tree = ast.parse(source)
    lines = list(io.StringIO(source))
    helps = [_docstring(node) for node in ast.walk(tree) if _is_command(node)]
    return [
        (_position(lines, node.lineno, node.col_offset), _position(lines, node.end_lineno, node.end_col_offset))
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and _is_pattern_call(node))
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node not in helps)
    ]


def _position(lines: list[str], line: int | None, column: int | None) -> _Position:
    """A place of the syntax tree, which counts bytes, as the tokenizer counts: in characters."""
    number = line or 1
    return number, len(lines[number - 1].encode()[: column or 0].decode())


def _is_pattern_call(call: ast.Call) -> bool:
    function = call.func
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "re"


def _is_command(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    calls = [mark.func if isinstance(mark, ast.Call) else mark for mark in node.decorator_list]
    return any((call.id if isinstance(call, ast.Name) else getattr(call, "attr", "")) == "command" for call in calls)


def _docstring(node: ast.AST) -> ast.AST | None:
    first: ast.AST = getattr(node, "body", [node])[0]
    return first if isinstance(first, ast.Expr) else None


def _files(paths: list[str]) -> Iterator[Path]:
    for path in paths:
        place = ROOT / path
        yield from sorted(place.rglob("*.py")) if place.is_dir() else [place]


def main(words: list[str]) -> int:
    """Check, or with ``--fix`` mend; returns the exit status."""
    fix = "--fix" in words
    paths = [word for word in words if word != "--fix"]
    count = 0
    for path in _files(paths or list(DEFAULT)):
        source = path.read_bytes().decode("utf-8")
        found = findings(source)
        if fix and found:
            path.write_bytes(fixed(source).encode("utf-8"))
        for finding in found:
            print(f"{path}:{finding.line}: {finding.mark} in {finding.around!r}{' (fixed)' if fix else ''}")
        count += len(found)
    return 1 if count and not fix else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a console, never a bare TextIO
    sys.exit(main(sys.argv[1:]))
