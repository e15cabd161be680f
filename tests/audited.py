"""`python audited.py REPORT MODULE [ARGUMENT ...]`: run a command, and list what it writes where.

Python tells an audit hook of every file that is opened, made, moved or deleted, with its path.
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {"os.mkdir": 1, "os.remove": 1, "os.rmdir": 1, "os.rename": 2, "os.truncate": 1,
           "os.symlink": 2, "os.link": 2, "os.chmod": 1, "os.utime": 1}  # fmt: skip
written: list[str] = []
recording = True


def hook(event: str, arguments: tuple[object, ...]) -> None:
    if not recording:
        return
    paths: tuple[object, ...] = ()
    if event == "open":
        path, mode, flags = arguments
        writes = isinstance(flags, int) and flags & WRITING
        paths = (path,) if writes or (isinstance(mode, str) and set(mode) & set("wax+")) else ()
    elif event in CHANGES:
        paths = arguments[: CHANGES[event]]
    written.extend(
        str(Path(os.fsdecode(p)).absolute()) for p in paths if isinstance(p, (str, bytes))
    )


if __name__ == "__main__":
    report, module, *argv = sys.argv[1:]
    sys.dont_write_bytecode = True
    main = import_module(module).main
    sys.addaudithook(hook)
    code = main(argv)
    recording = False
    Path(report).write_text(json.dumps({"code": code, "written": sorted(set(written))}))
