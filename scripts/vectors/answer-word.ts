import { numberToHex, pad } from "viem";
import { randomNumbers, times, write } from "./cases.ts";

// Answer words, packed by arithmetic from the table in AnswerWord.sol.

const hex = (word: bigint) => pad(numberToHex(word), { size: 32 });

const open = (deadline: bigint, notBefore: bigint, round: bigint, settled: boolean) => ({
  word: hex(deadline + (notBefore << 96n) + (1n << 136n) + (round << 224n) + (settled ? 1n << 232n : 0n)),
  state: "open",
  deadline: Number(deadline),
  notBefore: Number(notBefore),
  round: Number(round),
  rewardSettled: settled,
});
const answered = (
  value: bigint,
  finalizeAt: bigint,
  [confidence, seats, epoch, round]: readonly [bigint, bigint, bigint, bigint],
  settled: boolean,
) => ({
  word: hex(
    BigInt.asUintN(96, value) +
      (finalizeAt << 96n) +
      (2n << 136n) +
      (confidence << 144n) +
      (seats << 160n) +
      (epoch << 192n) +
      (round << 224n) +
      (settled ? 1n << 232n : 0n),
  ),
  state: "answered",
  value: String(value),
  finalizeAt: Number(finalizeAt),
  confidence: Number(confidence),
  seats: Number(seats),
  epoch: Number(epoch),
  round: Number(round),
  rewardSettled: settled,
});

export function answerWords(): void {
  const random = randomNumbers(4n);
  const top = (1n << 95n) - 1n;
  const cases = [
    open(1_750_172_800n, 1_750_086_400n, 0n, false),
    open(1_750_172_800n, 1_750_090_000n, 255n, true),
    answered(231_550_000_000n, 1_750_088_200n, [7_500n, 7n, 1n, 0n], false),
    answered(-1n, (1n << 40n) - 1n, [10_000n, (1n << 32n) - 1n, (1n << 32n) - 1n, 255n], true),
    answered(top, 1n, [0n, 1n, 1n, 1n], false),
    answered(-top, 1n, [1n, 1n << 31n, 2n, 3n], false),
    answered(-top - 1n + 1n, 1_750_088_200n, [10_000n, 15n, 9n, 2n], true),
    ...times(20, () =>
      answered(
        random(1n << 63n) - random(1n << 63n),
        random(1n << 40n),
        [random(10_001n), 1n + random((1n << 32n) - 1n), random(1n << 32n), random(256n)],
        random(2n) === 0n,
      ),
    ),
  ];
  write("answer-word.json", {
    about: "the stored word and its fields",
    tooEarly: String(-top - 1n),
    invalid: String(-top),
    cases,
  });
}
