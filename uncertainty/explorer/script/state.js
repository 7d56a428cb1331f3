/* What the reader has chosen, as a link, as a command, and as a clause. */

const PREFIX = "explore:";

/** What a page without an address opens on. @param {Program} program @returns {State} */
function initialState(program) {
  return { ...publishedState(program), reading: program.opens };
}

/** @param {Program} program @returns {State} */
function publishedState(program) {
  return { reading: Object.keys(program.readings)[0], output: program.headline, choices: new Map(), inputs: new Map() };
}

/** @param {Assumption} given @param {(value: number) => string} [write] of a number: as an address has it, or a sentence */
function assumptionText(given, write = String) {
  if ("value" in given) return given.text ?? write(given.value);
  return given.text ?? ("low" in given ? `${write(given.low)} to ${write(given.high)}` : "");
}

/** @param {string} text @param {string} unit @returns {Assumption | null} */
function readAssumption(text, unit) {
  const whole = readWhole(text, unit);
  if (whole) return whole.given;
  const value = plainNumber(text.trim());
  return Number.isFinite(value) ? { value } : null;
}

/** The part of the address that carries a state; empty for the one that a page opens on. @param {Program} program @param {State} state */
function addressOf(program, state) {
  const first = initialState(program);
  const found = new URLSearchParams();
  if (state.reading !== publishedState(program).reading) found.set("reading", state.reading);
  if (state.output !== first.output) found.set("output", state.output);
  for (const [choice, option] of state.choices) found.append("choose", `${choice}=${option}`);
  for (const [name, given] of state.inputs) found.append("set", `${name}=${assumptionText(given)}`);
  const changed = state.output !== first.output || state.choices.size > 0 || state.inputs.size > 0;
  if (!changed && state.reading === first.reading) return "";
  if (!changed) found.set("reading", state.reading);
  const text = found.toString();
  return text ? `#${PREFIX}${text}` : "";
}

/** An assumption that the explorer can draw from, or nothing. @param {string} text @param {InputData} input */
function soundAssumption(text, input) {
  if (input.members) {
    const value = input.members.findIndex(([name]) => name === text);
    return value < 0 ? null : { value, text };
  }
  const given = readAssumption(text, input.unit);
  try {
    return given && assumed(given, input) && given;
  } catch {
    return null;
  }
}

/**
 * Drop the reader's answers that do not go together with a reading, the latest first.
 * @param {Program} program @param {State} state @returns {string} what was dropped and why; empty if nothing was
 */
function dropExcluded(program, state) {
  const because = excludedBecause(program, chosenOptions(program, state));
  if (!because) return "";
  /** @type {string[]} */ const dropped = [];
  for (const choice of [...state.choices.keys()].reverse()) {
    if (!excludedBecause(program, chosenOptions(program, state))) break;
    const { question, options } = program.choices[choice];
    dropped.push(`“${options[/** @type {string} */ (state.choices.get(choice))].label}” for “${question}”`);
    state.choices.delete(choice);
  }
  return `Not kept: ${listed(dropped)}, since these answers do not go together: ${because}.`;
}

/** Read a state from an address; what the study does not know or cannot be is named in `unknown`. @param {Program} program @param {string} address */
function readAddress(program, address) {
  /** @type {string[]} */ const unknown = [];
  if (!address.startsWith(`#${PREFIX}`)) return { state: initialState(program), unknown, dropped: "" };
  // an address that names no reading is of the publication's own
  const state = publishedState(program);
  for (const [key, text] of new URLSearchParams(address.slice(PREFIX.length + 1))) {
    const [name, value] = text.split(/=(.*)/s);
    const assumption = key === "set" && Object.hasOwn(program.inputs, name) ? soundAssumption(value ?? "", program.inputs[name]) : null;
    if (key === "reading" && Object.hasOwn(program.readings, text)) state.reading = text;
    else if (key === "output" && Object.hasOwn(program.outputs, text)) state.output = text;
    else if (key === "choose" && Object.hasOwn(program.choices, name) && Object.hasOwn(program.choices[name].options, value ?? "")) {
      state.choices.set(name, value);
    } else if (assumption) state.inputs.set(name, assumption);
    else unknown.push(`${key}=${text}`);
  }
  return { state, unknown, dropped: dropExcluded(program, state) };
}

/** What a reader would type to get the same from Python. @param {Program} program @param {State} state */
function commandOf(program, state) {
  const quoted = (/** @type {string} */ text) => (/[^\w.=/:-]/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : text);
  const words = [program.command, program.outputs[state.output].only, `--reading ${state.reading}`];
  for (const [choice, option] of state.choices) words.push(`--choose ${choice}=${option}`);
  for (const [name, given] of state.inputs) words.push(`--set ${quoted(`${name}=${assumptionText(given)}`)}`);
  return words.join(" ");
}

/**
 * Say what is granted: the reading's own condition where nothing that it rests on was changed, else every
 * answer and value that differs from the publication.
 * @param {Program} program @param {State} state @param {Plan} plan
 */
function clauseOf(program, state, plan) {
  const reading = program.readings[state.reading];
  const own = [...state.inputs.keys()];
  const told = (/** @type {string} */ name) => {
    const { label, unit, members } = program.inputs[name];
    const given = state.inputs.get(name);
    if (!given) return `${label} is ${/** @type {Distribution} */ (plan.distributions.get(name)).text}`;
    return `${label} is ${members && "value" in given ? members[given.value][1] : withUnit(assumptionText(given, exactText), unit)}`;
  };
  const changed = [...state.choices].some(([choice, option]) =>
    option !== (reading.choices[choice] ?? Object.keys(program.choices[choice].options)[0]));
  if (!changed && !own.some((name) => Object.hasOwn(reading.inputs, name))) {
    return own.length ? `${reading.condition}, but ${listed(own.map(told))},` : `${reading.condition},`;
  }
  const answers = [...plan.options].flatMap(([choice, option]) => {
    const { question, options } = program.choices[choice];
    return option === Object.keys(options)[0] ? [] : [`“${question}” is answered by “${options[option].label}”`];
  });
  const values = [...new Set([...Object.keys(reading.inputs), ...own])].map(told);
  const parts = [...answers, ...values];
  return parts.length ? `If ${listed(parts)},` : program.sentences.unchanged;
}

/**
 * Say under which reading a result is, whether with changes of the reader's own, and whether it is of single cases.
 * @param {Program} program @param {State} state @param {string[]} varying the inputs that vary and reach it
 */
function shownText(program, state, varying) {
  const { label } = program.readings[state.reading];
  const own = state.choices.size + state.inputs.size ? ", with your own changes" : "";
  const single = varying.some((name) => program.inputs[name].kind === "variability");
  return `${single ? "Single cases, no averages; counted" : "Counted"} by “${label}”${own}:`;
}
