import { type Address, AppError, type Hex } from "@sooth/kernel";
import { size } from "viem";
import { describe, expect, test } from "vitest";
import { checkHashSwap, hashOfSecret, type HashSwap, planHashSwap, SWAP_MARGIN } from "./hash-locks.ts";
import { type Order, priceOf, takeOrder, type Taking } from "./orders.ts";

const NOW = 1_800_000_000;
const address = (byte: string): Address => `0x${byte.repeat(20)}`;
const secret: Hex = `0x${"5e".repeat(32)}`;
const codeOf = (act: () => unknown) => {
  try {
    act();
    return "fits";
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
};

const order: Order = {
  maker: address("01"),
  recipient: address("01"),
  giveToken: address("aa"),
  giveAmount: 100n,
  wantChainId: 20n,
  wantToken: address("bb"),
  wantAmount: 33n,
  leastPart: 0n,
  taker: address("00"),
  expiry: NOW + 1_000,
  longestHold: 600,
  era: 0n,
  salt: 1n,
};
const taking: Taking = {
  hub: { chainId: 1, hub: address("cc") },
  book: { chainId: 10, orders: address("dd") },
  order,
  signature: "0x1234",
  amount: 10n,
  to: address("02"),
  owner: address("02"),
  payer: address("02"),
  deadline: NOW + 600,
  fee: 0n,
  salt: 1n,
  secret,
};

test("a part is a bundle of the maker's tokens and of what pays for them", () => {
  const { bundle, legs } = takeOrder(taking, NOW);
  expect(bundle).toMatchObject({ mode: "escrowed", legs: 2, owner: address("02") });
  expect(legs).toMatchObject([
    { chainId: 10, kind: "participant", target: address("dd"), value: 0n },
    { chainId: 20, kind: "escrow", target: address("bb"), value: 4n },
  ]);
});

test("prices are rounded up", () => {
  expect([1n, 3n, 4n, 99n, 100n].map((amount) => priceOf(order, amount))).toEqual([1n, 1n, 2n, 33n, 33n]);
});

describe("what no maker signed is not taken", () => {
  test.each<[string, Partial<Taking> & { terms?: Partial<Order> }, string]>([
    ["all of it", { amount: 100n }, "fits"],
    ["more than there is", { amount: 101n }, "bundles.bad_part"],
    ["nothing", { amount: 0n }, "bundles.bad_part"],
    ["too long a wait", { deadline: NOW + 601 }, "bundles.bad_part"],
    ["by whom it is for", { terms: { taker: address("02") } }, "fits"],
    ["by somebody else", { terms: { taker: address("03") } }, "bundles.bad_part"],
    ["in its last second", { terms: { expiry: NOW } }, "fits"],
    ["a second later", { terms: { expiry: NOW - 1 } }, "bundles.bad_part"],
  ])("%s", (_, { terms, ...given }, code) =>
    expect(codeOf(() => takeOrder({ ...taking, ...given, order: { ...order, ...terms } }, NOW))).toBe(code),
  );
});

const swap: HashSwap = {
  hash: hashOfSecret(secret),
  drawer: address("01"),
  other: address("02"),
  gives: { chainId: 10, token: address("aa"), amount: 5n },
  wants: { chainId: 20, token: address("bb"), amount: 7n },
  until: NOW + 3_600,
  salt: 1n,
};

test("the first lock ends later than the second, by the margin", () => {
  const { first, second } = planHashSwap(swap, NOW);
  expect(first.lock.until - second.lock.until).toBe(SWAP_MARGIN);
  expect([first.lock.payer, second.lock.recipient]).toEqual([swap.drawer, swap.drawer]);
  expect(size(first.lock.hash)).toBe(32);
});

describe("whoever locks second looks at the first", () => {
  const { first, second } = planHashSwap(swap, NOW);
  const other = (lock: Partial<typeof first.lock>) => ({ ...first, lock: { ...first.lock, ...lock } });
  test.each<[string, () => void, string]>([
    ["as planned", () => checkHashSwap(first, second, NOW), "fits"],
    [
      "equal locks",
      () => checkHashSwap(other({ until: second.lock.until }), second, NOW),
      "bundles.bad_swap",
    ],
    [
      "a second too little",
      () => checkHashSwap(other({ until: first.lock.until - 1 }), second, NOW),
      "bundles.bad_swap",
    ],
    ["locks the wrong way round", () => checkHashSwap(second, first, NOW), "bundles.bad_swap"],
    ["another secret", () => checkHashSwap(other({ hash: secret }), second, NOW), "bundles.bad_swap"],
    [
      "somebody else is paid",
      () => checkHashSwap(other({ recipient: address("03") }), second, NOW),
      "bundles.bad_swap",
    ],
    ["nothing is there", () => checkHashSwap(other({ amount: 0n }), second, NOW), "bundles.bad_swap"],
    ["it is over", () => checkHashSwap(first, second, second.lock.until), "bundles.bad_swap"],
  ])("%s", (_, act, code) => expect(codeOf(act)).toBe(code));
});
