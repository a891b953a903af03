import { opinionsAbi } from "@sooth/abi";
import type { Chain } from "@sooth/chain";
import { type Address, at, type Hex, need } from "@sooth/kernel";
import { type App, createApp, logger, registry } from "@sooth/runtime";
import { rows, sql } from "@sooth/store";
import { decodeFunctionData, zeroAddress } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { silentBeacon } from "../../../../test/silent-beacon.ts";
import { z } from "zod";
import { fiveKeys, simulatedCommittee } from "../../../../test/committee.ts";
import {
  addresses,
  answered,
  emitted,
  hash,
  type Ledger,
  openLedger,
  person,
  START,
} from "../../../../test/ledger.ts";
import { type Announced, announceMarket, opined } from "../../../../test/opinion-ledger.ts";
import { approvalPage, approvalTypedData, wireApproval } from "../../../core/index.ts";
import { markets, marketsConfig } from "../../../index.ts";
import type { Deps } from "../../deps.ts";
import { sweepOpinions } from "../keeper.ts";
import { sweepApprovals } from "./sweep.ts";

const HUB = 31_337;
const DAY = 86_400;
const WINDOW = 3 * DAY;
const COMMITTEE = need(addresses.committee, "the committee");
const domain = { chainId: HUB, committee: COMMITTEE };
const FIRST = fiveKeys("0xaa");
const SECOND = fiveKeys("0xbb");
const membersOf = (keys: readonly PrivateKeyAccount[]) =>
  keys.map(({ address }) => address.toLowerCase() as Address) as [
    Address,
    Address,
    Address,
    Address,
    Address,
  ];

let ledger: Ledger;
let app: App;
let deps: Deps;
/** Who sits by the simulated contract. */
let seated: readonly Address[] = membersOf(FIRST);
const log = logger("approvals-test");
const opened: App[] = [];

beforeAll(async () => {
  ledger = await openLedger();
  deps = depsWith(COMMITTEE);
  app = await appWith(deps);
});
afterAll(async () => {
  for (const one of opened) await one.close();
  await ledger.close();
});
beforeEach(async () => {
  await sql`truncate markets.opinion_markets, markets.opinion_books, markets.opinions, markets.opinion_activity,
    markets.approvals, markets.committee, chain.outbox cascade`.execute(ledger.store.db);
  seated = membersOf(FIRST);
  await ledger.block([emitted.seated({ members: membersOf(FIRST), number: 0n })]);
});

function depsWith(approver: Address): Deps {
  const built: Record<string, unknown> = {
    GENESIS: START - 300_000,
    PERIOD: 3,
    publicKey: [1n, 2n, 3n, 4n],
    approver,
  };
  const require = simulatedCommittee(domain, { members: () => seated, now: () => ledger.head.timestamp });
  const client = {
    readContract: async (asked: { functionName: string }) =>
      asked.functionName === "requireApproved" ? require(asked as never) : (built[asked.functionName] ?? 1),
  };
  // A reading of the clock is shared for a moment: each request here has its own.
  const hub = { ...ledger.hub, client } as unknown as Chain;
  return { store: ledger.store, hub, addresses, config: marketsConfig.parse({}), log };
}

async function appWith(with_: Deps): Promise<App> {
  const one = await createApp({ log, version: "test" });
  markets.routes(one, with_);
  await one.ready();
  opened.push(one);
  return one;
}

/** The rows and the chain stand at `time`. The clock that requests share is read anew. */
async function moveTo(time: number): Promise<void> {
  await ledger.block([], time);
  deps = depsWith(COMMITTEE);
  app = await appWith(deps);
}

const request = async (method: "GET" | "POST", url: string, payload?: object) => {
  const reply = await app.inject({ method, url, ...(payload && { payload }) });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
};
const codeOf = ({ body }: { body: unknown }) =>
  z.object({ error: z.object({ code: z.string() }) }).parse(body).error.code;
const approvalOf = async ({ id }: Pick<Announced, "id">) =>
  wireApproval.parse((await request("GET", `/v1/opinion-markets/${id}/approval`)).body);
const list = async (query: string) =>
  approvalPage.parse((await request("GET", `/v1/approvals?${query}`)).body);
const look = (timestamp = ledger.head.timestamp, number = ledger.head.number) =>
  sweepOpinions({ ...deps, beacon: silentBeacon }, { chainId: HUB, number, timestamp, hash: hash(1) });
const sent = () =>
  rows<{ key: string; data: Hex }>(ledger.store.db, sql`select key, data from chain.outbox order by id`);

/** A market with two opinions whose answer is final now. */
async function finalMarket(value = 6_200n): Promise<Announced> {
  const market = announceMarket();
  const stakes = [opined(market.id, person(1), 10, 100), opined(market.id, person(2), 14, 50)];
  await ledger.block([...market.logs, ...stakes]);
  await ledger.block([answered(market.terms.question, value, ledger.head.timestamp + 2)]);
  await moveTo(ledger.head.timestamp + 10);
  return market;
}

type Proposed = z.infer<typeof wireApproval>;
const sign = (key: PrivateKeyAccount, { typedData }: Pick<Proposed, "typedData">): Promise<Hex> =>
  key.signTypedData(need(typedData, "what is signed") as never);
const bodyOf = ({ address }: PrivateKeyAccount, { digest, expiresAt }: Proposed, signature: Hex) => ({
  member: address,
  digest: digest ?? hash(0),
  expiresAt: expiresAt ?? 0,
  signature,
});
const handOver = async (key: PrivateKeyAccount, proposed: Proposed, signature?: Hex) =>
  request("POST", `/v1/opinion-markets/${proposed.market}/approvals`, {
    ...bodyOf(key, proposed, signature ?? (await sign(key, proposed))),
  });

/** How many results had enough signatures, and how long that took, all together. */
async function approvalSeconds(): Promise<{ count: number; sum: number }> {
  const lines = new Map(
    (await registry.metrics()).split("\n").map((line) => line.split(" ") as [string, string]),
  );
  const [count, sum] = ["count", "sum"].map((of) => Number(lines.get(`markets_approval_seconds_${of}`)));
  return { count: count ?? 0, sum: sum ?? 0 };
}

test("a final answer is proposed as the contract would sign it; two signatures wait, the third is sent", async () => {
  const market = await finalMarket();
  const before = await approvalSeconds();
  const proposed = await approvalOf(market);
  expect(proposed).toMatchObject({
    state: "pending",
    result: { market: market.id, total: "150", count: 2, score: 62, confidence: 10_000 },
    committee: { address: COMMITTEE, members: membersOf(FIRST), needed: 3, replacements: 0 },
    missing: 3,
    signed: [],
    call: null,
  });
  for (const key of [at(FIRST, 4), at(FIRST, 1)]) {
    expect((await handOver(key, proposed)).status).toBe(201);
    await look();
  }
  expect(await sent()).toEqual([]);
  expect(await approvalOf(market)).toMatchObject({ state: "pending", missing: 1 });
  const last = await handOver(at(FIRST, 2), proposed);
  const signers = [4, 1, 2].map((seat) => ({
    member: at(membersOf(FIRST), seat),
    at: ledger.head.timestamp,
  }));
  expect(last.body).toMatchObject({ state: "approved", missing: 0 });
  const took = ledger.head.timestamp - (proposed.finalAt ?? 0);
  const after = await approvalSeconds();
  expect([after.count - before.count, after.sum - before.sum]).toEqual([1, took]);
  expect(new Set(wireApproval.parse(last.body).signed.map(({ member }) => member))).toEqual(
    new Set(signers.map(({ member }) => member)),
  );
  await look();
  await look();
  const calls = await sent();
  expect(calls.map(({ key }) => key)).toEqual([`opinions:score:${market.id}`]);
  // What the keeper sends is what everybody may send, and its bytes are what the contract reads: by seats, not by time.
  expect(at(calls, 0).data).toBe((await approvalOf(market)).call?.data);
  const { args } = decodeFunctionData({ abi: opinionsAbi, data: at(calls, 0).data });
  const approval = (args as readonly [unknown, Hex])[1];
  expect(approval.slice(12, 14)).toBe((0b10110).toString(16));
});

test("what waits is listed, the longest waiting first, in pages, and is counted", async () => {
  const all = [await finalMarket(), await finalMarket(4_000n), await finalMarket(3_000n)];
  expect((await list("")).items.map(({ market }) => market)).toEqual(all.map(({ id }) => id));
  const first = await list("limit=2");
  expect(first.items).toHaveLength(2);
  const second = await list(`limit=2&cursor=${first.next ?? ""}`);
  expect([second.items.map(({ market }) => market), second.next]).toEqual([[at(all, 2).id], null]);
  const proposed = await approvalOf(at(all, 0));
  for (const key of FIRST.slice(0, 3)) await handOver(key, proposed);
  expect((await list("state=approved")).items.map(({ market }) => market)).toEqual([at(all, 0).id]);
  expect((await list("state=pending")).items.map(({ market }) => market)).toEqual(
    all.slice(1).map(({ id }) => id),
  );
  const { number, timestamp } = ledger.head;
  await sweepApprovals(deps, { chainId: HUB, number, timestamp, hash: hash(1) });
  const metrics = await registry.metrics();
  expect(metrics).toContain("\nmarkets_approvals_waiting 2\n");
  const finalAt = at((await list("state=pending")).items, 0).finalAt ?? 0;
  expect(metrics).toContain(`\nmarkets_approvals_oldest_seconds ${timestamp - finalAt}\n`);
});

test("what is void is scored without anybody, and takes no signature", async () => {
  const unsure = announceMarket({ minConfidence: 10_000 });
  const nobody = announceMarket();
  await ledger.block([...unsure.logs, ...nobody.logs, opined(unsure.id, person(1), 10, 100)]);
  const finalAt = ledger.head.timestamp + 2;
  await ledger.block([
    answered(unsure.terms.question, 5_000n, finalAt),
    answered(nobody.terms.question, 5_000n, finalAt),
  ]);
  await moveTo(finalAt + 5);
  expect(await approvalOf(nobody)).toMatchObject({ state: "void", voidBecause: "weights", typedData: null });
  const body = { member: at(FIRST, 0).address, digest: hash(1), expiresAt: 1, signature: "0x00" };
  const refused = await request("POST", `/v1/opinion-markets/${nobody.id}/approvals`, body);
  expect([refused.status, codeOf(refused)]).toEqual([409, "opinions.void_without_approval"]);
  await look();
  expect((await sent()).map(({ key }) => key)).toEqual([`opinions:score:${nobody.id}`]);
  expect((await approvalOf(unsure)).state).toBe("pending");
});

/* ATTACKS */

test("signatures of strangers, over other things, and twice are refused by name", async () => {
  const [market, other] = [await finalMarket(), await finalMarket(4_000n)];
  const proposed = await approvalOf(market);
  const elsewhere = await approvalOf(other);
  const key = at(FIRST, 0);
  const refusal = async (reply: Awaited<ReturnType<typeof request>>) => [reply.status, codeOf(reply)];
  const bad = [400, "opinions.bad_approval"];
  expect(await refusal(await handOver(at(SECOND, 0), proposed))).toEqual([403, "opinions.not_a_member"]);
  // Another market's, another member's, garbage.
  expect(await refusal(await handOver(key, proposed, await sign(key, elsewhere)))).toEqual(bad);
  expect(await refusal(await handOver(key, proposed, await sign(at(FIRST, 1), proposed)))).toEqual(bad);
  expect(await refusal(await handOver(key, proposed, "0x"))).toEqual([400, expect.any(String)]);
  expect(await refusal(await handOver(key, proposed, "0x1234"))).toEqual(bad);
  // Another result, chain, contract.
  const result = { ...need(proposed.result, "a result"), market: market.id, total: 150n as never };
  const expiresAt = proposed.expiresAt ?? 0;
  for (const typed of [
    approvalTypedData(domain, { ...result, score: result.score + 1 }, expiresAt),
    approvalTypedData({ ...domain, chainId: 1 }, result, expiresAt),
    approvalTypedData({ ...domain, committee: zeroAddress }, result, expiresAt),
    approvalTypedData(domain, result, expiresAt + 1),
  ])
    expect(await refusal(await handOver(key, proposed, await key.signTypedData(typed)))).toEqual(bad);
  const said = { ...bodyOf(key, proposed, await sign(key, proposed)), digest: hash(5) };
  const url = `/v1/opinion-markets/${market.id}/approvals`;
  expect(await refusal(await request("POST", url, said))).toEqual([409, "opinions.wrong_result"]);
  expect((await approvalOf(market)).signed).toEqual([]);

  // One member, once: not again, not by the other signature that the curve has for every one, not in a race.
  const twice = [409, "opinions.already_approved"];
  const signature = await sign(key, proposed);
  const race = await Promise.all([handOver(key, proposed), handOver(key, proposed)]);
  expect(new Set(race.map(({ status }) => status))).toEqual(new Set([201, 409]));
  expect(await refusal(await handOver(key, proposed, malleated(signature)))).toEqual(twice);
  expect((await approvalOf(market)).missing).toBe(2);
  await look();
  expect(await sent()).toEqual([]);
});

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
/** The same signer's, by r and n - s. */
function malleated(signature: Hex): Hex {
  const s = ORDER - BigInt(`0x${signature.slice(66, 130)}`);
  const v = signature.endsWith("1b") ? "1c" : "1b";
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, "0")}${v}` as Hex;
}

test("what was signed counts until its time is over, cannot be handed over after it, and is signed anew", async () => {
  const market = await finalMarket();
  const proposed = await approvalOf(market);
  for (const key of FIRST.slice(0, 2)) await handOver(key, proposed);
  await moveTo(proposed.expiresAt ?? 0);
  const anew = await approvalOf(market);
  expect(anew).toMatchObject({ state: "pending", missing: 3, signed: [] });
  expect(anew.expiresAt).toBe((proposed.expiresAt ?? 0) + WINDOW);
  const replayed = await handOver(at(FIRST, 2), proposed);
  expect([replayed.status, codeOf(replayed)]).toEqual([409, "opinions.approval_expired"]);
  // The old bytes under the new expiry.
  const forged = await handOver(at(FIRST, 2), anew, await sign(at(FIRST, 2), proposed));
  expect(codeOf(forged)).toBe("opinions.bad_approval");
  await look();
  expect(await sent()).toEqual([]);
  for (const key of FIRST.slice(2)) expect((await handOver(key, anew)).status).toBe(201);
  await look();
  expect(await sent()).toHaveLength(1);
});

test("who was replaced counts no more, and the five who follow sign for themselves", async () => {
  const market = await finalMarket();
  const proposed = await approvalOf(market);
  for (const key of FIRST.slice(0, 3)) await handOver(key, proposed);
  expect((await approvalOf(market)).state).toBe("approved");
  // Two keys are lost: the other three seat four new members and one of their own.
  const kept = at(FIRST, 1);
  const following = [kept, ...SECOND.slice(0, 4)].toSorted((a, b) =>
    a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1,
  );
  seated = membersOf(following);
  await ledger.block([emitted.seated({ members: membersOf(following), number: 1n })]);
  const after = await approvalOf(market);
  expect(after).toMatchObject({
    state: "pending",
    missing: 2,
    committee: { members: membersOf(following), replacements: 1 },
    signed: [{ member: kept.address.toLowerCase() }],
  });
  await look();
  expect(await sent()).toEqual([]);
  expect(codeOf(await handOver(at(FIRST, 3), after))).toBe("opinions.not_a_member");
  for (const key of SECOND.slice(0, 2)) expect((await handOver(key, after)).status).toBe(201);
  await look();
  expect(await sent()).toHaveLength(1);
});

test("a signature that the committee takes no more is forgotten, and nothing is sent with it", async () => {
  const market = await finalMarket();
  const proposed = await approvalOf(market);
  for (const key of FIRST.slice(0, 3)) await handOver(key, proposed);
  // As a Safe's, whose owners are others by now.
  const gone = at(membersOf(FIRST), 0);
  await sql`update markets.approvals set signature = ${`0x${"11".repeat(65)}`} where member = ${gone}`.execute(
    ledger.store.db,
  );
  await look();
  expect(await sent()).toEqual([]);
  expect(await approvalOf(market)).toMatchObject({ state: "pending", missing: 1 });
  // While the rows are behind the chain, nothing is sent either, and nothing is forgotten.
  await handOver(at(FIRST, 3), proposed);
  seated = membersOf(SECOND);
  await look();
  expect(await sent()).toEqual([]);
  seated = membersOf(FIRST);
  await look();
  expect(await sent()).toHaveLength(1);
});

const seatsIn = (data: Hex): number[] => {
  const { args } = decodeFunctionData({ abi: opinionsAbi, data });
  const bitmap = Number(`0x${(args as readonly [unknown, Hex])[1].slice(12, 14)}`);
  return [0, 1, 2, 3, 4].filter((seat) => (bitmap >> seat) & 1);
};

test("a member that agrees when it is asked, and not when it counts, cannot hold up what three others signed", async () => {
  const market = await finalMarket();
  const proposed = await approvalOf(market);
  // The first by seat is a contract that can tell a call from a transaction; all that hold its signature revert.
  for (const key of FIRST.slice(0, 4)) await handOver(key, proposed);
  const failing = sql`update chain.outbox set status = 'failed', error_name = 'Committee_BadSignature'`;
  const failsIn = async (blocks: readonly number[], timestamp: number) => {
    for (const block of blocks) {
      await look(timestamp, block);
      await failing.execute(ledger.store.db);
    }
  };
  const now = ledger.head.timestamp;
  await failsIn([1_000, 1_001, 1_005, 1_006, 1_022, 1_023, 2_000], now);
  expect(await sent()).toHaveLength(3);
  await failsIn([3_000, 3_001], now + 3_600);
  expect((await sent()).map(({ data }) => seatsIn(data))).toEqual([
    [0, 1, 2],
    [0, 1, 3],
    [0, 2, 3],
    [1, 2, 3],
  ]);
  // All five, and failures for other reasons before: within hours every three of them had its turn.
  await handOver(at(FIRST, 4), proposed);
  for (let hour = 2; hour <= 11; hour++)
    await failsIn([3_000 + 2 * hour, 3_001 + 2 * hour], now + hour * 3_600);
  const groups = new Set((await sent()).slice(4).map(({ data }) => seatsIn(data).join("")));
  expect(groups.has("234") && groups.has("134") && groups.has("124")).toBe(true);
});

/* WHERE IT STANDS */

test("without enough signatures the market is void after two weeks, and ended ones take none", async () => {
  const market = await finalMarket();
  const proposed = await approvalOf(market);
  const voidable = proposed.voidableFrom ?? 0;
  await handOver(at(FIRST, 0), proposed);
  await look(voidable - 1);
  expect(await sent()).toEqual([]);
  await look(voidable);
  expect((await sent()).map(({ key }) => key)).toEqual([`opinions:expire:${market.id}`]);
  await ledger.block([emitted.opinions("Voided", { market: market.id, why: "expired" })]);
  expect(await approvalOf(market)).toMatchObject({ state: "ended", voidBecause: "expired" });
  expect(codeOf(await handOver(at(FIRST, 1), proposed))).toBe("opinions.already_scored");
  expect(approvalPage.parse((await request("GET", "/v1/approvals")).body).items).toEqual([]);
});

test("before the answer is final nothing is proposed", async () => {
  const market = announceMarket({ closesAt: ledger.head.timestamp + 1_000 });
  await ledger.block([...market.logs, opined(market.id, person(1), 10, 100)]);
  expect(await approvalOf(market)).toMatchObject({ state: "waiting", result: null, typedData: null });
  const body = { member: at(FIRST, 0).address, digest: hash(1), expiresAt: 1, signature: "0x00" };
  const refused = await request("POST", `/v1/opinion-markets/${market.id}/approvals`, body);
  expect(codeOf(refused)).toBe("opinions.not_final");
});

test("where nobody is asked, nothing waits and nothing is taken", async () => {
  const market = await finalMarket();
  deps = depsWith(zeroAddress);
  app = await appWith(deps);
  expect(await approvalOf(market)).toMatchObject({ state: "not_asked", committee: null, missing: 0 });
  expect((await request("GET", "/v1/approvals")).body).toEqual({ committee: null, items: [], next: null });
  const body = { member: at(FIRST, 0).address, digest: hash(1), expiresAt: 1, signature: "0x00" };
  const refused = await request("POST", `/v1/opinion-markets/${market.id}/approvals`, body);
  expect(codeOf(refused)).toBe("opinions.no_approval_asked");
  await look();
  expect(await sent()).toHaveLength(1);
});

test("an approver that is not known here holds a market up until it is void, and no path goes round it", async () => {
  const market = await finalMarket();
  deps = depsWith(person(7));
  app = await appWith(deps);
  expect(await approvalOf(market)).toMatchObject({ state: "pending", committee: null, typedData: null });
  await look();
  expect(await sent()).toEqual([]);
  await look(ledger.head.timestamp + 15 * DAY);
  expect((await sent()).map(({ key }) => key)).toEqual([`opinions:expire:${market.id}`]);
});

test("before the first five were read, nobody is said to sit", async () => {
  const market = await finalMarket();
  await sql`truncate markets.committee`.execute(ledger.store.db);
  const proposed = await approvalOf(market);
  expect(proposed.committee).toMatchObject({ members: [] });
  const refused = await handOver(at(FIRST, 0), proposed);
  expect([refused.status, codeOf(refused)]).toEqual([503, "opinions.no_members"]);
});
