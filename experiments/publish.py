"""Small result files to keep under version control: a run's numbers and the report, no weights.

`python -m experiments.publish RUNS --out results/photographs` copies `config.json`, `summary.json`
and `metrics.jsonl` of every finished run of questions 1 and 2 under RUNS, and a report's
`results.json` with its `report.pdf`, typeset again without photographs, which are not ours to
publish. Of the data file's path only the name is kept.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path, PurePath

from experiments.cli.commands import command
from experiments.cli.errors import UsageError, as_run_folder_error
from experiments.cli.parser import Parser
from experiments.files.safe_read import is_folder, read_file
from experiments.report.results import FILE, read_results
from experiments.report.typeset import compiled, write_files
from experiments.runs.folder import make_parent
from experiments.runs.json_files import write_json
from experiments.runs.reader import Run
from experiments.runs.records import COMMANDS, Description

PROGRAM = "python -m experiments.publish"


@command(PROGRAM)
def main(argv: Sequence[str]) -> None:
    """Copy what is published of runs and their report."""
    parser = Parser(PROGRAM, "Copy finished runs and their report, without weights or pictures.")
    parser.add_argument("runs", metavar="RUNS", help="the folder that holds the run folders")
    parser.add_argument("--out", required=True, metavar="DIR", help="where the copies go")
    arguments = parser.parse_args(argv)
    source = Path(arguments.runs)
    if not is_folder(source):
        raise UsageError(f"RUNS: got {arguments.runs!r}, expected a folder of runs; check the path")
    out = make_parent(arguments.out)
    copied = publish(source, out / "runs")
    print(f"{len(copied)} runs copied to {out}")
    if (source / FILE).exists():
        with as_run_folder_error(out):
            read_results(source / FILE).write(out / FILE)
        write_files({out / "report.pdf": compiled(source, "pdf", photographs=False)})
        print(f"{out / FILE}\n{out / 'report.pdf'}")


def publish(source: Path, out: Path) -> list[Path]:
    """Copy the small files of every finished run into a folder of its own; return these folders.

    What was published before is replaced.

    Raises:
        RunFolderError: a finished run is damaged.
        UsageError: there is no finished run, or the copies would take the runs' own place.
    """
    if out.resolve() == source.resolve():
        raise UsageError(
            f"--out: got {str(out.parent)!r}, where the runs themselves are, expected another "
            "folder; name one"
        )
    folders = [summary.parent for summary in sorted(source.glob("*/summary.json"))]
    finished = [run for run in map(Run, folders) if run.config["command"].startswith(COMMANDS)]
    if not finished:
        raise UsageError(f"RUNS: got {str(source)!r}, expected finished runs in it; train some")
    copies = []
    for run in finished:
        copy = out / run.path.name
        with as_run_folder_error(copy):
            shutil.rmtree(copy, ignore_errors=True)
            copy.mkdir(parents=True)
            for name, content in (("config", run.config), ("summary", run.summary)):
                write_json(copy / f"{name}.json", _without_path(content))
        write_files({copy / "metrics.jsonl": read_file(run.path / "metrics.jsonl")})
        copies.append(copy)
    return copies


def _without_path(content: Description) -> dict[str, object]:
    """Return the same with the data's file named, not where it lies."""
    data: dict[str, object] = {**content["data"]}
    if "source" in content["data"]:
        data["source"] = PurePath(content["data"]["source"]).name
    return {**content, "data": data}


if __name__ == "__main__":
    raise SystemExit(main())
