import type { Hex } from "@sooth/kernel";

const OPCODES = {
  eq: "14",
  shr: "1c",
  calldataload: "35",
  mstore: "52",
  sload: "54",
  jumpi: "57",
  jumpdest: "5b",
  dup1: "80",
  return: "f3",
  revert: "fd",
} as const;
const push = (hex: string): string => (0x5f + hex.length / 2).toString(16) + hex;
const slotTo = (slot: string, offset: string): string =>
  push(slot) + OPCODES.sload + push(offset) + OPCODES.mstore;

const hexAt = (position: number): string => position.toString(16).padStart(2, "0");

/** Memory of a price feed: answer (int256), time of the last update, decimals, as they lie in its storage. */
export const FEED_SLOTS = { answer: "0x0", updatedAt: "0x1", decimals: "0x2", round: "0x3" } as const;

/**
 * Code of a contract with the two functions of `AggregatorV3Interface` that readers call, told what to answer by
 * writing its storage. Put together by hand, so that tests need no compiler.
 */
export function priceFeedCode(): Hex {
  const head = push("00") + OPCODES.calldataload + push("e0") + OPCODES.shr;
  const branch = (selector: string, target: string): string =>
    OPCODES.dup1 + push(selector) + OPCODES.eq + push(target) + OPCODES.jumpi;
  const refuse = push("00") + push("00") + OPCODES.revert;
  const decimals = OPCODES.jumpdest + slotTo("02", "00") + push("20") + push("00") + OPCODES.return;
  // roundId, answer, startedAt, updatedAt, answeredInRound
  const round =
    OPCODES.jumpdest +
    slotTo("03", "00") +
    slotTo("00", "20") +
    slotTo("01", "40") +
    slotTo("01", "60") +
    slotTo("03", "80") +
    push("a0") +
    push("00") +
    OPCODES.return;
  const branches = 2 * (branch("00000000", "00").length / 2);
  const decimalsAt = head.length / 2 + branches + refuse.length / 2;
  const roundAt = decimalsAt + decimals.length / 2;
  return `0x${head}${branch("313ce567", hexAt(decimalsAt))}${branch("feaf968c", hexAt(roundAt))}${refuse}${decimals}${round}`;
}
