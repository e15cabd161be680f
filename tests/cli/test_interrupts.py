"""Ctrl-C, once or many times, at any moment: one line or none, never a traceback."""

import signal
import subprocess
import sys
import time

import pytest

PROGRAM = """
import atexit, gc, sys, time
from experiments.cli.commands import run_command
def say(): print('ready', flush=True)
def wait(): say(); time.sleep(60)
def ends(argv): wait()
def ends_slowly(argv):
    try: wait()
    finally: wait()
def loads(argv):
    try: wait()
    except KeyboardInterrupt: raise ImportError('a library that could not load')
def collects(argv):
    gc.callbacks.append(lambda *_: wait())
    gc.collect()
def has_ended(argv):
    atexit.register(lambda: (print('ready', flush=True), time.sleep(1)))
sys.exit(run_command('hw1', {}, None))
"""
CASES = {
    "once": ("ends", 1, 130, "\nhw1: interrupted\n"),
    "while a library loads": ("loads", 1, 130, "\nhw1: interrupted\n"),
    "in a callback": ("collects", 1, 130, ""),
    "twice": ("ends_slowly", 2, 130, ""),
    "at the end": ("has_ended", 5, 0, ""),
}


@pytest.mark.parametrize(("body", "times", "code", "said"), CASES.values(), ids=CASES)
def test_interrupted(body: str, times: int, code: int, said: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(body)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (code, said)
