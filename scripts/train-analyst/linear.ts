import { sigmoid } from "../../packages/markets/src/core/analyst/exact-math.ts";
import { randomFrom, shuffled } from "./random.ts";

/** A text as the cells of its n-grams; each counts 1 / sqrt(how many), so that long texts weigh no more than short ones. */
export type Row = { cells: ArrayLike<number>; target: number; weight: number };
export type Linear = { weights: Float64Array; bias: number };
export type LinearOptions = { rate: number; penalty: number; epochs: number; seed: number };

export const scoreOf = ({ weights, bias }: Linear, cells: ArrayLike<number>): number => {
  let sum = 0;
  for (let index = 0; index < cells.length; index += 1) sum += weights[cells[index] as number] as number;
  return cells.length > 0 ? bias + sum / Math.sqrt(cells.length) : bias;
};

/**
 * Logistic regression with targets from 0 to 1, row by row with a step of its own for each weight (AdaGrad). A cell's step is
 * scaled with its `trust`, so that cells which point one way in many statements learn faster than those that do in few.
 */
export function trainLinear(
  rows: readonly Row[],
  trust: Float64Array,
  { rate, penalty, epochs, seed }: LinearOptions,
): Linear {
  const random = randomFrom(seed);
  const model = { weights: new Float64Array(trust.length), bias: 0 };
  const squares = new Float64Array(trust.length).fill(1e-4);
  let biasSquare = 1;
  for (let epoch = 0; epoch < epochs; epoch += 1)
    for (const place of shuffled(rows.length, random)) {
      const { cells, target, weight } = rows[place] as Row;
      const error = (sigmoid(scoreOf(model, cells)) - target) * weight;
      const each = error / Math.sqrt(cells.length || 1);
      for (let index = 0; index < cells.length; index += 1) {
        const cell = cells[index] as number;
        const trusted = trust[cell] as number;
        // As if the cell's value were `trust` and its weight what it is over `trust`.
        const slope = each * trusted + (penalty * (model.weights[cell] as number)) / trusted;
        squares[cell]! += slope * slope;
        model.weights[cell]! -= (rate * slope * trusted) / Math.sqrt(squares[cell] as number);
      }
      biasSquare += error * error;
      model.bias -= (rate * error) / Math.sqrt(biasSquare);
    }
  return model;
}

const LEAST_TRUST = 0.02;
const TRUST_SMOOTHING = 6;

/**
 * How far each cell points one way from statement to statement: |Σ d| / √(Σ d² + 6) over 3, where d is the weight of opinions
 * for the subject less that of those against it, in one statement; a little for all. Rows come statement by statement.
 */
export function trustOf(rows: readonly (Row & { group: number })[], size: number): Float64Array {
  const sums = new Float64Array(size);
  const squares = new Float64Array(size);
  const inGroup = new Map<number, number>();
  for (const [place, { cells, target, weight, group }] of rows.entries()) {
    for (let index = 0; index < cells.length; index += 1) {
      const cell = cells[index] as number;
      inGroup.set(cell, (inGroup.get(cell) ?? 0) + (2 * target - 1) * weight);
    }
    if (rows[place + 1]?.group === group) continue;
    for (const [cell, difference] of inGroup) {
      sums[cell]! += difference;
      squares[cell]! += difference * difference;
    }
    inGroup.clear();
  }
  return sums.map(
    (sum, cell) => LEAST_TRUST + Math.abs(sum) / Math.sqrt((squares[cell] as number) + TRUST_SMOOTHING) / 3,
  );
}

/** N-grams (their hashes, ascending) that at least `groups` statements have: what only one statement has says nothing of others. */
export function sharedNgrams(
  rows: readonly { ngrams: readonly number[]; group: number }[],
  groups: number,
): number[] {
  const seen = new Map<number, { last: number; count: number }>();
  for (const { ngrams, group } of rows)
    for (const ngram of ngrams) {
      const entry = seen.get(ngram);
      if (entry === undefined) seen.set(ngram, { last: group, count: 1 });
      else if (entry.last !== group) seen.set(ngram, { last: group, count: entry.count + 1 });
    }
  return [...seen]
    .filter(([, { count }]) => count >= groups)
    .map(([ngram]) => ngram)
    .toSorted((a, b) => a - b);
}
