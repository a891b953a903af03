import type { Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import { afterAll, beforeEach, expect, test } from "vitest";
import { A, B, hash, HUB, type Ledger, openLedger, person, START } from "../../../test/ledger.ts";
import type { Decided, Fact } from "../../core/index.ts";
import { listFaults } from "./faults.ts";
import { compareSigned, judgeSigned } from "./find-faults.ts";
import { forgetSigned } from "./forget-signed.ts";
import { keepSigned } from "./signed-batches.ts";

let ledger: Ledger;
beforeEach(async () => {
  await ledger?.close();
  ledger = await openLedger();
  // All that is followed is final.
  for (const chain of [HUB, A, B]) await ledger.block(chain, []);
  await sql`update chain.cursors set undo_from = number + 1`.execute(ledger.store.db);
});
afterAll(() => ledger.close());

const SIGNATURE: Hex = `0x${"5a".repeat(64)}`;
const [ONE, TWO] = [person(1), person(2)];
const [NOW, LATER] = [START, START + 5_000];
let roots = 0;
/** @returns the batch's root */
async function signed(facts: readonly Fact[], keys: readonly Hex[], validUntil = NOW): Promise<Hex> {
  const root = hash(++roots);
  const part = { root, epoch: 1, validUntil, facts, path: [], flags: [] };
  await keepSigned(ledger.store.db, [
    { part, signers: keys.map((signer) => ({ signer, signature: SIGNATURE })) },
  ]);
  return root;
}
const decision = (number: number, outcome: Decided = "committed"): Fact => ({
  kind: "decision",
  id: hash(number),
  base: 0n,
  outcome,
});
const atOne = (chain: Chain): Chain => ({
  ...chain,
  client: { ...chain.client, getBlockNumber: async () => 1n } as unknown as Chain["client"],
});
const compared = () => compareSigned(ledger.deps);
async function looked(): Promise<void> {
  await compared();
  const { hub, rollups } = ledger.deps;
  const margins = { longestValidity: 900, grace: 100 };
  await judgeSigned({ ...ledger.deps, hub: atOne(hub), rollups: rollups.map(atOne) }, margins);
}
const forgetUntil = (before: number) => forgetSigned(ledger.store, before);
const kept = async () =>
  (await rows<{ root: Hex }>(ledger.store.db, sql`select root from bundles.signed_batches order by id`)).map(
    ({ root }) => root,
  );
const seat = (keys: readonly Hex[]) =>
  sql`insert into bundles.attester_sets (chain_id, epoch, total_weight, seats, weights, seated_at, renewed_at)
    values (${HUB}, 1, ${keys.length}, ${keys}::text[], ${keys.map(() => "1")}::numeric[], ${START - 1}, ${START - 1})`.execute(
    ledger.store.db,
  );
const conflictsOf = async (signer: Hex) =>
  (await listFaults(ledger.store.db, { signer, limit: 100 })).faults.filter(({ how }) => how === "conflict");

test("what the same keys said elsewhere is forgotten once it was looked at, and what only one of them said is not", async () => {
  const first = await signed([decision(1), decision(2)], [ONE, TWO]);
  await signed([decision(2)], [ONE]);
  const byMore = await signed([decision(1)], [ONE, person(3)]);
  await signed([{ kind: "prepared", id: hash(1) }], [ONE]);
  await compared();
  expect(await kept()).toHaveLength(4);
  await looked();
  expect(await kept()).toEqual([first, byMore]);
});

test("what was signed is kept from when it was signed last, and a lie is found by it until then", async () => {
  const again = await signed([decision(1)], [ONE]);
  const old = await signed([decision(2)], [ONE]);
  // Known already, but signed anew: it stays for as long.
  await signed([decision(1)], [ONE], LATER);
  await looked();
  expect(await kept()).toEqual([again, old]);
  await forgetUntil(NOW);
  expect(await kept()).toEqual([again, old]);
  await forgetUntil(LATER);
  expect(await kept()).toEqual([again]);

  await seat([ONE]);
  await signed([decision(1, "aborted"), decision(2, "aborted")], [ONE], LATER);
  await compared();
  expect(await conflictsOf(ONE)).toMatchObject([{ subject: hash(1) }]);
});

test("what speaks against somebody is never forgotten: the proof is still shown", async () => {
  await seat([ONE, TWO]);
  const lies = [await signed([decision(1)], [ONE]), await signed([decision(1, "aborted")], [ONE])];
  await looked();
  const before = await conflictsOf(ONE);
  expect(before).toMatchObject([{ data: expect.stringMatching(/^0x/) }]);
  await forgetUntil(LATER);
  expect(await kept()).toEqual(lies);
  expect(await conflictsOf(ONE)).toEqual(before);
  expect(await conflictsOf(TWO)).toEqual([]);
});

test("what no chain could be asked about yet stays, however old it is, until that is done", async () => {
  const root = await signed([decision(1)], [ONE]);
  await compared();
  await forgetUntil(LATER);
  expect(await kept()).toEqual([root]);
  await looked();
  expect(await kept()).toEqual([]);
});
