import { at, type Hex } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { rows, sql } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { announceMarket, opined } from "../../test/opinion-ledger.ts";
import {
  addresses,
  hash,
  type Ledger,
  type Opened,
  openLedger,
  openMarket,
  person,
} from "../../test/ledger.ts";
import { marketsConfig } from "./config.ts";
import { positionsHeldBy, sweepHeld } from "./held-positions.ts";

let ledger: Ledger;
/** In the order of their names: that of the many tiny stakes comes first. */
let markets: Opened[];
const [judge, other, nobody] = [person(2), person(1), person(3)];
const SIGNER = person(50);
const TINY = 40;

beforeAll(async () => {
  ledger = await openLedger();
  markets = [openMarket({ text: "A?" }), openMarket({ text: "B?" })].toSorted((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  await ledger.block(markets.flatMap(({ logs }) => logs));
  for (const [owner, signer] of [
    [judge, SIGNER],
    [other, person(51)],
  ]) {
    await sql`insert into oracle.providers (owner, signer, stake, state, joined_at, kinds, juror)
      values (${owner}, ${signer}, 1000, 'active', 0, 1, false)`.execute(ledger.store.db);
    await sql`insert into oracle.signers (signer, owner) values (${signer}, ${owner})`.execute(
      ledger.store.db,
    );
  }
});
afterAll(() => ledger.close());
beforeEach(async () => {
  await sql`truncate markets.positions, markets.position_sweep, markets.opinions, markets.opinion_sweep, oracle.reports,
    chain.outbox cascade`.execute(ledger.store.db);
});

const hold = (owner: Hex, market: Hex, outcomes: number) =>
  sql`insert into markets.positions (market, outcome, owner, staked)
    select ${market}, n, ${owner}, 1 from generate_series(0, ${outcomes - 1}::int) n`.execute(
    ledger.store.db,
  );
const report = ({ questionId }: Pick<Opened, "questionId">) =>
  sql`insert into oracle.reports values (${questionId}, 0, 1, ${SIGNER}, 0, 1000, 1, ${`0x${"11".repeat(64)}1b`}, '0x', '0x', 0)`.execute(
    ledger.store.db,
  );
/** Ten at once, twenty a block; as a process does that was just started. */
const block = () =>
  sweepHeld(
    {
      store: ledger.store,
      hub: ledger.hub,
      addresses,
      config: marketsConfig.parse({}),
      log: logger("markets-test"),
    },
    { chainId: 31_337, hash: "0x", ...ledger.head },
    { atOnce: 10, pages: 2 },
  );
const sent = async () =>
  (await rows<{ key: string }>(ledger.store.db, sql`select key from chain.outbox`)).map(({ key }) => key);
const held = (accounts: readonly Hex[], page: Parameters<typeof positionsHeldBy>[2]) =>
  positionsHeldBy({ store: ledger.store, addresses }, accounts, page);
const key = ({ questionId }: Pick<Opened, "questionId">) => `oracle:position:${questionId}:${judge}`;

test("a block looks at so many and no more, and many tiny stakes do not hide the one that counts", async () => {
  const [tiny, real] = [at(markets, 0), at(markets, 1)];
  await hold(other, tiny.id, TINY);
  await hold(judge, tiny.id, TINY);
  await hold(judge, real.id, 1);
  await report(real);
  // 81 of them, of which the last one counts.
  for (let n = 0; n < 4; n += 1) await block();
  expect(await sent()).toEqual([]);
  await block();
  expect(await sent()).toEqual([key(real)]);

  // The round begins anew: what was passed by counts when it comes by again.
  await block();
  await report(tiny);
  for (let n = 0; n < 5; n += 1) await block();
  expect((await sent()).toSorted()).toEqual([key(real), key(tiny)].toSorted());
});

test("pages follow each other without a gap, whoever judges no more, or holds nothing, is no part of them", async () => {
  const [first, second] = [at(markets, 0), at(markets, 1)];
  await hold(other, second.id, 3);
  await hold(judge, first.id, 4);
  await hold(nobody, first.id, 5);
  const seen: Hex[] = [];
  const accounts = [other, judge];
  let after: Awaited<ReturnType<typeof positionsHeldBy>>["last"];
  const sizes: number[] = [];
  do {
    const page = await held(accounts, { now: ledger.head.timestamp, after, limit: 2 });
    sizes.push(page.held.length);
    seen.push(...page.held.map(({ holder }) => holder));
    after = page.last;
  } while (after);
  expect(sizes).toEqual([2, 2, 2, 1]);
  expect(seen).toEqual([...Array(3).fill(other), ...Array(4).fill(judge)]);
  // Who owned the place at which the last block stopped may have left since.
  const rest = await held([judge], {
    now: ledger.head.timestamp,
    after: { owner: other, market: second.id, outcome: 1 },
  });
  expect(rest.held).toHaveLength(4);
});

test("what was paid, or ended a day ago, costs its place in a page and is not told", async () => {
  const market = at(markets, 0);
  await hold(judge, market.id, 3);
  await sql`update markets.positions set paid = 1 where outcome = 0`.execute(ledger.store.db);
  const now = ledger.head.timestamp;
  const page = await held([judge], { now, limit: 2 });
  expect([page.held.length, page.last?.outcome]).toEqual([1, 1]);
  const late = await held([judge], { now: now + 10 * 86_400 });
  expect(late).toEqual({ held: [], last: undefined });
});

test("who transmits his own answer and objects to it at once is found by what he signed", async () => {
  const market = at(markets, 0);
  const { db } = ledger.store;
  await hold(judge, market.id, 1);
  await sql`insert into oracle.epochs (domain, epoch, total_weight, at, block, tx) values (0, 1, 1000, 0, 0, '0x')`.execute(
    db,
  );
  await sql`insert into oracle.seats (domain, epoch, seat, signer, weight) values (0, 1, 0, ${SIGNER}, 1000)`.execute(
    db,
  );
  // Nothing was handed over here, and by the next block the answer is hidden behind the dispute.
  await sql`insert into oracle.signed_answers (question, value, seats, epoch, round, report)
    values (${market.questionId}, 1, 1, 1, 0, ${`0x${"11".repeat(64)}`})`.execute(db);
  await sql`update oracle.questions set state = 'disputed', dispute = ${`0x${"22".repeat(32)}`}
    where id = ${market.questionId}`.execute(db);
  await block();
  expect(await sent()).toEqual([key(market)]);
});

test("many tiny opinions do not hide the one that counts either", async () => {
  const real = announceMarket({ closesAt: ledger.head.timestamp - 1 });
  await ledger.block(real.logs);
  // On terms that nobody announced: nothing is judged there, but each costs its place in a page.
  const tiny = Array.from({ length: TINY }, (_, n) => hash(n));
  await ledger.block(tiny.flatMap((id) => [opined(id, other, 3, 1), opined(id, judge, 3, 1)]));
  await ledger.block([opined(real.id, judge, 3, 1)]);
  const counting = { questionId: real.terms.question };
  await report(counting);
  for (let n = 0; n < 4; n += 1) await block();
  expect(await sent()).toEqual([]);
  await block();
  expect(await sent()).toEqual([key(counting)]);
  const place = () => rows(ledger.store.db, sql`select owner, market from markets.opinion_sweep`);
  expect(await place()).toEqual([]);
  await block();
  expect(await place()).toEqual([{ owner: other, market: hash(19) }]);
});
