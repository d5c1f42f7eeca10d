"""What the end-to-end tests share: clips kept in one place, a recorder, a person, coaches."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from e2e.stage import SHORT, Clips, Coach, Person, Recording, missing

Start = Callable[..., Coach]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They all need a card, and a person. What waits for sessions beside them comes late.

    Last comes what must be alone, because its sound is judged to the millisecond.
    """
    here = Path(__file__).parent
    lacking = missing()
    places = [n for n, item in enumerate(items) if here in item.path.parents]
    ours = sorted((items[n] for n in places), key=_late)
    for place, item in zip(places, ours, strict=True):
        items[place] = item
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.device)
            if lacking:
                item.add_marker(pytest.mark.skip(reason=f"not installed: {', '.join(lacking)}"))


def _late(item: pytest.Item) -> int:
    module = item.getparent(pytest.Module)
    names = vars(module.obj) if module else {}
    return 2 * ("ALONE" in names) + ("beside" in names)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the coaches of this run keep their clips."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def env(cache: Path) -> dict[str, str]:
    """What a coach is told by its surroundings."""
    return {**os.environ, "XDG_CACHE_HOME": str(cache)}


@pytest.fixture(scope="session")
def clips(cache: Path) -> Iterator[Clips]:
    made = Clips(cache)
    yield made
    made.close()


@pytest.fixture(scope="session")
def person(tmp_path_factory: pytest.TempPathFactory) -> Person:
    return Person(tmp_path_factory.mktemp("voices"))


@pytest.fixture
def sink() -> Iterator[Recording]:
    """What the loudspeaker is given while the test runs."""
    made = Recording()
    yield made
    made.close()


@pytest.fixture
def start(tmp_path: Path, env: dict[str, str]) -> Iterator[Start]:
    """Starts coaches on the short routine, and ends them."""
    coaches: list[Coach] = []

    def begin(*arguments: str | Path, **how: object) -> Coach:
        folder = tmp_path / str(len(coaches))
        coaches.append(Coach(folder, SHORT, *arguments, **{"env": env, **how}))  # type: ignore[arg-type]
        return coaches[-1]

    yield begin
    for coach in coaches:
        coach.close()


@pytest.fixture(scope="session", autouse=True)
def beside(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, env: dict[str, str]
) -> Iterator[Callable[[str], Any]]:
    """What a module's function `beside` gave, by the module's name.

    A whole session takes a minute or two and little of the processor: those are played beside the
    other tests, on cards of their own, one after the other.
    """
    modules = dict.fromkeys(item.getparent(pytest.Module) for item in request.session.items)
    played = {one.obj.__name__: one.obj for one in modules if one and hasattr(one.obj, "beside")}
    with ThreadPoolExecutor(1) as pool:
        waiting = {
            name: pool.submit(module.beside, tmp_path_factory.mktemp("beside"), env)
            for name, module in played.items()
        }
        yield lambda name: waiting[name].result()


@pytest.fixture(scope="session", autouse=True)
def alone(tmp_path_factory: pytest.TempPathFactory, env: dict[str, str]) -> Iterator[Coach]:
    """A session without card, microphone and keys. It takes its time beside the other tests."""
    deaf = {**env, "PULSE_SERVER": "unix:/nowhere"}
    folder = tmp_path_factory.mktemp("alone")
    coach = Coach(folder, SHORT, "--wait", "1", "--rate", "300", env=deaf)
    yield coach
    coach.close()
