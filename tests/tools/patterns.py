"""Every pattern of Python's own engine in the product, found in its source, and texts that make such a pattern grow.

That engine goes back and tries again: a few characters of data can hold it for hours. DuckDB (RE2) and polars (Rust)
cannot go back, so their patterns are of no concern here.
"""

import ast
import importlib
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("assets", "casework", "dashboards", "expectations", "pipelines", "sample", "stra")
METHODS = ("compile", "match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "split")
ANYWHERE = {"search", "findall", "finditer", "sub", "subn", "split"}


@dataclass(frozen=True)
class Site:
    """A call of `re` in the source: where, the text of its pattern, and whether it looks at every place of a text."""

    place: str  # file, and the function or name
    text: str
    pattern: str | bytes | None  # None: made from what is known only when it runs
    flags: int
    is_anywhere: bool


def sites() -> list[Site]:
    """Every call of `re` in the product that has a pattern."""
    return [site for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")) for site in _of_file(path)]


def _of_file(path: Path) -> Iterator[Site]:
    source = path.read_text(encoding="utf-8")
    if "re." not in source or not re.search(r"^\s*(import re$|from re import)", source, re.MULTILINE):
        return
    tree = ast.parse(source)
    whole = {id(node.value) for node in ast.walk(tree)
             if isinstance(node, ast.Attribute) and node.attr in ("match", "fullmatch")}  # fmt: skip
    assert not any(isinstance(node, ast.ImportFrom) and node.module == "re" for node in ast.walk(tree)), path
    name = path.relative_to(ROOT).as_posix()
    for scope, target, call in _calls(tree, "", ""):
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        given = call.args[0] if call.args else next(key.value for key in call.keywords if key.arg == "pattern")
        said = " ".join(ast.unparse(each) for each in [*call.args[1:], *(key.value for key in call.keywords)])
        flags = sum({int(getattr(re, flag)) for flag in re.findall(r"\bre\.([A-Z]+)\b", said)})
        compiled = method == "compile"
        is_anywhere = method in ANYWHERE or (compiled and id(call) not in whole and not _only_whole(source, target))
        for pattern in (
            [_value(path, given)] if _value(path, given) is not None else _by_callers(path, tree, scope, given)
        ):
            yield Site(f"{name} {scope or target}", ast.unparse(given), pattern, flags, is_anywhere)


def _by_callers(path: Path, tree: ast.AST, scope: str, given: ast.expr) -> list[str | None]:
    """The patterns that a function makes of what its callers give it; [None] where they give no constants."""
    function = next((n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == scope), None)
    names = {node.id for node in ast.walk(given) if isinstance(node, ast.Name)}
    if function is None or not names <= {each.arg for each in function.args.args}:
        return [None]
    order = [each.arg for each in function.args.args]
    found: list[str | None] = []
    for caller, call in _all_calls(function.name, "" if function.name != "_any" else path.name):
        said = dict(zip(order, call.args, strict=False)) | {key.arg: key.value for key in call.keywords if key.arg}
        if names <= said.keys():
            values = {name: _value(caller, said[name]) for name in names}
            if None not in values.values():
                found.append(eval(compile(ast.Expression(given), "", "eval"), values))
    return found or [None]


@cache
def _all_calls(name: str, file: str) -> list[tuple[Path, ast.Call]]:
    """Every call of a function of this name in the product."""
    found: list[tuple[Path, ast.Call]] = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob(file or "*.py")):
            source = path.read_text(encoding="utf-8")
            nodes = ast.walk(ast.parse(source)) if f"{name}(" in source else iter(())
            found += [(path, node) for node in nodes
                      if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == name]  # fmt: skip
    return found


def _calls(tree: ast.AST, scope: str, target: str) -> Iterator[tuple[str, str, ast.Call]]:
    """Every call of `re`, with the function that it is in and the name that its value gets."""
    for node in ast.iter_child_nodes(tree):
        inner, name = scope, target
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            inner = node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            name = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
        if (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS
            and isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        ):  # fmt: skip
            yield inner, name, node
        yield from _calls(node, inner, name)


def _value(path: Path, given: ast.expr) -> Any:
    """The value of an expression, with the names of the module; None where it needs others."""
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    names = {node.id for node in ast.walk(given) if isinstance(node, ast.Name)}
    held: Mapping[str, Any] = {}
    if names:
        try:
            held = vars(sys.modules.get(module) or importlib.import_module(module))
        except ModuleNotFoundError:  # of an engine that is installed apart
            return None
        if not names <= held.keys():
            return None
    found = eval(compile(ast.Expression(given), str(path), "eval"), dict(held))
    return found.pattern if isinstance(found, re.Pattern) else found


def _only_whole(source: str, name: str) -> bool:
    """Whether a pattern of this name is only used on a text from its begin on."""
    used = set(re.findall(rf"\b{re.escape(name)}\.(\w+)\(", source)) if name.isidentifier() else set()
    return bool(used) and not used & ANYWHERE


def attacks(pattern: str | bytes, flags: int, length: int) -> list[str | bytes]:
    """Texts of about this length which repeat what a pattern repeats, and then do not match."""
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    tree = _parser.parse(text, flags)
    pumps: list[tuple[str, str]] = []
    _walk(list(tree), "", pumps, bool(flags & re.IGNORECASE))
    whole = _shortest(list(tree))
    pumps += [("", each) for each in {whole, whole[:-1], whole[:1], *(pump for _, pump in pumps)} if each]
    found = {
        start + pump * (length // len(pump)) + end
        for start, pump in dict.fromkeys(pumps) for end in ("", "\n\x00")
    }  # fmt: skip
    return [each.encode("latin-1", "replace") for each in found] if isinstance(pattern, bytes) else list(found)


def _walk(nodes: list[Any], before: str, pumps: list[tuple[str, str]], ignores_case: bool) -> None:
    """Gather what is repeated, each with the shortest text that leads to it."""
    for place, (kind, given) in enumerate(nodes):
        rest = _shortest(nodes[place + 1 : place + 2])
        if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
            _, most, inner = given
            if most > 8:
                one = _shortest(list(inner), 1)
                pumps += [(before, one)] if one else []
                pumps += [(before, one + rest)] if one and rest else []
                # every character that two neighbours of the pattern have in common
                pumps += [(before, sign) for sign in _signs(list(inner)) if sign]
            _walk(list(inner), before, pumps, ignores_case)
        elif kind is kinds.SUBPATTERN:
            _walk(list(given[-1]), before, pumps, ignores_case)
        elif kind is kinds.BRANCH:
            for branch in given[1]:
                _walk(list(branch), before, pumps, ignores_case)
        elif kind in (kinds.ASSERT, kinds.ASSERT_NOT):
            _walk(list(given[1]), before, pumps, ignores_case)
        elif kind is kinds.ATOMIC_GROUP:
            _walk(list(given), before, pumps, ignores_case)
        before += _shortest([(kind, given)])


def _shortest(nodes: list[Any], least: int = 0) -> str:
    """A short text that nodes match; a repeat that may be left out is there `least` times."""
    said = ""
    for kind, given in nodes:
        if kind is kinds.LITERAL:
            said += chr(given)
        elif kind in (kinds.NOT_LITERAL, kinds.ANY, kinds.IN):
            said += next(iter(_signs([(kind, given)])), "")
        elif kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
            said += _shortest(list(given[2]), least) * max(given[0], least)
        elif kind is kinds.SUBPATTERN:
            said += _shortest(list(given[-1]), least)
        elif kind is kinds.ATOMIC_GROUP:
            said += _shortest(list(given), least)
        elif kind is kinds.BRANCH:
            said += _shortest(list(given[1][0]), least)
    return said


_TRIED = "a1 A.-_/,:'\"<>=é\t\n[](){}"


def _signs(nodes: list[Any]) -> list[str]:
    """Characters, of those that are tried, which the first node matches."""
    if not nodes:
        return []
    kind, given = nodes[0]
    if kind in (kinds.SUBPATTERN, kinds.MAX_REPEAT, kinds.MIN_REPEAT):
        return _signs(list(given[-1]))
    if kind is kinds.BRANCH:
        return [sign for branch in given[1] for sign in _signs(list(branch))]
    if kind is kinds.LITERAL:
        return [chr(given)]
    if kind is kinds.ANY:
        return list(_TRIED[:7])
    if kind is kinds.NOT_LITERAL:
        return [sign for sign in _TRIED if sign != chr(given)][:7]
    if kind is kinds.IN:
        return [sign for sign in [*_TRIED, *(chr(each[1]) for each in given if each[0] is kinds.LITERAL)]
                if _is_in(sign, given)][:7]  # fmt: skip
    return []


_CATEGORIES = {
    kinds.CATEGORY_DIGIT: str.isdecimal, kinds.CATEGORY_SPACE: str.isspace,
    kinds.CATEGORY_WORD: lambda sign: sign.isalnum() or sign == "_",
    kinds.CATEGORY_NOT_DIGIT: lambda sign: not sign.isdecimal(),
    kinds.CATEGORY_NOT_SPACE: lambda sign: not sign.isspace(),
    kinds.CATEGORY_NOT_WORD: lambda sign: not (sign.isalnum() or sign == "_"),
}  # fmt: skip


def _is_in(sign: str, given: list[Any]) -> bool:
    is_negated, found = False, False
    for kind, each in given:
        if kind is kinds.NEGATE:
            is_negated = True
        elif kind is kinds.LITERAL:
            found = found or ord(sign) == each
        elif kind is kinds.RANGE:
            found = found or each[0] <= ord(sign) <= each[1]
        elif kind is kinds.CATEGORY:
            found = found or _CATEGORIES[each](sign)
    return found != is_negated
