/* Numbers and verdicts in words, by the rules of numbers.py and verdict.py. */

/** Write with a fixed number of decimals, halves to even. @param {number} value @param {number} decimals */
function fixedText(value, decimals) {
  const text = value.toFixed(decimals);
  const exact = Math.abs(value).toFixed(Math.min(decimals + 40, 100));
  const point = exact.length - 40;
  if (!/^50*$/.test(exact.slice(point))) return text;
  const down = exact.slice(0, point).replace(/\.$/, "");
  const even = "02468".includes(down.slice(-1));
  const size = even ? down : (Number(down) + 10 ** -decimals).toFixed(decimals);
  return value < 0 && Number(size) ? `-${size}` : size;
}

/** Round where decimals are more than `toFixed` counts. @param {number} value @param {number} place */
function tinyRounded(value, place) {
  const digits = value ? Math.floor(Math.log10(Math.abs(value))) - place : 0;
  return digits < 0 ? 0 : Number(value.toExponential(Math.min(digits, 100)));
}

/** The nearest multiple of 10**place, of halves the even one. @param {number} value @param {number} place */
function nearest(value, place) {
  const unit = 10 ** Math.max(place, 0);
  if (place < -60) return tinyRounded(value, place);
  return place > 0 ? Number(fixedText(value / unit, 0)) * unit : Number(fixedText(value, -place));
}

/** Round to a multiple of 10**place. @param {number} value @param {number} place */
function rounded(value, place) {
  if (!Number.isFinite(value)) return String(value);
  const moved = nearest(Math.log10(Math.abs(value)) - place < 14 ? Number(value.toPrecision(15)) : value, place) + 0;
  const size = moved ? Math.floor(Math.log10(Math.abs(moved))) : 0;
  if (moved && !(size > -5 && size < 9)) {
    const [mantissa, exponent] = moved.toExponential(Math.max(size - place, 0)).split("e");
    return `${mantissa}e${Number(exponent)}`;
  }
  const [whole, decimals] = moved.toFixed(Math.min(Math.max(-place, 0), 100)).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals ? `${grouped}.${decimals}` : grouped;
}

/** The place of the first digit once rounded to some digits. @param {number} value @param {number} digits */
function leadingPlace(value, digits) {
  return Number(value.toExponential(digits - 1).split("e")[1]);
}

/** @param {number} value @param {number} [digits] */
function numberText(value, digits = RULES.digits) {
  return value ? rounded(value, leadingPlace(value, digits) - digits + 1) : "0";
}

/** A number that is no estimate, as it was written where that is short. @param {number} value */
function pointText(value) {
  const own = String(Math.abs(value)).split("e")[0].replace(".", "").replace(/^0+|0+$/g, "").length;
  const [mantissa, exponent] = numberText(value, own > 6 && own <= RULES.mostWritten ? own : 6).split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return exponent === undefined ? short : `${short}e${exponent}`;
}

/** A number as it was given, thousands apart. @param {number} value */
function exactText(value) {
  const short = pointText(value), close = Math.abs(Number(short.replaceAll(",", "")) - value) <= 1e-7 * Math.abs(value);
  const repeating = value.toPrecision(12) !== String(value) && String(value).length > 12;
  return close || repeating ? short : value.toLocaleString("en", { maximumSignificantDigits: 12 });
}

/** The decimal place that a Monte Carlo error supports; rounding never moves by more than twice it. @param {number} value @param {number} error */
function supportedPlace(value, error) {
  const place = Math.ceil(Math.log10(error) - 1e-9);
  return Math.abs(nearest(value, place) - value) > RULES.mostErrors * error ? place - 1 : place;
}

/**
 * @param {Estimate} found @param {number} finest @param {boolean} neverZero whether its first digit is written whatever its error
 * @param {number} [side] of an end of an interval, on which nothing more of it lies: -1 below, 1 above
 */
function written({ value, error }, finest, neverZero, side = 0) {
  if (!value || !Number.isFinite(value)) return value ? String(value) : "0";
  const least = error === null ? Math.max(finest, Math.min(leadingPlace(value, 2) - 1, finest + 1)) : finest;
  const at = error ? Math.max(least, supportedPlace(value, error)) : least;
  const first = leadingPlace(value, 15), unit = 10 ** first;
  // an end of which its error supports no digit is told with one that lies no farther in
  if (neverZero && side && at > first) return numberText(side * Math.ceil(Number((side * value / unit).toFixed(9))) * unit, 1);
  return outwards(value, neverZero ? Math.min(at, leadingPlace(value, 1)) : at, least, side);
}

/** An end of an interval, not farther inwards than its finest place rounds it. @param {number} value @param {number} place @param {number} finest @param {number} side */
function outwards(value, place, finest, side) {
  if (place <= finest || !side) return rounded(value, place);
  for (const each of [place, place - 1]) if (side * (value - nearest(value, each)) <= 10 ** finest / 2) return rounded(value, each);
  const unit = 10 ** (place - 1);
  return rounded(side * Math.ceil(side * value / unit) * unit, place - 1);
}

/** @param {number} low @param {number} high @param {number} value */
function placeWithin(low, high, value) {
  if (!value || ![low, high, value].every(Number.isFinite)) return 0;
  if ((low <= 0 && high >= 0) || Math.max(low / high, high / low) > RULES.wide) return leadingPlace(value, 2) - 1;
  const most = leadingPlace(value, RULES.digits) - RULES.digits + 1;
  return low === high ? most : Math.min(most, leadingPlace(high - low, 2) - 1);
}

/** An estimate with its error, to the error's first digit. @param {Estimate} found @param {number} most digits */
function withErrorText({ value, error }, most) {
  if (!value || !Number.isFinite(value) || !error) return numberText(value, most);
  const digits = Math.max(most, RULES.digits), finest = leadingPlace(value, digits) - digits + 1, place = leadingPlace(error, 1);
  return place < finest ? rounded(value, finest) : `${rounded(value, place)} ± ${rounded(error, place)}`;
}

/** @param {Estimate} median @param {Estimate} low @param {Estimate} high */
function medianText(median, low, high) {
  const oneSign = low.value > 0 || high.value < 0;
  // beside an interval around 0 a thousandth of its width says nothing
  const least = low.value * high.value < 0 ? leadingPlace(high.value - low.value, 2) - 2 : -Infinity;
  const finest = Math.max(placeWithin(low.value, high.value, median.value), least);
  const text = written(median, finest, oneSign);
  const [from, to, at] = [...intervalText(low, high).split(" to "), text].map((each) => Number(each.replaceAll(",", "")));
  return from <= at && at <= to ? text : written({ ...median, error: 0 }, finest, oneSign);
}

/** @param {Estimate} low @param {Estimate} high */
function intervalText(low, high) {
  const oneSign = low.value > 0 || high.value < 0;
  return [low, high].map((end, place) => written(end, placeWithin(low.value, high.value, end.value), oneSign, 2 * place - 1)).join(" to ");
}

/** @param {Estimate} found @returns {[number, number]} its 95 % interval; without an error it is taken for exact */
function boundsOf({ value, error, bounds }) {
  return bounds ?? [value - 2 * (error ?? 0), value + 2 * (error ?? 0)];
}

/** @param {Estimate} found */
function shareText(found) {
  const percent = 100 * found.value;
  const [low, high] = boundsOf(found).map((end) => 100 * end);
  const error = found.error === null ? (high - low) / 4 : 100 * found.error;
  const edge = Math.max(0.1, roundedUp(error)), fine = error < 0.1;
  const least = fine ? 0.1 : 1;
  if (high - low >= RULES.wholeRange) return "anything from 0 to 100 %";
  const known = fine && (percent < 1 || percent > 99) ? fixedText(percent, 1) : fixedText(percent, 0);
  if (high - low > 2 * RULES.vague && percent >= edge && percent <= 100 - edge)
    return `${fixedText(Math.max(low, 0), 0)} to ${fixedText(Math.min(high, 100), 0)} %`;
  if (percent < edge || known === "0") return `under ${generalText(Math.max(roundedUp(high), least))} %`;
  if (percent > 100 - edge || known === "100") return `over ${generalText(100 - Math.max(roundedUp(100 - low), least))} %`;
  return `${known} %`;
}

/** At most six significant digits. @param {number} value */
function generalText(value) {
  return String(Number(value.toPrecision(6)));
}

/** A coverage level as a percentage with all its digits. @param {number} share */
function levelText(share) {
  return `${Number((100 * share).toPrecision(10))} %`;
}

/** @param {number} percent */
function roundedUp(percent) {
  if (percent <= 0) return 0;
  const unit = 10 ** Math.floor(Math.log10(percent));
  return Number((Math.ceil(percent / unit - 1e-9) * unit).toExponential(0));
}

/** @param {Estimate} share of the draws below */
function percentileText(share) {
  const percentile = 100 * share.value, error = share.error === null ? null : 100 * share.error;
  const [low, high] = share.bounds?.map((end) => 100 * end) ?? boundsOf({ ...share, value: percentile, error });
  if (percentile < 0.5 && high < 1) return "below the 1st";
  if (percentile >= 99.5 && low > 99) return "above the 99th";
  if (low < 1 && high > 99) return "anywhere from below the 1st to above the 99th";
  if (percentile <= 0) return `below the ${ordinalText(Math.ceil(high))}`;
  if (percentile >= 100) return `above the ${ordinalText(Math.floor(low))}`;
  if (high - low <= 2 * RULES.vague) return `at the ${ordinalText(Math.min(Math.max(percentile, 1), 99))}`;
  if (low < 1) return `below the ${ordinalText(high)}`;
  return high > 99 ? `above the ${ordinalText(low)}` : `between the ${ordinalText(low)} and the ${ordinalText(high)}`;
}

/** @param {number} percentile */
function ordinalText(percentile) {
  const whole = Number(fixedText(percentile, 0));
  const teen = [11, 12, 13].includes(whole % 100);
  return `${whole}${teen ? "th" : ["th", "st", "nd", "rd"][whole % 10] ?? "th"}`;
}

/** Put values into a sentence where their names stand. @param {string} sentence @param {Record<string, string>} values */
function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** @param {string} text @param {string} unit */
function withUnit(text, unit) {
  return unit === "1" ? text : `${text} ${unit}`;
}

/**
 * The numbers and the sentence of one output.
 * @param {Column} draws @param {OutputData} output @param {string} clause what is granted, "If …,"
 * @param {{ level: number, interval: string }} asked the level and kind of the interval
 * @param {Sentences} sentences
 */
function verdict(draws, output, clause, asked, sentences) {
  const ordered = draws.slice().sort();
  const [low, high] = intervalEstimate(draws, ordered, asked), median = quantileEstimate(ordered, 0.5);
  const middle = withUnit(medianText(median, low, high), output.unit);
  const interval = withUnit(intervalText(low, high), output.unit);
  const { published, statistic, reference, above } = output;
  const fixed = ordered[0] === ordered[ordered.length - 1];
  const parts = [];
  if (reference !== null) {
    const share = shareText(shareEstimate(draws, (x) => (above ? x >= reference - slack(reference, ordered) : x <= reference + slack(reference, ordered))));
    parts.push(published || statistic
      ? filled(sentences.direction, { share })
      : filled(above ? sentences.at_least : sentences.at_most, { share, value: withUnit(pointText(reference), output.unit) }));
  }
  if (statistic) {
    const calculated = withErrorText(statisticEstimate(draws, ordered, output, statistic), statistic.digits);
    const unit = statistic.kind === "probability" ? "1" : output.unit;
    parts.push(filled(sentences.statistic, { statistic: statistic.name, calculated: withUnit(calculated, unit), published: statistic.text }));
  } else if (published) {
    const below = shareEstimate(draws, (x) => x < published.value - slack(published.value, ordered));
    parts.push(filled(sentences.place, { published: withUnit(published.text, output.unit), place: percentileText(below) }));
  }
  const less = published ? median.value <= published.value : above;
  parts.push(filled(less ? sentences.half_or_less : sentences.half_or_more, { median: middle }));
  const last = parts.pop();
  const separator = parts.length > 1 ? ", and " : " and ";
  const told = parts.length ? `${parts.join(", ")}${separator}${last}` : last;
  const sentence = fixed ? `${clause} ${filled(sentences.unvarying, { median: middle })}.` : `${clause} ${told}.`;
  const named = filled(sentences.interval, { level: levelText(asked.level) });
  return { ordered, low, median, high, middle, interval, named, fixed, sentence };
}

/** @param {string[]} parts */
function listed(parts) {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
