"""Compile and call the fused limit, where there is a C compiler."""

from __future__ import annotations

import ctypes
import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

SOURCE = Path(__file__).with_name("fused.c")
FLAGS = ("-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC")
STRIP, CELLS, OUTPUTS = 1024, 2048, 24
TABLES = ("h_img", "w_laptop", "w_desktop", "grid_us", "inf_bloom", "inf_img", "retry_text", "retry_img")


def available() -> bool:
    """Return whether it can be compiled here."""
    return shutil.which("gcc") is not None


def library() -> ctypes.CDLL:
    """Return the compiled library, made once for each version of the source."""
    version = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"uncertainty-fused-{version}.so"
    if not path.exists():
        command = ["gcc", *FLAGS, str(SOURCE), "-o", str(path), "-lmvec", "-lm"]
        subprocess.run(command, check=True)
    return ctypes.CDLL(str(path))


def tables(quantiles: dict[str, object]) -> np.ndarray:
    """Return the quantile tables, shape (tables, cells + 1), from the inputs' distributions."""
    u = np.arange(CELLS + 1) / CELLS
    u[0], u[-1] = 0.25 / CELLS, 1 - 0.25 / CELLS
    return np.ascontiguousarray([quantiles[name].quantile(u) for name in TABLES])


def run(lib: ctypes.CDLL, rows: int, seed: int, table: np.ndarray, out: np.ndarray | None) -> np.ndarray:
    """Return the outputs' means over `rows` rows, rounded down to whole strips."""
    rows -= rows % STRIP
    sums = np.zeros(OUTPUTS)
    pointers = [
        None if a is None else a.ctypes.data_as(ctypes.POINTER(ctypes.c_double)) for a in (table, out, sums)
    ]
    lib.fused(ctypes.c_int64(rows), ctypes.c_uint64(seed), *pointers)
    return sums / rows
