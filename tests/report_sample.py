"""A small `results.json` with every kind of entry, for the tests of its layout."""

import json
from pathlib import Path
from typing import Any

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300pt" height="90pt" viewBox="0 0 300 90">'
    '<rect width="300" height="90" fill="#ddd"/></svg>'
)


def section(identity: str, title: str) -> dict[str, Any]:
    number = 0.4 + len(title) / 1000
    return {
        "id": identity,
        "title": f"{identity} {title}",
        "asked": "Do it with $W x$ and `np.argmax`.",
        "how": ["First this.", "Then $hat(y) = 1/2$."],
        "formula": "W arrow.l W - eta (p - e_y) x^top",
        "code": "W -= rate * slope",
        "figures": [
            {"file": f"figures/{identity}.svg", "caption": "Curves.", "alt": f"Alt of {identity}."}
        ],
        "tables": [
            {
                "caption": "Some.",
                "align": "lr",
                "columns": ["run", "test"],
                "rows": [["a", f"{number:.3f}"], ["b", "0.125"]],
            }
        ],
        "comparisons": [
            {
                "quantity": "test accuracy",
                "published": "0.3900",
                "expected": "0.3987",
                "tolerance": "0.02",
                "ours": {"mean": number, "sd": 0.021, "n": 5},
                "text": f"{number:.3f} ± 0.021 (n = 5)",
                "verdict": "differs",
                "why": "0.011 from the published value",
                "runs": ["run"],
                "keys": ["final", "test", "accuracy"],
            }
        ],
        "answer": ["It is so."],
    }


SEEDS = {
    "caption": "Accuracy: mean ± standard deviation over seeds.",
    "align": "llrrrr",
    "columns": ["", "configuration", "train", "validation", "test", "seeds"],
    "rows": [["1.1a", "perceptron", "0.9", "0.8", "0.7", "1"]],
}


def results() -> dict[str, Any]:
    return {
        "format": 1,
        "synthetic": True,
        "preset": "quick",
        "seeds": [42],
        "front": {
            "title": "Homework 1",
            "subtitle": "Deep Learning",
            "group": [{"name": "Ana", "number": "1", "contribution": "all"}],
            "contributions": "Ana did it.",
            "warnings": ["SYNTHETIC DATA"],
            "facts": [["data", "synthetic landscapes"]],
        },
        "sections": [section("1.1a", "The perceptron"), section("3.4", "The closed form")],
        "errata": [
            {
                "where": "3.3",
                "printed": "$v = lambda$",
                "right": "$v = -lambda$",
                "evidence": "Try.",
            }
        ],
        "beyond": [{**section("seeds", "All seeds"), "tables": [SEEDS]}],
        "appendix": [
            {
                "part": "1.1a",
                "command": "hw1-q1",
                "config": {"model": "perceptron", "epochs": 10},
                "seed": 42,
                "seconds": 1.25,
                "folder": "runs/perceptron-e10-s42",
            }
        ],
    }


def write(content: dict[str, Any], folder: Path) -> Path:
    """`results.json` and its figures in this folder."""
    (folder / "figures").mkdir(exist_ok=True)
    for entry in [*content["sections"], *content["beyond"]]:
        for figure in entry["figures"]:
            (folder / figure["file"]).write_text(SVG)
    path = folder / "results.json"
    path.write_text(json.dumps(content))
    return path
