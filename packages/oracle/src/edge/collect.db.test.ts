import { at, type Hex, need } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import { toHex } from "viem";
import { expect, test } from "vitest";
import { addresses, CHAIN_ID, happen, WEIGHT } from "../../test/people.ts";
import { jurors, juror, quarrelStage, SEED } from "../../test/quarrel-stage.ts";
import { convene, timeOf } from "../../test/quarrel.ts";
import { drawnJurors, type JuryBallot, voteCommitment, voteTypedData } from "../core/index.ts";
import { receiveCommitment, receiveOpening } from "./collect.ts";
import { rounds } from "./dispute-sweep.ts";
import { toWireJury } from "./dispute-view.ts";
import { juryById } from "./juries.ts";

const stage = quarrelStage();
const { depsAt, sweepAt, moment, quarrel, prove } = stage;

const ballotsOf = (jury: Hex, drawn: readonly number[], choices: (index: number) => 1 | 2 | 3) =>
  drawn.map((index): JuryBallot & { commitment: Hex } => {
    const ballot = { juror: index, choice: choices(index), salt: toHex(index + 1, { size: 16 }) };
    return { ...ballot, commitment: voteCommitment(jury, ballot) };
  });
const signed = (jury: Hex, index: number, commitment: Hex) =>
  juror(index).signTypedData(voteTypedData({ chainId: CHAIN_ID, court: addresses.court }, jury, commitment));

test("a jury is drawn, committed to, opened and closed through the collector", async () => {
  const dispute = await quarrel();
  const jury = await convene(stage.store.db, dispute, 120);
  const [commitAt, revealAt] = [timeOf(130), timeOf(190)];
  expect(await rounds(depsAt(timeOf(121)))).toEqual([77n]);
  const one = { juror: 0, commitment: SEED, signature: `0x${"11".repeat(65)}` };
  await expect(receiveCommitment(depsAt(timeOf(129)), jury.id, one)).rejects.toMatchObject({
    code: "dispute.wrong_phase",
  });
  await expect(receiveCommitment(depsAt(commitAt), jury.id, one)).rejects.toMatchObject({
    code: "dispute.not_drawn_yet",
  });
  await prove();
  expect(await rounds(depsAt(timeOf(121)))).toEqual([]);
  const { seats } = need(await juryById(stage.store.db, jury.id), "the jury");
  const drawn = drawnJurors(need(seats, "seats"));
  const ballots = ballotsOf(jury.id, drawn, () => 2);
  const outsider = jurors.findIndex((_, index) => !drawn.includes(index));
  await expect(
    receiveCommitment(depsAt(commitAt), jury.id, { ...one, juror: outsider }),
  ).rejects.toMatchObject({ code: "dispute.not_drawn" });
  await expect(
    receiveCommitment(depsAt(commitAt), jury.id, { ...one, juror: at(drawn, 0) }),
  ).rejects.toMatchObject({ code: "dispute.bad_vote_signature" });

  for (const { juror: index, commitment } of ballots) {
    const handed = { juror: index, commitment, signature: await signed(jury.id, index, commitment) };
    expect(await receiveCommitment(depsAt(commitAt), jury.id, handed)).toMatchObject({ repeated: false });
    expect(await receiveCommitment(depsAt(commitAt), jury.id, handed)).toMatchObject({ repeated: true });
  }
  const first = at(drawn, 0);
  const second = voteCommitment(jury.id, { juror: first, choice: 1, salt: toHex(99, { size: 16 }) });
  await expect(
    receiveCommitment(depsAt(commitAt), jury.id, {
      juror: first,
      commitment: second,
      signature: await signed(jury.id, first, second),
    }),
  ).rejects.toMatchObject({ code: "dispute.committed_otherwise" });
  expect(await rows(stage.store.db, sql`select 1 from oracle.juror_equivocations`)).toHaveLength(1);

  const posts = await sweepAt(commitAt + 1);
  expect(posts).toEqual([expect.stringMatching(`^oracle:jury:${jury.id}:post:`)]);
  // Killed here, between what was kept and what was sent, nothing is formed or asked for twice.
  expect(await sweepAt(commitAt + 2)).toEqual(posts);
  const batch = at(at(posts, 0).split(":post:"), 1) as Hex;
  await happen(stage.store.db, "court", "CommitsPosted", { at: 140, jury: jury.id, batch });

  const opening = (index: number) =>
    need(
      ballots.find((each) => each.juror === index),
      "a ballot",
    );
  const { choice, salt } = opening(first);
  await expect(
    receiveOpening(depsAt(revealAt - 1), jury.id, { juror: first, choice, salt }),
  ).rejects.toMatchObject({ code: "dispute.wrong_phase" });
  await expect(
    receiveOpening(depsAt(revealAt), jury.id, { juror: first, choice: 1, salt }),
  ).rejects.toMatchObject({ code: "dispute.opens_nothing" });
  for (const { juror: index, choice: voted, salt: salted } of ballots)
    expect(
      await receiveOpening(depsAt(revealAt), jury.id, { juror: index, choice: voted, salt: salted }),
    ).toMatchObject({ repeated: false });
  const reveals = await sweepAt(revealAt + 1);
  expect(reveals.slice(1)).toEqual([expect.stringMatching(`^oracle:jury:${jury.id}:reveal:`)]);
  expect(await sweepAt(revealAt + 2)).toEqual(reveals);

  const votes = BigInt(`0b${"10".repeat(9)}`);
  await happen(stage.store.db, "court", "Revealed", { at: 195, jury: jury.id, votes });
  const ended = await sweepAt(revealAt + 6);
  expect(ended.slice(2).toSorted()).toEqual([
    `oracle:dispute:${dispute}:verdict:${jury.id}`,
    `oracle:jury:${jury.id}:close`,
  ]);
  const { address } = at(jurors, first);
  await happen(stage.store.db, "stakeManager", "Joined", {
    owner: address,
    signer: address,
    stake: WEIGHT,
    kinds: 1,
  });
  const told = await toWireJury(
    stage.store.db,
    need(await juryById(stage.store.db, jury.id), "the jury"),
    await moment(revealAt + 6),
  );
  expect(told).toMatchObject({
    phase: "ended",
    choice: 2,
    votes: { answer: 0, claim: 9, neither: 0, drawn: 9 },
    needed: 6,
    sealed: 9,
    nextJury: 31,
  });
  const mine = need(
    told.jurors.find(({ index }) => index === first),
    "the first juror",
  );
  expect(mine.stakes).toMatchObject({
    stake: String(WEIGHT),
    coherent: String((jury.fee / 9n) * BigInt(mine.seats)),
    incoherent: String(WEIGHT / 100n),
    missing: String(WEIGHT / 200n),
  });
  expect(told.jurors.every((each) => each.committed && each.choice === 2)).toBe(true);
});
