/* Which equation and which distribution every name stands for, once a reader has chosen. */

/** @param {Program} program @param {State} state @returns {Map<string, string>} */
function chosenOptions(program, state) {
  const published = Object.entries(program.choices).map(([name, { options }]) => [name, Object.keys(options)[0]]);
  const given = [program.readings[state.reading].choices, program.settings.choices].flatMap(Object.entries);
  return new Map(/** @type {[string, string][]} */ ([...published, ...given, ...state.choices]));
}

/** Say why a set of options makes no sense, if it does not. @param {Program} program @param {Map<string, string>} options */
function excludedBecause(program, options) {
  const met = program.excluded.find(({ when }) =>
    Object.entries(when).every(([choice, names]) => names.includes(options.get(choice) ?? "")));
  return met?.because;
}

/**
 * Apply a reading, then options, then assumptions, as scenario.py does.
 * @param {Program} program @param {State} state @returns {Plan} @throws {Error} in words for the reader
 */
function makePlan(program, state) {
  const options = chosenOptions(program, state);
  const because = excludedBecause(program, options);
  if (because) throw new Error(`These answers do not go together: ${because}.`);
  const equations = new Map(Object.entries(program.equations));
  /** @type {Map<string, Distribution>} */ const replaced = new Map();
  const replace = (/** @type {Record<string, Distribution>} */ found) => {
    for (const [name, distribution] of Object.entries(found)) replaced.set(name, distribution);
  };
  for (const [choice, name] of options) {
    const option = program.choices[choice].options[name];
    for (const [equation, node] of Object.entries(option.equations)) equations.set(equation, node);
    replace(option.inputs);
  }
  replace(program.readings[state.reading].inputs);
  replace(program.settings.inputs);
  for (const [name, assumption] of state.inputs) {
    const input = program.inputs[name];
    if (input.share) throw new Error(filled(program.sentences.whole, { label: input.label, name }));
    try {
      replaced.set(name, assumed(assumption, input));
    } catch (error) {
      throw new Error(`${input.label}: ${/** @type {Error} */ (error).message}.`);
    }
  }
  const point = pointsOf(program, replaced);
  /** @type {Map<string, Distribution>} */ const distributions = new Map();
  /** @type {Map<string, number>} */ const points = new Map();
  for (const [name, input] of Object.entries(program.inputs)) {
    const at = point(name), found = replaced.get(name) ?? input.distribution;
    points.set(name, at);
    distributions.set(name, found ?? { text: String(at), quantile: { family: "fixed", value: at } });
  }
  return { options, equations, distributions, points };
}

/** Return a function that gives inputs' points, some of them computed from others. @param {Program} program @param {Map<string, Distribution>} replaced */
function pointsOf(program, replaced) {
  /** @type {(name: string) => number} */
  const point = (name) => {
    const moved = replaced.get(name);
    const { point: given, factor } = program.inputs[name];
    if (moved) return moved.point ?? quantileFunction(moved.quantile)(0.5);
    return typeof given === "number" ? given : value(given.node) / factor;
  };
  /** @type {(position: number) => number} */
  const value = (position) => {
    const [operation, ...rest] = program.nodes[position];
    if (operation === "number") return rest[0];
    if (operation === "name") return point(rest[0]) * program.inputs[rest[0]].factor;
    const values = rest.map(value);
    if (operation === "minimum" || operation === "maximum") return Math[operation === "minimum" ? "min" : "max"](...values);
    const out = new Float64Array(1);
    const [a, b, c] = values.map((each) => Float64Array.of(each));
    OPERATIONS[operation](out, a, b, c);
    return out[0];
  };
  return point;
}
