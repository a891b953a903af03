import { one, sql } from "@sooth/store";
import { zeroAddress } from "viem";
import { expect, test } from "vitest";
import { happen, ownerOf } from "../../../test/people.ts";
import { question, quarrelStage, SEED, TABLES } from "../../../test/quarrel-stage.ts";
import { answerWord, convene, DISPUTER, timeOf } from "../../../test/quarrel.ts";

const stage = quarrelStage();
const { quarrel } = stage;

test("a reorg puts every row back as it was", async () => {
  const tracked = TABLES.filter(
    (name) =>
      !["reports", "evidence", "commitments", "openings", "batches", "juror_equivocations"].includes(name),
  );
  const dump = async () =>
    Promise.all(
      tracked.map(
        async (name) =>
          (
            await one<{ all: unknown }>(
              stage.store.db,
              sql`select jsonb_agg(to_jsonb(t) order by to_jsonb(t)) as all from ${sql.ref(`oracle.${name}`)} t`,
            )
          )?.all,
      ),
    );
  const dispute = await quarrel();
  const before = await dump();
  await stage.store.transaction(async (tx) => {
    await sql`select set_config('sooth.block', '31337:120', true)`.execute(tx);
    const { id: jury } = await convene(tx, dispute, 120);
    await happen(tx, "beacon", "Proved", { at: 121, round: 77n, seed: SEED });
    await happen(tx, "court", "CommitsPosted", { at: 140, jury, batch: SEED });
    await happen(tx, "court", "CommittedOwn", { at: 140, jury, juror: 3, commitment: SEED });
    await happen(tx, "court", "FaultShown", { at: 141, jury, juror: 3, kind: 3, challenger: DISPUTER });
    await happen(tx, "court", "Revealed", { at: 195, jury, votes: 2n });
    await happen(tx, "ladder", "VerdictTaken", { at: 200, dispute, jury, choice: 2, until: timeOf(250) });
    await happen(tx, "ladder", "Appealed", { at: 201, dispute, who: ownerOf(3), side: 1, deposit: 5n });
    await happen(tx, "court", "JuryClosed", {
      at: 222,
      jury,
      choice: 2,
      votesFor: 1n,
      perSeat: 0n,
      returned: 0n,
    });
    await happen(tx, "guard", "Paused", { at: 223, number: 1, guardian: zeroAddress, until: timeOf(300) });
    await happen(tx, "guard", "Tripped", { at: 223, why: "value", found: 2n, limit: 1n, until: timeOf(300) });
    await happen(tx, "slasher", "Outside", {
      at: 224,
      owner: ownerOf(1),
      question: question.id,
      value: 3n,
      taken: 1n,
    });
    await happen(tx, "slasher", "Equivocated", {
      at: 224,
      owner: ownerOf(1),
      signer: ownerOf(1),
      first: SEED,
      second: SEED,
    });
    await happen(tx, "stakeManager", "Slashed", {
      at: 224,
      owner: ownerOf(1),
      fault: SEED,
      challenger: zeroAddress,
      amount: 1n,
      stake: 999n,
    });
    await happen(tx, "stakeManager", "Frozen", { at: 225, owner: ownerOf(2), until: timeOf(999) });
    await happen(tx, "stakeManager", "Banned", { at: 225, owner: ownerOf(2) });
    await happen(tx, "oracle", "Clarified", {
      at: 226,
      question: question.id,
      round: 1,
      chain: `0x${"00".repeat(16)}`,
      text: "as it\u0000 is",
    });
    await happen(tx, "oracle", "Ruled", {
      at: 260,
      question: question.id,
      word: answerWord({ value: 1n, disputes: 1 }),
      dispute,
      verdict: 2,
      root: `0x${"00".repeat(32)}`,
    });
    await happen(tx, "ladder", "Awarded", { at: 260, dispute, who: DISPUTER, amount: 1n });
    await happen(tx, "ladder", "Concluded", { at: 261, dispute, outcome: 2, toInsurance: 0n });
  });
  expect(await dump()).not.toEqual(before);
  await sql`select chain.undo_above(31337, 119)`.execute(stage.store.db);
  expect(await dump()).toEqual(before);
});
