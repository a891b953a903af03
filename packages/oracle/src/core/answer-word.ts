/** A quorum may sign these two in place of a value; they lie outside every question's bounds. Mirror of AnswerWord.sol. */
export const TOO_EARLY = -(1n << 95n);
export const INVALID = TOO_EARLY + 1n;
export const MAX_VALUE = (1n << 95n) - 1n;
export const isSentinel = (value: bigint): boolean => value === TOO_EARLY || value === INVALID;

/** What the contract stores about a question, as far as it was asked. Times are unix seconds. */
export type AnswerWord =
  | { state: "none" }
  | { state: "open"; deadline: number; notBefore: number; round: number; rewardSettled: boolean }
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
    };

const TIME = 96n;
const STATE = 136n;
const CONFIDENCE = 144n;
const SEATS = 160n;
const EPOCH = 192n;
const ROUND = 224n;
const SETTLED = 1n << 232n;
const OPEN = 1n;
const ANSWERED = 2n;

const field = (word: bigint, shift: bigint, bits: number): bigint => BigInt.asUintN(bits, word >> shift);

/** Reads a stored word. A state that this version does not know reads as never asked. */
export function decodeAnswerWord(word: bigint): AnswerWord {
  const round = Number(field(word, ROUND, 8));
  const rewardSettled = (word & SETTLED) !== 0n;
  const time = Number(field(word, TIME, 40));
  switch (field(word, STATE, 8)) {
    case OPEN:
      return { state: "open", deadline: Number(field(word, 0n, 40)), notBefore: time, round, rewardSettled };
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
      };
    default:
      return { state: "none" };
  }
}

/** The word that decodes to `answer`. */
export function encodeAnswerWord(answer: AnswerWord): bigint {
  if (answer.state === "none") return 0n;
  const rest = (BigInt(answer.round) << ROUND) | (answer.rewardSettled ? SETTLED : 0n);
  if (answer.state === "open")
    return BigInt(answer.deadline) | (BigInt(answer.notBefore) << TIME) | (OPEN << STATE) | rest;
  return (
    BigInt.asUintN(96, answer.value) |
    (BigInt(answer.finalizeAt) << TIME) |
    (ANSWERED << STATE) |
    (BigInt(answer.confidence) << CONFIDENCE) |
    (answer.seats << SEATS) |
    (BigInt(answer.epoch) << EPOCH) |
    rest
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
