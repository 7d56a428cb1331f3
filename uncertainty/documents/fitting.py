"""Fits and suggestions as JSON documents (format 1); there is no study behind a fit, so none is named.

``fit`` has ``settings`` ``data`` (the file's name), ``column`` and ``seed``, or ``quantiles``, ``low``,
``high``, ``mean`` and ``sd``. ``results.fits`` lists, the best first, ``family``, ``distribution``,
``parameters``, ``log_likelihood``, ``AICc``, ``BIC``, ``weight``, ``anderson_darling``,
``kolmogorov_smirnov`` and their p-values as ``…_p``; ``refused`` says why by family, ``advised`` is the
line to paste, ``mean`` what is known of the values' mean (null where the best family has no variance),
``missing`` how many cells had no value, ``sentences`` what follows. Of quantiles ``results.distributions``
lists ``how``, ``distribution``, ``misplaced``, ``median`` and the central 90 % as ``interval``, the best
first; ``advised``, ``refused`` and ``sentences`` are as for data. ``suggest`` has ``results.inputs.INPUT``
with ``distribution`` (null where there is none), ``reasons``, ``basis``, ``median`` and ``interval``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uncertainty._version import __version__
from uncertainty.documents.document import FORMAT, document, finite

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.documents.document import Document
    from uncertainty.fitting.data import Fits
    from uncertainty.fitting.elicited import Elicitation
    from uncertainty.fitting.evidence import Suggestion
    from uncertainty.study.model import Study


def fits_document(found: Fits, file: str, column: str, seed: int, missing: int = 0) -> Document:
    """Return the document of a fit to data, of which some cells may have had no value."""
    rows = [
        {
            "family": fit.family,
            "distribution": fit.text,
            "parameters": fit.parameters,
            "log_likelihood": fit.log_likelihood,
            "AICc": finite(fit.AICc),
            "BIC": fit.BIC,
            "weight": fit.weight,
            **fit.goodness._asdict(),
        }
        for fit in found.fits
    ]
    results = {
        "values": len(found.values),
        "missing": missing,
        "fits": rows,
        "refused": dict(found.refused),
        "advised": found.advised.text,
        "mean": found.mean_text,
        "sentences": list(found.sentences),
    }
    return _document({"data": file, "column": column, "seed": seed}, results)


def quantiles_document(
    found: Elicitation,
    quantiles: Mapping[float, float],
    known: tuple[float | None, float | None, float | None, float | None],
) -> Document:
    """Return the document of a fit to quantiles or moments."""
    settings = {"quantiles": [[p, x] for p, x in quantiles.items()]}
    rows = [
        {
            "how": each.how,
            "distribution": each.text,
            "misplaced": each.misplaced,
            "median": each.median,
            "interval": list(each.interval),
        }
        for each in found
    ]
    limits = dict(zip(("low", "high", "mean", "sd"), known, strict=True))
    said = [found.verdict] if found.verdict else []
    results = {
        "distributions": rows,
        "refused": dict(found.refused),
        "advised": found.best.text,
        "sentences": [*said, *found.sentences],
    }
    return _document(settings | limits, results)


def suggestions_document(study: Study, found: Sequence[Suggestion]) -> Document:
    """Return the document of `uncertainty suggest`."""
    results: dict[str, Any] = {
        "inputs": {
            each.name: {
                "distribution": each.text or None,
                "reasons": list(each.reasons),
                "basis": each.basis,
                "median": each.median,
                "interval": None if each.interval is None else list(each.interval),
            }
            for each in found
        }
    }
    return document("suggest", study, results)


def _document(settings: Mapping[str, Any], results: Mapping[str, Any]) -> Document:
    return {
        "format": FORMAT,
        "command": "fit",
        "version": __version__,
        "settings": dict(settings),
        "results": dict(results),
    }
