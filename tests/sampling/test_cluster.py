"""A local cluster ends with the run that started it, whatever happens to the client."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from uncertainty.errors import UncertaintyError
from uncertainty.sampling.workers import engine
from uncertainty.sampling.workers.engine import Dask


class Resource:
    def __init__(self, closed, name, *, fails=False):
        self.closed, self.name, self.fails = closed, name, fails

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed.append(self.name)
        if self.fails:
            raise OSError("the connection was lost")


def without_workers(monkeypatch, client):
    """Put in Dask's place a module whose clusters have no workers, and return what of it was closed."""
    closed = []
    library = SimpleNamespace(
        LocalCluster=lambda **_: Resource(closed, "cluster"), Client=lambda _: client(closed)
    )
    monkeypatch.setattr(engine, "require", lambda *_: library)
    return closed


def test_a_cluster_ends_where_no_client_reaches_it(monkeypatch):
    def unreachable(_):
        raise OSError("timed out")

    closed = without_workers(monkeypatch, unreachable)
    with pytest.raises(OSError, match="timed out"):
        list(Dask(2).map(lambda span: span, [(0, 1)]))
    assert closed == ["cluster"]


def test_a_cluster_ends_where_its_client_cannot_be_closed(monkeypatch):
    closed = without_workers(monkeypatch, lambda closed: Resource(closed, "client", fails=True))
    with pytest.raises(OSError, match="the connection was lost"), Dask(2)._client():
        pass
    assert closed == ["client", "cluster"]


class KilledWorker(Exception):  # noqa: N818 - Dask's
    """What Dask calls it."""


@pytest.mark.parametrize("error", [RuntimeError("Nanny failed to start."), TimeoutError()])
def test_a_worker_that_ends_while_it_starts_is_one_line(monkeypatch, error):
    def fails(**_):
        raise error

    monkeypatch.setattr(engine, "require", lambda *_: SimpleNamespace(LocalCluster=fails))
    with pytest.raises(UncertaintyError, match=r"^engine: a Dask worker ended while it started"):
        list(Dask(2).map(lambda span: span, [(0, 1)]))


def test_workers_that_end_again_and_again_are_one_line(monkeypatch):
    def killed():
        raise KilledWorker

    client = SimpleNamespace(
        scheduler_info=lambda **_: {"workers": {}},
        submit=lambda *_, **__: SimpleNamespace(result=killed),
    )
    monkeypatch.setattr(Dask, "_client", lambda _: nullcontext(client))
    with pytest.raises(UncertaintyError, match=r"^engine: Dask's workers ended again and again"):
        list(Dask(2).map(lambda span: span, [(0, 1)]))
