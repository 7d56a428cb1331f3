"""The reference model as each program would run it: draws alone, draws and model, and three quantiles.

Every program has the same 20 inputs and 24 outputs and is used in the fastest way that its documentation
offers. What is done once is done when a `Program` is made; what its methods do is timed.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

HERE = Path(__file__).parent
REFERENCE = HERE / "reference-model.toml"
QUANTILES = (0.025, 0.5, 0.975)
HOURS = 8760.0

LOGNORMAL = {
    "us_annual": (15.0e6, 1.08), "in_annual": (1.9e6, 1.12), "train_gpt": (552e6, 1.35),
    "train_bloom": (50.5e6, 1.20), "q_month": (3.0e8, 1.6), "inf_gpt": (0.382, 1.5),
    "train_img": (11.25e6, 1.25),
}  # fmt: skip
TRIANGULAR = {"h_text": (0.4, 0.8, 1.6), "pue": (1.00, 1.00001, 1.50)}
PERT = {
    "h_img": (1.0, 3.2, 8.0), "grid_us": (0.30, 0.39, 0.50),
    "inf_bloom": (0.5, 1.47, 3.0), "inf_img": (0.8, 1.79, 3.5),
}  # fmt: skip
UNIFORM = {"grid_in": (0.60, 0.80), "q_img": (5e7, 1.5e8)}
BETA = {"retry_text": (2.0, 8.0), "retry_img": (2.0, 6.0)}
TRUNCATED = {"w_laptop": (75.0, 20.0, 20.0, 150.0), "w_desktop": (200.0, 50.0, 80.0, 400.0)}
DISCRETE = {"retrains": ((0.25, 0.5, 1.0), (0.25, 0.25, 0.5))}


class Program(Protocol):
    """One way to run the model."""

    def draws(self, rows: int, seed: int) -> Any:
        """Make the inputs and no more."""

    def evaluate(self, rows: int, seed: int) -> Any:
        """Make the inputs and the outputs."""

    def summarise(self, outputs: Any) -> Any:
        """Return three quantiles of each output."""


def model(x: dict[str, Any]) -> list[Any]:
    """Compute the 24 outputs from the inputs, in plain numpy."""
    text, image = 1 + x["retry_text"], 1 + x["retry_img"]
    systems = (
        (x["train_gpt"] * x["retrains"] / x["q_month"] + x["inf_gpt"] * x["pue"]) * text,
        (x["train_bloom"] * x["retrains"] / x["q_img"] + x["inf_bloom"] * x["pue"]) * text,
        (x["train_img"] * x["retrains"] / x["q_img"] + x["inf_img"] * x["pue"]) * image,
        (x["train_img"] * x["retrains"] / x["q_month"] + 1.15 * x["inf_img"] * x["pue"]) * image,
    )
    results = []
    for annual, grid in (("us_annual", "grid_us"), ("in_annual", "grid_in")):
        rate = x[annual] / HOURS
        for people in (rate, rate + x["w_laptop"] * x[grid], rate + x["w_desktop"] * x[grid]):
            text_work, image_work = people * x["h_text"], people * x["h_img"]
            results += [text_work / systems[0], text_work / systems[1]]
            results += [image_work / systems[2], image_work / systems[3]]
    return results


def shapes(low: float, mode: float, high: float) -> tuple[float, float]:
    """Return the beta shapes of a PERT distribution."""
    return 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)


class Ours:
    """The project itself: blocks streamed through `workers` threads; nothing is stored."""

    def __init__(
        self, design: str, workers: int, study: str = str(REFERENCE), *, compiled: bool = False
    ) -> None:
        import uncertainty as un
        from uncertainty.sampling.simulation import simulate
        from uncertainty.study.scenario import scenario

        self.study, self.design, self.workers = un.load_study(study), design, workers
        self.compiled = compiled
        self.plan = scenario(self.study)
        self.simulate = partial(simulate, self.plan, tuple(self.study.outputs), design=design)
        # tables and compiled loops are made once in a process
        self.evaluate(1, 1)

    def _each(self, task: Any, simulation: Any) -> None:
        from uncertainty.sampling.designs import blocks
        from uncertainty.sampling.workers.engine import Threads, spans

        for _ in Threads(self.workers).map(partial(task, simulation), spans(blocks(simulation.design))):
            pass

    def _simulation(self, rows: int, seed: int) -> Any:
        return replace(self.simulate(samples=rows, seed=seed), compiled=self.compiled)

    def draws(self, rows: int, seed: int) -> None:
        self._each(_transform_all, self._simulation(rows, seed))

    def evaluate(self, rows: int, seed: int) -> None:
        self._each(_run_all, self._simulation(rows, seed))

    def summarise(self, outputs: Any) -> Any:
        return [[draws.quantile(p).value for p in QUANTILES] for draws in outputs]

    def outputs(self, rows: int, seed: int) -> Any:
        import uncertainty as un
        from uncertainty.sampling.statistics import Draws

        found = un.propagate(
            self.study,
            samples=rows,
            seed=seed,
            design=self.design,
            threads=self.workers,
            memory=2**40,
            compiled=self.compiled,
        )
        return [Draws(o.values, o.draws.replicate_rows) for o in found.outputs.values()]

    def whole(self, rows: int, seed: int) -> None:
        import uncertainty as un

        found = un.propagate(
            self.study,
            samples=rows,
            seed=seed,
            design=self.design,
            threads=self.workers,
            compiled=self.compiled,
        )
        for output in found.outputs.values():
            assert output.summary  # noqa: S101 - every reported number with its error


def _transform_all(simulation: Any, span: tuple[int, int]) -> None:
    from uncertainty.sampling.simulation import make_workbench

    with simulation.workbenches.borrow(partial(make_workbench, simulation)) as bench:
        for block in range(*span):
            bench.inputs(block)


def _run_all(simulation: Any, span: tuple[int, int]) -> None:
    for _ in simulation.blocks(*span):
        pass


class Numpy:
    """Numpy's Generator methods and whole arrays, as one writes it by hand."""

    def draws(self, rows: int, seed: int) -> dict[str, np.ndarray]:
        g = np.random.default_rng(seed)
        x = {n: g.lognormal(np.log(median), np.log(gsd), rows) for n, (median, gsd) in LOGNORMAL.items()}
        x |= {n: g.triangular(*p, rows) for n, p in TRIANGULAR.items()}
        x |= {n: p[0] + (p[2] - p[0]) * g.beta(*shapes(*p), rows) for n, p in PERT.items()}
        x |= {n: g.uniform(*p, rows) for n, p in UNIFORM.items()}
        x |= {n: g.beta(*p, rows) for n, p in BETA.items()}
        for name, (mean, sd, low, high) in TRUNCATED.items():
            values = g.normal(mean, sd, rows)
            outside = np.flatnonzero((values < low) | (values > high))
            while outside.size:
                values[outside] = g.normal(mean, sd, outside.size)
                outside = outside[(values[outside] < low) | (values[outside] > high)]
            x[name] = values
        for name, (values, weights) in DISCRETE.items():
            x[name] = np.asarray(values)[
                np.searchsorted(np.cumsum(weights)[:-1], g.random(rows), side="right")
            ]
        return x

    def evaluate(self, rows: int, seed: int) -> Any:
        return model(self.draws(rows, seed))

    def summarise(self, outputs: Any) -> Any:
        return [np.quantile(y, QUANTILES) for y in outputs]

    outputs = evaluate


class Scipy(Numpy):
    """Frozen scipy distributions and their `rvs`."""

    def __init__(self) -> None:
        from scipy import stats

        d = {n: stats.lognorm(s=np.log(gsd), scale=median) for n, (median, gsd) in LOGNORMAL.items()}
        d |= {n: stats.triang((m - a) / (b - a), a, b - a) for n, (a, m, b) in TRIANGULAR.items()}
        d |= {n: stats.beta(*shapes(*p), loc=p[0], scale=p[2] - p[0]) for n, p in PERT.items()}
        d |= {n: stats.uniform(a, b - a) for n, (a, b) in UNIFORM.items()}
        d |= {n: stats.beta(*p) for n, p in BETA.items()}
        for name, (mean, sd, low, high) in TRUNCATED.items():
            d[name] = stats.truncnorm((low - mean) / sd, (high - mean) / sd, mean, sd)
        self.distributions = d

    def draws(self, rows: int, seed: int) -> dict[str, np.ndarray]:
        g = np.random.default_rng(seed)
        x = {name: d.rvs(rows, random_state=g) for name, d in self.distributions.items()}
        return x | {n: g.choice(v, rows, p=w) for n, (v, w) in DISCRETE.items()}

    def evaluate(self, rows: int, seed: int) -> Any:
        return model(self.draws(rows, seed))

    outputs = evaluate


class OpenTurns:
    """OpenTURNS: one sample of the joint distribution and a SymbolicFunction."""

    def __init__(self) -> None:
        import openturns as ot

        self.ot = ot
        d = {n: ot.LogNormal(np.log(median), np.log(gsd), 0.0) for n, (median, gsd) in LOGNORMAL.items()}
        d |= {n: ot.Triangular(*p) for n, p in TRIANGULAR.items()}
        d |= {n: ot.Beta(*shapes(*p), p[0], p[2]) for n, p in PERT.items()}
        d |= {n: ot.Uniform(*p) for n, p in UNIFORM.items()}
        d |= {n: ot.Beta(*p, 0.0, 1.0) for n, p in BETA.items()}
        d |= {n: ot.TruncatedNormal(*p) for n, p in TRUNCATED.items()}
        d |= {n: ot.UserDefined([[v] for v in values], weights) for n, (values, weights) in DISCRETE.items()}
        self.joint = ot.JointDistribution(list(d.values()))
        symbols = model({name: _Symbol(name) for name in d})
        self.function = ot.SymbolicFunction(list(d), [str(s) for s in symbols])

    def draws(self, rows: int, seed: int) -> Any:
        self.ot.RandomGenerator.SetSeed(seed)
        return self.joint.getSample(rows)

    def evaluate(self, rows: int, seed: int) -> Any:
        return self.function(self.draws(rows, seed))

    def summarise(self, outputs: Any) -> Any:
        return [outputs.computeQuantilePerComponent(p) for p in QUANTILES]

    outputs = evaluate


class _Symbol:
    """Writes down the arithmetic that is done with it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text

    def _with(self, sign: str, left: object, right: object) -> _Symbol:
        return _Symbol(f"({left}{sign}{right})")

    def __add__(self, other: object) -> _Symbol:
        return self._with("+", self, other)

    def __radd__(self, other: object) -> _Symbol:
        return self._with("+", other, self)

    def __mul__(self, other: object) -> _Symbol:
        return self._with("*", self, other)

    def __rmul__(self, other: object) -> _Symbol:
        return self._with("*", other, self)

    def __truediv__(self, other: object) -> _Symbol:
        return self._with("/", self, other)


class Squigglepy(Numpy):
    """squigglepy: samples of its distributions as arrays, then plain numpy."""

    def __init__(self) -> None:
        import squigglepy as sq

        self.sq = sq
        log = {n: (np.log(median), np.log(gsd)) for n, (median, gsd) in LOGNORMAL.items()}
        d = {n: sq.lognorm(norm_mean=mu, norm_sd=sd) for n, (mu, sd) in log.items()}
        d |= {n: sq.triangular(*p) for n, p in TRIANGULAR.items()}
        d |= {n: sq.pert(*p) for n, p in PERT.items()}
        d |= {n: sq.uniform(*p) for n, p in UNIFORM.items()}
        d |= {n: sq.beta(*p) for n, p in BETA.items()}
        d |= {n: sq.norm(mean=m, sd=s, lclip=a, rclip=b) for n, (m, s, a, b) in TRUNCATED.items()}
        d |= {n: sq.discrete([[w, v] for v, w in zip(*p, strict=True)]) for n, p in DISCRETE.items()}
        self.distributions = d

    def draws(self, rows: int, seed: int) -> dict[str, np.ndarray]:
        self.sq.set_seed(seed)
        return {name: np.asarray(self.sq.sample(d, n=rows)) for name, d in self.distributions.items()}

    def evaluate(self, rows: int, seed: int) -> Any:
        return model(self.draws(rows, seed))

    outputs = evaluate


class Monaco:
    """monaco: a simulation object, one case after the other."""

    def __init__(self) -> None:
        self.inputs = Scipy().distributions

    def draws(self, rows: int, seed: int) -> Any:
        self._simulation(rows, seed).drawVars()

    def evaluate(self, rows: int, seed: int) -> Any:
        simulation = self._simulation(rows, seed)
        simulation.runSim()
        return simulation

    def _simulation(self, rows: int, seed: int) -> Any:
        import monaco as mc
        from scipy import stats

        names = [*self.inputs, *DISCRETE]
        simulation = mc.Sim(
            name="reference", ndraws=rows, seed=seed, verbose=False, debug=False, singlethreaded=True,
            samplemethod="random", savecasedata=False, savesimdata=False, firstcaseismedian=False,
            fcns={
                "preprocess": partial(_monaco_inputs, names),
                "run": _monaco_run,
                "postprocess": _monaco_outputs,
            },
        )  # fmt: skip
        for name, d in self.inputs.items():
            simulation.addInVar(name=name, dist=d.dist, distkwargs=_keywords(d))
        for name, (values, weights) in DISCRETE.items():
            places = stats.rv_discrete(values=(range(len(values)), weights))
            simulation.addInVar(name=name, dist=places, distkwargs={}, nummap=None)
        return simulation

    def summarise(self, outputs: Any) -> Any:
        return [np.quantile(v.nums, QUANTILES) for v in outputs.outvars.values()]

    outputs = evaluate


def _keywords(frozen: Any) -> dict[str, float]:
    names = [*(frozen.dist.shapes or "").replace(" ", "").split(","), "loc", "scale"]
    return dict(zip([n for n in names if n], frozen.args, strict=False)) | frozen.kwds


def _monaco_inputs(names: list[str], case: Any) -> tuple[dict[str, float]]:
    x = {name: case.invals[name].val for name in names}
    for name, (values, _) in DISCRETE.items():
        x[name] = values[int(x[name])]
    return (x,)


def _monaco_run(x: dict[str, float]) -> tuple[list[float]]:
    return (model(x),)


def _monaco_outputs(case: Any, results: list[float]) -> None:
    for number, value in enumerate(results):
        case.addOutVal(name=f"y{number}", val=value)


class Fused:
    """The limit: sampler and model in one compiled loop."""

    def __init__(self, workers: int) -> None:
        os.environ["OMP_NUM_THREADS"] = str(workers)
        import fused

        from uncertainty.study.reader import load_study
        from uncertainty.study.scenario import scenario

        self.run = fused.run
        self.library = fused.library()
        self.tables = fused.tables(scenario(load_study(REFERENCE)).distributions)

    def draws(self, rows: int, seed: int) -> None:
        """Do nothing: the loop makes inputs and outputs together."""

    def evaluate(self, rows: int, seed: int) -> Any:
        return self.run(self.library, rows, seed, self.tables, None)

    def outputs(self, rows: int, seed: int) -> np.ndarray:
        rows -= rows % 1024
        out = np.empty((24, rows))
        self.run(self.library, rows, seed, self.tables, out)
        return out

    def summarise(self, outputs: Any) -> Any:
        return [np.quantile(y, QUANTILES) for y in outputs]


PROGRAMS = {
    "this project, random, 1 thread": partial(Ours, "random", 1),
    "this project, random, 2 threads": partial(Ours, "random", 2),
    "this project, lhs, 1 thread": partial(Ours, "lhs", 1),
    "this project, lhs, 2 threads": partial(Ours, "lhs", 2),
    "this project, sobol, 1 thread": partial(Ours, "sobol", 1),
    "this project, sobol, 2 threads": partial(Ours, "sobol", 2),
    "this project, compiled, random, 1 thread": partial(Ours, "random", 1, compiled=True),
    "this project, compiled, random, 2 threads": partial(Ours, "random", 2, compiled=True),
    "this project, compiled, sobol, 1 thread": partial(Ours, "sobol", 1, compiled=True),
    "this project, compiled, sobol, 2 threads": partial(Ours, "sobol", 2, compiled=True),
    "limit: fused C, 1 thread": partial(Fused, 1),
    "limit: fused C, 2 threads": partial(Fused, 2),
    "numpy, whole arrays": Numpy,
    "scipy, rvs": Scipy,
    "OpenTURNS, joint sample": OpenTurns,
    "squigglepy": Squigglepy,
    "monaco": Monaco,
    "flagship, random, 1 thread": partial(Ours, "random", 1, "ai-vs-human"),
    "flagship, random, 2 threads": partial(Ours, "random", 2, "ai-vs-human"),
    "flagship, sobol, 2 threads": partial(Ours, "sobol", 2, "ai-vs-human"),
    "flagship, compiled, random, 1 thread": partial(Ours, "random", 1, "ai-vs-human", compiled=True),
    "flagship, compiled, random, 2 threads": partial(Ours, "random", 2, "ai-vs-human", compiled=True),
}
