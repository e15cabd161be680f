"""`hw1-q2` in two real processes on data in shards: each reads its share, the numbers are one's."""

from pathlib import Path

import pytest
from launched import Launched, free_port
from together import FLAGS, assert_done, largest_difference, runs_in, trained_alone

from experiments.data.dataset import Dataset
from experiments.data.shards.cut import cut

pytestmark = pytest.mark.usefixtures("quick_to_compile")


def test_two_processes_read_a_share_of_each_batch(
    tiny_data: Dataset, tiny_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "alone").mkdir()
    alone = trained_alone(tiny_data, [42], tmp_path / "alone")
    cut(tiny_file, tmp_path / "shards", shard_examples=17)
    flags = [*FLAGS, "--data", str(tmp_path / "shards"), "--out", str(tmp_path / "out")]
    assert_done(Launched(2, free_port(), tmp_path / "log", flags).ended())
    assert largest_difference(runs_in(tmp_path / "out"), alone) < 1e-6
