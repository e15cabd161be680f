"""Where the cache is."""

from pathlib import Path

import pytest

from experiments.files.cache import cache_folder


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"HW1_CACHE": "/a", "XDG_CACHE_HOME": "/b"}, "/a"),
        ({"HW1_CACHE": "", "XDG_CACHE_HOME": "/b"}, "/b/landscapes-hw1"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/c"}, "/c/.cache/landscapes-hw1"),
        ({"HOME": "/c"}, "/c/.cache/landscapes-hw1"),
    ],
)
def test_cache_folder(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HW1_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cache_folder() == Path(expected)
