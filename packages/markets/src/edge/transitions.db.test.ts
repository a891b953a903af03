import { registry } from "@sooth/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
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
import { announceMarket, opined } from "../../test/opinion-ledger.ts";
import { tellMarketFigures } from "./market-figures.ts";

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());

type Counts = Record<string, number>;
const NAME = /^markets_transitions_total\{kind="(\w+)",to="(\w+)"\} (\d+)$/gm;

async function counts(): Promise<Counts> {
  const found = [...(await registry.metrics()).matchAll(NAME)];
  return Object.fromEntries(found.map(([, kind, to, count]) => [`${kind} ${to}`, Number(count)]));
}
/** What `act` added: other tests of this process count as well. */
async function added(act: () => Promise<unknown>): Promise<Counts> {
  const before = await counts();
  await act();
  const after = Object.entries(await counts()).map(
    ([key, count]) => [key, count - (before[key] ?? 0)] as const,
  );
  return Object.fromEntries(after.filter(([, count]) => count > 0));
}

const client = {
  readContract: async ({ functionName }: { functionName: string }) =>
    functionName === "symbol" ? "SUSD" : 6,
};
/** The clock comes to `timestamp`, and the figures are told. */
const look = (timestamp: number, by: object = client) =>
  tellMarketFigures(
    { store: ledger.store, hub: { ...ledger.hub, client: by } as never, addresses },
    { timestamp },
  );

test("where markets come to stand is counted, by a log or by the clock, each once", async () => {
  const closesAt = START + 1_000;
  const pool = openMarket({ closesAt });
  const [hidden, drawn, unfit] = [
    announceMarket({ closesAt, revealSeconds: 500 }),
    announceMarket({ closesAt, text: "Drawn" }),
    announceMarket({ closesAt, text: "Unfit" }),
  ];
  await look(START);
  expect(
    await added(() =>
      ledger.block([
        ...[pool, hidden, drawn, unfit].flatMap(({ logs }) => logs),
        staked(pool.id, person(1), 1, 50n),
        staked(pool.id, person(2), 0, 50n),
        opined(drawn.id, person(1), 10, 1_000),
        opined(drawn.id, person(3), 10, 1_000),
      ]),
    ),
  ).toEqual({ "pools trading": 1, "opinions open": 3 });
  expect(await added(() => look(closesAt - 1))).toEqual({});
  // What cannot be told now is counted with the next look.
  const away = new Error("the node is away");
  const failed = look(closesAt + 20, { readContract: () => Promise.reject(away) });
  expect(await added(() => expect(failed).rejects.toBe(away))).toEqual({});
  const closing = { "pools closed": 1, "opinions revealing": 1, "opinions judging": 2 };
  expect(await added(() => look(closesAt + 20))).toEqual(closing);
  expect(await added(() => look(closesAt + 40))).toEqual({});
  expect(await added(() => look(closesAt + 500))).toEqual({ "opinions judging": 1 });

  // An answer, somebody who objects to it, and what is ruled: the market is answered, closed, and answered.
  const finalAt = closesAt + 2_000;
  const answer = answered(pool.questionId, 1n, finalAt);
  expect(await added(() => ledger.block([answer], closesAt + 600))).toEqual({ "pools answered": 1 });
  expect(await added(() => ledger.block([answer]))).toEqual({});
  const { word } = z.object({ word: z.bigint() }).parse(answer.args);
  const ruled = { question: pool.questionId, dispute: hash(1), verdict: 0, word, root: hash(0) };
  expect(
    await added(() =>
      ledger.block([
        emitted.oracle("Disputed", {
          question: pool.questionId,
          disputer: person(9),
          claim: 0n,
          deposit: 1_000n,
          answer: 1n,
          reason: hash(0),
        }),
      ]),
    ),
  ).toEqual({ "pools closed": 1 });
  expect(await added(() => ledger.block([emitted.oracle("Ruled", ruled)]))).toEqual({ "pools answered": 1 });
  expect(await added(() => look(finalAt))).toEqual({ "pools settled": 1 });

  expect(
    await added(() =>
      ledger.block(
        [
          answered(drawn.terms.question, 5_000n, finalAt),
          emitted.opinions("Scored", {
            market: drawn.id,
            score: 50,
            confidence: 9_000,
            total: 2_000n,
            count: 2n,
            round: 7n,
          }),
          emitted.opinions("Voided", { market: unfit.id, why: "weights" }),
        ],
        finalAt + 1,
      ),
    ),
  ).toEqual({ "opinions drawing": 1, "opinions void": 1 });
  expect(await added(() => ledger.block([emitted.proved(7n, hash(7))]))).toEqual({ "opinions settled": 1 });
});

test("wallets that staked are counted once each, however often and wherever they did", async () => {
  await look(START + 10_000);
  const lines = (await registry.metrics()).split("\n").filter((line) => line.startsWith("markets_stakers{"));
  expect(lines).toEqual([
    'markets_stakers{kind="pools"} 2',
    'markets_stakers{kind="opinions"} 2',
    'markets_stakers{kind="either"} 3',
  ]);
});
