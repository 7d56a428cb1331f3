/* The controls of one input: its picture, handles for 5 % and 95 %, boxes to type in, fixed or varying. */

const STEPS = 400;
const PICTURE = { width: 300, height: 40, bins: 50 };

/** Round a number as finely as a handle moves. @param {Axis} axis @param {number} x */
function tidy({ from, to, logarithmic }, x) {
  const width = logarithmic ? Math.abs(x) * Math.log(to / from) : to - from;
  const place = Math.floor(Math.log10((width || 1) / STEPS));
  return Number(place < 0 ? x.toFixed(Math.min(-place, 100)) : (Math.round(x / 10 ** place) * 10 ** place).toPrecision(15));
}

/** A number as one would type it. @param {number} x */
function typedText(x) {
  return x !== 0 && Math.abs(x) < 1e-4 ? x.toExponential() : String(x);
}

/** An axis with room around what an input may be. @param {Distribution} base @param {InputData} input @returns {Axis} */
function inputAxis(base, input) {
  const low = input.low ?? -Infinity, high = input.high ?? Infinity;
  const quantile = quantileFunction(base.quantile);
  const five = quantile(0.05), ninetyFive = quantile(0.95);
  const single = five === ninetyFive;
  if (five > 0 && (single || ninetyFive / five > 4)) {
    const ratio = single ? 3 : (ninetyFive / five) ** 0.75;
    return { from: Math.max(five / ratio, low), to: Math.min(ninetyFive * ratio, high), logarithmic: true };
  }
  const room = single ? Math.max(Math.abs(five), 1) : 0.75 * (ninetyFive - five);
  // a positive range stays positive, as a range may not end at 0
  const [from, to] = [Math.max(five - room, five > 0 ? five / 4 : low, low), Math.min(ninetyFive + room, high)];
  return { from, to: to > from ? to : from + room, logarithmic: false };
}

/** @param {Quantile} quantile @param {InputData} input @returns {number[] | null} the values of an input that takes only some */
function stepsOf(quantile, { members }) {
  return members ? members.map((_, value) => value) : quantile.family === "steps" && quantile.values.length <= 20 ? quantile.values : null;
}

class InputControl {
  /**
   * @param {string} name @param {InputData} input
   * @param {(name: string, given: Assumption | null) => void} change called with what the reader assumes
   */
  constructor(name, input, change) {
    this.name = name;
    this.input = input;
    this.give = (/** @type {Assumption | null} */ given) => change(name, given);
    /** @type {Axis} */ this.axis = { from: 0, to: 1, logarithmic: false };
    /** @type {Distribution | null} */ this.shown = null;
    /** @type {Distribution | null} */ this.base = null;
    this.point = NaN;
    this.numbers = [0, 0];
    /** Whether the field that is typed in holds a distribution, which numbers are to replace. */
    this.whole = false;
    const unit = input.unit === "1" ? "" : ` (${input.unit})`;
    this.path = shape("path", { class: "area" });
    this.tick = shape("line", { class: "published", y1: 0, y2: PICTURE.height });
    const picture = shape("svg", {
      viewBox: `0 0 ${PICTURE.width} ${PICTURE.height}`, preserveAspectRatio: "none", "aria-hidden": "true" }, this.path, this.tick);
    this.sliders = ["5 %", "95 %"].map((end, k) => element("input", {
      type: "range", min: "0", max: String(STEPS), "aria-label": `${input.label}, ${end}`,
      oninput: () => this.slid(k) }));
    this.boxes = this.sliders.map((_, k) => element("input", {
      type: "text", inputMode: "decimal", autocomplete: "off", size: 9, onchange: () => this.typed(k),
      onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Escape") this.refill(); } }));
    this.faults = this.boxes.map((box, k) => {
      const id = `explorer-fault-${name}-${k}`;
      box.setAttribute("aria-describedby", id);
      return element("span", { className: "fault", id, role: "alert" });
    });
    this.names = this.boxes.map(() => element("span"));
    this.labels = this.boxes.map((box, k) => element("label", {}, this.names[k], box));
    this.select = element("select", { onchange: () => this.selected(), "aria-label": `${input.label}, value` });
    this.toggle = element("button", { type: "button", onclick: () => this.toggled() });
    this.reset = element("button", { type: "button", onclick: () => { this.refill(); this.give(null); this.toggle.focus(); }, "aria-label": `${input.label}: back to the study's` }, "Back to the study’s");
    this.note = element("p", { className: "note" });
    this.track = element("div", { className: "track" }, picture, ...this.sliders);
    this.root = element("fieldset", { className: "input", id: `explorer-input-${name}` },
      element("legend", {}, element("span", {}, input.label), unit),
      this.track,
      element("div", { className: "ends" }, ...this.labels.map((label, k) => element("div", {}, label, this.faults[k]))),
      element("div", { className: "row" }, this.select, this.toggle, this.reset, this.note));
  }

  /** @param {Distribution} base what it is without the reader's assumption @param {number} point @param {Distribution} current @param {() => Column} draws @param {Assumption | undefined} given @param {boolean} reaches */
  show(base, point, current, draws, given, reaches) {
    this.root.classList.toggle("changed", given !== undefined);
    this.reset.hidden = given === undefined;
    if (base !== this.base) this.axis = inputAxis(base, this.input);
    if (base !== this.base || point !== this.point) this.shown = null;
    this.base = base;
    this.point = point;
    if (current !== this.shown) this.draw(base, current, draws(), given);
    this.note.textContent = this.words(given, current, reaches);
  }

  /** @param {Distribution} base @param {Distribution} current @param {Column} draws @param {Assumption | undefined} given */
  draw(base, current, draws, given) {
    this.shown = current;
    const { axis } = this, { width, height, bins } = PICTURE;
    const quantile = quantileFunction(current.quantile), steps = stepsOf(base.quantile, this.input);
    this.fixed = current.quantile.family === "fixed";
    this.numbers = [0.05, 0.95].map((p) => tidy(axis, quantile(p)));
    if (this.fixed) this.numbers.fill(quantile(0.5));
    // the reader's own ends, which limits may have moved the quantiles from
    if (given && "low" in given && !given.level) this.numbers = [given.low, given.high];
    const ends = [axis.from, axis.to];
    // what was typed may lie outside; the picture follows
    if (!steps && (this.numbers[0] < ends[0] || this.numbers[1] > ends[1])) {
      this.axis = inputAxis(current, this.input);
      this.axis.from = Math.min(this.axis.from, ends[0]);
      this.axis.to = Math.max(this.axis.to, ends[1]);
      this.axis.logarithmic &&= this.axis.from > 0;
    }
    const place = (/** @type {number} */ x) => Math.min(Math.max(shareAlong(this.axis, x), 0), 1);
    if (this.fixed) {
      const at = place(this.numbers[0]) * width;
      this.path.setAttribute("d", `M${at - 1.5} ${height}V0H${at + 1.5}V${height}Z`);
    } else {
      this.path.setAttribute("d", outline(histogram(draws, this.axis.from, this.axis.to, this.axis.logarithmic, bins), width, height));
    }
    const point = shareAlong(this.axis, this.point);
    this.tick.toggleAttribute("hidden", !(point >= 0 && point <= 1));
    if (point >= 0 && point <= 1) for (const end of ["x1", "x2"]) this.tick.setAttribute(end, String(point * width));
    this.numbers.forEach((x, k) => {
      const slider = this.sliders[k], box = this.boxes[k];
      slider.value = String(Math.round(place(x) * STEPS));
      slider.setAttribute("aria-valuetext", `${pointText(x)} ${this.input.unit === "1" ? "" : this.input.unit}`);
      if (document.activeElement !== box || this.whole) box.value = typedText(x);
    });
    this.whole = false;
    this.say();
    this.arrange(steps, base.quantile.values ?? (base.quantile.family === "fixed" ? [] : steps));
  }

  /** Write the numbers that hold into the fields, in place of what was typed and refused. */
  refill() {
    this.boxes.forEach((box, k) => { box.value = typedText(this.numbers[k]); });
    this.say();
  }

  /** Say what is wrong with the fields, each beside its own; nothing where all is right. @param {string[]} faults */
  say(...faults) {
    this.faults.forEach((fault, k) => {
      fault.textContent = faults[k] ?? "";
      this.boxes[k].setAttribute("aria-invalid", String(!!faults[k]));
    });
  }

  /** Take an assumption, or say at a field why it cannot be, while the last one stays. @param {Assumption} given @param {number} end the field @returns {boolean} */
  offer(given, end) {
    try {
      assumed(given, this.input);
    } catch (error) {
      const words = `${/** @type {Error} */ (error).message}.`;
      this.say(...this.faults.map((_, k) => (k === end ? words[0].toUpperCase() + words.slice(1) : "")));
      return false;
    }
    this.say();
    this.give(given);
    return true;
  }

  /** What a value is called: the label of the member that it stands for, or the number. @param {number} x */
  called(x) {
    return this.input.members?.[x][1] ?? String(x);
  }

  /** Show the controls that apply. @param {number[] | null} steps @param {number[]} may those that it takes without the reader's assumption */
  arrange(steps, may) {
    const fixed = this.fixed;
    this.names[0].textContent = fixed ? "value" : "5 %";
    this.names[1].textContent = "95 %";
    this.sliders[0].setAttribute("aria-label", `${this.input.label}, ${fixed ? "value" : "5 %"}`);
    this.sliders[1].hidden = this.labels[1].hidden = !!(fixed || steps);
    this.sliders[0].hidden = this.labels[0].hidden = steps !== null;
    this.toggle.hidden = steps !== null;
    this.toggle.textContent = fixed ? "Let it vary" : "Fix it";
    this.toggle.setAttribute("aria-label", `${this.input.label}: ${fixed ? "let it vary" : "fix it"}`);
    this.select.hidden = steps === null;
    if (steps) {
      const all = steps.map((x) => element("option", { value: String(x) }, `always ${this.called(x)}`));
      if (may.length) all.unshift(element("option", { value: "" }, `any of ${may.map((x) => this.called(x)).join(", ")}`));
      this.select.replaceChildren(...all);
      this.select.value = fixed ? String(this.numbers[0]) : "";
    }
  }

  /** @param {Assumption | undefined} given @param {Distribution} current @param {boolean} reaches */
  words(given, current, reaches) {
    const parts = [];
    const { unit, low, high, members } = this.input;
    if (given && !("value" in given)) {
      const positive = "low" in given && given.low > 0;
      const cut = [low === null || (positive && low <= 0) ? "" : `below ${low}`, high === null ? "" : `above ${high}`].filter(Boolean);
      const limits = cut.length && current.quantile.family === "truncate" ? `; nothing ${cut.join(" or ")}` : "";
      parts.push(`Yours: ${positive ? "lognormal" : "normal"}, ${given.text ?? "nine in ten values between these two"}${limits}.`);
    } else if (given) parts.push("Yours: fixed.");
    parts.push(`Point: ${members ? this.called(this.point) : withUnit(exactText(this.point), unit)}.`);
    if (!reaches) parts.push("Does not reach this result.");
    return parts.join(" ");
  }

  /** @param {number} end */
  slid(end) {
    const x = tidy(this.axis, valueAlong(this.axis, Number(this.sliders[end].value) / STEPS));
    if (this.fixed) return this.offer({ value: x }, 0) || this.put(end);
    const other = this.numbers[1 - end];
    const [low, high] = end ? [other, x] : [x, other];
    return low < high && this.offer({ low, high }, end) || this.put(end);
  }

  /** Put a handle back that would pass the other one. @param {number} end */
  put(end) {
    this.sliders[end].value = String(Math.round(shareAlong(this.axis, this.numbers[end]) * STEPS));
  }

  /** Take what the fields show, all of them, whichever was changed. @param {number} end that one */
  typed(end) {
    const whole = readWhole(this.boxes[end].value, this.input.unit);
    if (whole) return this.typedWhole(whole, end);
    const entries = this.boxes.slice(0, this.fixed ? 1 : 2).map((box) => readEntry(box.value, this.input.unit));
    const faults = entries.map(({ fault }) => fault);
    if (faults.some(Boolean)) return this.say(...faults);
    const [first, second] = entries.map(({ x }) => x);
    return this.offer(this.fixed ? { value: first } : { low: first, high: second }, end);
  }

  /** Take a distribution that was written into one field; the fields then show its ends. @param {{ given: Assumption | null, fault: string }} whole @param {number} end */
  typedWhole({ given, fault }, end) {
    if (!given) return this.say(...this.faults.map((_, k) => (k === end ? fault : "")));
    this.whole = true;
    return this.offer(given, end);
  }

  selected() {
    const { value } = this.select;
    this.give(value ? { value: Number(value), text: this.input.members?.[Number(value)][0] } : null);
  }

  toggled() {
    const quantile = quantileFunction(/** @type {Distribution} */ (this.shown).quantile);
    const middle = quantile(0.5);
    if (!this.fixed) return this.give({ value: tidy(this.axis, middle) });
    const base = /** @type {Distribution} */ (this.base).quantile;
    if (base.family !== "fixed") return this.give(null);
    if (middle === 0) return this.give((this.input.low ?? -1) < 0 ? { low: -1, high: 1 } : { low: 0.1, high: 1 });
    const [low, high] = middle > 0 ? [middle / 1.5, middle * 1.5] : [2 * middle, -middle];
    return this.give({ low: tidy(this.axis, low), high: tidy(this.axis, high) });
  }
}
