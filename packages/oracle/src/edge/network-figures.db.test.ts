import { registry } from "@sooth/runtime";
import { sql, type Store } from "@sooth/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { oracleStore } from "../../test/database.ts";
import {
  addresses,
  answer,
  ask,
  asked,
  boolSchema,
  clock,
  happen,
  joinAll,
  OPENS,
  ownerOf,
  WEIGHT,
} from "../../test/people.ts";
import { object } from "../../test/quarrel.ts";
import { INVALID } from "../core/index.ts";
import { networkFigures, tellFigures } from "./network-figures.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());

const END = OPENS + 5_000;
const questions = [1n, 2n, 3n, 4n, 5n].map((nonce) => asked(boolSchema(), { nonce }));

test("stake, reputation and the share of questions that came to an answer are told from the tables", async () => {
  await joinAll(store.db);
  const [yes, none, silent, later, contested] = questions;
  for (const question of questions) await ask(store.db, question);
  if (yes) await answer(store.db, yes, { value: 1n, finalizeAt: OPENS + 200 });
  if (none) await answer(store.db, none, { value: INVALID, finalizeAt: OPENS + 300 });
  // Final only after the moment that is looked at.
  if (later) await answer(store.db, later, { value: 1n, finalizeAt: END + 1 });
  if (contested) await answer(store.db, contested, { value: 1n, finalizeAt: OPENS + 200 });
  if (contested) await object(store.db, contested, 10);
  await happen(store.db, "stakeManager", "Slashed", {
    owner: ownerOf(0),
    fault: `0x${"11".repeat(32)}`,
    challenger: ownerOf(1),
    amount: 10n,
    stake: WEIGHT - 10n,
  });
  await sql`insert into oracle.standings (domain, owner, epoch, score, factor_bps, strikes, suspended_until, cluster, at)
    select domain, owner, 7, case owner when ${ownerOf(0).toLowerCase()} then 400 else 800 end, 10000, 0, 0, 0, 0
    from oracle.rosters`.execute(store.db);

  expect(silent).toBeDefined();
  expect(await networkFigures(store.db, END)).toEqual({
    stake: 4n * WEIGHT - 10n,
    slashed: 10n,
    disputed: 1,
    value: 1,
    invalid: 1,
    unanswered: 1,
  });
  // A day later nothing of it ended lately.
  expect(await networkFigures(store.db, END + 2 * 86_400)).toMatchObject({
    value: 0,
    invalid: 0,
    unanswered: 0,
  });

  await tellFigures({ store, hub: clock(END).chain, addresses }, { timestamp: END });
  const told = await registry.metrics();
  expect(told).toContain('oracle_providers{state="active"} 4');
  expect(told).toContain("oracle_stake 0.003");
  expect(told).toContain('oracle_questions_ended{outcome="unanswered"} 1');
  expect(told).toContain("oracle_consensus_bps 6666");
  expect(told).toContain('oracle_reputation_mean{domain="0"} 700');
});
