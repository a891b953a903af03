import type { Addresses, BlockRef, Chain } from "@sooth/chain";
import { at, type Hex, need } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { one, rows, sql, type Store } from "@sooth/store";
import { toHex, zeroAddress, zeroHash } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../test/database.ts";
import {
  addresses,
  answer,
  ask,
  asked,
  boolSchema,
  CHAIN_ID,
  clock,
  happen,
  joinAll,
  ownerOf,
  WEIGHT,
} from "../../test/people.ts";
import {
  answerWord,
  convene,
  disputeOf,
  DISPUTER,
  object,
  takeJurors,
  timeOf,
  WINDOWS,
} from "../../test/quarrel.ts";
import {
  disputeId,
  drawnJurors,
  encodeAnswerWord,
  INVALID,
  type JuryBallot,
  reasonHash,
  silentWord,
  voteCommitment,
  voteTypedData,
} from "../core/index.ts";
import { receiveCommitment, receiveOpening } from "./collect.ts";
import type { ApiDeps } from "./deps.ts";
import { rounds, sweepDisputes } from "./dispute-sweep.ts";
import { momentOf, toWireDispute, toWireJury } from "./dispute-view.ts";
import { disputeById, disputeRecord, pausesOf } from "./disputes.ts";
import { juryById } from "./juries.ts";
import { listProviders } from "./providers.ts";
import { questionById, toWireQuestion } from "./questions.ts";
import { eraseReason, forgetReasons, keepReason, reasonText } from "./reasons.ts";
import { listSlashes } from "./slashes.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());

const TABLES =
  `questions reopenings providers signers epochs rosters seats credits reports evidence disputes dispute_steps
  dispute_stakes dispute_awards juror_sets jurors seeds juries jury_posts jury_own_commits juror_faults slashes named_faults
  shown_equivocations slash_credits pauses trips domain_pauses clarifications commitments openings batches
  juror_equivocations`.split(/\s+/);
beforeEach(async () => {
  for (const table of [...TABLES.map((name) => `oracle.${name}`), "chain.outbox"])
    await sql`truncate ${sql.ref(table)} cascade`.execute(store.db);
});

const question = asked(boolSchema());
const jurors = Array.from({ length: 12 }, (_, n) => privateKeyToAccount(toHex(1_001 + n, { size: 32 })));
const juror = (n: number) => at(jurors, n);
/** A chain that tells the time, and the windows that its contracts were built with. */
const CONSTANTS: Record<string, unknown> = {
  REREPORT_SECONDS: WINDOWS.ladder.rereport,
  APPEAL_SECONDS: WINDOWS.ladder.appeal,
  EVIDENCE_SECONDS: WINDOWS.court.evidence,
  COMMIT_SECONDS: WINDOWS.court.commit,
  REVEAL_SECONDS: WINDOWS.court.reveal,
  UNIT: 1_000_000n,
  SEASONING_SECONDS: 60,
  SNAPSHOT_SECONDS: 1_000_000_000,
  MIN_STAKE: 1n,
  START_FACTOR_BPS: 10_000,
  UNBONDING_SECONDS: 86_400,
  LOWEST_WINDOW: 5,
  MAX_LIVENESS: 172_800,
  MAX_QUESTION_SECONDS: 1_000,
  EPOCH_SECONDS: 1_000_000,
};
function depsAt(now: number): ApiDeps & { addresses: Addresses } {
  const { chain } = clock(now);
  const client = {
    readContract: async ({ functionName }: { functionName: string }) =>
      need(CONSTANTS[functionName], functionName),
  };
  const hub = { ...chain, client } as unknown as Chain;
  const config = {
    ORACLE_MIN_PROVIDERS: 4,
    ORACLE_MIN_REWARD: 0n,
    ORACLE_RESOLVE_DEPOSIT: 0n,
  } as ApiDeps["config"];
  return { store, hub, addresses, config, log: logger("test") };
}
const sweepAt = async (now: number) => {
  await sweepDisputes(depsAt(now), {
    chainId: CHAIN_ID,
    number: 1,
    timestamp: now,
    hash: "0x00",
  } as BlockRef);
  return outbox();
};
const outbox = async () =>
  (await rows<{ key: string }>(store.db, sql`select key from chain.outbox order by id`)).map(
    ({ key }) => key,
  );
const moment = async (now: number) =>
  momentOf(now, await pausesOf(store.db), { ...WINDOWS, unit: 1_000_000n });

/** Answered by three of four in block 2, objected to in block 10. */
async function quarrel(): Promise<Hex> {
  await joinAll(store.db);
  await takeJurors(
    store.db,
    jurors.map(({ address }) => address),
  );
  await ask(store.db, question);
  await answer(store.db, question, { value: 0n, finalizeAt: timeOf(1_200) });
  await happen(store.db, "oracle", "Credited", { account: DISPUTER, amount: 300_000_000n });
  return object(store.db, question, 10);
}
const SEED: Hex = `0x${"5e".repeat(32)}`;
const prove = () => happen(store.db, "beacon", "Proved", { at: 121, round: 77n, seed: SEED });

test("a disputed question shows no value, and the dispute its way up the ladder", async () => {
  const id = await quarrel();
  const stored = need(await questionById(store.db, question.id), "the question");
  expect(toWireQuestion(stored, timeOf(11))).toMatchObject({
    status: "disputed",
    value: null,
    finalizeAt: null,
  });
  const dispute = need(await disputeById(store.db, id), "the dispute");
  const told = toWireDispute(dispute, stored, undefined, await moment(timeOf(11)));
  expect(told).toMatchObject({
    id,
    value: "0",
    valueLabel: "No",
    claimLabel: "Yes",
    stage: "disputed",
    until: timeOf(110),
    deposits: [{ who: DISPUTER, amount: "250000000", side: 2, awarded: null }],
  });
  expect(told.ladder.map(({ name, state }) => [name, state])).toEqual([
    ["Answered", "done"],
    ["Disputed", "done"],
    ["Reporting anew", "now"],
    ["Jury of 9", "ahead"],
  ]);
  const held = await one<{ credit: bigint }>(
    store.db,
    sql`select credit from oracle.credits where account = ${DISPUTER}`,
  );
  expect(held?.credit).toBe(50_000_000n);
});

test("silence that is objected to is an INVALID that nobody signed, until a jury says otherwise", async () => {
  await joinAll(store.db);
  await ask(store.db, question);
  const open = need(await questionById(store.db, question.id), "the question");
  const limits = { unit: 1_000_000n, leastDeposit: 250, mostDeposit: 50_000 };
  if (open.word.state !== "open") throw new Error("it is answered");
  const answered = silentWord(open.terms, open.word, limits);
  const { id, ...dispute } = disputeOf(question, 10);
  const silence = { ...dispute, answer: answered };
  const silent = disputeId(silence);
  await happen(store.db, "oracle", "Disputed", { ...silence, reason: zeroHash, at: 10 });

  const stored = need(await questionById(store.db, question.id), "the question");
  expect(stored).toMatchObject({ dispute: silent, word: { state: "disputed" }, answer: { value: INVALID } });
  expect(toWireQuestion(stored, timeOf(11))).toMatchObject({ status: "disputed", value: null });
  const told = toWireDispute(
    need(await disputeById(store.db, silent), "the dispute"),
    stored,
    undefined,
    await moment(timeOf(11)),
  );
  expect(told).toMatchObject({ id: silent, claim: "1", stage: "disputed" });
  expect(told.ladder.map(({ name }) => name)).toEqual([
    "Unanswered",
    "Disputed",
    "Reporting anew",
    "Jury of 9",
  ]);

  const upheld = encodeAnswerWord({ ...need(stored.answer, "answer"), finalizeAt: timeOf(20), ruled: true });
  const ruled = { question: question.id, dispute: silent, root: `0x${"00".repeat(32)}` as Hex };
  await happen(store.db, "oracle", "Ruled", { ...ruled, at: 20, word: upheld, verdict: 0 });
  const over = need(await questionById(store.db, question.id), "the question");
  expect(toWireQuestion(over, timeOf(20))).toMatchObject({ status: "invalid" });
  expect(id).not.toBe(silent);
});

test("convenes after the time to report anew; again and again changes nothing", async () => {
  const id = await quarrel();
  expect(await sweepAt(timeOf(109))).toEqual([]);
  const due = [`oracle:dispute:${id}:convene:disputed:0`];
  expect(await sweepAt(timeOf(110))).toEqual(due);
  expect(await sweepAt(timeOf(111))).toEqual(due);
});

test("a pause stops the court clock, holds answers once, and moves what was due", async () => {
  const id = await quarrel();
  const other = asked(boolSchema(), { nonce: 9n });
  await ask(store.db, other);
  await answer(store.db, other, { value: 1n, finalizeAt: timeOf(1_300) });
  await happen(store.db, "guard", "Paused", { at: 60, number: 1, guardian: zeroAddress, until: timeOf(160) });
  const held = await sweepAt(timeOf(110));
  expect(held).toEqual([expect.stringMatching(/^oracle:hold:1:/)]);
  await happen(store.db, "oracle", "Held", { at: 111, question: other.id, finalizeAt: timeOf(1_350) });
  expect(await sweepAt(timeOf(159))).toEqual(held);
  expect((await questionById(store.db, other.id))?.answer).toMatchObject({
    held: 1,
    finalizeAt: timeOf(1_350),
  });
  expect(await sweepAt(timeOf(209))).toEqual(held);
  expect(await sweepAt(timeOf(210))).toEqual([...held, `oracle:dispute:${id}:convene:disputed:0`]);
});

const ballotsOf = (jury: Hex, drawn: readonly number[], choices: (index: number) => 1 | 2 | 3) =>
  drawn.map((index): JuryBallot & { commitment: Hex } => {
    const ballot = { juror: index, choice: choices(index), salt: toHex(index + 1, { size: 16 }) };
    return { ...ballot, commitment: voteCommitment(jury, ballot) };
  });
const signed = (jury: Hex, index: number, commitment: Hex) =>
  juror(index).signTypedData(voteTypedData({ chainId: CHAIN_ID, court: addresses.court }, jury, commitment));

test("a jury is drawn, committed to, opened and closed through the collector", async () => {
  const dispute = await quarrel();
  const jury = await convene(store.db, dispute, 120);
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
  const { seats } = need(await juryById(store.db, jury.id), "the jury");
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
  expect(await rows(store.db, sql`select 1 from oracle.juror_equivocations`)).toHaveLength(1);

  const posts = await sweepAt(commitAt + 1);
  expect(posts).toEqual([expect.stringMatching(`^oracle:jury:${jury.id}:post:`)]);
  // Killed here, between what was kept and what was sent, nothing is formed or asked for twice.
  expect(await sweepAt(commitAt + 2)).toEqual(posts);
  const batch = at(at(posts, 0).split(":post:"), 1) as Hex;
  await happen(store.db, "court", "CommitsPosted", { at: 140, jury: jury.id, batch });

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
  await happen(store.db, "court", "Revealed", { at: 195, jury: jury.id, votes });
  const ended = await sweepAt(revealAt + 6);
  expect(ended.slice(2).toSorted()).toEqual([
    `oracle:dispute:${dispute}:verdict:${jury.id}`,
    `oracle:jury:${jury.id}:close`,
  ]);
  const { address } = at(jurors, first);
  await happen(store.db, "stakeManager", "Joined", {
    owner: address,
    signer: address,
    stake: WEIGHT,
    kinds: 1,
  });
  const told = await toWireJury(
    store.db,
    need(await juryById(store.db, jury.id), "the jury"),
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

/** The whole way: overturned by a jury, slashed, deposits paid. */
async function overturn(): Promise<{ dispute: Hex; jury: Hex }> {
  const dispute = await quarrel();
  const { id: jury } = await convene(store.db, dispute, 120);
  await prove();
  const votes = BigInt(`0b${"10".repeat(7)}0100`);
  await happen(store.db, "court", "Revealed", { at: 195, jury, votes });
  await happen(store.db, "ladder", "VerdictTaken", { at: 200, dispute, jury, choice: 2, until: timeOf(250) });
  await happen(store.db, "court", "JuryClosed", {
    at: 222,
    jury,
    choice: 2,
    votesFor: 7n,
    perSeat: 1n,
    returned: 0n,
  });
  await happen(store.db, "oracle", "Ruled", {
    at: 260,
    question: question.id,
    word: answerWord({ value: 1n, disputes: 1, ruled: true }),
    dispute,
    verdict: 2,
    root: `0x${"00".repeat(32)}`,
  });
  await happen(store.db, "ladder", "Awarded", { at: 260, dispute, who: DISPUTER, amount: 187_500_000n });
  await happen(store.db, "ladder", "Concluded", { at: 261, dispute, outcome: 2, toInsurance: 0n });
  await happen(store.db, "stakeManager", "Slashed", {
    at: 262,
    owner: ownerOf(0),
    fault: dispute,
    challenger: DISPUTER,
    amount: 155n,
    stake: 845n,
  });
  await happen(store.db, "stakeManager", "SlashCredited", { at: 262, account: DISPUTER, amount: 46n });
  return { dispute, jury };
}

test("a verdict is taken down, stands for its time and is concluded once", async () => {
  const dispute = await quarrel();
  const { id: jury } = await convene(store.db, dispute, 120);
  await happen(store.db, "ladder", "VerdictTaken", { at: 200, dispute, jury, choice: 1, until: timeOf(250) });
  const before = await sweepAt(timeOf(249));
  expect(before.filter((key) => key.includes("conclude"))).toEqual([]);
  const due = await sweepAt(timeOf(250));
  expect(due.filter((key) => key.includes("conclude"))).toEqual([
    `oracle:dispute:${dispute}:conclude:ruled:0`,
  ]);
  expect(await sweepAt(timeOf(251))).toEqual(due);
});

test("overturned: the question has the claim, the deposit is back, who signed is slashed and why", async () => {
  const { dispute, jury } = await overturn();
  const stored = need(await questionById(store.db, question.id), "the question");
  expect(toWireQuestion(stored, timeOf(1_300))).toMatchObject({ status: "final", value: "1" });
  const found = need(await disputeById(store.db, dispute), "the dispute");
  const told = toWireDispute(found, stored, await juryById(store.db, jury), await moment(timeOf(300)));
  expect(told).toMatchObject({
    stage: "done",
    outcome: "replace",
    deposits: [{ awarded: "187500000", side: 2 }],
  });
  expect(told.ladder.map(({ name }) => name)).toEqual([
    "Answered",
    "Disputed",
    "Reported anew",
    "Jury of 9",
    "Decided",
  ]);
  expect(await disputeRecord(store.db)).toEqual({ upheld: 0, overturned: 1 });
  expect(await listSlashes(store.db, { limit: 5 })).toMatchObject([
    {
      slash: {
        owner: ownerOf(0),
        reason: "overturned",
        question: question.id,
        amount: "155",
        challenger: DISPUTER,
      },
    },
  ]);
  expect((await listProviders(store.db, ownerOf(0)))[0]).toMatchObject({ stake: "845", slashed: "155" });
  const faults = await rows<{ kind: string }>(
    store.db,
    sql`select distinct kind from oracle.juror_faults where jury = ${jury} order by kind`,
  );
  expect(faults.map(({ kind }) => kind)).toContain("missing");
  expect(await sweepAt(timeOf(300))).toEqual([]);
});

test("reopened as too early, and restored: the question's columns follow the word", async () => {
  const dispute = await quarrel();
  const ruled = (word: bigint, verdict: number) =>
    happen(store.db, "oracle", "Ruled", {
      at: 260,
      question: question.id,
      word,
      dispute,
      verdict,
      root: `0x${"00".repeat(32)}`,
    });
  await ruled(answerWord({ disputes: 1, round: 1 }), 1);
  expect((await questionById(store.db, question.id))?.answer).toMatchObject({
    value: 0n,
    disputes: 1,
    round: 1,
  });
  await ruled(
    encodeAnswerWord({
      state: "open",
      deadline: question.terms.deadline,
      notBefore: timeOf(400),
      round: 2,
      rewardSettled: false,
      disputes: 1,
    }),
    3,
  );
  expect((await questionById(store.db, question.id))?.word).toMatchObject({
    state: "open",
    round: 2,
    notBefore: timeOf(400),
    disputes: 1,
  });
});

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
              store.db,
              sql`select jsonb_agg(to_jsonb(t) order by to_jsonb(t)) as all from ${sql.ref(`oracle.${name}`)} t`,
            )
          )?.all,
      ),
    );
  const dispute = await quarrel();
  const before = await dump();
  await store.transaction(async (tx) => {
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
  await sql`select chain.undo_above(31337, 119)`.execute(store.db);
  expect(await dump()).toEqual(before);
});

test("texts that nobody objects with do not fill the disk: the oldest go", async () => {
  await sql`truncate oracle.reasons`.execute(store.db);
  const first = await keepReason(store.db, "the first of many");
  await sql`insert into oracle.reasons (hash, text, at)
    select 'filler ' || n, 'filler', now() + n * interval '1 millisecond' from generate_series(1, 4095) n`.execute(
    store.db,
  );
  await forgetReasons(store.db);
  expect(await reasonText(store.db, first)).toBe("the first of many");
  const last = await keepReason(store.db, "one too many");
  await sql`update oracle.reasons set at = now() + interval '1 minute' where hash = ${last}`.execute(
    store.db,
  );
  await forgetReasons(store.db);
  expect(await reasonText(store.db, first)).toBeNull();
  expect(await reasonText(store.db, last)).toBe("one too many");
  await sql`truncate oracle.reasons`.execute(store.db);
});

test("a reason is kept by its hash, shown with its dispute, and may be erased for good", async () => {
  const text = "https://one.example says\n> closed at 2,998.50";
  const hash = await keepReason(store.db, text);
  expect(hash).toBe(reasonHash(text));
  expect(await keepReason(store.db, text)).toBe(hash);
  const question = asked(boolSchema(), { nonce: 77n });
  await ask(store.db, question);
  const dispute = await object(store.db, question, 10, hash);
  const shown = async () => (await disputeById(store.db, dispute))?.reason;
  expect(await shown()).toEqual({ hash, text });

  // What nobody objects with is forgotten after a day, however often it is handed over; what somebody does stays.
  const unused = await keepReason(store.db, "never mind");
  await sql`update oracle.reasons set at = now() - interval '2 days'`.execute(store.db);
  await keepReason(store.db, "never mind");
  await forgetReasons(store.db);
  expect(await reasonText(store.db, unused)).toBeNull();
  expect(await shown()).toEqual({ hash, text });

  expect(await eraseReason(store.db, hash.toUpperCase().replace("0X", "0x"))).toBe(true);
  expect(await shown()).toEqual({ hash, text: null });
  expect(await eraseReason(store.db, hash)).toBe(false);
  await expect(keepReason(store.db, text)).rejects.toThrow(/was erased/);
  await expect(keepReason(store.db, " ")).rejects.toThrow(/says nothing/);
});
