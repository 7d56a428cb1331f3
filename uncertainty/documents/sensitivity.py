"""Sensitivity analyses as JSON documents (format 1).

``settings`` adds ``method``. For Sobol' indices it has ``tolerance``, the ``budget`` of base points of which
``samples`` were used, whether the indices ``converged``, the ``replicates`` and ``model_rows``, and
``choices_as_inputs``; ``results.outputs.OUTPUT`` then holds

* ``scale``; ``indices.INPUT`` with ``S1``, ``S1_interval``, ``ST``, ``ST_interval``, whether the total index
  is ``distinguishable`` from 0, and ``rank_stability``, the share of replicates that agree on its rank;
  correlated inputs are one, keyed ``a+b``, a choice that is taken as an input ``choices.NAME``;
* ``groups.GROUP``, and ``kinds.uncertainty`` and ``kinds.variability`` where both vary, likewise, with closed
  indices as ``S1``;
* ``S2``, if it was asked for: ``inputs``, ``S2``, ``S2_interval``;
* ``sum_S1`` and ``interactions``, each with an interval;
* ``linear``, the indices on the linear scale, beside those of a log10 output, and a sentence as
  ``disagreement`` where the two name different top drivers;
* ``unsettled``, a sentence where a few extreme values make up the variance;
* ``dropped``, the share of base points that were left out for want of a value, where some were;
* ``details``, of the outputs that ``--only`` names or else of the headline: the ``interval`` as it is,
  ``remaining.INPUT`` with the ``interval`` that knowing it would leave and the share that this is narrower by
  (``narrowing``), ``curves.INPUT`` with the output's median and quartiles ``at`` values of the input, and
  ``short_version.SHARE``, the fewest ``inputs`` that explain such a share of the variance, with what they
  explain (``closed``) and the ``median`` and ``interval`` with all else at its median;
* ``reason`` where there are no indices.

``stopped_because`` and ``grouping`` are sentences on the whole. The other methods hold by input: ``shapley``
an ``effect`` and its interval; ``draws`` ``S1``, ``neighbour_S1``, ``spearman`` and ``delta`` with intervals
and ``pawn``, with the ``rows`` that each rests on and ``disagreements``, a sentence for each input whose two
``S1`` contradict each other; ``morris`` ``mu_star``, its interval, ``mu``, ``sigma``.

``budget`` holds the linear budget of JCGM 100:2008: ``lines.INPUT`` with ``estimate``, ``uncertainty``,
``degrees_of_freedom`` (null: infinite), ``sensitivity`` and its ``sensitivity_error`` (0: exact),
``contribution``, ``share``, ``unit`` and ``distribution``; ``covariances`` of pairs of correlated ``inputs``,
each with the linear ``correlation`` and a ``share`` that may be negative, so that all shares add up to 1;
``bends``, each an ``expression`` that bends or jumps within the inputs' spread and the ``share`` of draws on
its other side, with a sentence on that, or on differences, as ``derivatives``; of the output ``estimate``,
``uncertainty``, ``degrees_of_freedom``, ``coverage_factor``,
``expanded`` and the linear ``interval``; and the ``verdict`` of JCGM 101:2008, clause 8, with the
``monte_carlo_interval``, the ``differences`` of the ends and the ``tolerance`` that they are held to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.documents.document import document, finite, settings_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.documents.document import Document
    from uncertainty.sensitivity.budget_result import Budget
    from uncertainty.sensitivity.details import DriverDetails
    from uncertainty.sensitivity.given_data import GivenData
    from uncertainty.sensitivity.local import LocalView, LocalViews
    from uncertainty.sensitivity.morris import Screening
    from uncertainty.sensitivity.results import Index, OutputIndices, SobolIndices
    from uncertainty.sensitivity.shapley import ShapleyEffects


def sensitivity_document(found: SobolIndices, details: Mapping[str, DriverDetails] | None = None) -> Document:
    """Return the document of `uncertainty sensitivity`.

    Parameters
    ----------
    details
        By output, what else is known of its top drivers.
    """
    settings = settings_document(found.settings, found.scenario) | sobol_settings(found)
    results = sobol_results(found)
    for name, each in (details or {}).items():
        results["outputs"][name]["details"] = _details(each)
    return document("sensitivity", found.study, results, settings)


def sobol_results(found: SobolIndices) -> Document:
    """Return the results of Sobol' indices."""
    results: Document = {"outputs": {name: _indices(each) for name, each in found.outputs.items()}}
    results["stopped_because"] = found.stopped_because
    if found.grouping:
        results["grouping"] = found.grouping
    return results


def sobol_settings(found: SobolIndices) -> Document:
    """Return the settings that Sobol' indices have beyond those of every analysis."""
    return {
        "method": "sobol",
        "tolerance": found.tolerance,
        "budget": found.budget,
        "converged": found.converged,
        "replicates": found.replicates,
        "model_rows": found.model_rows,
        "choices_as_inputs": list(found.choices_as_inputs),
    }


def shapley_results(found: Mapping[str, ShapleyEffects]) -> Document:
    """Return the results of Shapley effects, by output."""
    return {
        "outputs": {
            name: {
                "scale": each.scale,
                "shapley": {
                    key: {"effect": share.value, "effect_interval": _ends(share.interval)}
                    for key, share in each.effects.items()
                },
                "every_order": each.every_order,
                "replicates": each.replicates,
                "model_rows": each.model_rows,
                **_reason(each.reason),
            }
            for name, each in found.items()
        }
    }


def given_data_results(found: Mapping[str, GivenData]) -> Document:
    """Return the results of draws alone, by output."""
    outputs: Document = {}
    for name, each in found.items():
        rows: Document = {}
        for key, row in each.inputs.items():
            measured = {
                "S1": row.S1,
                "neighbour_S1": row.neighbour_S1,
                "spearman": row.spearman,
                "delta": row.delta,
            }
            rows[key] = {"pawn": row.pawn}
            for kind, value in measured.items():
                if value is not None:
                    rows[key] |= {kind: finite(value.value), f"{kind}_interval": _ends(value.interval)}
                elif each.without_first_order and kind != "delta":
                    rows[key] |= {kind: None, f"{kind}_interval": None}
        outputs[name] = {
            "scale": each.scale,
            "draws": rows,
            "rows": each.rows,
            "delta_rows": each.delta_rows,
            "pawn_rows": each.pawn_rows,
            "disagreements": [*each.disagreements],
            **_reason(each.reason or each.without_first_order),
        }
    return {"outputs": outputs}


def budget_results(found: Mapping[str, Budget]) -> Document:
    """Return the results of linear budgets, by output."""
    return {
        "outputs": {
            name: {
                "lines": {
                    key: line._asdict() | {"degrees_of_freedom": finite(line.degrees_of_freedom)}
                    for key, line in each.lines.items()
                },
                "covariances": [pair._asdict() | {"inputs": list(pair.inputs)} for pair in each.covariances],
                "bends": [bend._asdict() for bend in each.bends],
                "derivatives": each.derivatives,
                "unit": each.result.unit,
                "estimate": each.estimate,
                "uncertainty": each.uncertainty,
                "degrees_of_freedom": finite(each.degrees_of_freedom),
                "coverage_factor": each.coverage_factor,
                "expanded": each.expanded,
                "interval": _ends(each.interval),
                "monte_carlo_uncertainty": each.monte_carlo_uncertainty,
                "monte_carlo_interval": _ends(each.monte_carlo_interval),
                "differences": list(each.differences),
                "tolerance": each.tolerance,
                "verdict": each.verdict,
                "sentence": each.sentence,
            }
            for name, each in found.items()
        }
    }


def morris_results(found: Mapping[str, Screening]) -> Document:
    """Return the results of a screening, by output."""
    return {
        "outputs": {
            name: {
                "scale": each.scale,
                "morris": {
                    key: {
                        "mu_star": row.mu_star,
                        "mu_star_interval": [
                            max(row.mu_star - row.mu_star_half_width, 0.0),
                            row.mu_star + row.mu_star_half_width,
                        ],
                        "mu": row.mu,
                        "sigma": row.sigma,
                    }
                    for key, row in each.inputs.items()
                },
                "unmoved": [*each.unmoved],
                "trajectories": each.trajectories,
                "model_rows": each.model_rows,
            }
            for name, each in found.items()
        }
    }


def details_results(found: DriverDetails, local: LocalViews) -> Document:
    """Return what knowing the top drivers would leave open, their curves, the short version and local views.

    A short version that has no value at the other inputs' medians has a ``reason``, and null for its numbers.
    A local view has its ``start``, the output there as ``base``, the ``probabilities`` of the quantiles that
    inputs are moved to, and by input those ``inputs`` and ``outputs``; or a ``reason`` why there is none.
    """
    return {
        "output": found.effects.output,
        **_details(found),
        **{name: _local(view) for name, view in local._asdict().items()},
    }


def _details(found: DriverDetails) -> Document:
    effects, short = found.effects, found.short
    return {
        "interval": _ends(effects.interval),
        "remaining": {
            key: {"interval": _ends(left.interval), "narrowing": left.narrowing}
            for key, left in effects.remaining.items()
        },
        "curves": {
            key: {name: values.tolist() for name, values in curve._asdict().items()}
            for key, curve in effects.curves.items()
        },
        "short_version": {
            f"{share:g}": {
                "inputs": list(each.inputs),
                "closed": each.closed.value,
                "closed_interval": _ends(each.closed.interval),
                "median": finite(each.median),
                "interval": _ends(each.interval),
                **_reason(each.reason),
            }
            for share, each in short.shortened.items()
        },
    }


def _local(view: LocalView | str) -> Document:
    if isinstance(view, str):
        return {"reason": view}
    return {
        "start": view.start,
        "base": view.base,
        "probabilities": list(view.probabilities),
        "paths": {
            name: {"inputs": list(path.inputs), "outputs": list(path.outputs)}
            for name, path in view.paths.items()
        },
    }


def _indices(found: OutputIndices) -> Document:
    row: Document = {"scale": found.scale, "indices": {}}
    for key, index in found.indices.items():
        row["indices"][key] = _index(index) | {"rank_stability": found.rank_stability[key]}
    row["groups"] = {key: _index(index) for key, index in found.groups.items()}
    if found.kinds:
        row["kinds"] = {key: _index(index) for key, index in found.kinds.items()}
    if found.pairs:
        row["S2"] = [
            {"inputs": list(pair.inputs), "S2": pair.S2, "S2_interval": _ends(pair.S2_interval)}
            for pair in found.pairs
        ]
    for name, share in (("sum_S1", found.alone), ("interactions", found.interactions)):
        if share is not None:
            row |= {name: finite(share.value), f"{name}_interval": _ends(share.interval)}
    if found.other is not None:
        row["linear"] = {
            "indices": {key: _index(index) for key, index in found.other.indices.items()},
            **_reason(found.other.reason),
        }
    if found.disagreement:
        row["disagreement"] = found.disagreement
    if found.unsettled:
        row["unsettled"] = found.unsettled
    if found.dropped:
        row["dropped"] = found.dropped
    return row | _reason(found.reason)


def _index(index: Index) -> Document:
    return {
        "S1": finite(index.S1),
        "S1_interval": _ends(index.S1_interval),
        "ST": finite(index.ST),
        "ST_interval": _ends(index.ST_interval),
        "distinguishable": index.distinguishable,
    }


def _ends(interval: tuple[float, float]) -> list[float | None]:
    return [finite(end) for end in interval]


def _reason(text: str) -> Document:
    return {"reason": text} if text else {}
