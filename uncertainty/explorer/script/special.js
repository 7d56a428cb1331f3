/* Distribution functions and quantiles whose parameters are columns, as special.py has them. */

// Lanczos, with the coefficients of Godfrey (2001) for g = 607/128
const GAMMA_TERMS = [
  0.99999999999999709182, 57.156235665862923517, -59.597960355475491248, 14.136097974741747174,
  -0.49191381609762019978, 0.33994649984811888699e-4, 0.46523628927048575665e-4, -0.98374475304879564677e-4,
  0.15808870322491248884e-3, -0.21026444172410488319e-3, 0.21743961811521264320e-3, -0.16431810653676389022e-3,
  0.84418223983852743293e-4, -0.26190838401581408670e-4, 0.36899182659531622704e-5];

/** @param {number} x above 0 @returns {number} */
function logGamma(x) {
  if (x < 0.5) return logGamma(x + 1) - Math.log(x);
  let sum = GAMMA_TERMS[0];
  for (let k = 1; k < GAMMA_TERMS.length; k++) sum += GAMMA_TERMS[k] / (x - 1 + k);
  const base = x - 0.5 + 607 / 128;
  return 0.5 * Math.log(2 * Math.PI) + Math.log(sum) + (x - 0.5) * Math.log(base) - base;
}

/** P and Q of the gamma distribution: a series below its mean, a continued fraction above. @param {number} shape @param {number} x @returns {[number, number]} */
function gammaTails(shape, x) {
  if (!(shape > 0) || !(x >= 0)) return x < 0 ? [0, 1] : [NaN, NaN];
  if (x === 0) return [0, 1];
  if (x === Infinity) return [1, 0];
  const lead = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  if (x < shape + 1) {
    let term = 1 / shape, sum = term;
    for (let k = 1; term > sum * 1e-17 && k < 10000; k++) sum += (term *= x / (shape + k));
    return [lead * sum, 1 - lead * sum];
  }
  let b = x + 1 - shape, c = 1e300, d = 1 / b, fraction = d;
  for (let k = 1; k < 10000; k++) {
    const a = -k * (k - shape);
    b += 2;
    d = 1 / (a * d + b || 1e-300);
    c = b + a / c || 1e-300;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return [1 - lead * fraction, lead * fraction];
}

/** Lentz's continued fraction, from the nearer side. @param {number} a @param {number} b @param {number} x @returns {number} */
function betaCdf(a, b, x) {
  if (!(a > 0) || !(b > 0) || Number.isNaN(x)) return NaN;
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(b, a, 1 - x);
  const lead = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  let c = 1, d = 1 / (1 - (a + b) * x / (a + 1) || 1e-300), fraction = d;
  for (let k = 1; k < 10000; k++) {
    const even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k));
    d = 1 / (1 + even * d || 1e-300);
    c = 1 + even / c || 1e-300;
    fraction *= c * d;
    const odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1));
    d = 1 / (1 + odd * d || 1e-300);
    c = 1 + odd / c || 1e-300;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return lead * fraction;
}

/** @param {number} df @param {number} x */
function studentCdf(df, x) {
  const tail = betaCdf(df / 2, 0.5, df / (df + x * x)) / 2;
  return x < 0 ? tail : 1 - tail;
}

/** @param {number} mean @param {number} k */
function poissonCdf(mean, k) {
  const count = Math.floor(k);
  return count < 0 ? 0 : gammaTails(count + 1, mean)[1];
}

/** @param {number} n @param {number} p @param {number} k */
function binomialCdf(n, p, k) {
  const count = Math.floor(k);
  if (count < 0 || count >= n) return count < 0 ? 0 : 1;
  return betaCdf(n - count, count + 1, 1 - p);
}

/** Halve a range until nothing lies between its ends. @param {(x: number) => boolean} reached @param {number} low @param {number} high */
function halved(reached, low, high) {
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (reached(middle)) high = middle; else low = middle;
  }
  return high;
}

/** On the logarithm, which small shapes need. @param {number} shape @param {number} u */
function gammaQuantile(shape, u) {
  if (!(shape > 0) || !(u >= 0 && u <= 1)) return NaN;
  const upper = u > 0.5;
  return Math.exp(halved((t) => {
    const [below, above] = gammaTails(shape, Math.exp(t));
    return upper ? above <= 1 - u : below >= u;
  }, -745, 745));
}

/** @param {number} a @param {number} b @param {number} u @returns {number} */
function betaQuantile(a, b, u) {
  if (!(a > 0) || !(b > 0) || !(u >= 0 && u <= 1)) return NaN;
  if (betaCdf(a, b, 0.5) < u) return 1 - betaQuantile(b, a, 1 - u);
  return Math.exp(halved((t) => betaCdf(a, b, Math.exp(t)) >= u, -745, Math.log(0.5)));
}

/** @param {number} df @param {number} u @returns {number} */
function studentQuantile(df, u) {
  if (!(df > 0) || !(u >= 0 && u <= 1)) return NaN;
  if (u > 0.5) return -studentQuantile(df, 1 - u);
  return Math.sinh(halved((t) => studentCdf(df, Math.sinh(t)) >= u, -700, 0));
}

/** The least count whose cdf reaches u. @param {(k: number) => number} cdf @param {number} most @param {number} u */
function countAt(cdf, most, u) {
  if (!(most >= 0) || !(u >= 0)) return NaN;
  let below = -1, reached = Math.ceil(most);
  while (reached - below > 1) {
    const middle = Math.floor((below + reached) / 2);
    if (cdf(middle) >= u) reached = middle; else below = middle;
  }
  return reached;
}

/** @type {Record<string, (a: number, b: number, c: number) => number>} */
const SPECIAL = {
  normal_cdf: (x) => normalCdf(x),
  normal_quantile: (u) => normalQuantile(u),
  gamma_cdf: (shape, x) => gammaTails(shape, Math.max(x, 0))[0],
  gamma_quantile: gammaQuantile,
  beta_cdf: betaCdf,
  beta_quantile: betaQuantile,
  student_cdf: studentCdf,
  student_quantile: studentQuantile,
  poisson_cdf: poissonCdf,
  poisson_quantile: (mean, u) => countAt((k) => poissonCdf(mean, k), mean + 40 * Math.sqrt(mean) + 400, u),
  binomial_cdf: binomialCdf,
  binomial_quantile: (n, p, u) => countAt((k) => binomialCdf(n, p, k), p >= 0 && p <= 1 ? n : NaN, u),
};
