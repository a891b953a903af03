import type { Hex } from "@sooth/kernel";
import { encodeAbiParameters, keccak256, numberToHex, pad, slice } from "viem";

/** A quorum may sign these two in place of a value; they lie outside every question's bounds. Mirror of AnswerWord.sol. */
export const TOO_EARLY = -(1n << 95n);
export const INVALID = TOO_EARLY + 1n;
export const MAX_VALUE = (1n << 95n) - 1n;
export const isSentinel = (value: bigint): boolean => value === TOO_EARLY || value === INVALID;

/**
 * What the contract stores about a question, as far as it was asked. Times are unix seconds. What is optional is zero when
 * it is not given; reading a word gives all.
 */
export type AnswerWord =
  | { state: "none" }
  | {
      state: "open";
      deadline: number;
      notBefore: number;
      round: number;
      rewardSettled: boolean;
      /** Absent before the first: how many clarifications there were, and the hash over all of them. */
      clarified?: { count: number; chain: Hex };
      /** Disputes there were before, of an answer that came too early. */
      disputes?: number;
    }
  | {
      state: "answered";
      value: bigint;
      finalizeAt: number;
      /** Basis points of all weight. */
      confidence: number;
      /** Bitmap of the seats that signed, lowest bit first. */
      seats: bigint;
      epoch: number;
      round: number;
      rewardSettled: boolean;
      /** What many answers stand under; the value is 0 then. The word itself holds only a hash of it and of the above. */
      root?: Hex;
      /** Of a first dispute, in whole units of collateral; each one before doubled it. */
      deposit?: number;
      disputes?: number;
      /** No objection is heard any more. */
      ruled?: boolean;
      /** The last pause that it was held for, 1 to 7; 0: none. */
      held?: number;
    }
  /** Answered with a root: who wants to know more brings what was hashed. */
  | { state: "root"; finalizeAt: number; rewardSettled: boolean }
  /** The digest binds the dispute: all bits but the state's are those of its hash. */
  | { state: "disputed"; digest: bigint };

/** What was asked, with all of its answer. */
export type KnownWord = Exclude<AnswerWord, { state: "none" } | { state: "root" }>;

const TIME = 96n;
const STATE = 136n;
const CONFIDENCE = 144n;
const SEATS = 160n;
const EPOCH = 192n;
const ROUND = 224n;
const SETTLED = 1n << 232n;
const DEPOSIT = 233n;
const DISPUTES = 249n;
const RULED = 1n << 252n;
const HELD = 253n;
const OPEN = 1n;
const ANSWERED = 2n;
const ANSWERED_ROOT = 3n;
const CLARIFIED = 40n;
const CHAIN_LOW = 48n;
const CHAIN_HIGH = 144n;
const DISPUTED = 4n;
const STATE_MASK = 255n << STATE;

const field = (word: bigint, shift: bigint, bits: number): bigint => BigInt.asUintN(bits, word >> shift);

/** Reads a stored word. A state that this version does not know reads as never asked. */
export function decodeAnswerWord(word: bigint): AnswerWord {
  const round = Number(field(word, ROUND, 8));
  const rewardSettled = (word & SETTLED) !== 0n;
  const time = Number(field(word, TIME, 40));
  const disputes = Number(field(word, DISPUTES, 3));
  const held = Number(field(word, HELD, 3));
  switch (field(word, STATE, 8)) {
    case OPEN:
      return {
        state: "open",
        deadline: Number(field(word, 0n, 40)),
        notBefore: time,
        round,
        rewardSettled,
        ...clarifiedOf(word),
        disputes,
      };
    case ANSWERED_ROOT:
      return { state: "root", finalizeAt: time, rewardSettled };
    case ANSWERED:
      return {
        state: "answered",
        value: BigInt.asIntN(96, word),
        finalizeAt: time,
        confidence: Number(field(word, CONFIDENCE, 16)),
        seats: field(word, SEATS, 32),
        epoch: Number(field(word, EPOCH, 32)),
        round,
        rewardSettled,
        deposit: Number(field(word, DEPOSIT, 16)),
        disputes,
        ruled: (word & RULED) !== 0n,
        held,
      };
    case DISPUTED:
      return { state: "disputed", digest: word & ~STATE_MASK };
    default:
      return { state: "none" };
  }
}

function clarifiedOf(word: bigint): { clarified?: { count: number; chain: Hex } } {
  const count = Number(field(word, CLARIFIED, 8));
  if (count === 0) return {};
  const chain = (field(word, CHAIN_HIGH, 80) << 48n) | field(word, CHAIN_LOW, 48);
  return { clarified: { count, chain: numberToHex(chain, { size: 16 }) } };
}

const CHAIN = [{ type: "bytes16" }, { type: "string" }] as const;
/** The hash over clarifications in turn, as the word of an open question holds it; null for none. */
export const clarificationChain = (texts: readonly string[]): Hex | null =>
  texts.reduce<Hex | null>(
    (before, text) =>
      slice(keccak256(encodeAbiParameters(CHAIN, [before ?? pad("0x", { size: 16 }), text])), 0, 16),
    null,
  );

/** What a root answer's hash is made of beside its root: the word without value and times. Mirror of AnswerWord.sol. */
export const decodeRootFacts = (facts: bigint): Extract<AnswerWord, { state: "answered" }> => {
  const word = decodeAnswerWord((facts & ~(0xffn << STATE)) | (ANSWERED << STATE));
  if (word.state !== "answered") throw new TypeError("the state was set to answered");
  return word;
};

/** The word that decodes to `answer`. @throws TypeError for a root, of which no word tells all */
export function encodeAnswerWord(answer: AnswerWord): bigint {
  if (answer.state === "root") throw new TypeError("a root's word holds a hash of what is not given");
  if (answer.state === "none") return 0n;
  if (answer.state === "disputed") return (answer.digest & ~STATE_MASK) | (DISPUTED << STATE);
  const settled = answer.rewardSettled ? SETTLED : 0n;
  const rest = (BigInt(answer.round) << ROUND) | (BigInt(answer.disputes ?? 0) << DISPUTES) | settled;
  if (answer.state === "open")
    return (
      BigInt(answer.deadline) |
      (BigInt(answer.notBefore) << TIME) |
      (OPEN << STATE) |
      rest |
      clarifiedBits(answer.clarified)
    );
  return (
    BigInt.asUintN(96, answer.value) |
    (BigInt(answer.finalizeAt) << TIME) |
    (ANSWERED << STATE) |
    (BigInt(answer.confidence) << CONFIDENCE) |
    (answer.seats << SEATS) |
    (BigInt(answer.epoch) << EPOCH) |
    (BigInt(answer.deposit ?? 0) << DEPOSIT) |
    (answer.ruled ? RULED : 0n) |
    (BigInt(answer.held ?? 0) << HELD) |
    rest
  );
}

function clarifiedBits(clarified: { count: number; chain: Hex } | undefined): bigint {
  if (!clarified) return 0n;
  const chain = BigInt(clarified.chain);
  return (
    (BigInt(clarified.count) << CLARIFIED) |
    (BigInt.asUintN(48, chain) << CHAIN_LOW) |
    ((chain >> 48n) << CHAIN_HIGH)
  );
}

/** The seats of a bitmap, ascending. */
export function seatsOf(bitmap: bigint): number[] {
  const seats: number[] = [];
  for (let seat = 0; bitmap >> BigInt(seat) !== 0n; seat++)
    if ((bitmap >> BigInt(seat)) & 1n) seats.push(seat);
  return seats;
}

export const bitmapOf = (seats: readonly number[]): bigint =>
  seats.reduce((bitmap, seat) => bitmap | (1n << BigInt(seat)), 0n);
