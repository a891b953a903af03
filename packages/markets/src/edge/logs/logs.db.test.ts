import { type LiveEvent, listenLive, notifyLive, rows, sql } from "@sooth/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  answered,
  claimed,
  emitted,
  type Ledger,
  openLedger,
  openMarket,
  person,
  staked,
  START,
} from "../../../test/ledger.ts";
import { marketHistory, MAX_POINTS } from "../history.ts";
import { marketById, marketsOf } from "../market-rows.ts";

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());

const market = async (id: string) => {
  const found = await marketById(ledger.store.db, id);
  if (!found) throw new Error(`market ${id} is not there`);
  return found;
};
const tables = ["markets", "positions", "activity"];
const contents = async () =>
  Promise.all(
    tables.map((table) =>
      rows<{ row: unknown }>(
        ledger.store.db,
        sql`select to_jsonb(t) as row from ${sql.table(`markets.${table}`)} t order by to_jsonb(t)::text`,
      ),
    ),
  );
const undoTo = (block: number) => sql`select chain.undo_above(31337, ${block})`.execute(ledger.store.db);

test("stakes add up: pools, volume, people, and everybody's position", async () => {
  const { id, logs, questionId } = openMarket();
  await ledger.block([
    ...logs,
    staked(id, person(1), 0, 10n),
    staked(id, person(1), 0, 5n),
    staked(id, person(1), 1, 2n),
    staked(id, person(2), 1, 1n << 60n),
  ]);
  await ledger.block([staked(id, person(2), 1, 1n), staked(id, person(3), 0, 4n)]);
  const found = await market(id);
  expect(found.pools).toEqual([19n, (1n << 60n) + 3n]);
  expect(found).toMatchObject({
    volume: (1n << 60n) + 22n,
    stakers: 3,
    stakes: 6,
    title: "Will it rain tomorrow?",
  });
  expect(found.labels).toEqual(["No", "Yes"]);
  const positions = await rows(
    ledger.store.db,
    sql`select owner, outcome, staked from markets.positions where market = ${id} order by owner, outcome`,
  );
  expect(positions).toEqual([
    { owner: person(1), outcome: 0, staked: 15n },
    { owner: person(1), outcome: 1, staked: 2n },
    { owner: person(2), outcome: 1, staked: (1n << 60n) + 1n },
    { owner: person(3), outcome: 0, staked: 4n },
  ]);
  expect(await marketsOf(ledger.store.db, questionId.toUpperCase().replace("0X", "0x"))).toEqual([id]);
});

test("an answer fixes the ending, claims count down what is owed, the fee is owed once", async () => {
  const { id, logs, questionId, terms } = openMarket({ feeBps: 1_000 });
  await ledger.block([
    ...logs,
    staked(id, person(1), 1, 100n),
    staked(id, person(2), 1, 50n),
    staked(id, person(3), 0, 60n),
  ]);
  expect((await market(id)).ending).toEqual({
    at: terms.closesAt + 1_001,
    answered: false,
    result: { kind: "void" },
  });
  await ledger.block([answered(questionId, 1n, START + 5_000)]);
  expect(await market(id)).toMatchObject({
    ending: { at: START + 5_000, answered: true, result: { kind: "won", winner: 1 } },
    feeDue: 6n,
  });
  const unclaimed = async () =>
    (
      await rows<{ unclaimed: number }>(
        ledger.store.db,
        sql`select unclaimed from markets.markets where id = ${id}`,
      )
    )[0];
  expect(await unclaimed()).toEqual({ unclaimed: 2 });
  await ledger.block([claimed(id, person(1), 1, 100n, 136n), claimed(id, person(2), 1, 50n, 68n)]);
  await ledger.block([emitted.markets("FeeCollected", { market: id, creator: terms.creator, fee: 6n })]);
  expect(await unclaimed()).toEqual({ unclaimed: 0 });
  expect((await market(id)).feeDue).toBeNull();
});

test("an answer that nobody bet on leaves the market void, with everything to claim back", async () => {
  const { id, logs, questionId } = openMarket({ outcomes: ["A", "B", "C"] });
  await ledger.block([...logs, staked(id, person(1), 0, 7n), staked(id, person(2), 1, 8n)]);
  await ledger.block([answered(questionId, 2n, START + 5_000)]);
  const found = await market(id);
  expect(found.ending.result).toEqual({ kind: "void" });
  expect(found.feeDue).toBeNull();
});

test("a numeric answer wins by the cuts", async () => {
  const { id, logs, questionId } = openMarket({ cuts: [200_000n, 250_000n] });
  await ledger.block([
    ...logs,
    staked(id, person(1), 0, 7n),
    staked(id, person(2), 1, 8n),
    staked(id, person(2), 2, 8n),
  ]);
  await ledger.block([answered(questionId, 250_000n, START + 5_000)]);
  expect((await market(id)).ending.result).toEqual({ kind: "won", winner: 2 });
});

test("undoing blocks and replaying them leaves the very same rows", async () => {
  const { id, logs, questionId } = openMarket();
  const before = { ...ledger.head };
  const empty = await contents();
  const play = async () => {
    await ledger.block([...logs, staked(id, person(1), 0, 10n), staked(id, person(2), 1, 30n)]);
    await ledger.block([staked(id, person(1), 0, 1n), staked(id, person(4), 0, 1n)]);
    await ledger.block([answered(questionId, 0n, START + 5_000)]);
    await ledger.block([claimed(id, person(1), 0, 11n, 38n)]);
    await ledger.block([emitted.markets("FeeCollected", { market: id, creator: person(901), fee: 0n })]);
  };
  await play();
  const played = await contents();
  expect(played).not.toEqual(empty);
  await undoTo(before.number);
  await sql`delete from chain.blocks where number > ${before.number}`.execute(ledger.store.db);
  expect(await contents()).toEqual(empty);
  Object.assign(ledger.head, before);
  await play();
  expect(await contents()).toEqual(played);
});

test("a block of many claims tells each of its markets once, whoever reads along", async () => {
  const heard: LiveEvent[] = [];
  const stop = new AbortController();
  const over = listenLive(ledger.store, (event) => heard.push(event), stop.signal);
  const told = (topic: string) => heard.filter((event) => event.topic === topic).map((event) => event.id);
  const until = (id: string) =>
    expect
      .poll(async () => {
        await notifyLive(ledger.store.db, { topic: "market", id });
        return told("market");
      })
      .toContain(id);
  await until("listening");
  const [one, other] = [openMarket(), openMarket()];
  await ledger.block([...one.logs, ...other.logs]);
  const people = Array.from({ length: 40 }, (_, index) => person(index));
  const both = [one, other];
  await ledger.block(both.flatMap(({ id }) => people.map((owner) => staked(id, owner, 1, 5n))));
  await ledger.block(both.map(({ questionId }) => answered(questionId, 1n, START + 5_000)));
  await until("before");
  heard.length = 0;
  await ledger.block(both.flatMap(({ id }) => people.map((owner) => claimed(id, owner, 1, 5n, 5n))));
  await until("after");
  const ids = both.map(({ id }) => id);
  expect(told("market").filter((id) => ids.includes(id as typeof one.id))).toEqual(ids);
  expect(told("activity")).toEqual([]);
  stop.abort();
  await over;
});

test("the chart has a point for every stake, and never more than it can show", async () => {
  const { id, logs } = openMarket();
  await ledger.block([...logs, staked(id, person(1), 0, 10n)]);
  await ledger.block([staked(id, person(2), 1, 30n)]);
  const few = await marketHistory(ledger.store.db, await market(id));
  expect(few.map(({ pools }) => pools)).toEqual([
    ["0", "0"],
    ["10", "0"],
    ["10", "30"],
  ]);
  for (let round = 0; round < 12; round++)
    await ledger.block(
      Array.from({ length: 100 }, (_, index) => staked(id, person(index), (index + round) % 2, 1n)),
    );
  const many = await marketHistory(ledger.store.db, await market(id));
  expect(many.length).toBeGreaterThan(300);
  expect(many.length).toBeLessThanOrEqual(MAX_POINTS);
  expect(many.at(-1)?.pools).toEqual(["610", "630"]);
  const times = many.map(({ at }) => at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});
