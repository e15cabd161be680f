"""Any wording, order, separator and encoding is read, and anything at all comes to an end."""

import contextlib
import json
import os
import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.checking.reading.decode import decode, is_binary, read_text
from experiments.checking.reading.lines import parse_line
from experiments.checking.reading.runs import read_runs
from experiments.checking.reading.show import as_object, reading_lines
from experiments.cli.errors import DataError

# One epoch's line in as many ways as there are students.
PARTS = {
    "train": (
        "train acc",
        "Training accuracy",
        "Train Acc.",
        "acc on the training set",
        "train_acc",
    ),
    "val": ("val acc", "Validation Accuracy", "valid acc", "dev accuracy", "val_acc", "Valid acc"),
    "norm": ("W norm", "weight norm", "Weights Norm", "norm of W"),
    "loss": ("loss", "train loss", "Training Loss", "Total loss", "train_loss"),
}
HEADINGS = (
    "Training epoch {}\n", "Epoch {}: ", "Epoch [{}/100] ", "epoch #{} ", "EPOCH {}/20\n",
    "Epoch {:03d} | ",
)  # fmt: skip
NUMBERS = st.integers(1001, 9999).map(lambda n: n / 10_000)


@given(
    st.dictionaries(st.sampled_from(sorted(PARTS)), NUMBERS, min_size=1),
    st.sampled_from([" | ", ", ", "; ", " - ", "\t", "\n", "  "]),
    st.sampled_from([": ", "=", " = ", " : ", ":\t", " "]),
    st.sampled_from(HEADINGS),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_any_wording_order_separator_and_encoding(
    numbers: dict, separator: str, sign: str, heading: str, encoding: str, end: str,
    choice: random.Random,
) -> None:  # fmt: skip
    names = list(numbers)
    choice.shuffle(names)
    if separator == "  " and sign == " ":
        separator = " | "
    text = ""
    for epoch in (1, 2):
        cells = [f"{choice.choice(PARTS[n])}{sign}{numbers[n]:.4f}" for n in names]
        text += heading.format(epoch) + separator.join(cells) + "\n"
    content = text.replace("\n", end).encode(encoding)
    (run,) = as_object(read_runs(decode(content)))["runs"]
    assert run == {"settings": {}, "epochs": {"1": numbers, "2": numbers}, "final": {}}


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_never_fails_otherwise(content: bytes) -> None:
    try:
        reading = read_runs(decode(content))
    except ValueError:
        return
    json.dumps(as_object(reading), allow_nan=False)
    assert reading_lines(reading)


@pytest.mark.parametrize(
    "line",
    ["Training epoch 1 val acc: 0.5\n", "val acc 1\n", "1 ", "train ", "acc 1,", "[[", "a.py -a ",
     "acc: [1, 2] ", "train acc,val acc\n.5,.5\n"],
)  # fmt: skip
def test_megabytes_of_anything_end_soon(line: str) -> None:
    text = line * (1_000_000 // len(line))
    began = time.process_time()
    with contextlib.suppress(ValueError):
        read_runs(text)
    assert time.process_time() - began < 10  # 1 s where nothing else runs


def test_a_long_line_is_cut_and_its_end_is_left() -> None:
    assert (
        parse_line("val acc: 0.5 " + "x" * 10_000 + " train acc: 0.25").values[-1].measure == "val"
    )


@pytest.mark.parametrize("content", [os.urandom(5000), b"\x7fELF" + bytes(4000)])
def test_no_text(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(content)
    with pytest.raises(DataError, match="no text"):
        read_text(tmp_path / "log")
    assert not is_binary("Epoch 1\r\n\tval acc: 0.5\x1b[0m")
