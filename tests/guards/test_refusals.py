"""What is refused can be said in the reader's language: its message is marked for the catalogues where it is written."""

import ast
import gc
from collections.abc import Iterator
from pathlib import Path

CODE = Path(__file__).resolve().parents[2] / "arfollow"


def refusals(classes: list[ast.ClassDef]) -> set[str]:
    """The names of all classes that are refusals, directly or by another one."""
    found = {"Refusal"}
    while more := {each.name for each in classes if found & bases(each)} - found:
        found |= more
    return found


def bases(each: ast.ClassDef) -> set[str]:
    return {base.id for base in each.bases if isinstance(base, ast.Name)}


def messages(tree: ast.Module, names: set[str], saying: set[str]) -> Iterator[ast.expr]:
    """The messages that refusals are made with: where their classes say them, and where others are raised. `saying`: the former."""
    for each in classes_of(tree):
        if bases(each) & names:
            yield from (call.args[0] for call in calls(each) if is_super(call) and call.args)
    for call in calls(tree):
        if isinstance(call.func, ast.Name) and call.func.id in names - saying | {"Remark"} and call.args:
            yield call.args[0]


def is_init(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "__init__"


def is_super(call: ast.Call) -> bool:
    return ast.unparse(call.func) == "super().__init__"


def classes_of(tree: ast.AST) -> list[ast.ClassDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def is_bare(message: ast.expr) -> bool:
    return isinstance(message, ast.JoinedStr) or (
        isinstance(message, ast.Constant) and isinstance(message.value, str)
    )


def parsed() -> dict[Path, ast.Module]:
    """All sources; Python 3.11 fails if what earlier tests left behind is collected while it builds a tree."""
    gc.collect()
    gc.disable()
    try:
        return {path: ast.parse(path.read_text()) for path in sorted(CODE.rglob("*.py"))}
    finally:
        gc.enable()


def test_every_refusal_has_a_marked_message():
    trees = parsed()
    classes = [each for tree in trees.values() for each in classes_of(tree)]
    names = refusals(classes)
    saying = {each.name for each in classes if any(map(is_init, each.body))} - {"Refusal"}

    bare = [
        f"{path.relative_to(CODE)}:{message.lineno}"
        for path, tree in trees.items()
        for message in messages(tree, names, saying)
        if is_bare(message)
    ]

    assert bare == []
