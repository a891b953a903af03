import { type Chain, ChainError } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import type { BeaconSource } from "@sooth/randomness";
import { publicKeyOf, RandomnessError, secretKeyFrom, sign } from "@sooth/randomness/core";
import { logger, registry } from "@sooth/runtime";
import { rows, sql } from "@sooth/store";
import { hexToBigInt, slice, zeroAddress } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  addresses,
  answered,
  emitted,
  hash,
  type Ledger,
  openLedger,
  person,
  START,
} from "../../../test/ledger.ts";
import { type Announced, announceMarket, opined } from "../../../test/opinion-ledger.ts";
import {
  ATTEMPTS,
  CLAIMS_EACH,
  HIDDEN_BAND,
  sealStance,
  stanceCommitment,
  stanceRound,
  stancesOpenAt,
} from "../../core/index.ts";
import { marketsConfig } from "../config.ts";
import type { OpinionDeps } from "../deps.ts";
import { markets } from "../slice.ts";
import { listFailedPhases, retryPhases } from "./failed-phases.ts";
import { opinionsHeldBy } from "./held-opinions.ts";
import { opinionRounds, sweepOpinions } from "./keeper.ts";
import { claimableOwners, owingMarkets, unannouncedDues } from "./owing-rows.ts";

const DAY = 86_400;
const HUB = 31_337;
let ledger: Ledger;
/** What the contracts were built with: a beacon of three-second rounds. */
const SECRET = secretKeyFrom(hash(29));
const BEACON = { genesis: START - 300_000, period: 3, publicKey: publicKeyOf(SECRET), clockLag: 10 };
const BUILT: Record<string, unknown> = {
  GENESIS: BEACON.genesis,
  PERIOD: BEACON.period,
  CLOCK_LAG: BEACON.clockLag,
  publicKey: [0, 1, 2, 3].map((index) => hexToBigInt(slice(BEACON.publicKey, index * 32, index * 32 + 32))),
  approver: zeroAddress,
};
/** How often a relay was asked for a round, and whether any has it. */
let asked: bigint[] = [];
let relays = true;
const beacon: BeaconSource = {
  fetch: async (round) => {
    asked.push(round);
    if (!relays) throw RandomnessError.beacon_unreachable({ round: String(round), tried: [] });
    return { round, signature: sign(SECRET, round) };
  },
  latest: () => Promise.reject(new Error("nobody asks")),
};
const depsWith = (built: Record<string, unknown> = {}): OpinionDeps => {
  const client = {
    readContract: async ({ functionName }: { functionName: string }) =>
      ({ ...BUILT, ...built })[functionName] ?? 1,
  };
  const hub = { ...ledger.hub, client } as unknown as Chain;
  const { store } = ledger;
  return { store, hub, addresses, beacon, config: marketsConfig.parse({}), log: logger("keeper-test") };
};
const roundAt = (time: number) => BigInt((time - START + 300_000) / 3 + 1);

beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());
beforeEach(async () => {
  await sql`truncate markets.opinion_markets, markets.opinion_books, markets.opinions, markets.opinion_secrets,
    markets.opinion_prizes, markets.opinion_activity, markets.opened_stances, markets.refused, markets.failed_phases, chain.outbox cascade`.execute(
    ledger.store.db,
  );
});

/** A network where money is real, with the settings that a deployment has by itself but for these. */
const onBase = (settings: Record<string, string> = {}): OpinionDeps => {
  const { hub, ...deps } = depsWith();
  const definition = { ...hub.definition, id: 8_453 };
  return { ...deps, hub: { ...hub, definition }, config: marketsConfig.parse(settings) };
};

const look = (timestamp: number, deps = depsWith(), number = ledger.head.number) =>
  sweepOpinions(deps, { chainId: HUB, number, timestamp, hash: hash(1) });
const sent = async () =>
  (await rows<{ key: string }>(ledger.store.db, sql`select key from chain.outbox order by id`)).map(
    ({ key }) => key,
  );
const fail = () =>
  sql`update chain.outbox set status = 'failed', error_name = 'Opinions_NotFinal', error_text = 'not yet'`.execute(
    ledger.store.db,
  );
const mined = () => sql`update chain.outbox set status = 'mined'`.execute(ledger.store.db);
const scored = ({ id }: Announced, total: number, round: bigint) =>
  emitted.opinions("Scored", {
    market: id,
    score: 50,
    confidence: 9_000,
    total: BigInt(total),
    count: 2n,
    round,
  });

/** A market whose answer is final, and the key under which its score is first sent. */
async function finalMarket(): Promise<{ market: Announced; key: string }> {
  const market = announceMarket();
  await ledger.block([...market.logs, opined(market.id, person(1), 10, 100)]);
  await ledger.block([answered(market.terms.question, 5_000n, START + 5_000)]);
  return { market, key: `opinions:score:${market.id}` };
}
const inBlocks = async (from: number, to: number, timestamp: number) => {
  for (let number = from; number <= to; number++) await look(timestamp, depsWith(), number);
};
const failedPhases = async () =>
  (await listFailedPhases(ledger.store.db)).map(({ key, failures, againBlock, reason }) => [
    key,
    failures,
    againBlock,
    reason,
  ]);

test("a final answer is scored once, and 4 and 16 blocks later where the transaction failed, until it heals", async () => {
  const { market, key } = await finalMarket();
  await look(START + 4_999);
  expect(await sent()).toEqual([]);
  await look(START + 5_000, depsWith(), 100);
  await inBlocks(100, 101, START + 5_001);
  expect(await sent()).toEqual([key]);
  await fail();
  await inBlocks(102, 105, START + 5_002);
  expect(await sent()).toEqual([key]);
  expect(await failedPhases()).toEqual([[key, 1, 106, "Opinions_NotFinal: not yet"]]);
  await inBlocks(106, 107, START + 5_002);
  expect(await sent()).toEqual([key, `${key}:2`]);
  await fail();
  await inBlocks(108, 123, START + 5_002);
  expect(await sent()).toHaveLength(2);
  await look(START + 5_002, depsWith(), 124);
  expect(await sent()).toEqual([key, `${key}:2`, `${key}:3`]);
  await sql`update chain.outbox set status = 'mined' where key = ${`${key}:3`}`.execute(ledger.store.db);
  await ledger.block([scored(market, 100, roundAt(START + 6_000))]);
  await look(START + 5_003, depsWith(), 126);
  expect(await failedPhases()).toEqual([]);
  expect((await sent()).filter((one) => one.includes("score"))).toHaveLength(3);
});

/** Looks in blocks from `from` on, in which every attempt fails at once: around those in which three attempts are made. */
const threeFailures = async (from: number, timestamp: number) => {
  for (const block of [0, 1, 4, 5, 6, 21, 22, 23]) {
    await look(timestamp, depsWith(), from + block);
    await fail();
  }
};

test("a phase that reverts for ever is given up after three, told of, and tried anew as a person says or an hour passes", async () => {
  const { key } = await finalMarket();
  await threeFailures(100, START + 5_000);
  await threeFailures(124, START + 5_001);
  await inBlocks(10_000, 10_002, START + 8_000);
  expect(await sent()).toEqual([key, `${key}:2`, `${key}:3`]);
  expect(await failedPhases()).toEqual([[key, 3, null, "Opinions_NotFinal: not yet"]]);
  expect(await gaugeOf("markets_phases_given_up")).toBe(1);
  await retryPhases(ledger.store, [key]);
  await retryPhases(ledger.store, [key]);
  await threeFailures(10_003, START + 8_001);
  await threeFailures(10_027, START + 8_001);
  expect(await sent()).toHaveLength(6);
  // One more by itself, each hour.
  await threeFailures(20_000, START + 8_001 + 3_599);
  expect(await sent()).toHaveLength(6);
  for (const hour of [1, 2]) {
    await threeFailures(20_000 + hour * 100, START + 8_001 + hour * 3_600);
    expect(await sent()).toHaveLength(6 + hour);
  }
  expect(await failedPhases()).toEqual([[key, 8, null, "Opinions_NotFinal: not yet"]]);
});

test("where people approve, nothing is scored without them, and all is void after two weeks", async () => {
  const market = announceMarket();
  await ledger.block([...market.logs, opined(market.id, person(1), 10, 100)]);
  await ledger.block([answered(market.terms.question, 5_000n, START + 5_000)]);
  const deps = depsWith({ approver: person(1) });
  await look(START + 5_000 + 14 * DAY - 1, deps);
  expect(await sent()).toEqual([]);
  await look(START + 5_000 + 14 * DAY, deps);
  expect(await sent()).toEqual([`opinions:expire:${market.id}`]);
});

const steps = async () => (await sent()).filter((key) => /rearm|forgo/.test(key));

test("a round that nobody proved is asked for, replaced a day later, and its prizes forgone after four weeks", async () => {
  const market = announceMarket();
  await ledger.block([
    ...market.logs,
    opined(market.id, person(1), 10, 100),
    opined(market.id, person(2), 4, 50),
  ]);
  const [first, second] = [roundAt(START + 6_000), roundAt(START + 6_000 + 2 * DAY)];
  await ledger.block([scored(market, 150, first)], START + 5_900);
  expect(await opinionRounds(depsWith())).toEqual([first]);
  await look(START + 6_000 + DAY - 1);
  expect(await steps()).toEqual([]);
  await look(START + 6_000 + DAY);
  await look(START + 6_000 + DAY);
  expect(await steps()).toEqual([`opinions:rearm:${first}:${market.id}`]);
  await ledger.block([emitted.opinions("Rearmed", { market: market.id, round: second })]);
  await mined();
  expect(await opinionRounds(depsWith())).toEqual([second]);
  await look(START + 6_000 + 3 * DAY);
  await look(START + 1_000 + 28 * DAY);
  expect(await steps()).toEqual([
    `opinions:rearm:${first}:${market.id}`,
    `opinions:rearm:${second}:${market.id}`,
    `opinions:forgo:${market.id}`,
  ]);
  await ledger.block([emitted.proved(second, hash(3))]);
  expect(await opinionRounds(depsWith())).toEqual([]);
});

test("many are paid in bounded batches that stay what they were", async () => {
  const market = announceMarket();
  const people = Array.from({ length: 100 }, (_, index) => person(index));
  await ledger.block([...market.logs, ...people.map((owner) => opined(market.id, owner, 10, 50))]);
  await ledger.block([emitted.opinions("Voided", { market: market.id, why: "invalid" })], START + 7_000);
  await look(START + 7_000);
  const first = await sent();
  expect(first).toHaveLength(3);
  // One claims by himself, and the clock moves on.
  await ledger.block([emitted.opinions("Claimed", { market: market.id, owner: person(3), paid: 50n })]);
  await look(START + 7_010);
  expect(await sent()).toEqual(first);
  // The rest of the first batch is claimed as well: nobody of it is read again, and the others stay in theirs.
  const read = async () => (await claimableOwners(ledger.store.db, [market.id])).map(({ owner }) => owner);
  expect(await read()).toEqual(people);
  const others = people.slice(0, CLAIMS_EACH).filter((owner) => owner !== person(3));
  await ledger.block(
    others.map((owner) => emitted.opinions("Claimed", { market: market.id, owner, paid: 50n })),
  );
  expect(await read()).toEqual(people.slice(CLAIMS_EACH));
  await look(START + 7_015);
  expect(await sent()).toEqual(first);
  // A batch that failed is halved.
  await sql`update chain.outbox set status = 'failed' where key = ${first[2] ?? ""}`.execute(ledger.store.db);
  await look(START + 7_020);
  expect(await sent()).toHaveLength(5);
});

const HOURLY = 3_600;
const gaugeOf = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values[0]?.value;
const sentFor = async (id: string) => (await sent()).filter((key) => key.includes(id)).length;

test("markets behind one with very many open payments wait until those are made", async () => {
  const { db } = ledger.store;
  const [one, two, ...loose] = [announceMarket(), announceMarket(), announceMarket(), announceMarket()];
  const all = [one, two, ...loose].map(({ id }) => id);
  await ledger.block([...one.logs, ...two.logs, ...all.map((id) => opined(id, person(1), 10, 50))]);
  await ledger.block(
    all.map((id) => emitted.opinions("Voided", { market: id, why: "expired" })),
    START + 7_000,
  );
  const at = { now: START + 7_000, limit: 10 };
  const first = async (most: number) => [
    (await owingMarkets(db, { ...at, endedBy: at.now, most })).map(({ id }) => id),
    (await unannouncedDues(db, { ...at, most })).map(({ id }) => id),
  ];
  const [announced, unannounced] = [all.slice(0, 2).toSorted(), all.slice(2).toSorted()];
  expect(await first(2)).toEqual([announced, unannounced]);
  expect(await first(1)).toEqual([announced.slice(0, 1), unannounced.slice(0, 1)]);
});

test("payments that revert at every attempt are asked for once an hour, five times, and are told of then", async () => {
  const market = announceMarket();
  const owner = person(1);
  const from = START + 6_000;
  await ledger.block([...market.logs, opined(market.id, owner, 10, 1_000)]);
  await ledger.block([emitted.proved(7_001n, hash(3)), scored(market, 1_000, 7_001n)], from);
  for (let hour = 0; hour < ATTEMPTS + 2; hour++) {
    for (let round = 0; round < 3; round++) {
      await look(from + hour * HOURLY);
      await fail();
    }
    // His claim, both prizes and the fee.
    expect(await sent()).toHaveLength(4 * Math.min(hour + 1, ATTEMPTS));
    expect(await gaugeOf("markets_opinions_stuck")).toBe(hour < ATTEMPTS ? 0 : 4);
    expect(await gaugeOf("markets_opinions_backlog")).toBe(0);
  }
  // While it is left alone, what was paid otherwise counts no more.
  const end = from + (ATTEMPTS + 1) * HOURLY + 60;
  await ledger.block([
    emitted.opinions("FeeCollected", { market: market.id, creator: person(901), fee: 20n }),
  ]);
  await look(end);
  expect(await gaugeOf("markets_opinions_stuck")).toBe(3);
  await ledger.block([
    emitted.opinions("Claimed", { market: market.id, owner, paid: 880n }),
    emitted.opinions("PrizePaid", { market: market.id, owner, prize: 0n, paid: 50n }),
    emitted.opinions("PrizePaid", { market: market.id, owner, prize: 1n, paid: 50n }),
  ]);
  await look(end);
  expect(await gaugeOf("markets_opinions_stuck")).toBe(0);
});

test("a prize that its winner cannot be paid goes to the treasury after half a year, and none that he can", async () => {
  const market = announceMarket({ prizes: 1 });
  const round = roundAt(START + 6_000);
  await ledger.block([...market.logs, opined(market.id, person(1), 10, 1_000)]);
  await ledger.block([emitted.proved(round, hash(3)), scored(market, 1_000, round)], START + 6_000);
  await ledger.block([
    emitted.opinions("Claimed", { market: market.id, owner: person(1), paid: 880n }),
    emitted.opinions("FeeCollected", { market: market.id, creator: person(901), fee: 20n }),
  ]);
  const halfAYear = START + 6_000 + 180 * DAY;
  const claim = `opinions:prize:${market.id}:0`;
  // However late the keeper comes: the winner first.
  await look(halfAYear + DAY);
  await look(halfAYear + DAY);
  expect(await sent()).toEqual([claim]);
  const from = START + 6_000 + 170 * DAY;
  for (let hour = 0; hour < ATTEMPTS + 1; hour++) {
    await fail();
    await look(from + hour * HOURLY);
    await look(from + hour * HOURLY);
  }
  const claims = Array.from({ length: ATTEMPTS }, (_, index) =>
    index === 0 ? claim : `${claim}:${index + 1}`,
  );
  await fail();
  await look(halfAYear - 1);
  expect(await sent()).toEqual(claims);
  await look(halfAYear - 1 + HOURLY);
  await look(halfAYear - 1 + 2 * HOURLY);
  expect(await sent()).toEqual([...claims, `opinions:sweep:${market.id}:0`]);
  expect(await gaugeOf("markets_opinions_stuck")).toBe(0);
  await ledger.block([
    emitted.opinions("PrizePaid", { market: market.id, owner: person(777), prize: 0n, paid: 100n }),
  ]);
  await look(halfAYear + 3 * HOURLY);
  expect(await sent()).toHaveLength(ATTEMPTS + 1);
});

test("what reverted once is paid an hour later", async () => {
  const market = announceMarket();
  await ledger.block([...market.logs, opined(market.id, person(1), 10, 50)]);
  await ledger.block([emitted.opinions("Voided", { market: market.id, why: "invalid" })], START + 7_000);
  await look(START + 7_000);
  expect(await gaugeOf("markets_opinions_backlog")).toBe(1);
  const [first] = await sent();
  await fail();
  await look(START + 7_001);
  await look(START + 7_001 + HOURLY - 1);
  expect(await sent()).toEqual([first]);
  await look(START + 7_001 + HOURLY);
  expect(await sent()).toEqual([first, `${first}:2`]);
});

/** As many as are looked at after one block, all before the one that they are made of. */
async function copies(id: Hex): Promise<void> {
  for (const [table, column] of [
    ["opinion_markets", "id"],
    ["opinion_books", "market"],
    ["opinions", "market"],
  ] as const) {
    const name = sql`'0x' || lpad(to_hex(n), 64, '0')`;
    const row = sql.table(`markets.${table}`);
    // But for what a row works out by itself.
    const given = await rows<{ column_name: string }>(
      ledger.store.db,
      sql`select column_name from information_schema.columns
        where table_schema = 'markets' and table_name = ${table} and is_generated = 'NEVER'`,
    );
    const columns = sql.join(given.map(({ column_name }) => sql.ref(column_name)));
    await sql`insert into ${row} (${columns}) select ${columns} from (
      select (jsonb_populate_record(m, jsonb_build_object(${sql.lit(column)}, ${name})
        || case when ${sql.lit(column)} = 'id' then jsonb_build_object('question', ${name}) else '{}' end)).*
      from ${row} m, generate_series(1, 200) n where m.${sql.ref(column)} = ${id}) copies`.execute(
      ledger.store.db,
    );
  }
}

test.each([
  ["announced", true],
  ["that nobody announced", false],
])("two hundred markets %s whose payments are refused leave the others their turn", async (_, announced) => {
  const voided = async (at: number) => {
    const market = announceMarket();
    await ledger.block([...(announced ? market.logs : []), opined(market.id, person(1), 10, 50)]);
    await ledger.block([emitted.opinions("Voided", { market: market.id, why: "expired" })], at);
    return market.id;
  };
  const refusing = await voided(START + 7_000);
  await copies(refusing);
  const paying = await voided(START + 7_100);
  const failOthers = () =>
    sql`update chain.outbox set status = 'failed' where status = 'queued' and key not like ${`%${paying}%`}`.execute(
      ledger.store.db,
    );
  await look(START + 7_100);
  expect(await sent()).toHaveLength(200);
  expect(await sentFor(paying)).toBe(0);
  for (let block = 1; block <= 2; block++) {
    await failOthers();
    await look(START + 7_100 + block);
  }
  expect(await sentFor(paying)).toBe(1);
});

/** Stakes with a stance that is sealed, or with bytes in its place. */
const hidden = ({ id, terms }: Announced, owner: Hex, band: number, bytes?: Hex, amount = 100) => {
  const [salt, chance] = [hash(5), hash(6)];
  const commitment = stanceCommitment(id, owner, band, salt);
  const stance = { market: id, closesAt: terms.closesAt, owner, band };
  const sealed_ = bytes ?? sealStance(BEACON, stance, { salt, chance }).sealed;
  return [
    emitted.opinions("Hidden", { market: id, owner, commitment, sealed_ }),
    opined(id, owner, HIDDEN_BAND, amount),
  ];
};
const openedBands = async () =>
  (
    await rows<{ owner: Hex; band: number | null }>(
      ledger.store.db,
      sql`select owner, band from markets.opened_stances order by owner`,
    )
  ).map(({ owner, band }) => [owner, band]);

test("sealed stances are told once their round is out; what opens to nothing is looked at once", async () => {
  const market = announceMarket({ revealSeconds: 3_600 });
  const { closesAt } = market.terms;
  const [one, two, liar, noise] = [person(5), person(6), person(7), person(8)];
  const { sealed } = sealStance(
    BEACON,
    { market: market.id, closesAt, owner: one, band: 9 },
    { salt: hash(1), chance: hash(2) },
  );
  await ledger.block([
    ...market.logs,
    ...hidden(market, one, 3),
    ...hidden(market, two, 20),
    // Somebody else's seal over his own commitment, and no seal at all.
    ...hidden(market, liar, 4, sealed),
    ...hidden(market, noise, 5, `0x${"ab".repeat(5_000)}`),
  ]);
  const opensAt = stancesOpenAt(BEACON, market.terms);
  expect(opensAt).toBeGreaterThanOrEqual(closesAt + BEACON.clockLag);
  asked = [];
  await look(closesAt);
  await look(opensAt - 1);
  expect([asked, await sent()]).toEqual([[], []]);
  relays = false;
  await look(opensAt);
  relays = true;
  expect(await sent()).toEqual([]);
  await Promise.all([look(opensAt + 1), look(opensAt + 1)]);
  await look(opensAt + 2);
  const told = [one, two].map((owner) => `opinions:reveal:${market.id}:${owner}`);
  expect((await sent()).toSorted()).toEqual(told.toSorted());
  expect(await openedBands()).toEqual([
    [one, 3],
    [two, 20],
    [liar, null],
  ]);
  expect(new Set(asked)).toEqual(new Set([stanceRound(BEACON, market.terms)]));
  const looks = asked.length;
  // Told by somebody else, or too late: nothing more is sent.
  await ledger.block([emitted.opinions("Revealed", { market: market.id, owner: one, band: 3 })]);
  await sql`truncate chain.outbox cascade`.execute(ledger.store.db);
  await look(opensAt + 3);
  expect(await sent()).toEqual(told.slice(1));
  await sql`truncate chain.outbox cascade`.execute(ledger.store.db);
  await look(closesAt + 3_600);
  expect(await sent()).toEqual([]);
  expect(asked).toHaveLength(looks);
});

test("stakes that seal noise, or wait in a market that closed before, do not keep an honest one from being told", async () => {
  const noise = sealStance(
    BEACON,
    { market: hash(77), closesAt: START + 1_000, owner: person(1), band: 1 },
    { salt: hash(1), chance: hash(2) },
  ).sealed;
  const crowd = Array.from({ length: 30 }, (_, index) => person(100 + index));
  // Of the right form and round: only work tells that it opens to nothing.
  const flood = announceMarket({ revealSeconds: 7 * DAY, closesAt: START + 999 });
  const market = announceMarket({ revealSeconds: 3_600 });
  const [rich, late] = [person(5), person(6)];
  await ledger.block([
    ...flood.logs,
    ...market.logs,
    ...crowd.flatMap((owner) => hidden(flood, owner, 3, noise, 1_000_000)),
    ...crowd.flatMap((owner) => hidden(market, owner, 3, noise, 1)),
    ...hidden(market, rich, 9),
    ...hidden(market, late, 12, undefined, 2),
  ]);
  await look(stancesOpenAt(BEACON, market.terms));
  expect(await openedBands()).toEqual(
    expect.arrayContaining([
      [rich, 9],
      [late, 12],
    ]),
  );
});

test("a fault elsewhere keeps no stance from being told: of the pools, or of what opens others", async () => {
  const market = announceMarket({ revealSeconds: 3_600 });
  const owner = person(5);
  await ledger.block([...market.logs, ...hidden(market, owner, 3)]);
  const [opensAt, told] = [stancesOpenAt(BEACON, market.terms), [`opinions:reveal:${market.id}:${owner}`]];
  const fault = new Error("a fault of the pools");
  const broken = {
    ...depsWith(),
    addresses: {
      ...addresses,
      get markets(): never {
        throw fault;
      },
    },
  };
  const head = { chainId: HUB, number: ledger.head.number, timestamp: opensAt, hash: hash(1) };
  await expect(markets.sweep(broken, head)).rejects.toBe(fault);
  expect(await sent()).toEqual(told);
  await sql`truncate chain.outbox cascade`.execute(ledger.store.db);
  const away = ChainError.rpc_unreachable({ chain: "the hub", tried: [] });
  const client = { readContract: () => Promise.reject(away) };
  const hub = { ...ledger.hub, client } as unknown as Chain;
  await expect(look(opensAt + 1, { ...depsWith(), hub })).rejects.toBe(away);
  expect(await sent()).toEqual(told);
});

test("where money is real stances are told and markets scored unless the keeper is off; claims only where it is on", async () => {
  const market = announceMarket({ revealSeconds: 3_600 });
  const [owner, question] = [person(1), market.terms.question];
  await ledger.block([...market.logs, ...hidden(market, owner, 3)]);
  const opens = stancesOpenAt(BEACON, market.terms);
  await look(opens, onBase({ MARKETS_KEEPER: "off" }));
  expect([await openedBands(), await sent()]).toEqual([[], []]);
  await look(opens, onBase());
  const told = [`opinions:reveal:${market.id}:${owner}`];
  expect([await openedBands(), await sent()]).toEqual([[[owner, 3]], told]);
  await mined();
  const finalAt = opens + 7_200;
  await ledger.block([
    emitted.opinions("Revealed", { market: market.id, owner, band: 3 }),
    answered(question, 5_000n, finalAt),
  ]);
  await look(finalAt, onBase());
  const taken = [...told, `opinions:score:${market.id}`];
  expect(await sent()).toEqual(taken);
  await mined();
  await ledger.block([emitted.opinions("Voided", { market: market.id, why: "expired" })], finalAt);
  await look(finalAt + DAY, onBase());
  expect(await sent()).toEqual(taken);
  await look(finalAt + DAY, onBase({ MARKETS_KEEPER: "on" }));
  expect(await sent()).toHaveLength(taken.length + 1);
});

test("a stake that a reorg put in another's place is opened anew", async () => {
  const market = announceMarket({ revealSeconds: 3_600 });
  const owner = person(5);
  await ledger.block([...market.logs, ...hidden(market, owner, 3)]);
  const opensAt = stancesOpenAt(BEACON, market.terms);
  await look(opensAt);
  const commitment = stanceCommitment(market.id, owner, 8, hash(5));
  const { sealed } = sealStance(
    BEACON,
    { market: market.id, closesAt: market.terms.closesAt, owner, band: 8 },
    { salt: hash(5), chance: hash(6) },
  );
  await sql`update markets.opinion_secrets set commitment = ${commitment}, sealed = ${sealed}
    where market = ${market.id}`.execute(ledger.store.db);
  await sql`truncate chain.outbox cascade`.execute(ledger.store.db);
  await look(opensAt + 1);
  expect(await openedBands()).toEqual(expect.arrayContaining([[owner, 8]]));
  expect(await sent()).toHaveLength(1);
});

test("opinions of those who judge are known while they may judge", async () => {
  const market = announceMarket();
  await ledger.block([
    ...market.logs,
    opined(market.id, person(1), 10, 100),
    opined(market.id, person(2), 10, 100),
  ]);
  const { closesAt, question } = market.terms;
  const held = async (now: number, accounts: Hex[] = [person(1), person(9)]) =>
    (await opinionsHeldBy({ store: ledger.store, addresses }, accounts, { now, limit: 500 })).held;
  expect(await held(closesAt - 1)).toEqual([]);
  const position = { question, consumer: addresses.opinions, holder: person(1), where: "0x" };
  expect(await held(closesAt)).toEqual([position]);
  expect(await held(closesAt, [person(9)])).toEqual([]);
  await ledger.block([emitted.opinions("Voided", { market: market.id, why: "expired" })], closesAt + 100);
  expect(await held(closesAt + 100 + DAY - 1)).toEqual([position]);
  expect(await held(closesAt + 100 + DAY)).toEqual([]);
});
