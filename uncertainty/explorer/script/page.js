/* The explorer on its page: the reader's state in, numbers and pictures out. */

const SETTLED = 500; // milliseconds after which a change is told to a screen reader
const MOST_DRIVERS = 8;

class Page {
  /** @param {HTMLElement} root @param {Program} program */
  constructor(root, program) {
    this.root = root;
    this.program = program;
    this.engine = new Engine(program);
    this.state = initialState(program);
    /** The last state that has numbers: what a link and a command lead to. */
    this.sound = this.state;
    this.pending = 0;
    this.settling = 0;
    this.arranged = "";
    this.parts = this.build();
    root.replaceChildren(this.parts.top, this.parts.results, this.parts.controls);
    root.explorer = {
      program, milliseconds: NaN, state: () => this.state,
      compute: (state) => this.compute(state) };
    this.read();
    addEventListener("hashchange", () => this.read());
  }

  /** @param {State} state */
  compute(state) {
    const plan = makePlan(this.program, state);
    return { plan, results: this.engine.evaluate(plan) };
  }

  build() {
    const { program } = this;
    const line = (/** @type {string} */ className, /** @type {object} */ rest = {}) => element("p", { className, ...rest });
    const options = (/** @type {Record<string, {label: string}>} */ found) =>
      Object.entries(found).map(([name, { label }]) => element("option", { value: name }, label));
    const reading = element("select", { id: "explorer-reading", onchange: () => {
      this.state = { ...this.state, reading: reading.value };
      const dropped = dropExcluded(program, this.state);
      this.refill();
      this.chosen();
      told.textContent = [dropped, this.kept()].filter(Boolean).join(" ");
    } }, ...options(program.readings));
    const output = element("select", { id: "explorer-output", onchange: () => {
      this.state.output = output.value;
      this.chosen();
    } }, ...options(program.outputs));
    const told = line("told", { role: "status" });
    const link = element("input", { type: "text", readOnly: true, hidden: true, "aria-label": "Link to this view" });
    const copy = element("button", { type: "button", onclick: async () => {
      this.settle();
      const view = this.root.classList.contains("stale") ? "the last view that had numbers" : "this view";
      try {
        await navigator.clipboard.writeText(location.href);
        told.textContent = `The link to ${view} was copied.`;
      } catch {
        link.hidden = false;
        link.value = location.href;
        link.select();
        told.textContent = `Copy the link to ${view} from the field.`;
      }
    } }, "Copy a link to this view");
    const again = element("button", { type: "button", onclick: () => {
      this.state = { ...publishedState(program), output: this.state.output };
      this.refill();
      this.chosen();
    } }, "Back to the publication’s own");
    const top = element("div", { className: "top" },
      element("label", {}, "Start from the reading", reading), element("label", {}, "Result", output),
      element("div", { className: "row" }, copy, again, link), told);

    const notice = line("notice", { role: "alert", hidden: true });
    const shown = line("shown");
    const figure = line("figure");
    const interval = line("interval");
    const dropped = line("note");
    const picture = element("div", { className: "picture" });
    const sentence = line("sentence");
    const live = line("unseen", { "aria-live": "polite", "aria-atomic": "true" });
    const bars = element("ol", { className: "bars" });
    const barsNote = line("note");
    const command = element("code");
    const results = element("div", { className: "results", role: "group", "aria-label": "Result" },
      notice, shown, figure, interval, dropped, picture, sentence, live,
      element("h3", {}, "What drives it"), bars, barsNote,
      element("details", {}, element("summary", {}, "The same from the command line"), element("pre", { tabIndex: 0 }, command)));

    /** @type {Map<string, HTMLInputElement[]>} */ const radios = new Map();
    const choices = Object.entries(program.choices).map(([name, choice]) => {
      const found = Object.entries(choice.options).map(([option, { label }]) => {
        const radio = element("input", { type: "radio", name: `explorer-${name}`, value: option, onchange: () => {
          this.state.choices.set(name, option);
          this.chosen();
        } });
        return { radio, label: element("label", {}, radio, element("span", {}, label)) };
      });
      radios.set(name, found.map((each) => each.radio));
      return element("fieldset", { className: "choice" }, element("legend", {}, choice.question), ...found.map((each) => each.label));
    });
    const inputs = new Map(Object.entries(program.inputs).map(([name, input]) => [name, new InputControl(name, input, (which, given) => {
      if (given) this.state.inputs.set(which, given); else this.state.inputs.delete(which);
      this.changed();
    })]));
    const all = element("input", { type: "checkbox", onchange: () => this.filter() });
    const count = element("span");
    const list = element("div", { className: "inputs" }, ...[...inputs.values()].map((control) => control.root));
    const controls = element("div", { className: "controls" },
      ...(choices.length ? [element("h3", {}, "What the publication decided"), element("div", { className: "choices" }, ...choices)] : []),
      element("h3", {}, "The numbers that go in"),
      element("p", { className: "note" }, program.sentences.ranges),
      element("label", { className: "all" }, all, count), list);
    return { top, results, controls, reading, output, told, link, notice, shown, figure, interval, dropped, picture, sentence, live, bars,
      barsNote, command, radios, inputs, all, count, list };
  }

  /** Take the state from the address. */
  read() {
    const { state, unknown, dropped } = readAddress(this.program, location.hash);
    if (location.hash && !location.hash.startsWith(`#${PREFIX}`) && this.arranged) return;
    this.state = state;
    if (location.hash.startsWith(`#${PREFIX}`)) this.root.closest("section")?.scrollIntoView();
    this.refill();
    this.update();
    const foreign = unknown.length ? `This study does not know: ${unknown.join(", ")}.` : "";
    const told = [foreign, dropped];
    if (this.root.classList.contains("stale") && addressOf(this.program, state)) {
      told.push(`The link leads to no numbers. ${this.parts.notice.textContent}`);
      this.state = { ...initialState(this.program), output: state.output };
      this.update();
    }
    this.parts.told.textContent = told.filter(Boolean).join(" ");
  }

  /** Let every field show what holds. */
  refill() {
    for (const control of this.parts.inputs.values()) control.refill();
  }

  /** Say which of the reader's changes stay under another reading; empty without any. */
  kept() {
    const { choices, inputs } = this.state;
    const labels = [...choices.keys()].map((name) => `“${this.program.choices[name].question}”`);
    labels.push(...[...inputs.keys()].map((name) => this.program.inputs[name].label));
    return labels.length ? `Your own stay as they are: ${listed(labels)}.` : "";
  }

  /** Compute once before the next picture, however many changes there were. */
  changed() {
    this.parts.told.textContent = "";
    this.parts.link.hidden = true;
    this.pending ||= requestAnimationFrame(() => this.settle());
  }

  /** Compute at once what was chosen: it sorts the inputs anew, and a field that moves loses what is being typed. */
  chosen() {
    this.changed();
    this.settle();
  }

  /** Compute what is still to be computed. */
  settle() {
    if (!this.pending) return;
    cancelAnimationFrame(this.pending);
    this.pending = 0;
    this.update();
    this.write();
  }

  /** Put the last state that has numbers in the address. */
  write() {
    const address = addressOf(this.program, this.sound);
    if (!address && !location.hash.startsWith(`#${PREFIX}`)) return;
    history.replaceState(null, "", address || location.pathname + location.search);
  }

  update() {
    const start = performance.now();
    const { parts, state, program } = this;
    const fail = (/** @type {string} */ words) => {
      parts.notice.textContent = words;
      parts.notice.hidden = !words;
      this.root.classList.toggle("stale", !!words);
    };
    parts.reading.value = state.reading;
    parts.output.value = state.output;
    const options = chosenOptions(program, state);
    for (const [name, radios] of parts.radios) for (const radio of radios) radio.checked = radio.value === options.get(name);
    let computed;
    try {
      computed = this.compute(state);
    } catch (error) {
      return fail(/** @type {Error} */ (error).message);
    }
    const { plan, results } = computed;
    const output = program.outputs[state.output];
    const draws = /** @type {Column} */ (results.columns.get(state.output));
    const kept = draws.filter(Number.isFinite), failed = draws.length - kept.length;
    if (failed > program.dropped * draws.length) {
      return fail(filled(program.sentences.failed, { failed: `${failed}`, all: `${draws.length}` }));
    }
    fail("");
    parts.dropped.textContent = failed ? filled(program.sentences.dropped, { shares: `${generalText(Number((100 * failed / draws.length).toPrecision(2)))} %` }) : "";
    // a copy: what the reader changes next may have no numbers
    this.sound = { ...state, choices: new Map(state.choices), inputs: new Map(state.inputs) };
    parts.command.textContent = commandOf(program, state);
    // what this page alone adds up has no name to ask for
    parts.command.closest("details")?.toggleAttribute("hidden", !output.only);
    this.tell(kept, output, clauseOf(program, state, plan));
    // where one share of a whole moves, all of them do, and none by its draws alone
    const reached = new Set([.../** @type {Set<string>} */ (results.reached.get(state.output))].flatMap((name) => program.inputs[name].share ?? [name]));
    const varying = [...reached].filter((name) => {
      if (!program.inputs[name].share) return plan.distributions.get(name)?.quantile.family !== "fixed";
      const [low, high] = extent(results.input(name));
      return low < high;
    });
    const logarithmic = output.scale === "log10" && kept.every((x) => x > 0);
    parts.shown.textContent = shownText(program, state, varying);
    const found = drivers(draws, varying, results.ranking, logarithmic);
    this.rank(found, logarithmic);
    const base = state.inputs.size ? makePlan(program, { ...state, inputs: new Map() }) : plan;
    for (const [name, control] of parts.inputs) {
      const [was, is] = [base, plan].map(({ distributions }) => /** @type {Distribution} */ (distributions.get(name)));
      // the point of the reading and the answers, not the reader's own
      const point = /** @type {number} */ (base.points.get(name));
      control.show(same(was, control.base), point, same(is, control.shown), () => results.input(name), state.inputs.get(name), reached.has(name));
    }
    this.arrange(found.map(({ name }) => name), reached);
    /** @type {NonNullable<HTMLElement["explorer"]>} */ (this.root.explorer).milliseconds = performance.now() - start;
    return undefined;
  }

  /** @param {Column} draws @param {OutputData} output @param {string} clause */
  tell(draws, output, clause) {
    const { parts } = this;
    const asked = this.program.settings;
    const found = verdict(draws, output, clause, asked, this.program.sentences);
    parts.figure.replaceChildren(element("span", {}, "median "), found.middle);
    parts.interval.textContent = found.fixed ? "nothing varies" : `${asked.interval === "shortest" ? "shortest " : ""}${found.named}: ${found.interval}`;
    parts.picture.replaceChildren(outputPicture(draws, found, output, Math.max(parts.picture.clientWidth, 280)));
    parts.sentence.textContent = found.sentence;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => { parts.live.textContent = `${output.label}. ${found.sentence}`; }, SETTLED);
  }

  /** @param {{name: string, share: number}[]} found @param {boolean} logarithmic */
  rank(found, logarithmic) {
    const shown = found.filter(({ share }) => share >= 0.02).slice(0, MOST_DRIVERS);
    this.parts.bars.replaceChildren(...shown.map(({ name, share }) => {
      const percent = `${Math.round(100 * share)} %`;
      const bar = element("span", { className: "bar", "aria-hidden": "true" });
      bar.style.setProperty("--share", String(Math.min(share, 1)));
      const go = element("button", { type: "button", onclick: () => this.go(name) }, this.program.inputs[name].label);
      return element("li", {}, go, bar, element("span", { className: "percent" }, percent));
    }));
    this.parts.barsNote.textContent = shown.length
      ? filled(this.program.sentences.shares, { of: logarithmic ? " of the logarithm" : "" })
      : "No input drives it.";
  }

  /** Lead to an input's control. @param {string} name */
  go(name) {
    const control = this.parts.inputs.get(name);
    if (!control) return;
    const first = /** @type {HTMLElement | undefined} */ ([...control.root.querySelectorAll("input, select")].find((each) => !/** @type {HTMLElement} */ (each).hidden));
    control.root.scrollIntoView({ block: "center" });
    first?.focus({ preventScroll: true });
  }

  /** Sort the inputs by what they explain; never while one of them is being changed. @param {string[]} ranked @param {Set<string>} reached */
  arrange(ranked, reached) {
    const { parts, state } = this;
    const key = JSON.stringify([state.reading, state.output, [...state.choices]]);
    for (const [name, control] of parts.inputs) control.root.classList.toggle("idle", !reached.has(name));
    if (key !== this.arranged) {
      this.arranged = key;
      const rest = Object.keys(this.program.inputs).filter((name) => !ranked.includes(name));
      const order = [...ranked, ...rest.filter((name) => reached.has(name)), ...rest.filter((name) => !reached.has(name))];
      parts.list.append(...order.map((name) => /** @type {InputControl} */ (parts.inputs.get(name)).root));
    }
    this.filter();
  }

  /** Hide the inputs that do not matter here, unless they are asked for or changed. */
  filter() {
    const { parts, state } = this;
    let idle = 0;
    for (const [name, control] of parts.inputs) {
      const aside = control.root.classList.contains("idle") && !state.inputs.has(name);
      control.root.hidden = aside && !parts.all.checked;
      idle += Number(aside);
    }
    parts.count.textContent = `Also show the ${idle === 1 ? "input that does" : `${idle} inputs that do`} not reach this result`;
    /** @type {HTMLElement} */ (parts.all.parentElement).hidden = idle === 0;
  }
}

/** Keep the old object where a new one says the same, so that nothing is drawn twice. @param {Distribution} found @param {Distribution | null} old */
function same(found, old) {
  return old !== null && found !== old && JSON.stringify(found) === JSON.stringify(old) ? old : found;
}

const app = document.getElementById("explorer-app");
const data = document.getElementById("explorer-program");
// the rest of the page is there to be read first
if (app && data) requestAnimationFrame(() => setTimeout(() => new Page(app, JSON.parse(data.textContent ?? ""))));
