import type { Chain } from "@sooth/chain";
import { registry } from "@sooth/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  addresses,
  answered,
  emitted,
  hash,
  type Ledger,
  openLedger,
  openMarket,
  person,
  staked,
  START,
} from "../../test/ledger.ts";
import { type Announced, announceMarket, opined } from "../../test/opinion-ledger.ts";
import { marketFigures, tellMarketFigures } from "./market-figures.ts";

let ledger: Ledger;
const DAY = 86_400;
/** The moment that is looked at. */
const NOW = START + 10_000;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());

const scored = ({ id }: Announced, round: bigint) =>
  emitted.opinions("Scored", { market: id, score: 50, confidence: 9_000, total: 1_000n, count: 1n, round });

const told = async () => (await registry.metrics()).split("\n");

test("figures follow from the rows: where markets stand, what waits, how long it took, what was drawn", async () => {
  const none = await marketFigures(ledger.store.db, NOW);
  expect(none).toMatchObject({ latency: null, staked: { pools: 0n, opinions: 0n } });

  const [open, judging, late, drawing, voided, ...paid] = Array.from({ length: 8 }, (_, index) =>
    announceMarket({ closesAt: index === 0 ? NOW + 1_000 : START + 1_000, text: `Statement ${index}` }),
  );
  if (!open || !judging || !late || !drawing || !voided) throw new Error("eight markets");
  const everything = [open, judging, late, drawing, voided, ...paid];
  const trading = openMarket({ closesAt: NOW + 1_000 });
  await ledger.block([
    ...everything.flatMap((market) => [...market.logs, opined(market.id, person(1), 10, 1_000)]),
    ...trading.logs,
    staked(trading.id, person(1), 1, 50n),
  ]);
  await ledger.block([
    answered(judging.terms.question, 5_000n, NOW + 1),
    answered(late.terms.question, 5_000n, NOW),
    ...[drawing, ...paid].map(({ terms }) => answered(terms.question, 5_000n, START + 5_000)),
  ]);
  await ledger.block([emitted.proved(3n, hash(3))]);
  await ledger.block(
    [scored(drawing, 9n), emitted.opinions("Voided", { market: voided.id, why: "invalid" })],
    START + 5_002,
  );
  for (const [index, market] of paid.entries()) {
    const wait = (index + 1) * 10;
    await ledger.block([scored(market, 3n)], START + 5_000 + wait);
    await ledger.block(
      [
        emitted.opinions("Claimed", { market: market.id, owner: person(1), paid: 880n }),
        ...[0n, 1n].map((prize) =>
          emitted.opinions("PrizePaid", { market: market.id, owner: person(1), prize, paid: 50n }),
        ),
      ],
      START + 5_000 + 2 * wait,
    );
  }
  await ledger.block([emitted.opinions("Rearmed", { market: drawing.id, round: 11n })]);

  expect(await marketFigures(ledger.store.db, NOW)).toEqual({
    pools: { trading: 1, closed: 0, answered: 0, settled: 0, void: 0 },
    opinions: { open: 1, revealing: 0, judging: 2, drawing: 1, settled: 3, void: 1 },
    staked: { pools: 50n, opinions: 8_000n },
    settling: { score: 1, draw: 1, pay: 2 },
    draws: { drawn: 3, waiting: 1, replaced: 1, forgone: 0 },
    latency: { score: [20, 30, 30], paid: [40, 60, 60] },
  });
  const later = await marketFigures(ledger.store.db, NOW + DAY);
  expect(later).toMatchObject({ latency: null, draws: { drawn: 0, waiting: 0 }, settling: { draw: 1 } });
});

test("they are told once in fifteen seconds, in whole units, and nothing of what nobody settled", async () => {
  const client = {
    readContract: async ({ functionName }: { functionName: string }) =>
      functionName === "symbol" ? "SUSD" : 2,
  };
  const deps = { store: ledger.store, hub: { ...ledger.hub, client } as unknown as Chain, addresses };
  await tellMarketFigures(deps, { timestamp: NOW });
  expect(await told()).toEqual(
    expect.arrayContaining([
      'markets_by_status{kind="opinions",status="drawing"} 1',
      'markets_staked{kind="opinions"} 80',
      'markets_staked{kind="pools"} 0.5',
      'markets_opinions_settling{step="score"} 1',
      'markets_opinions_draws{outcome="replaced"} 1',
      'markets_opinions_settlement_seconds{step="paid",quantile="0.95"} 60',
    ]),
  );
  await tellMarketFigures(deps, { timestamp: NOW + 14 });
  await tellMarketFigures(deps, { timestamp: NOW + DAY });
  const lines = await told();
  expect(lines.filter((line) => line.startsWith("markets_opinions_settlement_seconds{"))).toEqual([]);
  expect(lines).toContain('markets_by_status{kind="opinions",status="judging"} 3');
});
