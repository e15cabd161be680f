"""JAX made ready for a command: compiled programs kept on disk, the platform checked."""

import hashlib
import os
import platform
from pathlib import Path

import jax

from experiments.cli.commands import CommandError
from experiments.files.cache import cache_folder
from jaxmodels.platform_check import check_platform


def prepare_jax() -> None:
    """Turn the persistent compilation cache on, and check that this platform computes rightly.

    Raises:
        CommandError: the installed jax miscompiles here.
    """
    try:
        folder = cache_folder() / f"jax-{_processor()}"
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        pass  # every program is compiled anew; nothing else changes
    else:
        if os.access(folder, os.W_OK | os.X_OK):
            for option, value in (
                ("jax_compilation_cache_dir", str(folder)),
                ("jax_persistent_cache_min_compile_time_secs", 0.0),
                ("jax_persistent_cache_min_entry_size_bytes", -1),
            ):
                jax.config.update(option, value)  # type: ignore[no-untyped-call]
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
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        about += sorted({line for line in lines if line.startswith(("model name", "flags"))})
    except OSError:
        pass  # not Linux
    return hashlib.sha256("\n".join(about).encode()).hexdigest()[:12]
