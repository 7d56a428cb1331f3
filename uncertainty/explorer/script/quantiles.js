/* Quantile functions, from the data that quantiles.py writes. */


/** @param {number[]} coefficients from the highest power down @param {number} x */
function polynomial(coefficients, x) {
  let found = 0;
  for (const coefficient of coefficients) found = found * x + coefficient;
  return found;
}

// Wichura 1988, Algorithm AS 241, doi:10.2307/2347330
const NORMAL_MIDDLE = [
  [2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608],
  [5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
    5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1]];
const NORMAL_FLANK = [
  [7.7454501427834140764e-4, 2.27238449892691845833e-2, 0.24178072517745061177, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734],
  [1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2, 0.14810397642748007459,
    0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1]];
const NORMAL_TAIL = [
  [2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.2426609473880784386e-3, 2.65321895265761230930e-2,
    0.2965605718285048912, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772],
  [2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    1.48753612908506148525e-2, 0.13692988092273580531, 0.59983220655588793769, 1]];

/** @param {number} u */
function normalQuantile(u) {
  const q = u - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return q * polynomial(NORMAL_MIDDLE[0], r) / polynomial(NORMAL_MIDDLE[1], r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? u : 1 - u));
  const [[above, below], shift] = r <= 5 ? [NORMAL_FLANK, 1.6] : [NORMAL_TAIL, 5];
  return Math.sign(q) * polynomial(above, r - shift) / polynomial(below, r - shift);
}

/** A series near the middle (Marsaglia 2004, doi:10.18637/jss.v011.i04), a continued fraction in the tails. @param {number} x */
function normalCdf(x) {
  const density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(x) > 3) {
    let fraction = Math.abs(x);
    for (let k = 100; k > 0; k--) fraction = Math.abs(x) + k / fraction;
    return x < 0 ? density / fraction : 1 - density / fraction;
  }
  let term = x, sum = x;
  for (let k = 3; Math.abs(term) > 1e-17; k += 2) sum += (term *= x * x / k);
  return 0.5 + density * sum;
}

/**
 * Return a distribution's quantile function.
 * @param {Quantile} data
 * @returns {(u: number) => number}
 */
function quantileFunction(data) {
  const { low, high } = data;
  const bounded = (/** @type {number} */ x) =>
    Math.min(Math.max(x, low ?? -Infinity), high ?? Infinity);
  switch (data.family) {
    case "fixed": return () => data.value;
    case "uniform": return (u) => low + (high - low) * u;
    case "loguniform": {
      const start = Math.log(low), width = Math.log(high) - start;
      return (u) => bounded(Math.exp(start + width * u));
    }
    case "arcsine":
      return (u) => u < 0.5
        ? low + (high - low) * Math.sin(Math.PI / 2 * u) ** 2
        : high - (high - low) * Math.sin(Math.PI / 2 * (1 - u)) ** 2;
    case "triangular": {
      const share = (data.mode - low) / (high - low);
      return (u) => u < share
        ? low + Math.sqrt(u * (high - low) * (data.mode - low))
        : high - Math.sqrt((1 - u) * (high - low) * (high - data.mode));
    }
    case "normal": return (u) => data.mean + data.sd * normalQuantile(u);
    case "lognormal": return (u) => data.median * Math.exp(data.sigma * normalQuantile(u));
    case "steps": return (u) => data.values[countBelow(data.cumulative, u, false)];
    case "spread": {
      const { edges, cumulative } = data;
      return (u) => {
        const k = Math.min(countBelow(cumulative, u, false), edges.length - 2), below = k ? cumulative[k - 1] : 0;
        const share = Math.min(Math.max((u - below) / (cumulative[k] - below), 0), 1);
        return edges[k] + (edges[k + 1] - edges[k]) * share;
      };
    }
    case "truncate": {
      const inner = quantileFunction(data.of), width = data.end - data.start;
      return (u) => bounded(inner(Math.min(data.start + u * width, RULES.beforeOne)));
    }
    case "clip": {
      const inner = quantileFunction(data.of);
      return (u) => bounded(inner(u));
    }
    case "pieces": {
      const { edges, polynomials } = data, last = edges.length - 1;
      return (u) => {
        const p = Math.min(Math.max(u, edges[0]), edges[last]);
        const piece = Math.min(Math.max(countBelow(edges, p, true) - 1, 0), last - 1);
        const start = edges[piece], end = edges[piece + 1], own = polynomials[piece];
        const at = (2 * p - start - end) / (end - start);
        let x = 0;
        for (let k = own.length - 1; k >= 0; k--) x = x * at + own[k];
        return bounded(x);
      };
    }
    default: throw new Error(`unknown family ${data.family}`);
  }
}

/** Count the numbers below x, or up to x, in an increasing list. @param {number[]} list @param {number} x @param {boolean} included */
function countBelow(list, x, included) {
  let from = 0, to = list.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (list[middle] < x || (included && list[middle] === x)) from = middle + 1; else to = middle;
  }
  return from;
}

/**
 * The distribution of a reader's assumption, by the rule of "2 to 8", within the input's physical limits.
 * @param {Assumption} given @param {InputData} input @returns {Distribution} @throws {Error} in words for the reader
 */
function assumed(given, input) {
  const limitLow = input.low ?? -Infinity, limitHigh = input.high ?? Infinity;
  const limits = `${Number.isFinite(limitLow) ? limitLow : "−∞"} to ${Number.isFinite(limitHigh) ? limitHigh : "∞"}`;
  if ("value" in given) {
    if (given.value < limitLow || given.value > limitHigh) throw new Error(`must lie within its limits, ${limits}`);
    return { text: String(given.value), quantile: { family: "fixed", value: given.value } };
  }
  const text = assumptionText(given);
  const whole = "mean" in given ? { family: "normal", mean: given.mean, sd: given.sd } : rangeData(given);
  const positive = whole.family === "lognormal";
  const beyondLow = positive ? limitLow > 0 : limitLow > -Infinity;
  const beyondHigh = limitHigh < Infinity;
  if (!beyondLow && !beyondHigh) return { text, quantile: whole };
  const below = (/** @type {number} */ x) => normalCdf(
    positive ? (Math.log(x) - Math.log(whole.median)) / whole.sigma : (x - whole.mean) / whole.sd);
  const start = beyondLow ? below(limitLow) : 0, end = beyondHigh ? (limitHigh > 0 || !positive ? below(limitHigh) : 0) : 1;
  if (!(end - start >= 1e-6)) throw new Error(`hardly any of it lies within its limits, ${limits}`);
  return { text, quantile: {
    family: "truncate", of: whole, start, end,
    low: beyondLow ? limitLow : null, high: beyondHigh ? limitHigh : null } };
}

/** A range as "2 to 8" means it. @param {{ low: number, high: number, level?: number }} given @returns {Quantile} @throws {Error} in words for the reader */
function rangeData({ low, high, level }) {
  if (!(low < high)) throw new Error(`the ${level ? "first" : "5 %"} value must be below the ${level ? "second" : "95 %"} value`);
  if (low <= 0 && high >= 0 && low * high === 0) throw new Error("0 cannot be an end: give a small number instead, or one below 0");
  if (high < 0) throw new Error("a range may not lie wholly below 0");
  const scores = 2 * (level ? -normalQuantile((1 - level / 100) / 2) : RULES.score90);
  return low > 0
    ? { family: "lognormal", median: Math.exp((Math.log(low) + Math.log(high)) / 2), sigma: Math.log(high / low) / scores }
    : { family: "normal", mean: (low + high) / 2, sd: (high - low) / scores };
}

/**
 * The correlation of normal scores by which values correlate as wanted (Cario and Nelson 1997), by the
 * trapezoidal rule, which is exact to many digits for smooth quantile functions.
 * @param {Quantile} one @param {Quantile} other @param {number} wanted
 */
function scoreCorrelation(one, other, wanted) {
  if (one.family === "normal" && other.family === "normal") return wanted;
  const scores = Array.from({ length: 161 }, (_, i) => (i - 80) / 10);
  const weights = scores.map((z) => Math.exp(-z * z / 2) / Math.sqrt(200 * Math.PI));
  const mean = (/** @type {(z: number) => number} */ of) => scores.reduce((sum, z, i) => sum + weights[i] * of(z), 0);
  const standardised = (/** @type {Quantile} */ data) => {
    const quantile = quantileFunction(data);
    const value = (/** @type {number} */ z) => quantile(Math.min(Math.max(normalCdf(z), 2 ** -54), RULES.beforeOne));
    const centre = mean(value), sd = Math.sqrt(mean((z) => (value(z) - centre) ** 2));
    return (/** @type {number} */ z) => (value(z) - centre) / sd;
  };
  const first = standardised(one), second = standardised(other);
  let [from, to] = [-0.9999, 0.9999];
  for (let step = 0; step < 45; step++) {
    const r = (from + to) / 2, rest = Math.sqrt(1 - r * r);
    if (mean((z) => first(z) * mean((w) => second(r * z + rest * w))) < wanted) from = r; else to = r;
  }
  return from;
}
