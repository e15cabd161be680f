"""JAX made ready for a command: compiled programs kept on disk, the platform checked."""

import hashlib
import os
import platform
from contextlib import suppress
from pathlib import Path

import jax

from experiments.cli.errors import CommandError, UsageError
from experiments.cli.text import one_line, printable
from experiments.environment.compiled_programs import use_compiled_programs
from experiments.files.cache import cache_folder
from jaxmodels.platform_check import check_platform


def prepare_jax() -> None:
    """Turn the persistent compilation cache on, and check that this platform computes rightly.

    Raises:
        UsageError: the environment names a platform that is not here.
        CommandError: the installed jax miscompiles here.
    """
    with suppress(OSError):  # no home: every program is compiled anew; nothing else changes
        use_compiled_programs(cache_folder() / f"jax-{_processor()}")
    try:
        jax.devices()
    except RuntimeError as error:
        raise UsageError(
            f"JAX_PLATFORMS: got {printable(os.environ.get('JAX_PLATFORMS', ''))[:60]!r}, expected "
            f"a platform of this machine, such as cpu ({printable(one_line(error))[:200]})"
        ) from None
    try:
        check_platform()
    except RuntimeError as error:
        raise CommandError(str(error)) from None


def device() -> dict[str, str | int]:
    """Return what the programs run on, for a run's summary."""
    first = jax.devices()[0]
    return {"backend": first.platform, "device": first.device_kind, "devices": jax.device_count()}


def _processor() -> str:
    """Hash the processor's kind: programs compiled for another one would crash here.

    Home folders are shared between machines; JAX's own cache key does not tell their CPUs apart.
    """
    about = [platform.machine(), platform.processor()]
    with suppress(OSError):  # not Linux
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        about += sorted({line for line in lines if line.startswith(("model name", "flags"))})
    return hashlib.sha256("\n".join(about).encode()).hexdigest()[:12]
