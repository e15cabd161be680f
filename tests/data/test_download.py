"""Downloads from a server on loopback; the network is never asked."""

import contextlib
import http.server
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import gdown
import pytest
from npz_files import DEFLATED, GOOD, flipped
from refusal import assert_refused

from experiments.cli.errors import DataError
from experiments.data.download import DRIVE_PAGE, DRIVE_URL, download
from experiments.data_command import main

PAGE = b"<!DOCTYPE html><title>Google Drive - Quota exceeded</title>"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers by path; counts the requests."""

    requests = 0

    def do_GET(self) -> None:
        type(self).requests += 1
        status, announced, body = {
            "/good": (200, len(DEFLATED), DEFLATED),
            "/unannounced": (200, None, DEFLATED),
            "/page": (200, len(PAGE), PAGE),
            "/missing": (404, len(PAGE), PAGE),
            "/broken": (500, 0, b""),
            "/short": (200, len(GOOD), GOOD[:-2000]),
            "/short-unannounced": (200, None, GOOD[:-2000]),
            "/flipped": (200, len(GOOD), flipped(GOOD)),
            "/empty": (200, 0, b""),
            "/huge": (200, 2**40, bytes(2**21)),
            "/endless": (200, None, bytes(2**22)),
        }[self.path]
        self.send_response(status)
        if announced is not None:
            self.send_header("Content-Length", str(announced))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # a client that has had enough
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as served:
        thread = threading.Thread(target=served.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HW1_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    (tmp_path / "cache").mkdir()
    monkeypatch.chdir(tmp_path)
    Handler.requests = 0
    return tmp_path


@pytest.mark.parametrize("page", ["/good", "/unannounced"])
def test_into_the_cache_and_only_once(
    page: str, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert main(["download", "--url", server + page]) == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        assert "Use it with --data " in printed.out
    (file,) = Path("cache").iterdir()
    assert file.read_bytes() == DEFLATED
    assert str(file) in printed.out
    assert Handler.requests == 1


def test_into_a_file(server: str) -> None:
    assert main(["download", "--url", f"{server}/good", "-o", "mine.npz"]) == 0
    assert Path("mine.npz").read_bytes() == DEFLATED
    assert list(Path("cache").iterdir()) == []


def test_a_damaged_cache_is_downloaded_again(server: str) -> None:
    path = download(f"{server}/good")
    path.write_bytes(DEFLATED[:-1])
    assert download(f"{server}/good") == path
    assert path.read_bytes() == DEFLATED
    assert Handler.requests == 2


def test_a_file_that_is_not_the_data_is_kept(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mine.npz").write_bytes(b"precious")
    argv = ["download", "--url", f"{server}/good", "-o", "mine.npz"]
    assert "delete it" in assert_refused(main, argv, capsys)
    assert Path("mine.npz").read_bytes() == b"precious"
    assert Handler.requests == 0


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("/page", "got a web page"),
        ("/missing", "404"),
        ("/broken", "500"),
        ("/short", "incomplete"),
        ("/short-unannounced", "damaged"),
        ("/flipped", "CRC"),
        ("/empty", "empty file"),
        ("/huge", "more than 536,870,912 bytes"),
    ],
)
def test_bad_answer_is_refused(
    page: str, complaint: str, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = assert_refused(main, ["download", "--url", server + page], capsys)
    assert complaint in line
    assert f"open {server}{page} in a browser, save the file and pass it with --data" in line
    assert ".part" not in line


def test_an_endless_answer_is_cut_off(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.data.download.MAX_DOWNLOAD", 1_000_000)
    with pytest.raises(DataError, match="more than 1,000,000 bytes"):
        download(f"{server}/endless")
    assert list(Path("cache").iterdir()) == []


def test_a_disk_without_room(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    free = shutil.disk_usage(".")._replace(free=1_000)
    monkeypatch.setattr("experiments.data.download.shutil.disk_usage", lambda _: free)
    expected = f"got 1,000 bytes of free disk, expected {len(DEFLATED):,}; make room"
    with pytest.raises(DataError, match=expected):
        download(f"{server}/good")
    assert list(Path("cache").iterdir()) == []


def test_no_server(capsys: pytest.CaptureFixture[str]) -> None:
    # Port 1 of loopback: nobody listens there without asking the administrator.
    line = assert_refused(main, ["download", "--url", "http://127.0.0.1:1/file"], capsys)
    assert re.search(r"got no file \([^()]*refused[^()]*\), expected", line)
    assert "in a browser" in line


def fail_with(error: BaseException) -> Callable[..., None]:
    def fake(url: str, *_: object, **__: object) -> None:
        assert url == DRIVE_URL
        raise error

    return fake


@pytest.mark.parametrize(
    "error",
    [
        gdown.exceptions.FileURLRetrievalError("Failed:\n\n\tToo many users have viewed this file"),
        KeyError("content-type"),
        AssertionError(),
        OSError(28, "No space left on device"),
    ],
    ids=["quota", "unexpected page", "without a word", "full disk"],
)
def test_drive_refuses(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gdown, "download", fail_with(error))
    assert f"open {DRIVE_PAGE} in a browser" in assert_refused(main, ["download"], capsys)


def test_an_interrupted_download_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gdown, "download", fail_with(KeyboardInterrupt()))
    assert main(["download"]) == 130
    assert list(Path("cache").iterdir()) == []


def test_no_cache(
    server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("file").touch()
    monkeypatch.setenv("HW1_CACHE", "file")
    line = assert_refused(main, ["download", "--url", f"{server}/good"], capsys)
    assert "choose another with -o" in line
