/* What program.py writes, for the type checker alone. */

type Column = Float64Array;

/** The figures of Python's own rules: `rules` in program.py. */
declare const RULES: Record<
  "beforeOne" | "alike" | "oneScore" | "score90" | "batches" | "fewestBeyond" | "fewestEvents" | "errorsWide" | "mostErrors" | "same" | "small" | "unseen" | "near" |
  "momentRounding" | "oneMode" | "mostUntold" | "mostBeyond" | "mostOfOne" | "fewestTold" | "fewestDraws" | "mostKurtosis" | "digits" | "mostWritten" | "wide" |
  "vague" | "wholeRange" | "narrow" | "long" | "thinnest" | "thinnestStep", number
> & { farthest: number[] };
type Quantile = { family: string; [key: string]: any };
/**
 * Its shape, where correlations depend on it, comes with a distribution that Python wrote; what a reading sets has
 * its unit in the text.
 */
type Distribution = { text: string; shape?: string; point?: number; quantile: Quantile; given?: number };
interface Correlation {
  inputs: [string, string]; scores: number; linear: boolean; targets: { shapes: [string, string]; scores: number }[];
}

interface InputData {
  label: string; unit: string; factor: number; point: number | { node: number };
  low: number | null; high: number | null; kind: string; basis: string; distribution: Distribution | null;
  share?: string[];
  /** Of an input whose values are members, each one's name and label, by the value that stands for it. */
  members?: [string, string][];
}
/** A published statistic of the draws; `probability` where it is a quantile. */
interface Statistic { kind: string; name: string; text: string; digits: number; probability: number | null }
interface OutputData {
  /** How a command line asks for it, as of single cases; empty for a sum that the study does not name. */
  only: string;
  label: string; unit: string; factor: number; node: number;
  published: { value: number; text: string } | null; statistic?: Statistic;
  reference: number | null; above: boolean; scale: "linear" | "log10";
}
interface OptionData { label: string; equations: Record<string, number>; inputs: Record<string, Distribution> }
interface ChoiceData { question: string; options: Record<string, OptionData> }
interface ReadingData {
  label: string; condition: string; choices: Record<string, string>; inputs: Record<string, Distribution>;
}
interface Program {
  format: number; name: string; command: string; draws: number; headline: string;
  inputs: Record<string, InputData>; equations: Record<string, number>; outputs: Record<string, OutputData>;
  choices: Record<string, ChoiceData>; excluded: { when: Record<string, string[]>; because: string }[];
  /** The reading that a page without an address opens on. */
  opens: string;
  readings: Record<string, ReadingData>; correlations: Correlation[];
  /** Share of the draws that may be left out where they have no value. */
  dropped: number;
  settings: {
    level: number; interval: "central" | "shortest";
    choices: Record<string, string>; inputs: Record<string, Distribution>;
  };
  nodes: any[][];
  /** What is said here and on the page around it, with the names of the values in it. */
  sentences: Sentences;
}
type Sentences = Record<
  "direction" | "at_least" | "at_most" | "statistic" | "place" | "half_or_less" | "half_or_more" | "unvarying" | "interval" | "dropped" |
  "ranges" | "shares" | "failed" | "whole" | "unchanged", string
>;

/** A reader's own value of an input: a number, which may stand for a member that `text` names, the ends of its middle 90 % (or `level` %), or a normal distribution. */
type Assumption =
  | { value: number; text?: string } | { low: number; high: number; level?: number; text?: string } | { mean: number; sd: number; text: string };
interface State {
  reading: string; output: string; choices: Map<string, string>; inputs: Map<string, Assumption>;
}
interface Plan {
  options: Map<string, string>; equations: Map<string, number>; distributions: Map<string, Distribution>; points: Map<string, number>;
}
interface Estimate { value: number; error: number | null; bounds?: [number, number] }
interface Results {
  columns: Map<string, Column>;
  reached: Map<string, Set<string>>;
  /** For an input that varies, its draws' numbers from the smallest value to the largest. */
  ranking(name: string): Uint32Array;
  input(name: string): Column;
}
interface Explorer {
  compute(state: State): { plan: Plan; results: Results };
  program: Program;
}
interface HTMLElement { explorer?: Explorer & { state(): State; milliseconds: number } }
