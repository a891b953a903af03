import { at } from "@sooth/kernel";
import { orderTypedData } from "@sooth/markets/core";
import { expect, test } from "vitest";
import type { Call, TypedData } from "../../api.ts";
import { type Order, orderSteps } from "./trade-steps.ts";

const MAKER = `0x${"Aa".repeat(20)}`;
const domain = { chainId: 31_337, outcomeTokens: `0x${"0b".repeat(20)}` } as const;
const wanted: Order = {
  question: `0x${"c0".repeat(32)}`,
  outcome: 2,
  side: "buyYes",
  amount: 10_000_000n,
  price: 600_000,
  expiresAt: 1_800_000_000,
};
const allowance: Call = {
  chainId: 31_337,
  to: "0x",
  data: "0x",
  value: "0",
  purpose: "Let it take the money",
};

type Tools = Parameters<typeof orderSteps>[0];
type Prepared = Awaited<ReturnType<Tools["api"]["prepareOutcomeOrder"]>>;

/** Runs all steps with a server that answers with this in place of what was asked, and tells what was signed and handed in. */
async function run(lies: Partial<Prepared["order"]> = {}, typedData = { says: "another order" }) {
  const [signed, handedIn]: [TypedData[], unknown[]] = [[], []];
  const api = {
    prepareOutcomeOrder: async (asked: object) => ({
      order: { ...asked, maker: MAKER.toLowerCase(), nonce: "7", ...lies },
      typedData,
      calls: [allowance],
    }),
    postOutcomeOrder: async (asked: unknown) => handedIn.push(asked),
  } as unknown as Tools["api"];
  const wallet: Tools["wallet"] = {
    account: undefined,
    sendAll: async () => undefined,
    sign: async (data) => {
      signed.push(data);
      return "0x5161";
    },
  };
  const steps = await orderSteps({ wallet, api, domain }, wanted, MAKER);
  for (const step of steps) await step.run(() => undefined);
  return { signed, handedIn };
}

test("what is signed is what was asked, whatever the server would have signed", async () => {
  const { signed, handedIn } = await run();
  const maker = `0x${"aa".repeat(20)}` as const;
  const order = { ...wanted, question: `0x${"c0".repeat(32)}`, maker, price: 600_000n, nonce: 7n } as const;
  expect(signed).toEqual([orderTypedData(domain, order)]);
  const wire = { ...wanted, maker, amount: "10000000", nonce: "7" };
  expect(at(handedIn, 0)).toEqual({ order: wire, signature: "0x5161" });
});

test.each([
  { maker: `0x${"dd".repeat(20)}` },
  { question: `0x${"dd".repeat(32)}` },
  { outcome: 1 },
  { side: "sellYes" },
  { amount: "10000001" },
  { price: 600_001 },
  { expiresAt: 1_800_000_001 },
] satisfies Partial<Prepared["order"]>[])(
  "another order than was asked for is not signed: %o",
  async (lie) => {
    await expect(run(lie)).rejects.toThrow("another than was asked for");
  },
);
