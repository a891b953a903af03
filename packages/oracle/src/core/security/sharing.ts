import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { type AbilityCell, fitAbilities } from "./abilities.ts";
import { poissonTail } from "./tails.ts";

/**
 * Who shares marks with whom more often than chance. A mark is a wrong value, a vote against the verdict, or the low
 * digits of a figure: whatever is rare for one and telling when two have it together.
 *
 * Chance is this: of a question's n answers, k_v carry mark v. Were the marks dealt out blindly, a pair would share one
 * with probability g = sum k_v (k_v - 1) / (n (n - 1)), so a popular mistake weighs little and nobody need know beforehand
 * how hard the question was. Marks are not dealt blindly, though: each provider has his own odds of erring, fitted over all
 * questions of a stratum in bands of difficulty k / n (abilities.ts), and m = g * (p_i / r) * (p_j / r).
 *
 * Memory is pairs x strata x bands and does not grow with the questions. How often a pair answered together is counted by
 * bit masks of 32 questions, so a question costs its answers and the pairs of its marks, not all pairs.
 */
export type Sharing = {
  readonly capacity: number;
  readonly strata: number;
  questions: number;
  /** Per cell (stratum x band): questions, their answers, their marks, the sum of g. */
  readonly cells: Float64Array;
  /** Per cell and provider: questions answered. */
  readonly answered: Uint32Array;
  /** Per cell and provider: marks. */
  readonly marked: Uint32Array;
  /** Per cell and pair: questions that both answered, less those still in `masks`. */
  readonly common: Uint32Array;
  /** Per pair: the same mark; and the same mark without a common excuse. */
  readonly shared: Uint32Array;
  readonly unexcused: Uint32Array;
  /** Per cell and provider: which of the last questions he answered, and how many bits are in use per cell. */
  readonly masks: Int32Array;
  readonly filled: Uint8Array;
};

/** `excuse`: what accounts for the mark, as a recorded source that said the same. Two with one excuse are not apart. */
export type Marked<M> = { provider: number; mark: M | null; excuse: number | null };

export type SharedPair = {
  a: number;
  b: number;
  common: number;
  shared: number;
  unexcused: number;
  /** Shares that chance explains. */
  expected: number;
  /** Standard deviations above chance; `apart` counts only shares without a common excuse. */
  t: number;
  tApart: number;
  p: number;
  pApart: number;
};

export type SharingLimits = {
  /** Questions that both answered, before anything is said about a pair. */
  minCommon: number;
  /** Share by which honest pairs may exceed the model: no model of difficulty is exact, and 100,000 questions see it. */
  slack: number;
  /** T above which a pair is linked. */
  linkT: number;
  /** Benjamini-Hochberg: share of the linked pairs that may be false. */
  level: number;
  /** Expected number of honest pairs linked per scan, over all pairs. */
  budget: number;
};

/** Upper ends of the bands, as the share of answers that carry a mark. Narrow where questions are many. */
const BAND_ENDS = [0, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1];
const BANDS = BAND_ENDS.length + 1;
/** No pair can share a mark that one alone carries: its own band, so that it blurs no other. */
const LONE_BAND = BAND_ENDS.length;
const WORD = 32;
const QUESTIONS = 0;
const ANSWERS = 1;
const MARKS = 2;
const CHANCE = 3;
const FIELDS = 4;

/** Room for `capacity` providers, numbered from 0, and questions of `strata` domains, numbered from 0. */
export function createSharing(capacity: number, strata = 1): Sharing {
  const pairs = (capacity * (capacity - 1)) / 2;
  const cells = strata * BANDS;
  return {
    capacity,
    strata,
    questions: 0,
    cells: new Float64Array(cells * FIELDS),
    answered: new Uint32Array(cells * capacity),
    marked: new Uint32Array(cells * capacity),
    common: new Uint32Array(cells * pairs),
    shared: new Uint32Array(pairs),
    unexcused: new Uint32Array(pairs),
    masks: new Int32Array(cells * capacity),
    filled: new Uint8Array(cells),
  };
}

/** Place of a pair. The larger number decides the row, so that a newcomer's pairs lie behind all others. */
export const pairIndex = (a: number, b: number): number =>
  a > b ? (a * (a - 1)) / 2 + b : (b * (b - 1)) / 2 + a;

/** Adds one final question. Each provider at most once in `answers`. */
export function addMarks<M>(into: Sharing, stratum: number, answers: readonly Marked<M>[]): void {
  const n = answers.length;
  if (n < 2) return;
  const marked = answers.filter(({ mark }) => mark !== null);
  const k = marked.length;
  const chance = k < 2 ? 0 : sharePairs(into, marked) / (n * (n - 1));

  const band = k === 1 ? LONE_BAND : BAND_ENDS.findIndex((end) => k / n <= end);
  const cell = stratum * BANDS + band;
  add(into.cells, cell * FIELDS + QUESTIONS, 1);
  add(into.cells, cell * FIELDS + ANSWERS, n);
  add(into.cells, cell * FIELDS + MARKS, k);
  add(into.cells, cell * FIELDS + CHANCE, chance);
  for (const { provider } of marked) add(into.marked, cell * into.capacity + provider, 1);

  const bit = into.filled[cell] ?? 0;
  for (const { provider } of answers) {
    const place = cell * into.capacity + provider;
    add(into.answered, place, 1);
    into.masks[place] = (into.masks[place] ?? 0) | (1 << bit);
  }
  into.filled[cell] = bit + 1;
  if (bit + 1 === WORD) flush(into, cell);
  into.questions += 1;
}

/** Counts the pairs that share a mark; returns twice their number. */
function sharePairs<M>(into: Sharing, marked: readonly Marked<M>[]): number {
  let ordered = 0;
  for (let i = 1; i < marked.length; i += 1) {
    const one = marked[i] as Marked<M>;
    for (let j = 0; j < i; j += 1) {
      const other = marked[j] as Marked<M>;
      if (one.mark !== other.mark) continue;
      ordered += 2;
      const pair = pairIndex(one.provider, other.provider);
      add(into.shared, pair, 1);
      if (one.excuse === null || one.excuse !== other.excuse) add(into.unexcused, pair, 1);
    }
  }
  return ordered;
}

function flush(into: Sharing, cell: number): void {
  const { capacity, masks, common } = into;
  const first = cell * capacity;
  const row = cell * into.shared.length;
  for (let a = 1; a < capacity; a += 1) {
    const mine = masks[first + a] ?? 0;
    if (mine === 0) continue;
    const start = row + (a * (a - 1)) / 2;
    for (let b = 0; b < a; b += 1) {
      const both = mine & (masks[first + b] ?? 0);
      if (both !== 0) common[start + b] = (common[start + b] ?? 0) + ones(both);
    }
  }
  masks.fill(0, first, first + capacity);
  into.filled[cell] = 0;
}

/** Pairs that answered enough together, with their figures. Changes nothing that a later `addMarks` would notice. */
export function sharedPairs(from: Sharing, limits: Pick<SharingLimits, "minCommon" | "slack">): SharedPair[] {
  for (let cell = 0; cell < from.filled.length; cell += 1) if (from.filled[cell]) flush(from, cell);
  const pairs = from.shared.length;
  const common = new Float64Array(pairs);
  const expected = new Float64Array(pairs);
  const variance = new Float64Array(pairs);
  for (let stratum = 0; stratum < from.strata; stratum += 1) {
    const cells = cellsOf(from, stratum);
    const fitted = fitAbilities(cells, from.capacity);
    for (const [index, cell] of cells.entries())
      expectIn(from, cell, fitted[index] ?? new Float64Array(0), { common, expected, variance });
  }
  const found: SharedPair[] = [];
  for (let a = 1; a < from.capacity; a += 1)
    for (let b = 0; b < a; b += 1) {
      const pair = pairIndex(a, b);
      const together = common[pair] ?? 0;
      if (together < limits.minCommon) continue;
      const shared = from.shared[pair] ?? 0;
      const unexcused = from.unexcused[pair] ?? 0;
      const mean = expected[pair] ?? 0;
      // A share where chance allows none is still counted against one deviation of a hundredth.
      const deviation = Math.sqrt(Math.max(variance[pair] ?? 0, 1e-4));
      found.push({
        a: b,
        b: a,
        common: together,
        shared,
        unexcused,
        expected: mean,
        t: (shared - mean) / deviation,
        tApart: (unexcused - mean) / deviation,
        p: poissonTail(shared, mean * (1 + limits.slack)),
        pApart: poissonTail(unexcused, mean * (1 + limits.slack)),
      });
    }
  return found;
}

/** Pairs to be linked: T, Benjamini-Hochberg and the budget must all agree. `apart` looks at shares without a common excuse. */
export function linkedPairs(
  pairs: readonly SharedPair[],
  limits: SharingLimits,
  apart = false,
): SharedPair[] {
  const pOf = (pair: SharedPair): number => (apart ? pair.pApart : pair.p);
  const cut = benjaminiHochberg(pairs.map(pOf), limits.level);
  if (cut === null) return [];
  const most = Math.min(cut, limits.budget / pairs.length);
  return pairs.filter((pair) => pOf(pair) <= most && (apart ? pair.tApart : pair.t) > limits.linkT);
}

/** `size`: answers a question. */
type Cell = AbilityCell & { index: number; size: number; chance: number };

function cellsOf(from: Sharing, stratum: number): Cell[] {
  const cells: Cell[] = [];
  for (let index = stratum * BANDS; index < (stratum + 1) * BANDS; index += 1) {
    const field = (name: number): number => from.cells[index * FIELDS + name] ?? 0;
    const questions = field(QUESTIONS);
    if (questions > 0)
      cells.push({
        index,
        answered: from.answered.subarray(index * from.capacity, (index + 1) * from.capacity),
        marked: from.marked.subarray(index * from.capacity, (index + 1) * from.capacity),
        rate: field(MARKS) / field(ANSWERS),
        size: field(ANSWERS) / questions,
        chance: field(CHANCE) / questions,
      });
  }
  return cells;
}

type Sums = { common: Float64Array; expected: Float64Array; variance: Float64Array };

/** What chance gives each pair in one cell: m per question is g times both ratios, never above the rarer one's own rate. */
function expectIn(from: Sharing, cell: Cell, rates: Float64Array, sums: Sums): void {
  // Were rates equal this would be g / r^2. The few who carry most marks cannot share with themselves.
  let squares = 0;
  let answers = 0;
  for (const [i, rate] of rates.entries()) {
    const answered = cell.answered[i] ?? 0;
    answers += answered;
    squares += answered * rate * rate;
  }
  const spread = cell.size * cell.rate * cell.rate - squares / answers;
  const scale = spread > 0 ? (cell.chance * (cell.size - 1)) / spread : 0;
  const pairs = from.shared.length;
  for (let a = 1; a < from.capacity; a += 1) {
    const mine = rates[a] ?? 0;
    const start = (a * (a - 1)) / 2;
    for (let b = 0; b < a; b += 1) {
      const together = from.common[cell.index * pairs + start + b] ?? 0;
      if (together === 0) continue;
      const other = rates[b] ?? 0;
      const m = Math.min(scale * mine * other, mine, other);
      add(sums.common, start + b, together);
      add(sums.expected, start + b, together * m);
      add(sums.variance, start + b, together * m * (1 - m));
    }
  }
}

function add(list: Float64Array | Uint32Array, place: number, by: number): void {
  list[place] = (list[place] ?? 0) + by;
}

/** Bits set in a word of 32. Source: the usual sums over neighbours. */
function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
