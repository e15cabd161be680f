"""`hw1-data`: look at, prepare, download or draw a data set."""

import argparse
import re
import stat
from collections.abc import Sequence
from pathlib import Path

from experiments.cli.commands import command
from experiments.cli.data_source import FULL_SIZE, IMAGES, SOURCE_HELP, BuiltIn, parse_source
from experiments.cli.errors import DataError, UsageError
from experiments.cli.parser import Parser
from experiments.cli.ranges import SEED
from experiments.cli.text import command_line, printable

PROGRAM = "hw1-data"


@command(PROGRAM)
def main(argv: Sequence[str]) -> None:
    """Do what the subcommand asks for."""
    arguments = _parser().parse_args(argv)
    arguments.run(arguments)


def _parser() -> Parser:
    parser = Parser(PROGRAM, "Look at, prepare, download or draw a data set of landscapes.")
    parser.add_version()
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(name: str, run: object, purpose: str) -> argparse.ArgumentParser:
        sub: Parser = commands.add_parser(
            name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}."
        )
        sub.add_version()
        sub.set_defaults(run=run)
        return sub

    info = add("info", _info, "show what a data set holds, and a picture of it")
    info.add_argument("source", metavar="PATH", help=SOURCE_HELP.partition(" (")[0])
    info.add_argument(
        "--sheet",
        metavar="FILE.png",
        type=_png,
        help="the contact sheet (default: PATH's name with -classes.png, under runs/)",
    )
    info.add_argument("--no-sheet", action="store_true", help="write no contact sheet")
    info.add_argument(
        "--sha256", metavar="HEX", type=_sha256, help="fail unless the data have this hash"
    )

    prepare = add("prepare", _prepare, "turn folders of pictures, or a .zip, into one file")
    prepare.add_argument(
        "raw",
        metavar="RAW",
        help="has seg_train/ and seg_test/, train/ and test/, or class folders",
    )
    _add_output(prepare)
    prepare.add_argument(
        "--seed", type=SEED, default=42, metavar="S", help="of the validation split (default: 42)"
    )

    shard = add("shard", _shard, "cut a file into checked shards, to train without loading it")
    shard.add_argument("file", metavar="FILE.npz", help="a file in the course's format")
    shard.add_argument("folder", metavar="DIR", help="a new or an empty folder for the shards")

    download = add("download", _download, "fetch the course's file from Google Drive")
    download.add_argument("-o", "--out", metavar="FILE", help="where to (default: the cache)")
    download.add_argument("--url", type=_url, help="another address to download from")

    draw = add("draw", _draw, "write the built-in synthetic landscapes to a file")
    _add_output(draw)
    draw.add_argument(
        "--images",
        type=IMAGES,
        default=FULL_SIZE,
        metavar="N",
        help=f"in all three splits (default: {FULL_SIZE})",
    )
    draw.add_argument("--seed", type=SEED, default=0, metavar="S", help="default: 0")
    return parser


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--out", metavar="FILE.npz", required=True, help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace FILE.npz if it exists")


def _png(text: str) -> str:
    if Path(text).suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(f"got {printable(text)[:60]!r}, expected FILE.png")
    return text


def _sha256(text: str) -> str:
    if not re.fullmatch("[0-9a-fA-F]{64}", text):
        raise argparse.ArgumentTypeError(
            f"got {printable(text)[:80]!r}, expected 64 hexadecimal digits"
        )
    return text.lower()


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://[!-~]+", text):
        raise argparse.ArgumentTypeError(
            f"got {printable(text)[:60]!r}, expected an address beginning with https:// or http://"
        )
    return text


def _info(arguments: argparse.Namespace) -> None:
    if arguments.sheet and arguments.no_sheet:
        raise UsageError("--no-sheet: got it with --sheet, expected one of them; drop one")
    source = parse_source(arguments.source)
    if arguments.sheet and Path(arguments.sheet).exists():
        raise UsageError(
            f"--sheet: got {printable(arguments.sheet)}, which exists, expected a new file; "
            "rename one"
        )

    from experiments.data.contact_sheet import save_contact_sheet
    from experiments.data.describe import describe
    from experiments.data.load import load
    from experiments.runs.folder import make_parent

    data = load(arguments.source)
    if arguments.sha256 not in (None, data.sha256):
        raise DataError(
            f"{data.source}: got SHA-256 {data.sha256}, expected {arguments.sha256}; "
            "get the file again"
        )
    if not arguments.no_sheet:
        stem = f"builtin-{source.images}" if isinstance(source, BuiltIn) else source.stem
        sheet = Path(arguments.sheet or make_parent("runs") / f"{stem}-classes.png")
        save_contact_sheet(data, sheet)
    print(describe(data))
    if not arguments.no_sheet:
        print(f"\nContact sheet: {printable(sheet)}")


def _prepare(arguments: argparse.Namespace) -> None:
    out = _place(arguments.out, may_exist=arguments.force)

    from experiments.data.prepare import prepare
    from experiments.data.save import save_npz

    prepared = prepare(Path(arguments.raw), arguments.seed)
    save_npz(prepared.splits, out, class_names=prepared.class_names)
    for note in prepared.notes:
        print(f"note: {note}")
    _print_written(out)


def _shard(arguments: argparse.Namespace) -> None:
    from experiments.data.shards.cut import cut

    data = cut(Path(arguments.file), Path(arguments.folder))
    for name, split in data.splits.items():
        shards = len(data.shards[name])
        print(f"{name:5s} {len(split):>9,} images in {shards} shard{'s' * (shards != 1)}")
    print(f"\nUse it with hw1-q2 ... {command_line(['--data', arguments.folder])}")


def _download(arguments: argparse.Namespace) -> None:
    out = None if arguments.out is None else _place(arguments.out, may_exist=True)

    from experiments.data.download import download

    _print_written(download(arguments.url, out))


def _draw(arguments: argparse.Namespace) -> None:
    out = _place(arguments.out, may_exist=arguments.force)

    from experiments.data.load import draw
    from experiments.data.save import save_npz

    save_npz(draw(arguments.images, arguments.seed).splits, out, synthetic=True)
    _print_written(out)


def _place(text: str, *, may_exist: bool) -> Path:
    """Return the file to write, refused before the work rather than after it."""
    path = Path(text)
    try:
        fits = stat.S_ISREG(path.stat().st_mode)  # a device would become a file
    except FileNotFoundError:
        fits = path.parent.is_dir()
    except (OSError, ValueError):  # too long, a file for a folder, a null character
        fits = False
    if not fits:
        raise UsageError(
            f"-o: got {printable(text)[:200]!r}, expected a file in a folder that exists; "
            "choose another"
        )
    if path.exists() and not may_exist:
        raise UsageError(
            f"-o: got {printable(path)}, which exists, expected a new file; replace it with --force"
        )
    return path


def _print_written(path: Path) -> None:
    from experiments.data.describe import describe
    from experiments.data.load import load_file

    print(describe(load_file(path)))
    print(f"\nUse it with {command_line(['--data', str(path)])}")


if __name__ == "__main__":
    raise SystemExit(main())
