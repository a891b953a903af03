import { cpus, totalmem } from "node:os";

/** One figure, beside what it is compared with. `ratio` is value over reference, null where there is nothing to compare. */
export type Measurement = {
  name: string;
  value: number;
  unit: string;
  reference: number | null;
  ratio: number | null;
  /** What the reference is, in words. */
  against: string;
  /** True where a smaller figure is the better one. */
  smallerIsBetter: boolean;
  /** True where the reference is a promise: a run that misses it has failed. */
  isLimit: boolean;
};

/**
 * `pictures`: folder for the curves of those parts that draw some. `opinions`: file of statements with labelled opinions. `among`: another, whose
 * statements are only there to be told apart from. `chromium`: the browser's program. `schedules`, `seed`: how many are played, and from which seed on. `rates`, `seconds`: bundles a
 * second, one rate after the other, each for so long.
 */
export type BenchOptions = {
  pictures?: string;
  opinions?: string;
  among?: string;
  chromium?: string;
  schedules?: number;
  seed?: number;
  rates?: readonly number[];
  seconds?: number;
};

/** One part of the bench. It tells what it does through `onStep`, and leaves nothing running. */
export type BenchPart = {
  name: string;
  about: string;
  /** The option without which this part cannot run; a run of all parts leaves it out. */
  needs?: keyof BenchOptions;
  run(onStep: (text: string) => void, options?: BenchOptions): Promise<Measurement[]>;
};

export function measurement(
  o: Omit<Measurement, "ratio" | "smallerIsBetter" | "isLimit"> &
    Partial<Pick<Measurement, "smallerIsBetter" | "isLimit">>,
): Measurement {
  const ratio = o.reference === null || o.reference === 0 ? null : significant(o.value / o.reference);
  return { smallerIsBetter: false, isLimit: false, ...o, value: significant(o.value), ratio };
}

/** Whether a promise is not kept; a figure that could not be measured keeps none. */
export const isMissed = ({ value, reference, smallerIsBetter, isLimit }: Measurement): boolean =>
  isLimit && reference !== null && !(smallerIsBetter ? value <= reference : value >= reference);

/** Four significant digits: more would claim a precision that no run has. Large whole numbers stay as they are. */
export function significant(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}

/** Middle value; the lower one of the two middles, so that the result was really measured. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
}

/** The value that `share` (0..1) of all values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const machineFacts = (): string => {
  const processors = cpus();
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  return `${processors.length} × ${processors[0]?.model.trim() ?? "unknown processor"}, ${gigabytes} GB, Node ${process.versions.node}`;
};
