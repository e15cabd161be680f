"""Made-up finished runs for the report's tests: folders as training leaves them."""

import json
from pathlib import Path
from typing import Any

from experiments.assignment import PARTS
from experiments.data.dataset import CLASS_NAMES
from experiments.report.front_page import ReportInfo

SIZES = {"train": 12_630, "val": 1_404, "test": 3_000}
DROPOUTS = {0.01: [0.57, 0.58], 0.25: [0.61, 0.612], 0.5: [0.59, 0.592]}
INFO = ReportInfo("full", (42, 43), 60.0, 0.0, 0, 9, 2)


def tally(split: str, accuracy: float) -> dict[str, Any]:
    correct = round(accuracy * SIZES[split])
    return {"correct": correct, "total": SIZES[split], "accuracy": correct / SIZES[split]}


def make_run(
    parent: Path, part: str, value: object, seed: int, accuracy: float, **options: Any
) -> Path:
    """A run of a part, all its accuracies `accuracy`, but for what `options` say.

    Options: val, train, test; losses, a list by epoch; curves, accuracies by epoch of "train" and
    "val"; val_losses; seconds; norm; diverged, an epoch; synthetic; sha256; config.
    """
    asked = PARTS[part]
    config = {**asked.settings(value), "seed": seed, **options.get("config", {})}
    final = {s: tally(s, options.get(s, accuracy)) for s in SIZES}
    losses = options.get("losses", [2.0 - 0.1 * k for k in range(10)])
    for split in SIZES:
        final[split]["loss"] = losses[-1] + {"train": 0.0, "val": 0.1, "test": 0.2}[split]
    final["loss"] = losses[-1]
    final["weight_norm"] = options.get("norm", 5.0)
    data = {
        "name": "made up",
        "source": "nowhere",
        "sha256": options.get("sha256", "718ad497" + "0" * 56),
        "synthetic": options.get("synthetic", False),
        "class_names": list(CLASS_NAMES),
    }
    folder = parent / f"{part}-{value}-{seed}"
    folder.mkdir(parents=True)
    common = {"command": asked.program, "config": config, "data": data, "sources_sha256": "0"}
    write(folder / "config.json", common)
    summary = {
        "model": config["model"],
        "seed": seed,
        "synthetic": data["synthetic"],
        "initial": {"train": tally("train", 0.2), "val": tally("val", 0.2)},
        "final": final,
        "confusion": {"test": [[10 * (i == j) + 1 for j in range(6)] for i in range(6)]},
        "diverged_at_epoch": options.get("diverged"),
        "seconds": options.get("seconds", 10.0),
        "versions": {"python": "3"},
        **common,
    }
    write(folder / "summary.json", summary)
    curves = options.get("curves", {})
    val_losses = options.get("val_losses", [loss + 0.1 for loss in losses])
    lines = [
        {
            "epoch": k + 1,
            "loss": loss,
            **({"train": curve(curves, "train", k, final["train"])} if part[0] == "1" else {}),
            "val": {**curve(curves, "val", k, final["val"]), "loss": val_losses[k]},
            "weight_norm": final["weight_norm"],
        }
        for k, loss in enumerate(losses)
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "metrics.jsonl").write_text(text, encoding="utf-8")
    return folder


def curve(curves: dict[str, list[float]], split: str, k: int, final: dict[str, Any]) -> Any:
    """An epoch's entry of a split: the final one, but for the curve that is given."""
    return {**final, "accuracy": curves[split][k]} if split in curves else final


def make_part(
    parent: Path, part: str, accuracies: dict[Any, list[float]], **options: Any
) -> list[Path]:
    """Runs of a part, for each value one per seed from 42 on with these accuracies."""
    return [
        make_run(parent, part, value, seed, accuracy, **options)
        for value, values in accuracies.items()
        for seed, accuracy in enumerate(values, 42)
    ]


def all_parts(parent: Path) -> dict[str, list[Path]]:
    """Every part of questions 1 and 2 with two seeds, as a right program gives them."""
    return {
        "1.1a": make_part(parent, "1.1a", {None: [0.39, 0.4]}),
        "1.2a": make_part(parent, "1.2a", {None: [0.45, 0.46]}, norm=23.0),
        "1.2b": make_part(parent, "1.2b", {None: [0.5, 0.51]}, norm=4.3),
        "1.3": make_part(parent, "1.3", {None: [0.53, 0.54]}),
        "2.1": make_part(
            parent, "2.1", {0.00001: [0.47, 0.471], 0.001: [0.53, 0.52], 0.1: [0.4, 0.3]}
        ),
        "2.2a": make_part(parent, "2.2a", {64: [0.6, 0.61], 512: [0.52, 0.521]}),
        "2.2b": make_part(parent, "2.2b", DROPOUTS),
        "2.2c": make_part(parent, "2.2c", {0.0: [0.48, 0.481], 0.9: [0.6, 0.601]}),
    }


def write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
