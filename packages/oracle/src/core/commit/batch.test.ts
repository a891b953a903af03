import type { Hex } from "@sooth/kernel";
import { encodeAbiParameters, keccak256 } from "viem";
import { describe, expect, test } from "vitest";
import { packAgreed, reportDigest } from "../report.ts";
import {
  batchComplaint,
  batchDigest,
  batchQuestion,
  batchSignatures,
  chooseBatch,
  type ReadClaim,
} from "./batch.ts";
import { cosignFrom, formFrom } from "./phase.ts";

const question: Hex = `0x${"1d".repeat(32)}`;
const domain = { chainId: 1, oracle: `0x${"0a".repeat(20)}` } as const;
const hash = (digit: string): Hex => `0x${digit.repeat(64)}`;
const signature = (seat: number): Hex => `0x${`0${seat}`.repeat(32)}${"11".repeat(32)}1b`;
const SECONDS = 120;
const PHASE = 5;
const COMMIT = 2 * PHASE * SECONDS;

describe("what is co-signed", () => {
  test("is a root of an id that is bound to the phase: two batches of one phase are two roots of one question", () => {
    const bound = batchQuestion(question, PHASE);
    const abi = [{ type: "bytes32" }, { type: "uint256" }] as const;
    expect(bound).toBe(keccak256(encodeAbiParameters(abi, [question, BigInt(PHASE)])));
    expect(batchQuestion(question, PHASE + 1)).not.toBe(bound);
    const batch = { question, epoch: 3, round: 1, phase: PHASE, chained: hash("a") };
    expect(batchDigest(domain, batch)).toBe(
      reportDigest(domain, { question: bound, value: 0n, root: hash("a"), epoch: 3, round: 1 }),
    );
  });
  test("comes back from the log by seat; bytes that are not one signature for each seat are none", () => {
    const packed = packAgreed([2, 0].map((seat) => ({ seat, value: 0n, signature: signature(seat + 1) })));
    const batch = { epoch: 3, round: 0, phase: PHASE, chained: hash("a") };
    expect(batchSignatures(batch, 0b101n, packed)).toEqual([
      { ...batch, seat: 0, signature: signature(1) },
      { ...batch, seat: 2, signature: signature(3) },
    ]);
    expect(batchSignatures(batch, 0b1n, packed)).toBeNull();
    expect(batchSignatures(batch, 0n, "0x")).toBeNull();
    expect(batchSignatures(batch, 1n, `0x${"11".repeat(77)}`)).toBeNull();
  });
});

describe("the batch that a node signs", () => {
  const whole = { chained: hash("b"), seats: 4 };
  const other = { chained: hash("a"), seats: 4 };
  const part = { chained: hash("1"), seats: 3 };
  const choose = (shown: Parameters<typeof chooseBatch>[0], now = COMMIT) =>
    chooseBatch(shown, { seats: 4, phase: PHASE, seconds: SECONDS, now })?.chained ?? null;
  const late = cosignFrom(PHASE, SECONDS);

  test("collectors form theirs at the half, and nodes wait until all can show it", () => {
    expect([formFrom(PHASE, SECONDS), late]).toEqual([COMMIT + 60, COMMIT + 70]);
  });
  test("is at once the one with every seat that every collector shows", () => {
    expect(choose([[whole], [part, whole]])).toBe(whole.chained);
    expect(choose([[whole], []])).toBeNull();
    expect(choose([])).toBeNull();
  });
  test("is later the one with most seats, whoever shows it", () => {
    expect(choose([[part], [whole]], late - 1)).toBeNull();
    expect(choose([[part], [whole]], late)).toBe(whole.chained);
    expect(choose([[part], []], late)).toBe(part.chained);
    expect(choose([[], []], late)).toBeNull();
  });
  test("is of equal ones the lowest hash, so that who gives each collector another commitment splits nobody", () => {
    expect(choose([[whole], [other]])).toBeNull();
    expect([choose([[whole], [other]], late), choose([[other], [whole]], late)]).toEqual([
      other.chained,
      other.chained,
    ]);
    expect(
      choose([
        [whole, other],
        [other, whole],
      ]),
    ).toBe(other.chained);
  });
});

describe("what speaks against a batch", () => {
  const seats = [0, 1, 2, 3].map((seat) => ({ signer: `0x${String(seat).repeat(40)}` }));
  const claims = seats.map(({ signer }, seat): ReadClaim => ({
    seat,
    commitment: hash(String(seat)),
    signer: signer as Hex,
  }));
  const mine = { seat: 1, commitment: hash("1") };
  const bent = (index: number, over: Partial<ReadClaim>) =>
    claims.map((claim, place) => (place === index ? { ...claim, ...over } : claim));

  test("nothing, when each commitment is its seat's and the own one is there", () => {
    expect(batchComplaint(claims, seats, mine)).toBeNull();
    expect(batchComplaint(claims.slice(1), seats, mine)).toBeNull();
  });
  test("a commitment that nobody signed, or another's key, or no seat", () => {
    for (const over of [{ signer: null }, { signer: seats[0]?.signer as Hex }, { seat: 9 }])
      expect(batchComplaint(bent(3, over), seats, mine)).toMatch(/has not signed its commitment$/);
  });
  test("a seat in it twice, with a commitment to each choice, or in another order", () => {
    const twice = [...claims, { ...claims[3], commitment: hash("9") } as ReadClaim];
    expect(batchComplaint(twice, seats, mine)).toBe("its seats do not ascend");
    expect(batchComplaint(claims.toReversed(), seats, mine)).toBe("its seats do not ascend");
  });
  test("the own commitment is missing, or another, or there though none was handed over", () => {
    const complaint = "it does not hold what this node committed to";
    expect(batchComplaint(claims.toSpliced(1, 1), seats, mine)).toBe(complaint);
    expect(batchComplaint(claims, seats, { ...mine, commitment: hash("7") })).toBe(complaint);
    expect(batchComplaint(claims, seats, { ...mine, commitment: null })).toBe(complaint);
    expect(batchComplaint(claims.toSpliced(1, 1), seats, { ...mine, commitment: null })).toBeNull();
  });
});
