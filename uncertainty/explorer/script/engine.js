/* The study's equations on columns of draws. A column is known by what it is computed from, so that a
   change computes again only what depends on it, and going back computes nothing. */

/** 1 or 0; NaN where one of the two is NaN. @param {number} a @param {number} b @param {boolean} holds */
const truth = (a, b, holds) => (Number.isNaN(a) || Number.isNaN(b) ? NaN : +holds);

/** @type {Record<string, (a: number, b: number) => boolean>} */
const COMPARISONS = {
  less: (a, b) => a < b, less_equal: (a, b) => a <= b, greater: (a, b) => a > b,
  greater_equal: (a, b) => a >= b, equal: (a, b) => a === b, not_equal: (a, b) => a !== b,
};

/** @type {Record<string, (out: Column, a: Column, b: Column, c: Column) => void>} */
const OPERATIONS = {
  add: (out, a, b) => { for (let i = 0; i < out.length; i++) out[i] = a[i] + b[i]; },
  subtract: (out, a, b) => { for (let i = 0; i < out.length; i++) out[i] = a[i] - b[i]; },
  multiply: (out, a, b) => { for (let i = 0; i < out.length; i++) out[i] = a[i] * b[i]; },
  divide: (out, a, b) => { for (let i = 0; i < out.length; i++) out[i] = a[i] / b[i]; },
  power: (out, a, b) => { for (let i = 0; i < out.length; i++) out[i] = a[i] === 1 || b[i] === 0 ? 1 : a[i] ** b[i]; },
  logical_and: (out, a, b) => { for (let i = 0; i < out.length; i++) out[i] = a[i] === 0 || b[i] === 0 ? 0 : truth(a[i], b[i], true); },
  logical_or: (out, a, b) => { for (let i = 0; i < out.length; i++) out[i] = Math.abs(a[i]) > 0 || Math.abs(b[i]) > 0 ? 1 : truth(a[i], b[i], false); },
  logical_not: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = truth(a[i], 0, a[i] === 0); },
  minimum: (out, a, b) => { for (let i = 0; i < out.length; i++) out[i] = Math.min(a[i], b[i]); },
  maximum: (out, a, b) => { for (let i = 0; i < out.length; i++) out[i] = Math.max(a[i], b[i]); },
  where: (out, a, b, c) => { for (let i = 0; i < out.length; i++) out[i] = Number.isNaN(a[i]) ? NaN : a[i] !== 0 ? b[i] : c[i]; },
  negative: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = -a[i]; },
  sqrt: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(a[i]); },
  exp: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.exp(a[i]); },
  expm1: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.expm1(a[i]); },
  log: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.log(a[i]); },
  log1p: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.log1p(a[i]); },
  log10: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.log10(a[i]); },
  sin: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.sin(a[i]); },
  cos: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.cos(a[i]); },
  tan: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.tan(a[i]); },
  tanh: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.tanh(a[i]); },
  asin: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.asin(a[i]); },
  acos: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.acos(a[i]); },
  atan: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.atan(a[i]); },
  floor: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.floor(a[i]); },
  ceil: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.ceil(a[i]); },
  round: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = roundHalfEven(a[i]); },
  abs: (out, a) => { for (let i = 0; i < out.length; i++) out[i] = Math.abs(a[i]); },
};
for (const [name, of] of Object.entries(COMPARISONS)) {
  OPERATIONS[name] = (out, a, b) => { for (let i = 0; i < out.length; i++) out[i] = truth(a[i], b[i], of(a[i], b[i])); };
}
for (const [name, of] of Object.entries(SPECIAL)) {
  OPERATIONS[name] = (out, a, b, c) => { for (let i = 0; i < out.length; i++) out[i] = of(a[i], b?.[i], c?.[i]); };
}

/** The nearest whole number, of two the even one; `Math.round` takes the upper one. @param {number} x */
function roundHalfEven(x) {
  const nearest = Math.round(x);
  return nearest - x === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

/** The cells that an input's draws fall in; the same integers as `order` in stream.py. @param {string} name @param {number} draws */
function drawOrder(name, draws) {
  let seed = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) seed = Math.imul(seed ^ byte, 0x01000193) >>> 0;
  const keyed = new Float64Array(draws);
  for (let i = 0; i < draws; i++) {
    let key = (seed + Math.imul(0x9e3779b9, i + 1)) >>> 0;
    key = Math.imul(key ^ (key >>> 16), 0x85ebca6b) >>> 0;
    key = Math.imul(key ^ (key >>> 13), 0xc2b2ae35) >>> 0;
    keyed[i] = ((key ^ (key >>> 16)) >>> 0) * 2 ** 20 + i;
  }
  return Uint32Array.from(keyed.sort(), (value) => value % 2 ** 20);
}

/**
 * A column, or a constant as a column of length 1, with the inputs that it depends on.
 * @typedef {{id: number, values: Column, whole: Column | null, inputs: Set<string>, run: number}} Entry
 */

class Engine {
  /** @param {Program} program */
  constructor(program) {
    this.program = program;
    this.run = 0;
    this.count = 0;
    /** @type {Map<string, Entry>} */ this.known = new Map();
    /** @type {Map<string, number>} */ this.solved = new Map();
    /** @type {Map<string, Uint32Array>} */ this.orders = new Map();
    /** @type {Map<string, number>} */ this.equations = new Map();
    /** @type {Map<string, Distribution>} */ this.distributions = new Map();
    /** @type {Map<string, Entry>} */ this.names = new Map();
    /** @type {Map<number, Entry>} */ this.nodes = new Map();
  }

  /** Compute every output of a plan. @param {Plan} plan @returns {Results} */
  evaluate({ equations, distributions }) {
    this.run += 1;
    this.equations = equations;
    this.distributions = distributions;
    this.names.clear();
    this.nodes.clear();
    /** @type {Map<string, Column>} */ const columns = new Map();
    /** @type {Map<string, Set<string>>} */ const reached = new Map();
    for (const [name, output] of Object.entries(this.program.outputs)) {
      let entry = this.node(output.node);
      if (output.factor !== 1) entry = this.apply("divide", [entry, this.constant(output.factor)]);
      columns.set(name, this.whole(entry));
      reached.set(name, entry.inputs);
    }
    this.forget();
    return { columns, reached, ranking: (name) => this.ranking(name), input: (name) => this.whole(this.input(name)) };
  }

  /** Find an entry, or make it. @param {string} key @param {() => [Column, Iterable<string>]} make */
  entry(key, make) {
    let found = this.known.get(key);
    if (!found) {
      const [values, inputs] = make();
      found = { id: this.count++, values, whole: null, inputs: new Set(inputs), run: this.run };
      this.known.set(key, found);
    }
    found.run = this.run;
    return found;
  }

  /** @param {number} value */
  constant(value) {
    return this.entry(`number ${value}`, () => [Float64Array.of(value), []]);
  }

  /** @param {number} position @returns {Entry} */
  node(position) {
    let found = this.nodes.get(position);
    if (found) return found;
    const [operation, ...rest] = this.program.nodes[position];
    if (operation === "number") found = this.constant(rest[0]);
    else if (operation === "name") found = this.name(rest[0]);
    else if (operation === "draws") found = this.draws(rest[0]);
    else if (operation === "where") found = this.where(rest);
    else if (operation === "minimum" || operation === "maximum") {
      found = rest.map((each) => this.node(each)).reduce((a, b) => this.apply(operation, [a, b]));
    } else found = this.apply(operation, rest.map((each) => this.node(each)));
    this.nodes.set(position, found);
    return found;
  }

  /**
   * A constant condition decides here, so that the other branch need not even be defined; the result depends on what
   * it is made from all the same. @param {number[]} operands @returns {Entry}
   */
  where([condition, yes, no]) {
    const decided = this.node(condition);
    if (decided.values.length > 1) return this.apply("where", [decided, this.node(yes), this.node(no)]);
    const taken = this.node(decided.values[0] !== 0 ? yes : no);
    return this.entry(`taken ${decided.id},${taken.id}`, () => [taken.values, [...decided.inputs, ...taken.inputs]]);
  }

  /** @param {string} name @returns {Entry} */
  name(name) {
    let found = this.names.get(name);
    if (found) return found;
    const equation = this.equations.get(name);
    if (equation !== undefined) found = this.node(equation);
    else {
      found = this.input(name);
      const { factor } = this.program.inputs[name];
      if (factor !== 1) found = this.apply("multiply", [found, this.constant(factor)]);
    }
    this.names.set(name, found);
    return found;
  }

  /** An input's values in its own unit: what its draws become by its parameters. @param {string} name @returns {Entry} */
  input(name) {
    const given = this.distributions.get(name)?.given;
    return given === undefined ? this.draws(name) : this.node(given);
  }

  /** What is drawn of an input, in its own unit. @param {string} name @returns {Entry} */
  draws(name) {
    const { quantile } = /** @type {Distribution} */ (this.distributions.get(name));
    const [source, uniforms] = this.uniforms(name);
    return this.entry(`input ${name} ${source} ${JSON.stringify(quantile)}`, () => {
      if (quantile.family === "fixed") return [Float64Array.of(quantile.value), [name]];
      return [uniforms().map(quantileFunction(quantile)), [name]];
    });
  }

  /** @param {string} operation @param {Entry[]} operands */
  apply(operation, operands) {
    return this.entry(`${operation} ${operands.map((each) => each.id)}`, () => {
      const constant = operands.every((each) => each.values.length === 1);
      const out = new Float64Array(constant ? 1 : this.program.draws);
      const [a, b, c] = operands.map((each) => (constant ? each.values : this.whole(each)));
      OPERATIONS[operation](out, a, b, c);
      return [out, operands.flatMap((each) => [...each.inputs])];
    });
  }

  /** A column of full length. @param {Entry} entry @returns {Column} */
  whole(entry) {
    if (entry.values.length !== 1) return entry.values;
    return (entry.whole ??= new Float64Array(this.program.draws).fill(entry.values[0]));
  }

  /** What an input's uniforms are made from, as text, and how they are made. @param {string} name @returns {[string, () => Column]} */
  uniforms(name) {
    const varying = (/** @type {string} */ each) => this.distributions.get(each)?.quantile.family !== "fixed";
    const pairs = among(this.program.correlations, varying).map((pair) => this.continuous(pair));
    if (!pairs.some((pair) => pair.inputs.includes(name))) return ["alone", () => this.independent(name)];
    const members = [...new Set(pairs.flatMap((pair) => pair.inputs))].sort();
    return [`with ${members} ${pairs.map((pair) => pair.scores)}`, () => {
      const weights = cholesky(members, pairs)[members.indexOf(name)];
      const score = new Float64Array(this.program.draws);
      weights.forEach((weight, k) => {
        if (!weight) return;
        const own = this.independent(members[k]);
        for (let i = 0; i < score.length; i++) score[i] += weight * normalQuantile(own[i]);
      });
      return score.map((x) => Math.min(Math.max(normalCdf(x), 2 ** -54), RULES.beforeOne));
    }];
  }

  /** A pair with the correlation of normal scores that its inputs' distributions need. @param {Correlation} pair @returns {Correlation} */
  continuous(pair) {
    const own = pair.inputs.map((name) => this.distributions.get(name));
    const needed = pair.targets.find(({ shapes }) => shapes.every((shape, i) => shape === (own[i]?.shape ?? "")));
    if (!pair.linear || (needed && own.every((each) => each?.shape !== undefined))) return { ...pair, ...needed };
    const [one, other] = own.map((each) => /** @type {Distribution} */ (each).quantile);
    const key = JSON.stringify([one, other, pair.scores]);
    let scores = this.solved.get(key);
    if (scores === undefined) this.solved.set(key, (scores = scoreCorrelation(one, other, pair.scores)));
    return { ...pair, scores };
  }

  /** @param {string} name */
  order(name) {
    let found = this.orders.get(name);
    if (!found) this.orders.set(name, (found = drawOrder(name, this.program.draws)));
    return found;
  }

  /** @param {string} name */
  independent(name) {
    return Float64Array.from(this.order(name), (cell) => (cell + 0.5) / this.program.draws);
  }

  /** @param {string} name */
  ranking(name) {
    const [source, uniforms] = this.program.inputs[name].share ? ["whole", () => this.whole(this.input(name))] : this.uniforms(name);
    const ranked = new Uint32Array(this.program.draws);
    if (source === "alone") this.order(name).forEach((cell, draw) => { ranked[cell] = draw; });
    else {
      const values = uniforms();
      ranked.set(Uint32Array.from(values.keys()).sort((i, j) => values[i] - values[j]));
    }
    return ranked;
  }

  /** Forget what neither this run nor the two before it used. */
  forget() {
    for (const [key, entry] of this.known) if (entry.run < this.run - 2) this.known.delete(key);
  }
}

/**
 * The pairs of inputs that vary; what has one score is bound by pairs with the first, without it by the next.
 * @param {Program["correlations"]} pairs @param {(name: string) => boolean} varying
 */
function among(pairs, varying) {
  const left = /** @type {Map<string, string>} */ (new Map());
  return pairs.flatMap((pair) => {
    const [one, other] = pair.inputs;
    if (varying(one) && varying(other)) return [pair];
    if (pair.scores < RULES.alike || varying(one) || !varying(other)) return [];
    const first = left.get(one);
    if (first === undefined) left.set(one, other);
    return first === undefined ? [] : [/** @type {Correlation} */ ({ ...pair, inputs: [first, other] })];
  });
}

/**
 * Of each member the first that has one score with it.
 * @param {string[]} members @param {Program["correlations"]} pairs
 */
function firsts(members, pairs) {
  const known = new Map(members.map((name) => [name, name]));
  const first = (/** @type {string} */ name) => {
    let found = name;
    for (let next = known.get(found); next !== undefined && next !== found; next = known.get(found)) found = next;
    return found;
  };
  for (const { inputs, scores } of pairs) {
    const [one, other] = inputs.map(first).sort();
    if (scores >= RULES.alike) known.set(other, one);
  }
  return members.map(first);
}

/**
 * The lower Cholesky factor of the normal scores' correlations; what has one score has it to the last bit.
 * @param {string[]} members @param {Program["correlations"]} pairs
 */
function cholesky(members, pairs) {
  const first = firsts(members, pairs);
  const matrix = members.map((one, i) => members.map((other, j) => {
    if (first[i] === first[j]) return i === j ? 1 : RULES.oneScore;
    return pairs.findLast(({ inputs }) => inputs.includes(one) && inputs.includes(other))?.scores ?? 0;
  }));
  const factor = members.map(() => members.map(() => 0));
  for (let i = 0; i < members.length; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i][j];
      for (let k = 0; k < j; k++) rest -= factor[i][k] * factor[j][k];
      factor[i][j] = i === j ? Math.sqrt(rest) : rest / factor[j][j];
    }
  }
  return matrix.map((row) => factor[row.findIndex((score) => score >= RULES.alike)]);
}
