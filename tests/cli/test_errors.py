"""What is said of a file that cannot be written: the path, the reason, what to do about it."""

import errno
import os
from pathlib import Path

import pytest

from experiments.cli.errors import RunFolderError, as_run_folder_error

SAID = {
    errno.ENOSPC: "make room",
    errno.EDQUOT: "make room",
    errno.EEXIST: "move what is in its place",
    errno.ENOTDIR: "move what is in its place",
    errno.EISDIR: "move what is in its place",
    errno.EMFILE: "close some, or raise ulimit -n",
    errno.EACCES: "see that it can be",
    errno.EROFS: "see that it can be",
}


@pytest.mark.parametrize("number", SAID, ids=errno.errorcode.get)
def test_the_remedy_is_the_errors_own(number: int) -> None:
    with pytest.raises(RunFolderError) as caught, as_run_folder_error(Path("runs/a")):
        raise OSError(number, os.strerror(number), "runs/a/summary.json")
    assert str(caught.value) == (
        f"runs/a: cannot be written ({os.strerror(number)}); {SAID[number]} and start again, a "
        "training with --resume, or name another --out"
    )


def test_an_error_without_a_number_is_named_whole() -> None:
    with pytest.raises(RunFolderError) as caught, as_run_folder_error(Path("runs/a")):
        raise OSError("handle is closed")
    assert "cannot be written (handle is closed); see that it can be and" in str(caught.value)
