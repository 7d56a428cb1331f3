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
  if (!Number.isFinite(x) && PLAIN.test(text)) return { x: NaN, fault: "This number is too large." };
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
  if (parts.length > 1) found.unshift(`${parts.slice(0, -1).join("")}.${parts[parts.length - 1]}`);
  // a sign that comes twice stands between thousands, and one of another kind before it for no decimals
  const [last, others] = [bare.match(/[.,](?=\d*$)/)?.[0], bare.replace(/[.,]\d*$/, "")];
  const repeated = last !== undefined && others.includes(last);
  const decimal = last !== undefined && /[.,]/.test(others) && !repeated;
  const kept = repeated ? found.slice(-1) : decimal ? found.slice(0, 1) : found;
  return kept.filter((each) => PLAIN.test(each));
}
