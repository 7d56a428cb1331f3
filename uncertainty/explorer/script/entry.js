/* Numbers as readers type them: read as the page writes them, or refused with what to write. */

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const GROUPED = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/;
const SMALLEST = 1e-150, LARGEST = 1e150;

/** Other characters for digits, signs and blanks become the plain ones. @param {string} text */
function plainText(text) {
  return text.normalize("NFKC").replace(/[\u2212\u2010-\u2013]/g, "-").replace(/[\u3000\s]+/g, " ").trim();
}

/** The number that a text is, as Python reads one; NaN if it is none. @param {string} text */
function plainNumber(text) {
  return PLAIN.test(text) ? Number(text) : NaN;
}

/**
 * Read what was typed into a field.
 * @param {string} typed @param {string} unit of the field, which may stand behind the number
 * @returns {{ x: number, fault: string }} the fault is empty where there is a number
 */
function readEntry(typed, unit) {
  const whole = plainText(typed);
  const text = unit !== "1" && whole.endsWith(plainText(unit)) ? whole.slice(0, -plainText(unit).length).trim() : whole;
  const x = GROUPED.test(text) ? Number(text.replaceAll(",", "")) : plainNumber(text);
  if (Math.abs(x) === Infinity) return { x: NaN, fault: "This number is too large." };
  if (Number.isFinite(x)) {
    const sound = x === 0 || (Math.abs(x) >= SMALLEST && Math.abs(x) <= LARGEST);
    return { x, fault: sound ? "" : `A number must be 0, or between ${SMALLEST} and ${LARGEST} in size.` };
  }
  return { x, fault: text ? adviceOn(text, unit) : "Write a number." };
}

/** Say what to write in place of what is no number here. @param {string} text @param {string} unit */
function adviceOn(text, unit) {
  const meant = meantBy(text);
  if (meant.length) return `Write ${meant.join(" or ")}: a comma stands between thousands.`;
  return `Write a number alone, such as 1500 or 0.5${unit === "1" ? "" : `; its unit is ${unit}`}.`;
}

/** The numbers that a text with commas, points, blanks or apostrophes may mean, as this page reads them. @param {string} text */
function meantBy(text) {
  if (!/^[+-]?\d[\d.,' ’_]*$/.test(text)) return [];
  const bare = text.replace(/[ '’_]/g, "");
  const parts = bare.split(/[.,]/);
  const found = [parts.join("")];
  if (parts.length > 1) found.unshift(`${parts.slice(0, -1).join("")}.${parts.at(-1)}`);
  // a sign that comes twice stands between thousands, and one of another kind before it for no decimals
  const [last, others] = [bare.match(/[.,](?=\d*$)/)?.[0], bare.replace(/[.,]\d*$/, "")];
  const repeated = last !== undefined && others.includes(last);
  const decimal = last !== undefined && /[.,]/.test(others) && !repeated;
  const kept = repeated ? found.slice(-1) : decimal ? found.slice(0, 1) : found;
  return kept.filter((each) => PLAIN.test(each));
}

const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?`;
const LEVEL = String.raw`(\d+(?:\.\d+)?)\s*%`;
const BETWEEN = new RegExp(`^(${NUMBER}) to (${NUMBER})(?:\\s*@\\s*${LEVEL})?$`);
const SPREAD = new RegExp(`^(${NUMBER})\\s*(?:±|\\+/-)\\s*(${NUMBER})\\s*(%?)\\s*(?:\\((sd|k\\s*=\\s*(${NUMBER})|${LEVEL})\\))?$`);
const CONCISE = /^([+-]?\d+(?:\.(\d+))?)\s?\((\d+)\)([eE][+-]?\d+)?$/;

/**
 * Read a distribution in place of a number: `2 to 8`, `10 to 20 @ 95 %`, `15 ± 3 (k=2)` or `15.0(2)`, as ranges.py does.
 * @param {string} typed @param {string} unit of the field
 * @returns {{ given: Assumption | null, fault: string } | null} null where it is written as none of these
 */
function readWhole(typed, unit) {
  const text = plainText(typed);
  const between = BETWEEN.exec(text), spread = SPREAD.exec(text), concise = CONCISE.exec(text);
  if (between) return readBetween(Number(between[1]), Number(between[2]), between[3], text);
  if (spread) return readPlusMinus(spread, unit);
  if (!concise) return null;
  const [, mantissa, decimals = "", digits, exponent = ""] = concise;
  return normalGiven(Number(mantissa + exponent), Number(`${digits}e${Number(exponent.slice(1) || 0) - decimals.length}`), text);
}

/** @param {number} low @param {number} high @param {string | undefined} level in per cent @param {string} text */
function readBetween(low, high, level, text) {
  if (!level) return { given: { low, high }, fault: "" };
  const fault = levelFault(level);
  return { given: fault ? null : { low, high, level: Number(level), text }, fault };
}

/** @param {string | undefined} level in per cent, where one was given */
function levelFault(level) {
  return !level || (Number(level) > 0 && Number(level) < 100) ? "" : "A level must lie between 0 % and 100 %.";
}

/** @param {RegExpExecArray} found @param {string} unit */
function readPlusMinus([, centre, size, percent, said, factor, level], unit) {
  const written = `${centre} ± ${size}${percent && " %"}`;
  const refused = (/** @type {string} */ fault) => ({ given: null, fault });
  if (!said) return refused(`Say which spread this is: ${["sd", "k=2", "95 %"].map((each) => `${written} (${each})`).join(", or ")}.`);
  const share = Math.abs(Number(centre)) * Number(size) / 100;
  if (percent && unit.includes("%")) return refused(`The unit is itself %: write ${centre} ± ${size} (${said}), or ${centre} ± ${share} (${said}).`);
  if (percent && Number(centre) === 0) return refused("A percentage of 0 is 0: give the spread itself.");
  if (levelFault(level)) return refused(levelFault(level));
  const sds = factor ? Number(factor) : level ? -normalQuantile((1 - Number(level) / 100) / 2) : 1;
  return normalGiven(Number(centre), (percent ? share : Number(size)) / sds, `${written} (${said})`);
}

/** @param {number} mean @param {number} sd @param {string} text @returns {{ given: Assumption | null, fault: string }} */
function normalGiven(mean, sd, text) {
  const sound = Number.isFinite(mean) && Number.isFinite(sd) && sd > 0;
  return sound ? { given: { mean, sd, text }, fault: "" } : { given: null, fault: "The spread must be greater than 0." };
}
