import { outcomeTokensAbi, testDollarAbi } from "@sooth/abi";
import { type Address, type Hex, need } from "@sooth/kernel";
import { termsToChain } from "@sooth/oracle/core";
import { createTestClient, encodeFunctionData, http, type LocalAccount, walletActions } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { DOLLAR, HUB, openStage, type Stage } from "../../../test/stage.ts";
import { yesNo } from "../../../test/staged-market.ts";
import { outcomeSetPage, type OutcomeSide, SIDES, wireSolvency } from "../../core/index.ts";
import { markets } from "../../index.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

type Order = {
  maker: Address;
  question: Hex;
  outcome: number;
  side: number;
  amount: bigint;
  price: bigint;
  nonce: bigint;
  expiresAt: number;
};
const ORDER = {
  Order: [
    { name: "maker", type: "address" },
    { name: "question", type: "bytes32" },
    { name: "outcome", type: "uint8" },
    { name: "side", type: "uint8" },
    { name: "amount", type: "uint128" },
    { name: "price", type: "uint128" },
    { name: "nonce", type: "uint256" },
    { name: "expiresAt", type: "uint40" },
  ],
} as const;
let nonce = 0n;

const tokens = () => stage.addresses.outcomeTokens;
const call = (account: LocalAccount, data: Hex) => stage.send(account, tokens(), data);
const split = (account: LocalAccount, question: Hex, amount: bigint) =>
  call(
    account,
    encodeFunctionData({ abi: outcomeTokensAbi, functionName: "split", args: [question, 0, amount] }),
  );
const merge = (account: LocalAccount, question: Hex, amount: bigint) =>
  call(
    account,
    encodeFunctionData({ abi: outcomeTokensAbi, functionName: "merge", args: [question, 0, amount] }),
  );
const redeem = (account: LocalAccount, question: Hex, owner = account.address) =>
  call(
    account,
    encodeFunctionData({ abi: outcomeTokensAbi, functionName: "redeem", args: [question, 1, owner] }),
  );
/** Two who have signed; a stranger brings both. */
async function match(
  question: Hex,
  amount: bigint,
  [taker, takes, most]: [LocalAccount, OutcomeSide, bigint],
  [maker, makes, price]: [LocalAccount, OutcomeSide, bigint],
): Promise<void> {
  const expiresAt = (await stage.now()) + 3_600;
  const signed = async (account: LocalAccount, side: OutcomeSide, limit: bigint) => {
    nonce += 1n;
    const order: Order = {
      maker: account.address,
      question,
      outcome: 0,
      side: SIDES.indexOf(side),
      amount,
      price: limit,
      nonce,
      expiresAt,
    };
    const signature = await account.signTypedData({
      domain: { name: "Sooth Outcome Tokens", version: "1", chainId: HUB, verifyingContract: tokens() },
      types: ORDER,
      primaryType: "Order",
      message: order,
    });
    return [order, signature] as const;
  };
  const args = [
    ...(await signed(taker, takes, most)),
    ...(await signed(maker, makes, price)),
    amount,
  ] as const;
  const data = encodeFunctionData({ abi: outcomeTokensAbi, functionName: "matchOrders", args });
  await call(need(stage.providers[0], "a stranger"), data);
}
const people = async (count: number) => {
  const found: LocalAccount[] = [];
  for (let index = 0; index < count; index++) {
    const account = await stage.trader();
    const data = encodeFunctionData({
      abi: testDollarAbi,
      functionName: "approve",
      args: [tokens(), 1_000_000n * DOLLAR],
    });
    await stage.send(account, stage.addresses.collateral, data);
    found.push(account);
  }
  return found;
};

const get = async <T extends z.ZodType>(shape: T, url: string): Promise<z.infer<T>> =>
  shape.parse(JSON.parse((await stage.app.inject(url)).body));
/** What the page shows, which must be of the chain's last block. */
async function shown(): Promise<{ held: bigint; owed: bigint }> {
  await stage.followed();
  const { block, contracts, reading } = await get(wireSolvency, "/v1/solvency");
  expect(reading).toEqual([]);
  expect(block).toBe(Number(await stage.hub.client.getBlockNumber({ cacheTime: 0 })));
  const found = need(
    contracts.find(({ name }) => name === "outcomeTokens"),
    "the contract",
  );
  return { held: BigInt(found.held), owed: BigInt(found.owed) };
}
const even = async (amount: bigint) => expect(await shown()).toEqual({ held: amount, owed: amount });
const check = (id: string) =>
  need(
    markets.checks(stage.deps).find((one) => one.id === id),
    id,
  ).run();

test("sets made, matched, merged, settled and redeemed: at each block what is owed is held, but for known dust", async () => {
  const opensAt = (await stage.now()) + 600;
  const schema = yesNo({ kind: "numeric", outcomes: [], unit: "USD", text: "How high is the bridge?" });
  const { id, terms } = await stage.ask(schema, { opensAt, deadline: opensAt + 600 });
  const [alice, bob, carol] = (await people(3)) as [LocalAccount, LocalAccount, LocalAccount];
  await even(0n);
  await split(alice, id, 10n * DOLLAR + 1n);
  await even(10n * DOLLAR + 1n);
  await match(id, 3_000_007n, [bob, "buyYes", 600_000n], [carol, "buyNo", 450_000n]);
  await even(13_000_008n);
  await match(id, 500_003n, [carol, "buyYes", 700_000n], [bob, "sellYes", 600_000n]);
  await even(13_000_008n);
  await match(id, 20_000n, [alice, "sellNo", 400_000n], [bob, "sellYes", 550_000n]);
  await even(12_980_008n);
  await merge(alice, id, DOLLAR);
  await even(11_980_008n);

  await stage.warp(opensAt);
  const third = 333_333_333_333n;
  await stage.report({ id, terms }, [third, third, third]);
  await even(11_980_008n);
  await stage.warp((await stage.now()) + 60);
  const settle = encodeFunctionData({
    abi: outcomeTokensAbi,
    functionName: "settle",
    args: [termsToChain(terms)],
  });
  await call(alice, settle);
  await even(11_980_008n);

  let last = await shown();
  for (const owner of [carol, alice, bob]) {
    // Anybody may have it done; the owner is paid.
    await redeem(bob, id, owner.address);
    const now = await shown();
    expect(now.held).toBeLessThan(last.held);
    const dust = now.held - now.owed;
    expect(dust).toBeGreaterThanOrEqual(last.held - last.owed);
    expect(dust).toBeLessThan(3n);
    const { items } = await get(outcomeSetPage, "/v1/solvency/outcome-sets");
    expect(items).toMatchObject([
      {
        question: id,
        text: "How high is the bridge?",
        outcomes: [{ yesBps: 3_333 }],
        owed: String(now.owed),
        dust: String(dust),
      },
    ]);
    last = now;
  }
  expect(last.owed).toBe(0n);
  expect(last.held).toBeGreaterThan(0n);
  expect(await check("markets.solvent")).toMatchObject({ ok: true });
  expect(await check("markets.sets_fit")).toEqual({ ok: true });
});

test("a question that ends without an answer owes each side a half, and a set its collateral", async () => {
  const before = await shown();
  const opensAt = (await stage.now()) + 600;
  const { id, terms } = await stage.ask(yesNo({ text: "Who tells?" }), { opensAt, deadline: opensAt + 60 });
  const [alice, bob] = (await people(2)) as [LocalAccount, LocalAccount];
  const more = async () => {
    const { held, owed } = await shown();
    return { held: held - before.held, owed: owed - before.owed };
  };
  await split(alice, id, 101n);
  const no = await stage.hub.client.readContract({
    address: tokens(),
    abi: outcomeTokensAbi,
    functionName: "noOf",
    args: [id, 0],
  });
  const send = { abi: outcomeTokensAbi, functionName: "transfer", args: [bob.address, no, 50n] } as const;
  await call(alice, encodeFunctionData(send));
  await stage.warp(terms.deadline + 1);
  const settle = { abi: outcomeTokensAbi, functionName: "settle", args: [termsToChain(terms)] } as const;
  await call(bob, encodeFunctionData(settle));
  expect(await more()).toEqual({ held: 101n, owed: 101n });
  await merge(alice, id, 1n);
  expect(await more()).toEqual({ held: 100n, owed: 100n });
  await redeem(bob, id);
  expect(await more()).toEqual({ held: 75n, owed: 75n });
  await redeem(alice, id);
  expect(await more()).toEqual({ held: 0n, owed: 0n });
});

test("collateral that is gone without a log shows as a deficit, to the unit", async () => {
  const [alice] = (await people(1)) as [LocalAccount];
  const { id } = await stage.ask(yesNo({ text: "Is it there?" }), {
    opensAt: (await stage.now()) + 600,
    deadline: (await stage.now()) + 1_200,
  });
  await split(alice, id, 5n * DOLLAR);
  const before = await shown();
  expect(before.held).toBeGreaterThanOrEqual(before.owed);
  const dust = before.held - before.owed;
  const node = createTestClient({
    mode: "anvil",
    chain: stage.hub.definition.viem,
    transport: http(stage.rpcUrl),
  }).extend(walletActions);
  await node.setBalance({ address: tokens(), value: 10n ** 18n });
  await node.impersonateAccount({ address: tokens() });
  const stolen = encodeFunctionData({
    abi: testDollarAbi,
    functionName: "transfer",
    args: [alice.address, dust + 1n],
  });
  const hash = await node.sendTransaction({
    account: tokens(),
    to: stage.addresses.collateral,
    data: stolen,
  });
  await stage.hub.client.waitForTransactionReceipt({ hash, pollingInterval: 20 });
  expect(await shown()).toEqual({ held: before.owed - 1n, owed: before.owed });
  expect(await check("markets.solvent")).toMatchObject({
    ok: false,
    found: expect.stringMatching(new RegExp(`^outcomeTokens: ${before.owed - 1n} held, ${before.owed} owed`)),
  });
});
