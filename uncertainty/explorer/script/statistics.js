/* What draws say; the estimators of statistics.py for independent draws. */

/**
 * Interpolated between neighbours, but for atoms: where draws share a value, it is one that occurs.
 * @param {Column} ordered @param {number} probability
 */
function orderStatistic(ordered, probability) {
  const place = Math.min(Math.max(probability, 0), 1), position = place * (ordered.length - 1);
  const below = Math.floor(position), part = position - below;
  const low = ordered[below], high = ordered[Math.min(below + 1, ordered.length - 1)];
  if (part === 0 || low === high) return low;
  if (ordered[below - 1] === low || ordered[below + 2] === high) return part + place <= 1 + 1e-9 ? low : high;
  return low + part * (high - low);
}

/**
 * Between the order statistics that a binomial count selects, as closely as a normal one tells it.
 * @param {Column} ordered @param {number} probability @returns {Estimate}
 */
function quantileEstimate(ordered, probability) {
  const value = orderStatistic(ordered, probability);
  if (Math.min(probability, 1 - probability) * ordered.length < RULES.fewestBeyond) return { value, error: null };
  const reach = RULES.errorsWide * Math.sqrt(probability * (1 - probability) / ordered.length);
  const low = orderStatistic(ordered, probability - reach), high = orderStatistic(ordered, probability + reach);
  return { value, error: Math.max(value - low, high - value) / RULES.errorsWide };
}

/**
 * The ends of the coverage interval: equal shares beyond both, or the least width (JCGM 101:2008, 7.7).
 * @param {Column} draws @param {Column} ordered the same @param {{ level: number, interval: string }} asked @returns {Estimate[]}
 */
function intervalEstimate(draws, ordered, { level, interval }) {
  if (interval === "central") return [(1 - level) / 2, (1 + level) / 2].map((p) => quantileEstimate(ordered, p));
  const ends = shortest(ordered, level), rows = Math.floor(draws.length / RULES.batches);
  if (rows < 2 || rows * (1 - level) < RULES.fewestBeyond) return ends.map((value) => ({ value, error: null }));
  const found = Array.from({ length: RULES.batches }, (_, k) => shortest(draws.slice(k * rows, (k + 1) * rows).sort(), level));
  return ends.map((value, end) => {
    const mean = found.reduce((sum, each) => sum + each[end], 0) / RULES.batches;
    const variance = found.reduce((sum, each) => sum + (each[end] - mean) ** 2, 0) / (RULES.batches - 1);
    // the ends converge with the cube root of the number of draws
    return { value, error: Math.sqrt(variance) / Math.cbrt(RULES.batches) };
  });
}

/** The shortest interval around a share of ordered values. @param {Column} ordered @param {number} level */
function shortest(ordered, level) {
  const inside = Math.min(Math.max(Math.round(level * ordered.length), 1), ordered.length - 1);
  let start = 0;
  for (let i = 1; i + inside < ordered.length; i++) {
    if (ordered[i + inside] - ordered[i] < ordered[start + inside] - ordered[start]) start = i;
  }
  return [ordered[start], ordered[start + inside]];
}

/**
 * What was published of draws, of these ones.
 * @param {Column} draws @param {Column} ordered the same @param {OutputData} output @param {Statistic} asked @returns {Estimate}
 */
function statisticEstimate(draws, ordered, { reference }, { kind, probability }) {
  if (probability !== null) return quantileEstimate(ordered, probability);
  if (kind === "probability") {
    const least = reference ?? 0;
    return shareEstimate(draws, (x) => x >= least - slack(least, ordered));
  }
  return momentEstimate(draws, ordered, kind);
}

/**
 * The mean or the standard deviation, without an error where the rules of moment_errors.py leave it out.
 * @param {Column} draws @param {Column} ordered the same @param {string} kind @returns {Estimate}
 */
function momentEstimate(draws, ordered, kind) {
  const size = draws.length, mean = draws.reduce((sum, x) => sum + x, 0) / size;
  const power = (/** @type {number} */ k) => draws.reduce((sum, x) => sum + ((x - mean) / (spread || 1)) ** k, 0) / size;
  const spread = ordered[size - 1] - ordered[0], variance = power(2), own = power(4) / variance ** 2;
  const sd = spread * Math.sqrt(variance * size / (size - 1)), value = kind === "mean" ? mean : sd;
  const apart = own - (power(3) / variance ** 1.5) ** 2 - 1, two = apart <= RULES.momentRounding * own;
  const heaps = apart <= RULES.narrow * own && RULES.fewestEvents * own <= (1 + RULES.momentRounding) * size;
  const share = (mean - ordered[0]) / spread, settled = kind === "mean" ? two : heaps;
  if (!(sd > 0) || (two && Math.min(share, 1 - share) * size < RULES.fewestEvents - RULES.momentRounding)) return { value, error: null };
  const [told, beyond] = tailTold(ordered), ends = told > RULES.mostUntold * own && beyond > RULES.mostBeyond;
  const kurtosis = !told || own > RULES.mostUntold * told || ends ? own : told;
  const farthest = Math.max(ordered[size - 1] - mean, mean - ordered[0]) / spread;
  const alone = farthest ** 2 / (size * variance), ofOne = kind === "mean" ? alone : alone ** 2 * size / own;
  const needed = kind === "mean" ? kurtosis / RULES.mostKurtosis : RULES.fewestDraws * Math.min(kurtosis, size) ** 3;
  const unsettled = needed > size || (size >= RULES.fewestTold && ofOne > RULES.mostOfOne);
  if (!settled && (unsettled || (told > RULES.long && isEndless(ordered)))) return { value, error: null };
  const error = kind === "mean" ? 1 / Math.sqrt(size) : Math.sqrt((own - 1) / (4 * size));
  const least = sd * Math.max(error, kind === "mean" ? Math.sqrt(own) / size : own / (2 * size));
  // of two heaps of nearly the same size the square of the mean's error rules
  const ofMean = kind !== "mean" && own < RULES.oneMode ? momentEstimate(draws, ordered, "mean").error : null;
  return { value, error: least + (ofMean === null ? 0 : RULES.errorsWide * ofMean * (ofMean / sd) / 2) };
}

/** Whether the farthest draws on either side thin out as those of a quantity without a mean. @param {Column} ordered */
function isEndless(ordered) {
  const size = ordered.length, counts = RULES.farthest, last = counts.length - 1, middle = orderStatistic(ordered, 0.5);
  return size >= 2 * counts[last] && [1, -1].some((side) => {
    const apart = counts.map((count) => side * (orderStatistic(ordered, side > 0 ? 1 - count / size : count / size) - middle));
    const nearer = apart.slice(1).map((each, i) => Math.log(apart[i] / each));
    const steps = nearer.map((each, i) => Math.log(counts[i + 1] / counts[i]) / each);
    const thins = apart[last] > 0 && nearer.every((each) => each > 0) && steps.every((each) => each <= RULES.thinnestStep);
    return thins && Math.log(counts[last] / counts[0]) <= RULES.thinnest * nearer.reduce((sum, each) => sum + each, 0);
  });
}

/**
 * The kurtosis of the lognormal quantity that has the longer tail, 0 where that is not told, and how many draws it
 * would have beyond the last. @param {Column} ordered @returns {[number, number]}
 */
function tailTold(ordered) {
  const one = RULES.near, far = Math.min(RULES.fewestEvents / ordered.length, one);
  const [q1, q2, q3, q4, q5] = [far, one, 0.5, 1 - one, 1 - far].map((p) => orderStatistic(ordered, p));
  const score = normalQuantile(1 - far), last = ordered[ordered.length - 1];
  const tails = [[q5 - q3, q4 - q3, last - q3], [q3 - q1, q3 - q2, q3 - ordered[0]]];
  if (ordered.length < RULES.fewestTold || tails.some(([, near]) => !(near > 0))) return [0, 0];
  return tails.map(([most, near, end]) => {
    let low = 1e-6, high = 10;
    while (high - low > 1e-9) {
      const middle = (low + high) / 2;
      if (Math.expm1(score * middle) * near < most * Math.expm1(middle)) low = middle; else high = middle;
    }
    const w = Math.exp(low ** 2);
    const beyond = normalCdf(-Math.log1p((end / near) * Math.expm1(low)) / low) * ordered.length;
    return /** @type {[number, number]} */ ([w ** 4 + 2 * w ** 3 + 3 * w ** 2 - 3, beyond]);
  }).reduce((one, other) => (other[0] > one[0] ? other : one));
}

/**
 * How far from a threshold a draw may lie and be at it: what conversion of units can move it, where that is
 * little beside the draws' spread.
 * @param {number} threshold @param {Column} ordered
 */
function slack(threshold, ordered) {
  const distance = RULES.same * Math.abs(threshold), spread = ordered[ordered.length - 1] - ordered[0];
  return spread > 0 && RULES.small * spread < distance ? 0 : distance;
}

/** The share of draws for which something holds. @param {Column} draws @param {(x: number) => boolean} holds @returns {Estimate} */
function shareEstimate(draws, holds) {
  let count = 0;
  for (let i = 0; i < draws.length; i++) if (holds(draws[i])) count += 1;
  const value = count / draws.length, few = Math.min(count, draws.length - count);
  const bounds = wilson(value, draws.length);
  if (few === 0) return { value, error: 3 / draws.length, bounds };
  return { value, error: few < RULES.fewestEvents ? null : Math.sqrt(value * (1 - value) / draws.length), bounds };
}

/** Wilson's interval of a share (1927, doi:10.1080/01621459.1927.10502953). @param {number} share @param {number} size @returns {[number, number]} */
function wilson(share, size) {
  const square = RULES.errorsWide ** 2, whole = 1 + square / size;
  const centre = (share + square / (2 * size)) / whole;
  const reach = RULES.errorsWide / whole * Math.sqrt(share * (1 - share) / size + square / (4 * size ** 2));
  return [Math.max(centre - reach, 0), Math.min(centre + reach, 1)];
}

/** The smallest and the largest value. @param {Column} draws @returns {[number, number]} */
function extent(draws) {
  let low = Infinity, high = -Infinity;
  for (let i = 0; i < draws.length; i++) {
    if (draws[i] < low) low = draws[i];
    if (draws[i] > high) high = draws[i];
  }
  return [low, high];
}

/** The logarithm of a ratio, exact also where both are close. @param {number} value @param {number} middle */
function logRatio(value, middle) {
  const relative = (value - middle) / middle;
  return Math.abs(relative) < 0.5 ? Math.log1p(relative) : Math.log(value / middle);
}

/**
 * First-order Sobol' indices by ranks, from draws that are there already: neighbours in one input, whatever
 * the others do (Gamboa et al. 2022, doi:10.3150/21-BEJ1421). Draws without a value are left out.
 * @param {Column} draws @param {string[]} names @param {(name: string) => Uint32Array} ranking
 * @param {boolean} logarithmic whether variance is that of the logarithm
 * @returns {{name: string, share: number}[]} the largest first
 */
function drivers(draws, names, ranking, logarithmic) {
  const kept = draws.filter(Number.isFinite);
  const bounds = extent(kept), largest = Math.max(Math.abs(bounds[0]), Math.abs(bounds[1]));
  // what does not vary but for rounding has no drivers
  if (!(bounds[1] - bounds[0] > RULES.unseen * largest)) return [];
  const middle = kept[0];
  const y = draws.map((value) => (logarithmic ? logRatio(value, middle) : value - middle));
  const mean = y.reduce((sum, value) => sum + (Number.isFinite(value) ? value : 0), 0) / kept.length;
  let variance = 0;
  for (let i = 0; i < y.length; i++) {
    y[i] -= mean;
    if (Number.isFinite(y[i])) variance += y[i] * y[i];
  }
  if (!(variance > 0)) return [];
  return names.map((name) => {
    const all = ranking(name), ranked = kept.length < y.length ? all.filter((i) => Number.isFinite(y[i])) : all;
    const last = ranked.length - 1;
    let covariance = y[ranked[last]] * y[ranked[0]];
    for (let i = 0; i < last; i++) covariance += y[ranked[i]] * y[ranked[i + 1]];
    return { name, share: Math.max(covariance / variance, 0) };
  }).sort((one, other) => other.share - one.share);
}

/**
 * Count draws in equal bins between two ends, on a linear or logarithmic axis; what lies outside is left out.
 * @param {Column} draws @param {number} from @param {number} to @param {boolean} logarithmic @param {number} bins
 */
function histogram(draws, from, to, logarithmic, bins) {
  const scale = logarithmic ? Math.log : (/** @type {number} */ x) => x;
  const start = scale(from), factor = bins / (scale(to) - start);
  const counts = new Array(bins).fill(0);
  for (let i = 0; i < draws.length; i++) {
    const bin = Math.floor((scale(draws[i]) - start) * factor);
    if (bin >= 0 && bin < bins) counts[bin] += 1;
  }
  return counts;
}
