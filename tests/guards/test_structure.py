import json
import os
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]
SCRIPTS = [path for path in (ROOT / "script").iterdir() if path.is_file() and not path.name.startswith("_")]
PACKAGE = sorted((ROOT / "arfollow").rglob("*.py"))
VAGUE = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"}


def pinned(lock: str) -> dict[str, str]:
    """The version of every package in the lock file."""
    found = re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)
    return dict(found)


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.mark.parametrize("script", [*SCRIPTS, ROOT / ".ci" / "run"], ids=lambda path: path.name)
def test_a_script_can_be_run(script):
    first_line = script.read_text().partition("\n")[0]

    assert os.access(script, os.X_OK)
    assert first_line in {"#!/usr/bin/env bash", "#!/usr/bin/env python3"}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_pins_by_hash_and_names_no_address(lock):
    requirements = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())

    assert len(requirements) > 20
    assert [each for each in requirements if "==" not in each or "--hash=sha256:" not in each] == []
    assert [each for each in requirements if "://" in each or "--index" in each or "--find" in each] == []


def test_npms_lock_file_pins_by_hash_and_names_no_registry():
    lock = json.loads((ROOT / "script" / "npm" / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}

    assert [name for name, package in packages.items() if "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_what_runs_is_what_was_tested():
    runtime, tested = (pinned(lock) for lock in LOCKS)

    assert {name: tested.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_holds_what_the_project_declares(lock):
    declared = project()["dependencies"]
    if lock == "requirements-dev.lock":
        declared = declared + project()["optional-dependencies"]["dev"]
    versions = pinned(lock)

    wrong = [
        text
        for text, requirement in ((text, Requirement(text)) for text in declared)
        if not requirement.specifier.contains(versions.get(canonicalize_name(requirement.name), "0"))
    ]

    assert wrong == [], "run script/lock"


def test_every_dependency_has_a_lower_bound():
    declared = project()["dependencies"] + project()["optional-dependencies"]["dev"]

    assert [text for text in declared if ">=" not in text] == []


@pytest.mark.parametrize("path", PACKAGE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_one_subject_and_a_name_that_says_which(path):
    assert len(path.read_text().splitlines()) <= 300
    assert path.stem not in VAGUE
    assert path.parent.name not in VAGUE
