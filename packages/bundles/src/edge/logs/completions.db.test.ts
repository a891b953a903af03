import { need } from "@sooth/kernel";
import { registry } from "@sooth/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  A,
  B,
  emitted,
  ESCROWED,
  HUB,
  type Ledger,
  leg,
  type Made,
  makeBundle,
  openLedger,
  ORDERED,
  person,
} from "../../../test/ledger.ts";
import { legHash, NO_RESULT, NOBODY } from "../../core/index.ts";
import { tellBundleFigures } from "../figures.ts";

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
  for (const chain of [HUB, A, B]) await ledger.block(chain, []);
});
afterAll(() => ledger.close());

const [OK, FAILED, CANCELLED] = [1, 2, 3];
const [COMMITTED, ABORTED] = [2, 3];
const TOLD = /^bundles_(aborted_total|completion_seconds_(?:count|sum)|fees_total)\{(.+)\} (\S+)$/gm;

async function told(): Promise<Record<string, number>> {
  const found = [...(await registry.metrics()).matchAll(TOLD)];
  return Object.fromEntries(found.map(([, name, labels, value]) => [`${name} ${labels}`, Number(value)]));
}
/** What `act` added to these figures: other tests of this process count as well. */
async function added(act: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await told();
  await act();
  const after = Object.entries(await told());
  return Object.fromEntries(
    after
      // Sums of fractions: what they differ by has an error in its last digits.
      .map(([key, value]) => [key, Math.round((value - (before[key] ?? 0)) * 1e9) / 1e9] as const)
      .filter(([, value]) => value !== 0),
  );
}
const completed = (mode: string, outcome: string, seconds: number) => ({
  [`completion_seconds_count mode="${mode}",outcome="${outcome}"`]: 1,
  [`completion_seconds_sum mode="${mode}",outcome="${outcome}"`]: seconds,
});
const receipt = (ordinal: bigint, status: number) =>
  emitted.settler("Receipt", { ordinal, status, result: NO_RESULT, relayer: person(5) });
const decided = ({ id, base }: Made, outcome: number) => emitted.hub("Decided", { id, base, outcome });
const prepared = (made: Made, index: number) =>
  emitted.escrow("Prepared", { id: made.id, index, leg: legHash(need(made.legs[index], "a leg")) });
const finished = ({ id }: Made, index: number, outcome: number) =>
  emitted.escrow("Finished", { id, index, outcome });
/** Every chain's clock at the same moment, a while after all that was. */
const noon = (): number => Math.max(...[HUB, A, B].map((chain) => ledger.head(chain).timestamp)) + 100;

test.each([
  ["its decision", ["decide", "payA", "payB"]],
  ["what was paid first", ["payA", "decide", "payB"]],
  ["all that was paid", ["payA", "payB", "decide"]],
] as const)(
  "what is held is completed once with its last payment, when %s is read first",
  async (_, order) => {
    const made = makeBundle({ mode: "escrowed", legs: ESCROWED });
    const at = noon();
    await ledger.block(HUB, [made.opened], at);
    await ledger.block(A, [prepared(made, 0)], at + 1);
    await ledger.block(B, [prepared(made, 1)], at + 1);
    const acts = {
      decide: () => ledger.block(HUB, [decided(made, COMMITTED)], at + 2),
      payA: () => ledger.block(A, [finished(made, 0, COMMITTED)], at + 5),
      payB: () => ledger.block(B, [finished(made, 1, COMMITTED)], at + 9),
    };
    const came = [];
    for (const one of order) came.push(await added(acts[one]));
    expect(came).toEqual([{}, {}, completed("escrowed", "committed", 9)]);
  },
);

test("an ordered bundle is completed with its decision, or with what undoes it; why it was aborted is told", async () => {
  const good = makeBundle();
  let at = noon();
  await ledger.block(HUB, [good.opened], at);
  await ledger.block(A, [receipt(good.base, OK)], at + 1);
  await ledger.block(B, [receipt(good.base + 1n, OK)], at + 2);
  expect(await added(() => ledger.block(HUB, [decided(good, COMMITTED)], at + 3))).toEqual(
    completed("ordered", "committed", 3),
  );

  const bad = makeBundle();
  at = noon();
  await ledger.block(HUB, [bad.opened], at);
  await ledger.block(A, [receipt(bad.base, OK)], at + 1);
  await ledger.block(B, [receipt(bad.base + 1n, FAILED)], at + 2);
  expect(await added(() => ledger.block(HUB, [decided(bad, ABORTED)], at + 4))).toEqual({
    'aborted_total mode="ordered",why="failed"': 1,
  });
  expect(await added(() => ledger.block(A, [receipt(bad.base + 2n, OK)], at + 8))).toEqual(
    completed("ordered", "aborted", 8),
  );
});

test("what came too late, was called off, or was never opened is told apart", async () => {
  const at = noon();
  const late = makeBundle({ deadline: at + 10 });
  const off = makeBundle({ legs: [leg(), leg()], deadline: at + 1_000 });
  const blank = makeBundle({ deadline: at + 1_000 });
  await ledger.block(HUB, [late.opened, off.opened, blank.opened], at);
  await ledger.block(A, [receipt(off.base, CANCELLED)], at + 1);
  const never = makeBundle({ mode: "escrowed", legs: ESCROWED, deadline: at });
  const aborts = await added(() =>
    ledger.block(
      HUB,
      [
        { ...never.opened, event: "Unopened" },
        ...[late, off, blank, never].map((made) => decided(made, ABORTED)),
      ],
      at + 20,
    ),
  );
  expect(aborts).toEqual({
    'aborted_total mode="ordered",why="late"': 1,
    'aborted_total mode="ordered",why="cancelled"': 1,
    'aborted_total mode="ordered",why="unknown"': 1,
    'aborted_total mode="escrowed",why="unopened"': 1,
  });
});

test("whose the fees are is told in coins of the hub", async () => {
  const { id, opened } = makeBundle({ legs: ORDERED });
  await ledger.block(HUB, [opened]);
  const COIN = 10n ** 18n;
  const share = { id, amount: 4n * COIN, epoch: 1, toAttesters: COIN };
  const came = await added(() =>
    ledger.block(HUB, [
      emitted.hub("ShareSettled", { ...share, index: 0, relayer: person(5) }),
      emitted.hub("ShareSettled", { ...share, index: 1, relayer: NOBODY, toAttesters: 0n }),
      emitted.hub("Reclaimed", { id, amount: 2n * COIN }),
    ]),
  );
  expect(came).toEqual({
    'fees_total to="relayers"': 3,
    'fees_total to="attesters"': 1,
    'fees_total to="owners"': 6,
  });
});

test("what escrows hold is told by chain, of the collateral in whole units", async () => {
  const at = noon();
  const made = makeBundle({ mode: "escrowed", legs: ESCROWED });
  const other = makeBundle({
    mode: "escrowed",
    legs: ESCROWED.map((one) => ({ ...one, target: person(7) })),
  });
  await ledger.block(HUB, [made.opened, other.opened], at);
  await ledger.block(A, [prepared(made, 0), prepared(other, 0)], at + 1);
  await ledger.block(B, [prepared(made, 1)], at + 1);
  await ledger.block(B, [finished(made, 1, COMMITTED)], at + 2);
  await tellBundleFigures(ledger.deps, { timestamp: at + 2 });
  const text = await registry.metrics();
  expect(text).toMatch(/^bundles_held_legs\{chain="local-rollup-a"\} 2$/m);
  expect(text).toMatch(/^bundles_held_value\{chain="local-rollup-a"\} 10$/m);
  expect(text).toMatch(/^bundles_held_legs\{chain="local-rollup-b"\} 0$/m);
});
