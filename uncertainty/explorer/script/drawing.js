/* Elements and pictures. Texts enter as text, never as markup. */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Record<string, any>} [attributes] properties, or attributes where there is no such property
 * @param {...(Node | string)} children @returns {HTMLElementTagNameMap[K]}
 */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in made) Object.assign(made, { [name]: value });
    else made.setAttribute(name, String(value));
  }
  made.append(...children);
  return made;
}

/** @param {string} tag @param {Record<string, string | number>} attributes @param {...(Node | string)} children */
function shape(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** A scale between numbers and shares of a width. @typedef {{from: number, to: number, logarithmic: boolean}} Axis */

/** @param {Axis} axis @param {number} x */
function shareAlong({ from, to, logarithmic }, x) {
  if (logarithmic) return x > 0 ? Math.log(x / from) / Math.log(to / from) : -Infinity;
  return (x - from) / (to - from);
}

/** @param {Axis} axis @param {number} share */
function valueAlong({ from, to, logarithmic }, share) {
  return logarithmic ? from * (to / from) ** share : from + (to - from) * share;
}

/** The outline of a histogram as a path. @param {number[]} counts @param {number} width @param {number} height */
function outline(counts, width, height) {
  const highest = Math.max(...counts, 1), step = width / counts.length;
  const tops = counts.map((count, k) => {
    const y = (height * (1 - count / highest)).toFixed(1);
    return `L${(k * step).toFixed(1)} ${y}L${((k + 1) * step).toFixed(1)} ${y}`;
  });
  return `M0 ${height}${tops.join("")}L${width} ${height}Z`;
}

/** An axis that shows nearly all of some ordered draws, and what they are to be compared with. @param {Column} ordered @param {OutputData} output @returns {Axis} */
function axisFor(ordered, output) {
  const ends = [0.002, 0.998].map((p) => orderStatistic(ordered, p));
  const marks = [output.published?.value, output.reference].filter((x) => x != null);
  const logarithmic = output.scale === "log10" && ends[0] > 0 && marks.every((x) => x > 0);
  let from = Math.min(ends[0], ...marks), to = Math.max(ends[1], ...marks);
  if (from === to) [from, to] = from > 0 && logarithmic ? [from / 2, to * 2] : [from - 1, to + 1];
  if (logarithmic) {
    const room = (to / from) ** 0.04;
    return { from: from / room, to: to * room, logarithmic };
  }
  return { from: from - (to - from) * 0.04, to: to + (to - from) * 0.04, logarithmic };
}

/** Round numbers along an axis, four or so. @param {Axis} axis @returns {number[]} */
function ticks({ from, to, logarithmic }) {
  if (logarithmic && to / from > 20) {
    const first = Math.ceil(Math.log10(from) - 1e-9), last = Math.floor(Math.log10(to) + 1e-9);
    const step = Math.ceil((last - first + 1) / 5);
    return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, k) => Number(`1e${first + k * step}`));
  }
  const rough = (to - from) / 4, unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * unit).find((each) => each >= rough) ?? rough;
  const found = [];
  for (let k = Math.ceil(from / step); k * step <= to; k++) found.push(Number((k * step).toPrecision(12)));
  return found;
}

/**
 * The histogram of an output with its interval, its median and what it is compared with.
 * @param {Column} draws @param {ReturnType<typeof verdict>} found @param {OutputData} output @param {number} width in pixels
 */
function outputPicture(draws, found, output, width) {
  const height = 150, top = 44;
  const axis = axisFor(found.ordered, output);
  const x = (/** @type {number} */ value) => shareAlong(axis, value) * width;
  const picture = shape("svg", {
    viewBox: `0 0 ${width} ${top + height + 26}`, role: "img",
    "aria-label": `Histogram of ${output.label}: median ${found.middle}, ${found.named} ${found.interval}.` });
  const [low, high] = [x(found.low.value), x(found.high.value)];
  picture.append(shape("rect", { class: "band", x: low, y: top, width: Math.max(high - low, 1), height }));
  picture.append(shape("path", {
    class: "area", transform: `translate(0 ${top})`,
    d: outline(histogram(draws, axis.from, axis.to, axis.logarithmic, 70), width, height) }));
  picture.append(shape("line", { class: "axis", x1: 0, x2: width, y1: top + height, y2: top + height }));
  for (const tick of ticks(axis)) {
    // a letter takes less than 8 pixels
    const at = x(tick), text = pointText(tick), half = text.length * 4;
    if (at < 12 || at > width - 12) continue;
    picture.append(shape("text", { class: "tick", x: Math.min(Math.max(at, half), width - half), y: top + height + 19 }, text));
  }
  const mark = (/** @type {number} */ value, /** @type {string} */ name, /** @type {string} */ text, /** @type {number} */ y) => {
    const at = Math.min(Math.max(x(value), 0), width), anchor = at > width * 0.6 ? "end" : "start";
    picture.append(
      shape("line", { class: name, x1: at, x2: at, y1: y - 12, y2: top + height }),
      shape("text", { class: name, x: at + (anchor === "end" ? -5 : 5), y, "text-anchor": anchor }, text));
  };
  mark(found.median.value, "median", `median ${found.middle}`, top - 6);
  if (output.published) mark(output.published.value, "published", `published ${withUnit(output.published.text, output.unit)}`, top - 24);
  if (output.reference !== null) {
    const at = x(output.reference), anchor = at > width * 0.6 ? "end" : "start";
    picture.append(
      shape("line", { class: "reference", x1: at, x2: at, y1: top, y2: top + height }),
      shape("text", { class: "reference", x: at + (anchor === "end" ? -5 : 5), y: top + 14, "text-anchor": anchor },
        `the claim turns at ${withUnit(pointText(output.reference), output.unit)}`));
  }
  return picture;
}
