import { committeeAbi } from "@sooth/abi";
import type { Chain } from "@sooth/chain";
import { type Address, at, type Hex, need } from "@sooth/kernel";
import { type App, createApp, logger } from "@sooth/runtime";
import { sql } from "@sooth/store";
import { decodeFunctionData, zeroAddress } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { fiveKeys, simulatedReplace } from "../../../../test/committee.ts";
import { addresses, emitted, hash, type Ledger, openLedger } from "../../../../test/ledger.ts";
import { replacementTypedData, wireCommitteeSeats, wireReplacement } from "../../../core/index.ts";
import { markets, marketsConfig } from "../../../index.ts";
import type { Deps } from "../../deps.ts";
import { sweepApprovals } from "./sweep.ts";

const DAY = 86_400;
const HUB = 31_337;
const COMMITTEE = need(addresses.committee, "the committee");
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
/** A member that is a contract. */
const SAFE = at(membersOf(FIRST), 3);
const log = logger("replacements-test");

let ledger: Ledger;
let app: App;
let deps: Deps;
let seated: readonly Address[];
let replacements: number;
const opened: App[] = [];

beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(async () => {
  for (const one of opened) await one.close();
  await ledger.close();
});
beforeEach(async () => {
  await sql`truncate markets.replacements, markets.committee`.execute(ledger.store.db);
  [seated, replacements] = [membersOf(FIRST), 0];
  await ledger.block([emitted.seated({ members: membersOf(FIRST), number: 0n })]);
  app = await appOf(COMMITTEE);
});

/** Each reads the clock anew: a reading is shared for a moment. */
async function appOf(approver: Address): Promise<App> {
  const built: Record<string, unknown> = { GENESIS: 0, PERIOD: 3, publicKey: [1n, 2n, 3n, 4n], approver };
  const client = {
    readContract: async ({ functionName }: { functionName: string }) => built[functionName] ?? 1,
    getCode: async ({ address }: { address: Address }) => (address === SAFE ? "0x01" : undefined),
    call: simulatedReplace(
      { chainId: HUB, committee: COMMITTEE },
      { members: () => seated, replacements: () => replacements, now: () => ledger.head.timestamp },
    ),
  };
  const hub = { ...ledger.hub, client } as unknown as Chain;
  deps = { store: ledger.store, hub, addresses, config: marketsConfig.parse({}), log };
  const one = await createApp({ log, version: "test" });
  markets.routes(one, deps);
  await one.ready();
  opened.push(one);
  return one;
}

const request = async (method: "GET" | "POST", url: string, payload?: object) => {
  const reply = await app.inject({ method, url, ...(payload && { payload }) });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
};
const refusal = ({ status, body }: { status: number; body: unknown }) => [
  status,
  z.object({ error: z.object({ code: z.string() }) }).parse(body).error.code,
];
const seats = async () => wireCommitteeSeats.parse((await request("GET", "/v1/committee")).body);
const prepare = (members: readonly string[], days?: number) =>
  request("POST", "/v1/committee/replacements/prepare", { members, days });
const prepared = async (members: readonly string[] = membersOf(SECOND)) =>
  wireReplacement.parse((await prepare(members)).body);
type Prepared = z.infer<typeof wireReplacement>;
const sign = (key: PrivateKeyAccount, { typedData }: Prepared): Promise<Hex> =>
  key.signTypedData(typedData as never);
const handOver = async (key: PrivateKeyAccount, replacement: Prepared, over: object = {}) => {
  const { members, number, expiresAt } = replacement;
  const signature = await sign(key, replacement);
  const body = { members, number, expiresAt, member: key.address, signature, ...over };
  return request("POST", "/v1/committee/replacements", body);
};

test("who sits is told, and which of them are contracts", async () => {
  expect(await seats()).toEqual({
    committee: { address: COMMITTEE, members: membersOf(FIRST), needed: 3, replacements: 0 },
    contracts: [SAFE],
    replacements: [],
  });
  app = await appOf(zeroAddress);
  expect(await seats()).toEqual({ committee: null, contracts: [], replacements: [] });
  expect(refusal(await prepare(membersOf(SECOND)))).toEqual([404, "opinions.no_committee"]);
});

test("who signs first proposes; with the third anybody may send what the contract reads", async () => {
  const first = await prepared(membersOf(SECOND).toReversed());
  expect(first).toMatchObject({ members: membersOf(SECOND), number: 1, missing: 3, call: null });
  expect(first.expiresAt).toBe(ledger.head.timestamp + 14 * DAY);
  // Worked out, and told to nobody else.
  expect((await seats()).replacements).toEqual([]);
  expect((await handOver(at(FIRST, 4), first)).status).toBe(201);
  await ledger.block([], ledger.head.timestamp + DAY);
  app = await appOf(COMMITTEE);
  // Who wants the same five a day later finds the same change.
  expect(await prepared()).toMatchObject({ digest: first.digest, missing: 2 });
  await handOver(at(FIRST, 0), first);
  await handOver(at(FIRST, 0), first);
  expect(at((await seats()).replacements, 0)).toMatchObject({ missing: 1, call: null });
  const last = wireReplacement.parse((await handOver(at(FIRST, 2), first)).body);
  expect(last.missing).toBe(0);
  const { data, to } = need(last.call, "a call");
  expect(to).toBe(COMMITTEE);
  const { functionName, args } = decodeFunctionData({ abi: committeeAbi, data: data as Hex });
  expect([functionName, args?.slice(0, 2)]).toEqual([
    "replace",
    [SECOND.map(({ address }) => address), first.expiresAt],
  ]);
  // Bitmap of the seats 0, 2 and 4.
  expect(String(args?.[2]).slice(2, 4)).toBe((0b10101).toString(16));
  await expect(deps.hub.client.call({ to: COMMITTEE, data: data as Hex })).resolves.toBeUndefined();

  // Others sit: what was signed for the first time is over, and the new five start with nothing.
  [seated, replacements] = [membersOf(SECOND), 1];
  await ledger.block([emitted.seated({ members: membersOf(SECOND), number: 1n })]);
  expect(await seats()).toMatchObject({
    committee: { members: membersOf(SECOND), replacements: 1 },
    replacements: [],
  });
  expect(refusal(await handOver(at(SECOND, 0), first))).toEqual([409, "opinions.stale_replacement"]);
});

test("strangers, other things that were signed, and times too late or too far are refused by name", async () => {
  const change = await prepared();
  const key = at(FIRST, 0);
  const bad = [400, "opinions.bad_replacement"];
  expect(refusal(await handOver(at(SECOND, 0), change))).toEqual([403, "opinions.not_a_member"]);
  expect(refusal(await handOver(key, change, { member: at(FIRST, 1).address }))).toEqual(bad);
  expect(refusal(await handOver(key, change, { signature: "0x1234" }))).toEqual(bad);
  expect(refusal(await handOver(key, change, { expiresAt: change.expiresAt + 1 }))).toEqual(bad);
  expect(refusal(await handOver(key, change, { members: membersOf(fiveKeys("0xcc")) }))).toEqual(bad);
  const five = { members: membersOf(SECOND), number: 1, expiresAt: change.expiresAt };
  const elsewhere = replacementTypedData({ chainId: 1, committee: COMMITTEE }, five);
  const signature = await key.signTypedData(elsewhere);
  expect(refusal(await handOver(key, change, { signature }))).toEqual(bad);
  expect(refusal(await handOver(key, change, { number: 2 }))).toEqual([409, "opinions.stale_replacement"]);
  for (const expiresAt of [ledger.head.timestamp - 1, ledger.head.timestamp + 400 * DAY])
    expect(refusal(await handOver(key, change, { expiresAt }))).toEqual([400, "opinions.replacement_time"]);
  const twice = [...membersOf(SECOND).slice(1), at(membersOf(SECOND), 1)];
  for (const members of [twice, [zeroAddress, ...membersOf(SECOND).slice(1)]])
    expect(refusal(await prepare(members))).toEqual([400, "opinions.bad_members"]);
  expect(refusal(await prepare(membersOf(SECOND).slice(1)))).toEqual([400, "http.bad_request"]);
  expect((await seats()).replacements).toEqual([]);

  // The chain is ahead of the rows: who signed sits no more.
  seated = membersOf(SECOND);
  expect(refusal(await handOver(key, change))).toEqual([409, "opinions.stale_replacement"]);
});

test("one member fills nobody's desk, and what is over is neither shown nor kept for ever", async () => {
  for (let turn = 1; turn <= 5; turn++)
    expect((await handOver(at(FIRST, 0), await prepared(membersOf(fiveKeys(`0x0${turn}`))))).status).toBe(
      201,
    );
  const more = await prepared();
  expect(refusal(await handOver(at(FIRST, 0), more))).toEqual([409, "opinions.too_many_replacements"]);
  expect((await handOver(at(FIRST, 1), more)).status).toBe(201);
  expect((await seats()).replacements).toHaveLength(6);
  await ledger.block([], more.expiresAt + 1);
  app = await appOf(COMMITTEE);
  expect((await seats()).replacements).toEqual([]);
  expect((await handOver(at(FIRST, 0), await prepared())).status).toBe(201);
  const { number, timestamp } = ledger.head;
  const sweep = (later: number) =>
    sweepApprovals(deps, { chainId: HUB, number, timestamp: timestamp + later, hash: hash(1) });
  const kept = async () => {
    const { rows } = await sql`select distinct digest from markets.replacements`.execute(ledger.store.db);
    return rows.length;
  };
  await sweep(0);
  expect(await kept()).toBe(7);
  await sweep(31 * DAY);
  expect(await kept()).toBe(1);
});
