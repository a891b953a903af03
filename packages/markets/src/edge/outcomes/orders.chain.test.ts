import { outcomeTokensAbi, testDollarAbi } from "@sooth/abi";
import type { Address, Hex } from "@sooth/kernel";
import type { Terms } from "@sooth/oracle/core";
import { sql } from "@sooth/store";
import { encodeErrorResult, encodeFunctionData, type LocalAccount } from "viem";
import { createApp } from "@sooth/runtime";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import type { z } from "zod";
import { DOLLAR, openStage, type Stage } from "../../../test/stage.ts";
import { devAccount } from "@sooth/chain/local-node";
import { yesNo } from "../../../test/staged-market.ts";
import {
  orderFromWire,
  orderTypedData,
  type OutcomeSide,
  tokenIdOf,
  wireCalls,
  wireOpenOrder,
  wireOrderBook,
  wirePreparedOrder,
  wireQuestionOutcomes,
} from "../../core/index.ts";
import { matchOrders } from "./match-orders.ts";
import { markets } from "../../index.ts";
import { domainOf, holdings } from "./order-contract.ts";
import { refreshOrders } from "./refresh-orders.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/* WHAT PEOPLE DO */

type Asked = { id: Hex; terms: Terms };
async function ask(): Promise<Asked> {
  const opensAt = (await stage.now()) + 7_200;
  const asked = await stage.ask(yesNo({ observeAt: opensAt }), { opensAt, deadline: opensAt + 600 });
  await stage.followed();
  return asked;
}
async function request<T extends z.ZodType>(
  shape: T,
  method: "GET" | "POST",
  url: string,
  payload?: object,
): Promise<z.infer<T>> {
  const reply = await stage.app.inject({ method, url, ...(payload && { payload }) });
  const body: unknown = JSON.parse(reply.body);
  if (reply.statusCode >= 300) throw new Error((body as { error: { code: string } }).error.code);
  return shape.parse(body);
}
async function sendAll(account: LocalAccount, calls: z.infer<typeof wireCalls>["calls"]): Promise<void> {
  for (const { to, data } of calls) await stage.send(account, to as Address, data as Hex);
}
const prepared = (
  maker: Address,
  question: Hex,
  side: OutcomeSide,
  amount: bigint,
  price: number,
  expiresAt?: number,
) =>
  request(wirePreparedOrder, "POST", "/v1/outcome-orders/prepare", {
    maker,
    question,
    side,
    amount: String(amount),
    price,
    ...(expiresAt !== undefined && { expiresAt }),
  });
type Signed = { order: z.infer<typeof wirePreparedOrder>["order"]; signature: Hex };
async function signed(account: LocalAccount, order: Signed["order"]): Promise<Signed> {
  const signature = await account.signTypedData(orderTypedData(domainOf(stage.deps), orderFromWire(order)));
  return { order, signature };
}
const hand = (one: Signed) => request(wireOpenOrder, "POST", "/v1/outcome-orders", one);
/** As the page does it: prepare, approve what is missing, sign, hand in. */
async function place(account: LocalAccount, question: Hex, side: OutcomeSide, amount: bigint, price: number) {
  const { order, calls } = await prepared(account.address, question, side, amount, price);
  await sendAll(account, calls);
  return hand(await signed(account, order));
}
const sets = async (account: LocalAccount, id: Hex, body: object): Promise<void> => {
  const { calls } = await request(wireCalls, "POST", `/v1/questions/${id}/outcomes/prepare`, {
    owner: account.address,
    ...body,
  });
  await sendAll(account, calls);
};
const book = (id: Hex) => request(wireOrderBook, "GET", `/v1/outcome-orders?question=${id}&outcome=0`);
const outcomes = (id: Hex, owner: Address) =>
  request(wireQuestionOutcomes, "GET", `/v1/questions/${id}/outcomes?owner=${owner}`);
const moneyOf = (owner: Address) =>
  stage.hub.client.readContract({
    address: stage.addresses.collateral,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [owner],
  });
async function head() {
  await stage.followed();
  const block = await stage.hub.client.getBlock();
  return {
    chainId: stage.hub.definition.id,
    number: Number(block.number),
    timestamp: Number(block.timestamp),
    hash: block.hash,
  };
}
/** A block in which nothing happens to anybody's orders. */
const mine = async () => stage.warp((await stage.now()) + 1);
const refresh = async () => {
  await mine();
  await refreshOrders(stage.deps, await head());
};
const transfer = (from: LocalAccount, to: Address, amount: bigint) =>
  stage.send(
    from,
    stage.addresses.collateral,
    encodeFunctionData({ abi: testDollarAbi, functionName: "transfer", args: [to, amount] }),
  );
const two = async () => [await stage.trader(), await stage.trader()] as const;
/** How many matches the keeper has put into the outbox. */
const matchesSent = async () =>
  Number(
    (
      await sql<{ count: string }>`select count(*) from chain.outbox where purpose = 'match'`.execute(
        stage.store.db,
      )
    ).rows[0]?.count,
  );

/* WHAT MUST HOLD */

test("two strangers sign, the keeper matches them, the question is answered, and each is paid", async () => {
  const { id, terms } = await ask();
  const [alice, bob] = await two();
  const bid = await place(alice, id, "buyYes", 10n * DOLLAR, 600_000);
  expect(bid).toMatchObject({ left: String(10n * DOLLAR), covered: String(10n * DOLLAR) });
  expect(bid.order.expiresAt).toBe(terms.opensAt - 1);
  await place(bob, id, "buyNo", 4n * DOLLAR, 450_000);
  const before = await book(id);
  expect(before.levels).toEqual({
    bids: [{ price: 600_000, amount: String(10n * DOLLAR), orders: 1 }],
    asks: [{ price: 550_000, amount: String(4n * DOLLAR), orders: 1 }],
  });
  await matchOrders(stage.deps, await head());
  await expect
    .poll(async () => (await outcomes(id, alice.address)).trades.length, { timeout: 30_000 })
    .toBe(1);
  await refresh();

  const { trades, outcomes: held } = await outcomes(id, alice.address);
  // Bob came later: Alice's price holds, and what he offered beyond it stays his.
  expect(trades).toMatchObject([
    { side: "buyNo", price: 400_000, yesPrice: 600_000, amount: String(4n * DOLLAR) },
  ]);
  expect(held).toMatchObject([
    { outcome: 0, yes: String(4n * DOLLAR), no: "0", yesBps: null, last: 600_000 },
  ]);
  expect((await book(id)).levels).toEqual({
    bids: [{ price: 600_000, amount: String(6n * DOLLAR), orders: 1 }],
    asks: [],
  });
  // Nothing crosses any more: the keeper sends nothing twice.
  const sent = await matchesSent();
  await matchOrders(stage.deps, await head());
  expect(await matchesSent()).toBe(sent);

  await stage.warp(terms.opensAt);
  await stage.report({ id, terms }, [1n, 1n, 1n]);
  await stage.warp((await stage.now()) + 60);
  await stage.followed();
  const had = await moneyOf(alice.address);
  await sets(alice, id, { does: "redeem" });
  expect((await moneyOf(alice.address)) - had).toBe(4n * DOLLAR);
  await stage.followed();
  expect((await outcomes(id, alice.address)).outcomes[0]).toMatchObject({ yesBps: 10_000, yes: "0" });
});

test("sets are made and taken apart, and what they are made of is sold", async () => {
  const { id } = await ask();
  const [alice, bob] = await two();
  expect((await outcomes(id, alice.address)).outcomes[0]).toMatchObject({ yes: "0", no: "0" });
  await sets(alice, id, { does: "split", amount: String(5n * DOLLAR) });
  expect((await outcomes(id, alice.address)).outcomes[0]).toMatchObject({ yes: "5000000", no: "5000000" });
  await place(alice, id, "sellNo", 2n * DOLLAR, 300_000);
  await place(bob, id, "buyNo", 3n * DOLLAR, 300_000);
  await matchOrders(stage.deps, await head());
  await expect
    .poll(async () => (await outcomes(id, bob.address)).outcomes[0]?.no, { timeout: 30_000 })
    .toBe("2000000");
  await sets(alice, id, { does: "merge", amount: String(3n * DOLLAR) });
  await stage.followed();
  expect((await outcomes(id, alice.address)).outcomes[0]).toMatchObject({ yes: "2000000", no: "0" });
});

test("what nobody should sign, or nobody could match, is refused and says why", async () => {
  const { id, terms } = await ask();
  const [alice, stranger] = await two();
  const { order, calls } = await prepared(alice.address, id, "buyYes", DOLLAR, 500_000);
  const tried = (change: Partial<Signed["order"]>) => async () =>
    hand(await signed(alice, { ...order, ...change }));
  await expect(hand(await signed(alice, order))).rejects.toThrow("outcomes.not_covered");
  await sendAll(alice, calls);
  await expect(hand(await signed(stranger, order))).rejects.toThrow("outcomes.bad_signature");
  await expect(hand({ order, signature: "0x" })).rejects.toThrow("outcomes.bad_signature");
  await expect(tried({ expiresAt: terms.opensAt })()).rejects.toThrow("outcomes.expires_too_late");
  await expect(tried({ expiresAt: (await stage.now()) + 5 })()).rejects.toThrow("outcomes.expires_too_soon");
  await expect(tried({ question: `0x${"12".repeat(32)}` })()).rejects.toThrow("outcomes.unknown_question");
  await expect(tried({ outcome: 1 })()).rejects.toThrow("outcomes.no_sides");
  await expect(tried({ amount: "9999" })()).rejects.toThrow("outcomes.order_too_small");
  // A tenth of a unit is the least that is behind one: of who buys money, of who sells tokens.
  await expect(tried({ amount: "199999" })()).rejects.toThrow("outcomes.too_little_money");
  await expect(tried({ price: 1 })()).rejects.toThrow("outcomes.too_little_money");
  await expect(tried({ side: "sellNo", price: 999_999, amount: "99999" })()).rejects.toThrow(
    "outcomes.too_little_money",
  );
  await expect(prepared(alice.address, id, "buyNo", DOLLAR, 99_999)).rejects.toThrow(
    "outcomes.too_little_money",
  );
  await expect(hand({ order: { ...order, amount: String(1n << 128n) }, signature: "0x" })).rejects.toThrow(
    "outcomes.bad_amount",
  );
  await expect(tried({ price: 1_000_000 })()).rejects.toThrow("http.bad_request");
  await expect(tried({ side: "sellYes" })()).rejects.toThrow("outcomes.not_covered");

  const kept = await hand(await signed(alice, order));
  // The same again is the same order; its nonce is no other's.
  expect((await hand(await signed(alice, order))).digest).toBe(kept.digest);
  await expect(tried({ amount: "300000" })()).rejects.toThrow("outcomes.nonce_used");
  // What stands behind one order is not there for the next.
  await expect(tried({ nonce: "77" })()).rejects.toThrow("outcomes.not_covered");
  // The next one prepared has the next nonce, and asks for what both may take.
  const next = await prepared(alice.address, id, "buyYes", DOLLAR, 500_000);
  expect(BigInt(next.order.nonce)).toBe(BigInt(order.nonce) + 1n);
  await sendAll(alice, next.calls);
  expect((await hand(await signed(alice, next.order))).covered).toBe(String(DOLLAR));

  await stage.warp(terms.opensAt - 10);
  await stage.followed();
  await expect(prepared(alice.address, id, "buyYes", DOLLAR, 500_000)).rejects.toThrow("outcomes.not_open");
});

test("an order whose maker moves his money away is not shown as one that can be matched, and comes back with it", async () => {
  const { id } = await ask();
  const [alice, friend] = await two();
  const { digest } = await place(alice, id, "buyYes", 10n * DOLLAR, 500_000);
  const covered = async () => (await request(wireOpenOrder, "GET", `/v1/outcome-orders/${digest}`)).covered;
  const all = await moneyOf(alice.address);
  await transfer(alice, friend.address, all - 2n * DOLLAR);
  await refresh();
  expect(await covered()).toBe(String(4n * DOLLAR));
  await transfer(alice, friend.address, 2n * DOLLAR);
  await refresh();
  expect(await covered()).toBe("0");
  expect((await book(id)).levels).toEqual({ bids: [], asks: [] });
  await transfer(friend, alice.address, 5n * DOLLAR);
  await refresh();
  expect(await covered()).toBe(String(10n * DOLLAR));
});

test("who cancels has the order gone, and its nonce with it", async () => {
  const { id } = await ask();
  const [alice, other] = await two();
  const { digest, order } = await place(alice, id, "buyNo", DOLLAR, 500_000);
  const cancel = (maker: Address) =>
    request(wireCalls, "POST", "/v1/outcome-orders/cancel/prepare", { maker, orders: [digest] });
  await expect(cancel(other.address)).rejects.toThrow("outcomes.unknown_order");
  await sendAll(alice, (await cancel(alice.address)).calls);
  await refresh();
  expect((await book(id)).orders).toEqual([]);
  const again = { ...order, amount: "20000" };
  await expect(hand(await signed(alice, again))).rejects.toThrow("outcomes.nonce_used");
});

test("a contract wallet's word counts as long as it stands by it", async () => {
  const { id } = await ask();
  const [wallet] = await two();
  const { order, calls } = await prepared(wallet.address, id, "buyYes", DOLLAR, 500_000);
  await sendAll(wallet, calls);
  await expect(hand({ order, signature: "0x1234" })).rejects.toThrow("outcomes.bad_signature");
  // return bytes4(0x1626ba7e), whatever it is asked.
  await stage.setCode(wallet.address, "0x631626ba7e60e01b5f5260205ff3");
  const { digest, covered } = await hand({ order, signature: "0x1234" });
  expect(covered).toBe(String(DOLLAR));
  // It changes its mind: invalid opcode.
  await stage.setCode(wallet.address, "0xfe");
  await refresh();
  expect((await request(wireOpenOrder, "GET", `/v1/outcome-orders/${digest}`)).covered).toBe("0");
});

/** return bytes4(0x1626ba7e) */
const SAYS_YES = "631626ba7e60e01b5f5260205ff3";
/** The account's code is this from now on, and every order on which it gives its word is taken by whoever asks it. */
async function walletOf(code: string, id: Hex, prices: readonly number[], amount: bigint) {
  const wallet = await stage.trader();
  const digests: Hex[] = [];
  const orders: Signed["order"][] = [];
  for (const price of prices) {
    const { order, calls } = await prepared(wallet.address, id, "buyYes", amount, price);
    if (orders.length === 0) await sendAll(wallet, approval(calls, BigInt(prices.length) * amount));
    orders.push({ ...order, nonce: String(orders.length) });
  }
  await stage.setCode(wallet.address, `0x${code}`);
  for (const order of orders) digests.push((await hand({ order, signature: "0x1234" })).digest as Hex);
  return { wallet, digests };
}
const approval = (calls: z.infer<typeof wireCalls>["calls"], amount: bigint) =>
  calls.map((one) => ({
    ...one,
    data: encodeFunctionData({
      abi: testDollarAbi,
      functionName: "approve",
      args: [stage.addresses.outcomeTokens, amount],
    }),
  }));
const orderOf = (digest: string) => request(wireOpenOrder, "GET", `/v1/outcome-orders/${digest}`);

test("a wallet that answers without end hides nobody else's orders, and takes nobody's place", async () => {
  const { id } = await ask();
  const [alice, friend] = await two();
  const { digest } = await place(alice, id, "buyYes", DOLLAR, 300_000);
  const prices = Array.from({ length: 22 }, (_, index) => 100_000 + index);
  const evil = await walletOf(SAYS_YES, id, prices, DOLLAR);
  // The magic word, and 280 kilobytes: of all its orders together more than is read of a node's answer.
  await stage.setCode(evil.wallet.address, "0x631626ba7e60e01b5f52620440005ff3");
  await transfer(alice, friend.address, await moneyOf(alice.address));
  await refresh();
  expect((await orderOf(digest)).covered).toBe("0");
  for (const each of evil.digests) expect((await orderOf(each)).covered).toBe("0");
});

test("a wallet that says yes only while nobody sends is not believed", async () => {
  const { id } = await ask();
  // Where tx.origin is anybody's: revert.
  const code = `32601257${SAYS_YES}5b5f5ffd`;
  await expect(walletOf(code, id, [500_000], DOLLAR)).rejects.toThrow("outcomes.bad_signature");
});

test.each([
  // While more than 20,000 gas is there, where it was more than 210,000: burn it.
  ["burns what a match needs", () => `620334505a11156013575b614e205a11600a575b${SAYS_YES}`],
  // Where the transaction is the platform's: revert.
  ["says no to the keeper alone", () => `73${devAccount(1).address.slice(2)}3214602857${SAYS_YES}5b5f5ffd`],
  // Where gas is paid for: revert, or burn until too little is left for the rest.
  ["says no where gas is paid for", () => `3a601257${SAYS_YES}5b5f5ffd`],
  ["burns where gas is paid for", () => `3a15600e575b614e205a116005575b${SAYS_YES}`],
])("a wallet that %s stands in nobody's way", async (_, code) => {
  const { id } = await ask();
  const [alice, bob] = await two();
  const { digests } = await walletOf(code(), id, [900_000], DOLLAR);
  await place(alice, id, "buyYes", DOLLAR, 500_000);
  await place(bob, id, "buyNo", DOLLAR, 500_000);
  await matchOrders(stage.deps, await head());
  await expect
    .poll(
      async () => {
        await matchOrders(stage.deps, await head());
        return (await outcomes(id, bob.address)).outcomes[0]?.no;
      },
      { timeout: 30_000 },
    )
    .toBe(String(DOLLAR));
  // It took none of the platform's gas: a trial is as the real thing.
  const { rows: burnt } = await sql<{ key: string }>`select key from chain.outbox
    where purpose = 'match' and nonce is not null and position(${digests[0] ?? ""} in key) > 0`.execute(
    stage.store.db,
  );
  expect(burnt).toEqual([]);
  // It stands where it stood: who wants may still try it.
  expect((await orderOf(digests[0] ?? "")).left).toBe(String(DOLLAR));
});

test("orders that nobody can match leave the book to those that can", async () => {
  const { id } = await ask();
  const [alice, friend] = await two();
  const { digest } = await place(alice, id, "buyYes", DOLLAR, 500_000);
  await transfer(alice, friend.address, await moneyOf(alice.address));
  await refresh();
  expect((await book(id)).orders).toEqual([]);
  const own = await request(wireOrderBook, "GET", `/v1/outcome-orders?question=${id}&maker=${alice.address}`);
  expect(own.orders).toMatchObject([{ digest, covered: "0" }]);
});

test("who fills a book keeps nobody out of it who offers more, and is told that he waits", async () => {
  const { id } = await ask();
  const [alice, bob] = await two();
  const { digest, order } = await place(alice, id, "buyYes", DOLLAR, 100_000);
  await sql`insert into markets.outcome_orders (digest, maker, question, outcome, side, amount, price, nonce, expires_at, signature,
      by_contract, placed_at, left_, covered, checked_block)
    select '0x' || md5(n::text) || md5(n::text), '0x00000000' || md5((n / 40)::text), ${id}, 0, 'buyYes', 1000000, 100000, n, ${order.expiresAt}, '0x', false, 0,
      1000000, 1000000, 1e9 from generate_series(1, 499) n`.execute(stage.store.db);
  await expect(place(bob, id, "buyYes", DOLLAR, 100_000)).rejects.toThrow("outcomes.book_full");
  const better = await place(bob, id, "buyYes", DOLLAR, 100_001);
  expect(better.dropped).toBe(false);
  const { orders } = await book(id);
  expect(orders).toHaveLength(500);
  expect(orders.filter((one) => one.dropped)).toEqual([]);
  // Of equal prices the last that came went; the other side is not full.
  const own = () => request(wireOrderBook, "GET", `/v1/outcome-orders?question=${id}&maker=${alice.address}`);
  expect((await own()).orders).toMatchObject([{ digest, dropped: false }]);
  await place(alice, id, "buyNo", DOLLAR, 100_000);
  await sql`update markets.outcome_orders set price = 100002 where question = ${id} and signature = '0x'`.execute(
    stage.store.db,
  );
  await place(bob, id, "buyYes", DOLLAR, 100_003);
  expect((await own()).orders).toMatchObject([{ digest, dropped: true }, { dropped: false }]);
  expect((await orderOf(digest)).dropped).toBe(true);
  expect((await book(id)).orders.map((one) => one.digest)).not.toContain(digest);
  await sql`delete from markets.outcome_orders where question = ${id} and signature = '0x'`.execute(
    stage.store.db,
  );
  await refresh();
  expect((await own()).orders).toMatchObject([{ digest, dropped: false }, { dropped: false }]);
});

test("the keeper sends nothing that would be refused, leaves who failed alone, and takes the others", async () => {
  const { id } = await ask();
  const [alice, bob] = await two();
  const liar = await stage.trader();
  await place(liar, id, "buyYes", DOLLAR, 900_000);
  await place(alice, id, "buyYes", DOLLAR, 500_000);
  await place(bob, id, "buyNo", DOLLAR, 500_000);
  // Nobody has looked again since, so the book still believes him.
  await transfer(liar, alice.address, await moneyOf(liar.address));
  const sent = await matchesSent();
  const now = await head();
  await matchOrders(stage.deps, now);
  expect(await matchesSent()).toBe(sent + 1);
  const aside = async () =>
    (
      await sql<{ maker: string }>`select maker from markets.outcome_orders
        where question = ${id} and aside_until > ${now.timestamp}`.execute(stage.store.db)
    ).rows.map(({ maker }) => maker);
  // The contract does not say whose money was missing, but the chain does.
  expect(await aside()).toEqual([liar.address.toLowerCase()]);
  await expect
    .poll(async () => (await outcomes(id, bob.address)).outcomes[0]?.no, { timeout: 30_000 })
    .toBe(String(DOLLAR));
});

test("matching ends where a day's gas does, and where no keeper claims there is none", async () => {
  const { id } = await ask();
  const [alice, bob] = await two();
  await place(alice, id, "buyYes", DOLLAR, 500_000);
  await place(bob, id, "buyNo", DOLLAR, 500_000);
  const sent = await matchesSent();
  const { config } = stage.deps;
  await matchOrders(
    { ...stage.deps, config: { ...config, MARKETS_MATCH_GAS_PER_DAY: 400_000 } },
    await head(),
  );
  await matchOrders({ ...stage.deps, config: { ...config, MARKETS_KEEPER: "off" } }, await head());
  expect(await matchesSent()).toBe(sent);
  await matchOrders(stage.deps, await head());
  expect(await matchesSent()).toBe(sent + 1);
});

test("tiny trades among one's own addresses take nobody's turn, and no more than an hour's gas at once", async () => {
  const wash = await ask();
  const { id } = await ask();
  const [alice, bob] = await two();
  const own = await Promise.all(Array.from({ length: 6 }, () => stage.trader()));
  // At prices that go before everybody else's, in a book of their own and in the one of honest people.
  for (const [index, account] of own.entries())
    for (const question of [wash.id, id])
      await place(account, question, index < 3 ? "buyYes" : "buyNo", DOLLAR / 5n, 600_000);
  await place(alice, id, "buyYes", DOLLAR, 500_000);
  await place(bob, id, "buyNo", DOLLAR, 500_000);
  // Room for one now.
  await sql`update chain.outbox set created_at = created_at - interval '2 days' where purpose = 'match'`.execute(
    stage.store.db,
  );
  const { config } = stage.deps;
  const perDay = 27 * 100_000;
  const thrifty = { ...stage.deps, config: { ...config, MARKETS_MATCH_GAS_PER_DAY: perDay } };
  const sent = await matchesSent();
  const now = await head();
  await matchOrders(thrifty, now);
  expect(await matchesSent()).toBe(sent + 1);
  await expect
    .poll(async () => (await outcomes(id, bob.address)).outcomes[0]?.no, { timeout: 30_000 })
    .toBe(String(DOLLAR));
  // The rest of the day stays for others: the attacker has what an hour leaves, whatever the day does.
  await matchOrders(thrifty, { ...now, number: now.number + 1 });
  expect(await matchesSent()).toBe(sent + 1);
});

test("who is put aside signs another order, and waits all the same", async () => {
  const { id } = await ask();
  const [alice, bob] = await two();
  const liar = await stage.trader();
  await place(liar, id, "buyYes", DOLLAR, 900_000);
  await place(bob, id, "buyNo", DOLLAR, 500_000);
  const all = await moneyOf(liar.address);
  await transfer(liar, alice.address, all);
  await matchOrders(stage.deps, await head());
  await transfer(alice, liar.address, all);
  await mine();
  await place(liar, id, "buyYes", DOLLAR, 800_000);
  await place(alice, id, "buyYes", DOLLAR, 500_000);
  await matchOrders(stage.deps, await head());
  await expect
    .poll(async () => (await outcomes(id, bob.address)).outcomes[0]?.no, { timeout: 30_000 })
    .toBe(String(DOLLAR));
  expect((await outcomes(id, alice.address)).outcomes[0]?.yes).toBe(String(DOLLAR));
});

test("whose order others took in front of the keeper is not kept from matching for it", async () => {
  const { id } = await ask();
  const [alice, bob] = await two();
  await place(alice, id, "buyYes", 2n * DOLLAR, 500_000);
  await place(bob, id, "buyNo", DOLLAR, 500_000);
  await matchOrders(stage.deps, await head());
  await expect
    .poll(async () => (await outcomes(id, bob.address)).outcomes[0]?.no, { timeout: 30_000 })
    .toBe(String(DOLLAR));
  await mine();
  const { db } = stage.store;
  const own = `0x${bob.address.slice(2).toLowerCase()}`;
  // As if this trade had been somebody else's, and the keeper's own had come behind it.
  const failedBehindIt = async () => {
    await sql`update markets.outcome_matches set done = false where maker = ${own} or taker = ${own}`.execute(
      db,
    );
    await sql`update chain.outbox set status = 'failed', error_name = 'OutcomeTokens_NonceUsed', error_text = '', error_data = ${encodeErrorResult(
      { abi: outcomeTokensAbi, errorName: "OutcomeTokens_NonceUsed", args: [bob.address, 0n] },
    )} where key in (select key from markets.outcome_matches where maker = ${own} or taker = ${own})`.execute(
      db,
    );
    await matchOrders(stage.deps, await head());
    const { rows } = await sql`select maker from markets.outcome_makers_aside where maker = ${own}`.execute(
      db,
    );
    return rows.length;
  };
  expect(await failedBehindIt()).toBe(0);
  await sql`delete from markets.outcome_trades where question = ${id}`.execute(db);
  expect(await failedBehindIt()).toBe(1);
});

test("what somebody holds is one question to the node, whatever it is made of, and fewer requests from an address", async () => {
  const { id } = await ask();
  const alice = await stage.trader();
  await sets(alice, id, { does: "split", amount: String(5n * DOLLAR) });
  const count = Array.from({ length: 32 }, (_, outcome) => outcome);
  const ids = count.flatMap((outcome) => [tokenIdOf(id, outcome, "yes"), tokenIdOf(id, outcome, "no")]);
  const [alone, together] = [
    vi.spyOn(stage.hub.client, "readContract"),
    vi.spyOn(stage.hub.client, "multicall"),
  ];
  const told = await holdings(stage.deps, id, { count: count.length, owner: alice.address, ids });
  expect((await outcomes(id, alice.address)).outcomes[0]).toMatchObject({ yes: "5000000", no: "5000000" });
  expect([alone.mock.calls.length, together.mock.calls.length]).toEqual([0, 2]);
  alone.mockRestore();
  together.mockRestore();
  expect(told.tokens?.slice(0, 3)).toEqual([5n * DOLLAR, 5n * DOLLAR, 0n]);
  expect(told.shares).toEqual(count.map(() => null));
  expect(told.purse).toEqual({ balance: await moneyOf(alice.address), allowance: 0n });

  const app = await createApp({
    log: stage.deps.log,
    version: "test",
    rateLimit: { max: 1_000, windowSeconds: 60 },
  });
  onTestFinished(() => app.close());
  markets.routes(app, stage.deps);
  await app.ready();
  const status = async (query: string) =>
    (await app.inject({ method: "GET", url: `/v1/questions/${id}/outcomes${query}` })).statusCode;
  const his = `?owner=${alice.address}`;
  for (let n = 0; n < 120; n++) expect(await status("")).toBe(200);
  expect(await status(his)).toBe(429);
  expect(await status("")).toBe(200);
});

test("orders that expired are forgotten, and their nonces are not given out again", async () => {
  const { id, terms } = await ask();
  const [alice] = await two();
  const { digest, order } = await place(alice, id, "buyYes", DOLLAR, 500_000);
  await stage.warp(terms.opensAt + 1);
  expect((await book(id)).orders).toEqual([]);
  await refreshOrders(stage.deps, await head());
  await expect(request(wireOpenOrder, "GET", `/v1/outcome-orders/${digest}`)).rejects.toThrow(
    "outcomes.unknown_order",
  );
  const other = await ask();
  const next = await prepared(alice.address, other.id, "buyYes", DOLLAR, 500_000);
  expect(BigInt(next.order.nonce)).toBe(BigInt(order.nonce) + 1n);
});
