import type { Hex } from "@sooth/kernel";
import { pauseMark } from "../disputes/court-clock.ts";
import { encodeAbiParameters, hexToBigInt, keccak256, numberToHex } from "viem";

/** The fields of a stored word that only the proof needs as bits. Source: AnswerWord.sol. */
type Field = { at: bigint; bits: bigint };
export const TIME: Field = { at: 96n, bits: 40n };
export const STATE: Field = { at: 136n, bits: 8n };
export const CONFIDENCE: Field = { at: 144n, bits: 16n };
export const ROUND: Field = { at: 224n, bits: 8n };
export const SETTLED: Field = { at: 232n, bits: 1n };
export const DEPOSIT: Field = { at: 233n, bits: 16n };
export const DISPUTES: Field = { at: 249n, bits: 3n };
export const RULED: Field = { at: 252n, bits: 1n };
export const HELD: Field = { at: 253n, bits: 3n };
export const SEATS: Field = { at: 160n, bits: 32n };
export const EPOCH: Field = { at: 192n, bits: 32n };
const VALUE: Field = { at: 0n, bits: 96n };
const CLARIFIED: Field = { at: 40n, bits: 8n };
const CHAIN_LOW: Field = { at: 48n, bits: 48n };
const CHAIN_HIGH: Field = { at: 144n, bits: 80n };

export const DISPUTED = 4n;
const ANSWERED_ROOT = 3n;

export const bitsOf = (word: bigint, { at, bits }: Field): bigint => BigInt.asUintN(Number(bits), word >> at);
export const withBits = (word: bigint, { at, bits }: Field, value: bigint | number): bigint =>
  (word & ~(((1n << bits) - 1n) << at)) | (BigInt.asUintN(Number(bits), BigInt(value)) << at);

/** What is stored while the dispute with this hash is open. */
export const disputedWord = (id: Hex): bigint => withBits(hexToBigInt(id), STATE, DISPUTED);

/** The chain of an open word's clarifications, 16 bytes; zero before the first. */
export const chainOf = (word: bigint): Hex =>
  numberToHex((bitsOf(word, CHAIN_HIGH) << CHAIN_LOW.bits) | bitsOf(word, CHAIN_LOW), { size: 16 });

/** An open word after its asker said `text`: one more, in the next round. Mirror of `AnswerWords.clarified`. */
export function clarifiedWord(word: bigint, text: string): bigint {
  const preimage = encodeAbiParameters([{ type: "bytes16" }, { type: "string" }], [chainOf(word), text]);
  const chain = hexToBigInt(keccak256(preimage)) >> 128n;
  let next = withBits(word, CLARIFIED, bitsOf(word, CLARIFIED) + 1n);
  next = withBits(next, CHAIN_LOW, chain);
  next = withBits(next, CHAIN_HIGH, chain >> CHAIN_LOW.bits);
  return withBits(next, ROUND, bitsOf(word, ROUND) + 1n);
}

/** What a dispute of this answer costs: doubled with each one before. Mirror of `Disputes._depositOf`. */
export const depositOf = (word: bigint, unit: bigint): bigint =>
  (bitsOf(word, DEPOSIT) << bitsOf(word, DISPUTES)) * unit;

/** The round of an answer's word, or of the facts of a root's. */
export const roundOfWord = (word: bigint): number => Number(bitsOf(word, ROUND));

/* ROOTS */

/** What the word of a root answer is the hash of. */
export type RootAnswer = { root: Hex; facts: bigint };

/** The facts of a root answer, of a plain one's word: no value, no time. Mirror of `AnswerWords.asRoot`. */
export const rootFacts = (word: bigint): bigint =>
  withBits(withBits(withBits(word, VALUE, 0n), TIME, 0n), STATE, ANSWERED_ROOT);

/** What is stored for a root answer. Mirror of `RootHash.wordOf`. */
export function rootWord(question: Hex, { root, facts }: RootAnswer, finalizeAt: number): bigint {
  const preimage = encodeAbiParameters(
    [{ type: "bytes32" }, { type: "bytes32" }, { type: "uint256" }],
    [question, root, facts],
  );
  const digest = [SETTLED, HELD].reduce(
    (word, field) => withBits(word, field, 0n),
    hexToBigInt(keccak256(preimage)),
  );
  return withBits(withBits(digest, TIME, finalizeAt), STATE, ANSWERED_ROOT);
}

/* PAUSES */

/** An answer's word that was held for the pause of this number, counted from 1. Mirror of `Disputes.hold`. */
export const heldWord = (word: bigint, number: number, rest: number): bigint =>
  withBits(withBits(word, TIME, bitsOf(word, TIME) + BigInt(rest)), HELD, pauseMark(number));
