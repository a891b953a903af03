import type { Hex } from "@sooth/kernel";
import { concat, hexToBigInt, keccak256, numberToHex, stringToHex } from "viem";
import { questionId, type Terms } from "../terms.ts";
import type { QuestionSchema } from "../wire.ts";
import { distance, errorUnit, type WatchFinding } from "./judge.ts";

/** A question with an answer that is known to be right. */
export type KnownAnswer = { terms: Terms; schema: QuestionSchema; right: bigint };

/**
 * A shadow of a real question, given to a watcher among real answers. No contract can hold it, so no consumer can read
 * it: its asker is a hash that nobody has a key of, and only an asker can ask. `shown` is the answer that it carries:
 * a known wrong one, or in a control the right one.
 */
export type Shadow = {
  readonly question: Hex;
  readonly terms: Terms;
  readonly schema: QuestionSchema;
  readonly right: bigint;
  readonly shown: bigint;
};

const NAME = stringToHex("sooth.shadow");

/** The seed of the shadow with this number. Who is told the secret makes all shadows again and compares. */
export const seedOf = (secret: Hex, number: number): Hex =>
  keccak256(concat([NAME, secret, numberToHex(number, { size: 32 })]));

/** A shadow that carries a wrong answer, the same for the same seed; null when no wrong value fits the question. */
export function plantError(known: KnownAnswer, seed: Hex): Shadow | null {
  const shown = wrongValue(known, hexToBigInt(keccak256(concat([seed, "0x01"]))));
  return shown === null ? null : shadowOf(known, seed, shown);
}

/** A shadow that carries the right answer: who raises an alarm about it raises false ones. */
export const plantControl = (known: KnownAnswer, seed: Hex): Shadow => shadowOf(known, seed, known.right);

function shadowOf({ terms, schema, right }: KnownAnswer, seed: Hex, shown: bigint): Shadow {
  const asker: Hex = `0x${keccak256(concat([NAME, seed])).slice(-40)}`;
  const nonce = BigInt.asUintN(64, hexToBigInt(seed));
  const shadow = { ...terms, asker, nonce };
  return { question: questionId(shadow), terms: shadow, schema, right, shown };
}

/** Errors of a measure reach from those that are hard to see to those that nobody can miss. */
const LEAST_UNITS = 2n;
const MORE_UNITS = 60n;

function wrongValue({ terms, right }: KnownAnswer, dice: bigint): bigint | null {
  const { min, max, tolerance } = terms;
  const fits = (value: bigint) => value >= min && value <= max && distance(value, right) > tolerance;
  if (terms.aggregation === "plurality") {
    const count = max - min + 1n;
    if (count < 2n) return null;
    // Any outcome but the right one, each as likely.
    const other = min + ((right - min + 1n + (dice % (count - 1n))) % count);
    return fits(other) ? other : null;
  }
  const error = errorUnit(right, tolerance) * (LEAST_UNITS + (dice % MORE_UNITS));
  const [one, other] = (dice >> 128n) % 2n === 0n ? [error, -error] : [-error, error];
  return [right + one, right + other, max, min].find(fits) ?? null;
}

export type CatchRecord = {
  /** Shadows with a wrong answer that he was given. */
  planted: number;
  /** Those that he named, with an expectation that is right itself: an alarm about everything catches nothing. */
  caught: number;
  controls: number;
  /** Controls about which he raised an alarm. */
  falseAlarms: number;
  /** Basis points of the planted errors that were caught, less those of controls that were not left alone; rounds down, at least 0. */
  rate: number;
};

const part = (count: number, of: number): number => (of === 0 ? 0 : (count * 10_000) / of);

/** A watcher's record over the shadows that he was given: his reputation. Nobody is measured by nothing: without shadows it is 0. */
export function catchRecord(
  shadows: readonly Shadow[],
  findings: readonly Pick<WatchFinding, "question" | "expected" | "got">[],
): CatchRecord {
  const said = Map.groupBy(findings, ({ question }) => question);
  const wrong = shadows.filter(({ shown, right }) => shown !== right);
  const controls = shadows.filter(({ shown, right }) => shown === right);
  const caught = wrong.filter((shadow) =>
    (said.get(shadow.question) ?? []).some((one) => catches(shadow, one)),
  );
  const falseAlarms = controls.filter(({ question }) => said.has(question)).length;
  const rate = part(caught.length, wrong.length) - part(falseAlarms, controls.length);
  return {
    planted: wrong.length,
    caught: caught.length,
    controls: controls.length,
    falseAlarms,
    rate: Math.max(0, Math.floor(rate)),
  };
}

const catches = (
  { shown, right, terms }: Shadow,
  { expected, got }: Pick<WatchFinding, "expected" | "got">,
): boolean => shown !== right && got === shown && distance(expected, right) <= terms.tolerance;
