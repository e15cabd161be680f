"""A process that was started by another ends with it, however that one ends.

A parent that is killed with SIGKILL can tell nobody. Its children would train on until they next
have something to say, and keep their folders locked meanwhile.
"""

import multiprocessing
import os
import threading
from multiprocessing.process import BaseProcess


def end_with_parent() -> None:
    """End this process at once when its parent is gone; in the first process nothing happens."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)  # nobody is left to read it
