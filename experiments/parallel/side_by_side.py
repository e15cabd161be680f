"""Several runs of one command at the same time, told as if they were trained one after another."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from experiments.cli.errors import CommandError
from experiments.parallel import graceful_stop
from experiments.parallel.pool import Call, Output, Pool

T = TypeVar("T")


def side_by_side(
    run: Callable[..., T], arguments: Sequence[tuple[Any, ...]], at_once: int, output: Output
) -> list[T]:
    """Return what `run(*arguments[k], output)` returns for every k, so many called at a time.

    Other processes have to find `run`, so it is a function of a module. The lines come out run
    after run: those of the first unfinished run at once, those of the later ones when their turn
    comes. An error in one run ends all of them; after Ctrl-C each ends after its epoch (see
    `experiments.parallel.graceful_stop`).

    Raises:
        CommandError: one of the runs raised it, or its process was ended from outside.
        InterruptionError: Ctrl-C, after every run has ended.
    """
    lines: list[list[str]] = [[] for _ in arguments]
    results: dict[int, T] = {}
    turn = 0
    with Pool([Call(run, each) for each in arguments], at_once) as pool:
        for number, kind, content in pool.events():
            match kind:
                case "line":
                    lines[number].append(content)
                case "epoch":
                    output.advance(content)
                case "end":
                    results[number] = content
                case "failed":
                    raise content
                case "killed":
                    raise CommandError(
                        f"run {number + 1} was ended from outside (exit code {content}); free "
                        "memory or ask for fewer --seeds, and start again"
                    )
            while turn < len(arguments):
                for line in lines[turn]:
                    output.line(line)
                lines[turn].clear()
                if turn not in results:
                    break
                turn += 1
            if graceful_stop.requested():
                pool.end_after_epochs()
                graceful_stop.check()
    return [results[number] for number in range(len(arguments))]
