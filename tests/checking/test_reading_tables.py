"""Tables, and lists of every epoch's number, are read as lines that say what each number is."""

import pytest

from experiments.checking.reading.runs import read_runs
from experiments.checking.reading.show import as_object

EPOCHS = {"1": {"train": 0.25, "val": 0.5}, "2": {"train": 0.375, "val": 0.625}}
LISTS = {
    "lists": "train_accs = [0.25, 0.375]\nval_accs = [0.5, 0.625]",
    "a dictionary": "{'train_acc': [0.25, 0.375], 'val_acc': [0.5, 0.625]}",
    "arrays": "train accs: array([0.25, 0.375])\nval accs: tensor([0.5, 0.625])",
    "arrays as printed": "train accs:\n[0.25  0.375]\nval accs:\n[0.5 0.625]",
    "NumPy's numbers": "train accs: [np.float64(0.25), np.float64(0.375)] val accs: [0.5, 0.625]",
    "indented JSON": '{"train": [\n  0.25,\n  0.375\n ],\n "val": [\n  0.5,\n  0.625\n ]\n}',
}
TABLES = {
    "CSV": "epoch,train_acc,val_acc\n1,0.25,0.5\n2,0.375,0.625",
    "CSV with an index": ',epoch,"Train Acc","Val Acc"\n0,1,0.25,0.5\n1,2,0.375,0.625',
    "CSV without epochs": "train acc,val acc\n0.25,0.5\n0.375,0.625",
    "semicolons": "\u00c9poca;Treino;Valida\u00e7\u00e3o\n1;0,25;0,5\n2;0,375;0,625",
    "tabs and times": "epoch\ttime\ttrain acc\tval acc\n1\t0:03\t.25\t.5\n2\t0:03\t.375\t.625",
    "pandas": "   epoch  train_acc  val_acc\n"
    "0      1       .250     .500\n1      2       .375     .625",
    "blanks": "epoch train val\n    1 0.250 0.500\n    2 0.375 0.625",
    "Markdown": "| Epoch | Train | Val |\n|---|---|---|\n| 1 | 0.25 | 0.5 |\n| 2 | 0.375 | 0.625 |",
    "rich": "┃ Epoch ┃ Train ┃ Val ┃\n┡━━╇━━┩\n│ 1 │ 0.25 │ 0.5 │\n│ 2 │ 0.375 │ 0.625 │\n└──┘",
    "LaTeX": "epoch & train acc & val acc \\\\\n1 & 0.25 & 0.5 \\\\\n2 & 0.375 & 0.625 \\\\",
}


def runs(text: str) -> list[dict]:
    return as_object(read_runs(text))["runs"]


@pytest.mark.parametrize("form", [*LISTS, *TABLES])
def test_two_epochs(form: str) -> None:
    text = f"Hello\n{(LISTS | TABLES)[form]}\nFinal test acc: 0.75\n"
    assert runs(text) == [{"settings": {}, "epochs": EPOCHS, "final": {"test": 0.75}}]


def test_a_first_row_before_training() -> None:
    for text in (f"val_accs = {[0.125, *[0.5] * 20]}", "train,val\n.25,.5\n" + ".25,.5\n" * 20):
        assert list(runs(text)[0]["epochs"]) == [str(epoch) for epoch in range(21)]
    (run,) = runs("   train_acc  val_acc\n" + "".join(f"{k}  0.25  0.5\n" for k in range(20)))
    assert list(run["epochs"]) == [str(epoch) for epoch in range(1, 21)]


def test_rows_of_settings_and_of_splits() -> None:
    by_rate = runs("lr,val_acc,test_acc\n1e-05,0.25,0.375\n0.1,0.5,0.625\n")
    assert [run["settings"] for run in by_rate] == [{"learning_rate": 1e-5}, {"learning_rate": 0.1}]
    assert [run["final"]["test"] for run in by_rate] == [0.375, 0.625]
    (by_split,) = runs("| split | accuracy |\n|---|---|\n| train | 0.5 |\n| test | 0.25 |")
    assert by_split["final"] == {"train": 0.5, "test": 0.25}


def test_a_list_of_each_of_two_runs() -> None:
    text = "lr = 0.1\nval_accs = [0.5, 0.25]\nlr = 0.2\nval_accs = [0.75, 0.5]"
    assert [run["epochs"]["2"]["val"] for run in runs(text)] == [0.25, 0.5]


@pytest.mark.parametrize(
    "text",
    ["weights = [0.5, 0.25]", "train and val\n1 2", "epoch,time\n1,2"],
)
def test_no_table_of_measures(text: str) -> None:
    with pytest.raises(ValueError, match="no numbers that are understood"):
        read_runs(text)
