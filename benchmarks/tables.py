"""The tables of a measurement, on the terminal and in Markdown."""

from collections.abc import Sequence

from tabulate import tabulate

from benchmarks.rounds import CONFIDENCE, MAX_HALF_WIDTH, MAX_LOAD, MAX_ROUNDS, Ratio, Row
from experiments.cli.tables import text_table

OURS = ("engine", "ours")
"""The contenders whose ratios count, one of each question."""
LEGEND = f"""\
ratio: the median over rounds of the fastest baseline's time over a contender's,
± half its {CONFIDENCE:.0%} interval; with ours the rounds go on until that is below
{MAX_HALF_WIDTH:.0%}, {MAX_ROUNDS} rounds at most. "?" marks a ratio that is not clean: wider, or
measured after a load average above {MAX_LOAD}. weights: how far they are from
the plain loop's. loss, correct: train/validation. compile: anew/from disk, s."""


def print_rows(rows: Sequence[Row]) -> None:
    """Print what was measured of one configuration: a line for each contender, then what is amiss.

    Args:
        rows: of `benchmarks.q1` or `benchmarks.q2`.
    """
    print(f"\n{title(rows[0])}")
    for line in text_table(["", *columns(rows[0])], map(cells, rows)):
        print(line)
    for reason in not_clean(rows):
        print(reason)
    print(end="", flush=True)


def columns(row: Row) -> tuple[str, ...]:
    """Return the headers over what `cells` gives, the contender's apart."""
    if "correct" in row:
        return ("s/epoch", "ratio", "MB", "correct", "weights")
    return ("s/epoch", "ratio", "MB", "loss", "compile")


def title(row: Row) -> str:
    """Return what stands over a configuration's rows; all but the pair that counts stop there."""
    return f"{row['configuration']}, after {row['epochs']} epochs"


def cells(row: Row) -> list[str]:
    """Write a row: the contender with its threads, time, ratio and memory, and how it trained.

    Question 1 has the correct examples of train and validation, and the agreement of the weights;
    question 2 the losses of both, and the seconds of compiling anew and from disk.
    """
    if "correct" in row:
        trained = row["correct"]
        last = "" if row["agreement"] is None else f"{row['agreement']:.1e}"
    else:
        trained = [f"{loss:.4f}" for loss in row["losses"].values()]
        seconds = row["compile_seconds"] or {}
        last = "/".join(f"{value:.1f}" for value in seconds.values())
    name = row["contender"].removesuffix(", 1 thread")
    return [
        f"{name}, {row['threads']} thread{'s' if row['threads'] > 1 else ''}",
        f"{row['seconds_per_epoch']:.3f}",
        ratio_text(row),
        str(row["peak_mb"]),
        "/".join(map(str, trained)),
        last,
    ]


def ratio_text(row: Row) -> str:
    """Return a row's ratio as `LEGEND` says, "" where there is none."""
    if row["ratio"] is None:
        return ""
    width = f" ±{Ratio(row['ratio'], row['interval']).half_width:.0%}" if row["interval"] else ""
    return f"{row['ratio']:.2f}{width}{'?' if row['not_clean'] else ''}"


def not_clean(rows: Sequence[Row]) -> list[str]:
    """Return for each of our ratios that is not clean a line with the reasons."""
    return [
        f"not clean: {row['configuration']}: {'; '.join(row['not_clean'])}"
        for row in rows
        if row["contender"] in OURS and row["not_clean"]
    ]


def markdown_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out a table in Markdown, words left and numbers right; "" for one without rows."""
    if not rows:
        return ""
    alignment = ["left", *["right"] * (len(headers) - 1)]
    return tabulate(rows, headers, tablefmt="pipe", disable_numparse=True, colalign=alignment)
