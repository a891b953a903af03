import {
  courtAbi,
  guardAbi,
  ladderAbi,
  marketsAbi,
  oracleAbi,
  slasherAbi,
  stakeManagerAbi,
  testDollarAbi,
} from "@sooth/abi";
import { at, type Hex, need } from "@sooth/kernel";
import { marketId, type MarketTerms, positionPlace } from "@sooth/markets/core";
import {
  type JuryChoice,
  packWords,
  packedRoot,
  packAgreed,
  packEntries,
  bitmapOf,
  reasonHash,
  TOO_EARLY,
  voteCommitment,
} from "@sooth/oracle/core";
import { parseEventLogs, zeroHash } from "viem";
import { DOLLAR } from "./court-people.ts";
import { type CourtStage, LIVENESS } from "./court-stage.ts";

const SEVEN = [0, 1, 2, 3, 4, 5, 6];
const THREE = [7, 8, 9];
const REREPORT = 30;
const APPEAL = 20;
const strays = (by: Record<number, bigint>) => (provider: number) => 200_000n + (by[provider] ?? 0n);
const spread = (value: bigint) => (provider: number) => value + BigInt(10 * provider);

/** Seven err; nobody looks again; nine overturn them, an appeal is lost before 31; jurors err, hide, tell and lie. */
export async function overturned(stage: CourtStage): Promise<Hex> {
  const { parties, rich, send, addresses } = stage;
  const asked = await stage.ask();
  await stage.answer(asked, SEVEN, spread(200_000n));
  const d = await stage.dispute(asked, at(parties, 0), 250_000n);
  await stage.warp((await stage.now()) + REREPORT);
  const first = need(await stage.step(rich, "convene", [asked.asked, d]), "a jury");
  const drawn = await stage.draw(first);
  const [liar = 0, hider = 0, loner = 0] = drawn.drawn;
  const held = (juror: number) => drawn.seats.filter((each) => each === juror).length;
  // Whoever errs or hides must not cost the claim its supermajority.
  const wrong = drawn.drawn.find((juror) => juror > loner && held(juror) === 1 && held(hider) === 1);
  const choiceOf = (juror: number): JuryChoice => (juror === wrong ? 1 : 2);
  const { withheld } = await stage.vote(first, drawn, {
    choiceOf,
    silent: [hider],
    alone: [loner],
    meanwhile: async ({ jury, ballots, signatures }) => {
      const ballot = need(ballots[0], "a ballot");
      const mine = at(signatures, 0);
      const args = [first, ballot.juror, ballot.choice, ballot.salt, mine];
      await send(at(parties, 2), addresses.court, courtAbi, "leak", args);
      const other = voteCommitment(jury, { ...ballot, choice: 3 });
      const theirs = await stage.signVote(drawn.keyOf(liar), jury, other);
      const both = [voteCommitment(jury, ballot), other];
      await send(at(parties, 2), addresses.court, courtAbi, "equivocated", [first, liar, both, mine, theirs]);
    },
  });
  await withheld(hider);
  await stage.step(rich, "takeVerdict", [asked.asked, d, first]);
  await send(rich, addresses.court, courtAbi, "close", [first]);
  const second = need(await stage.step(at(parties, 1), "appeal", [asked.asked, d, 1]), "a larger jury");
  await stage.vote(second, await stage.draw(second), { choiceOf: () => 2 });
  await stage.step(rich, "takeVerdict", [asked.asked, d, second]);
  await stage.warp((await stage.now()) + APPEAL);
  await stage.step(rich, "conclude", [asked.asked, d]);
  await send(rich, addresses.court, courtAbi, "close", [second]);
  await send(rich, addresses.oracle, oracleAbi, "settleReward", [asked.asked]);
  return asked.question;
}

/** Why somebody objects to what is confirmed. */
export const WHY = "The page says 2,500.00.\nhttps://prices.example/close";

/** Three who had not signed confirm the answer: the deposit is lost to those who had. */
export async function confirmed(stage: CourtStage): Promise<Hex> {
  const { parties, rich, send, addresses } = stage;
  const asked = await stage.ask();
  await stage.answer(asked, SEVEN, spread(200_000n));
  const d = await stage.dispute(asked, at(parties, 0), 250_000n, reasonHash(WHY));
  const { value, seats, signatures } = await stage.agreed(asked, THREE, 200_030n, 1);
  await stage.step(rich, "rereportAgreed", [asked.asked, d, 1, value, seats, signatures]);
  await stage.warp((await stage.now()) + APPEAL);
  await stage.step(rich, "conclude", [asked.asked, d]);
  await send(rich, addresses.oracle, oracleAbi, "settleReward", [asked.asked]);
  return asked.question;
}

/** Those who signed stand by their answer: a jury hears the dispute all the same, at once, and finds for them. */
export async function stoodBy(stage: CourtStage, mode: "agreed" | "values"): Promise<Hex> {
  const { rich, send, addresses } = stage;
  const { asked, d, sat } = await standBy(stage, SEVEN, mode);
  const jury = need(sat, "a jury");
  await stage.vote(jury, await stage.draw(jury), { choiceOf: () => 1 });
  await stage.step(rich, "takeVerdict", [asked.asked, d, jury]);
  await stage.warp((await stage.now()) + APPEAL);
  await stage.step(rich, "conclude", [asked.asked, d]);
  await send(rich, addresses.court, courtAbi, "close", [jury]);
  await send(rich, addresses.oracle, oracleAbi, "settleReward", [asked.asked]);
  return asked.question;
}

/** No jury can be drawn any more, so what the quorum stands by stands. */
export async function stoodByAlone(stage: CourtStage): Promise<Hex> {
  const { rich, send, addresses } = stage;
  const { asked, d, sat } = await standBy(stage, SEVEN, "agreed");
  if (sat !== null) throw new Error("a jury was drawn");
  await stage.warp((await stage.now()) + APPEAL);
  await stage.step(rich, "conclude", [asked.asked, d]);
  await send(rich, addresses.oracle, oracleAbi, "settleReward", [asked.asked]);
  return asked.question;
}

/** Nobody looks again, and nobody can sit on a jury: the question is invalid, and a quarter of the deposit is gone. */
export async function unheard(stage: CourtStage): Promise<Hex> {
  const { parties, rich, send, addresses } = stage;
  const asked = await stage.ask();
  await stage.answer(asked, SEVEN, spread(200_000n));
  const d = await stage.dispute(asked, at(parties, 0), 250_000n);
  await stage.warp((await stage.now()) + REREPORT);
  const jury = await stage.step(rich, "convene", [asked.asked, d]);
  if (jury !== null) throw new Error("a jury was drawn");
  await send(rich, addresses.oracle, oracleAbi, "settleReward", [asked.asked]);
  return asked.question;
}

/**
 * Judges who bet on what they judge: one reports all the same, one votes, and each pays half of his stake; a third, who was drawn
 * too, says that he holds a position and stays away, which costs him nothing.
 */
export async function conflicted(stage: CourtStage): Promise<Hex> {
  const { parties, rich, owners, jurors, send, addresses } = stage;
  const { markets, slasher, collateral } = addresses;
  const better = at(owners, 0);
  const opensAt = (await stage.now()) + 200;
  let terms: MarketTerms | undefined;
  const asked = await stage.ask({ opensAt }, async ({ question, asked: its }) => {
    terms = {
      question,
      creator: rich.address,
      closesAt: opensAt - 1,
      feeBps: 0,
      outcomes: 2,
      cuts: [250_000n],
    };
    await send(rich, markets, marketsAbi, "open", [terms, its]);
    // Nobody knows yet who will be drawn.
    for (const each of [better, ...jurors]) {
      await send(each, collateral, testDollarAbi, "approve", [markets, DOLLAR]);
      await send(each, markets, marketsAbi, "stake", [marketId(terms), 1, DOLLAR]);
    }
  });
  const place = positionPlace(need(terms, "a market"), 1);
  const holding = (holder: Hex) => ({ consumer: markets, holder, where: place });
  await stage.answer(asked, SEVEN, spread(200_000n));
  const [report] = await stage.reports(asked, [0], { round: 0, say: spread(200_000n) });
  const { value, signature } = need(report, "a report");
  const signed = [asked.question, stage.epoch(), 0, value, signature, holding(better.address)];
  await send(at(parties, 2), slasher, slasherAbi, "positionOfSigner", signed);

  const d = await stage.dispute(asked, at(parties, 0), 250_000n);
  await stage.warp((await stage.now()) + REREPORT);
  const jury = need(await stage.step(rich, "convene", [asked.asked, d]), "a jury");
  const drawn = await stage.draw(jury);
  const [absent = 0, voter = 0] = drawn.drawn;
  const seatOf = (juror: number) => drawn.seats.indexOf(juror);
  const holderOf = (juror: number) => holding(drawn.keyOf(juror).address);
  await send(rich, slasher, slasherAbi, "recuse", [jury, d, seatOf(absent), holderOf(absent)]);
  await stage.vote(jury, drawn, { choiceOf: () => 1, away: [absent] });
  const voted = [jury, d, seatOf(voter), holderOf(voter)];
  await send(at(parties, 2), slasher, slasherAbi, "positionOfJuror", voted);
  await stage.step(rich, "takeVerdict", [asked.asked, d, jury]);
  await stage.warp((await stage.now()) + APPEAL);
  await stage.step(rich, "conclude", [asked.asked, d]);
  await send(rich, addresses.court, courtAbi, "close", [jury]);
  await send(rich, addresses.oracle, oracleAbi, "settleReward", [asked.asked]);
  return asked.question;
}

/** Three who had not signed say otherwise: the jury cannot agree, and while it sat almost all jurors left. */
export async function unheardAgain(stage: CourtStage): Promise<Hex> {
  const { parties, rich, send, addresses } = stage;
  const asked = await stage.ask();
  await stage.answer(asked, SEVEN, spread(200_000n));
  const d = await stage.dispute(asked, at(parties, 0), 250_000n);
  const { value, seats, signatures } = await stage.agreed(asked, THREE, 300_000n, 1);
  const rereport = [asked.asked, d, 1, value, seats, signatures];
  const jury = need(await stage.step(rich, "rereportAgreed", rereport), "a jury");
  const drawn = await stage.draw(jury);
  await stage.vote(jury, drawn, {
    choiceOf: (juror) => ((drawn.drawn.indexOf(juror) % 3) + 1) as JuryChoice,
    away: drawn.drawn.slice(-1),
  });
  await dismissJurors(stage);
  const next = await stage.step(rich, "takeVerdict", [asked.asked, d, jury]);
  if (next !== null) throw new Error("a larger jury was drawn");
  await send(rich, addresses.oracle, oracleAbi, "settleReward", [asked.asked]);
  return asked.question;
}

/** All jurors but one go, so that no jury can be drawn any more. */
async function dismissJurors({ jurors, send, addresses, rich, warp, now }: CourtStage): Promise<void> {
  // Who was banned can be none any more, and cannot say so.
  for (const juror of jurors.slice(1))
    await send(juror, addresses.stakeManager, stakeManagerAbi, "setJuror", [false]).catch(() => null);
  await warp((await now()) + 100);
  await send(rich, addresses.stakeManager, stakeManagerAbi, "takeJurors", []);
}

/** Nobody answers; somebody says what the answer is, and a jury finds so. */
export async function silence(stage: CourtStage): Promise<Hex> {
  const { rich, send, addresses } = stage;
  const { asked, d } = await objectToSilence(stage);
  await stage.warp((await stage.now()) + REREPORT);
  const jury = need(await stage.step(rich, "convene", [asked.asked, d]), "a jury");
  await stage.vote(jury, await stage.draw(jury), { choiceOf: () => 2 });
  await stage.step(rich, "takeVerdict", [asked.asked, d, jury]);
  await stage.warp((await stage.now()) + APPEAL);
  await stage.step(rich, "conclude", [asked.asked, d]);
  await send(rich, addresses.court, courtAbi, "close", [jury]);
  await send(rich, addresses.oracle, oracleAbi, "settleReward", [asked.asked]);
  return asked.question;
}

/** Nobody answers until somebody says what the answer is; then more than two thirds of all do, with their own values. */
export async function silenceBroken(stage: CourtStage): Promise<Hex> {
  const { rich, send, addresses } = stage;
  const { asked, d } = await objectToSilence(stage);
  const own = packEntries(await stage.reports(asked, SEVEN, { round: 1, say: spread(250_000n) }));
  await stage.step(rich, "rereportValues", [asked.asked, d, 1, own]);
  await stage.warp((await stage.now()) + 2 * LIVENESS);
  await send(rich, addresses.oracle, oracleAbi, "settleReward", [asked.asked]);
  return asked.question;
}

async function objectToSilence(stage: CourtStage) {
  const disputer = at(stage.parties, 0);
  const deadline = (await stage.now()) + 420;
  const asked = await stage.ask({ deadline });
  await stage.warp(deadline - 90);
  const { oracle } = stage.addresses;
  const { logs } = await stage.send(disputer, oracle, oracleAbi, "disputeSilence", [
    asked.asked,
    250_000n,
    zeroHash,
  ]);
  const [log] = parseEventLogs({ abi: oracleAbi, eventName: "Disputed", logs });
  const { question, answer, claim, deposit } = need(log, "a dispute").args;
  const rest = { root: zeroHash, disputer: disputer.address, claimRoot: zeroHash, at: await stage.now() };
  return { asked, d: { question, answer, claim, deposit, ...rest } };
}

async function standBy(stage: CourtStage, who: readonly number[], mode: "agreed" | "values") {
  const { parties, rich } = stage;
  const asked = await stage.ask();
  await stage.answer(asked, who, spread(200_000n));
  const d = await stage.dispute(asked, at(parties, 0), 250_000n);
  const { value, seats, signatures } = await stage.agreed(asked, who, 200_030n, 1);
  const own = packEntries(await stage.reports(asked, who, { round: 1, say: spread(200_000n) }));
  const sat =
    mode === "agreed"
      ? await stage.step(rich, "rereportAgreed", [asked.asked, d, 1, value, seats, signatures])
      : await stage.step(rich, "rereportValues", [asked.asked, d, 1, own]);
  return { asked, d, sat };
}

/** Three who had not signed say otherwise: a jury judges their value, cannot agree, and neither can the larger ones. */
export async function undecided(stage: CourtStage): Promise<Hex> {
  const { parties, rich, send, addresses } = stage;
  const asked = await stage.ask();
  await stage.answer(asked, SEVEN, spread(200_000n));
  const d = await stage.dispute(asked, at(parties, 0), 250_000n);
  const { value, seats, signatures } = await stage.agreed(asked, THREE, 300_000n, 1);
  const rereport = [asked.asked, d, 1, value, seats, signatures];
  let jury = await stage.step(rich, "rereportAgreed", rereport);
  let tier = 0;
  while (jury !== null) {
    const drawn = await stage.draw(jury);
    await stage.vote(jury, drawn, {
      choiceOf: (juror) => ((drawn.drawn.indexOf(juror) % 3) + 1) as JuryChoice,
      away: drawn.drawn.slice(-1),
    });
    tier += 1;
    jury = await stage.step(rich, "takeVerdict", [asked.asked, d, jury]);
  }
  if (tier !== 3) throw new Error(`${tier} juries sat`);
  await send(rich, addresses.oracle, oracleAbi, "settleReward", [asked.asked]);
  return asked.question;
}

/** It was too early: those who signed pay a tenth of the deposit, and the question is answered again, and held in a pause. */
export async function tooEarly(stage: CourtStage): Promise<Hex> {
  const { parties, rich, send, addresses } = stage;
  const asked = await stage.ask({ tolerance: 10n });
  await stage.answer(asked, SEVEN, spread(200_000n));
  const d = await stage.dispute(asked, at(parties, 0), TOO_EARLY);
  const { value, seats, signatures } = await stage.agreed(asked, [...SEVEN, ...THREE], TOO_EARLY, 1);
  await stage.step(rich, "rereportAgreed", [asked.asked, d, 1, value, seats, signatures]);
  await stage.warp((await stage.now()) + 2 * LIVENESS);
  const say = strays({ 8: 45n, 9: 500n });
  await stage.answer(asked, [...SEVEN, ...THREE], say, 2);
  await send(rich, addresses.guard, guardAbi, "pause", [100]);
  await send(rich, addresses.oracle, oracleAbi, "hold", [[asked.question]]);
  await stage.warp((await stage.now()) + 100 + 2 * LIVENESS);
  await send(rich, addresses.oracle, oracleAbi, "settleReward", [asked.asked]);
  // Numbers outside tolerance: the first is a warning.
  const late = await stage.reports(asked, [8, 9], { round: 2, say });
  for (const report of late)
    await send(rich, addresses.slasher, slasherAbi, "outside", [asked.asked, report.value, report.signature]);
  return asked.question;
}

/** The next number outside tolerance within a month costs its tenth of a percent. */
export async function outsideAgain(stage: CourtStage): Promise<Hex> {
  const { parties, rich, send, addresses } = stage;
  const asked = await stage.ask({ tolerance: 10n });
  const say = strays({ 9: 55n });
  await stage.answer(asked, [...SEVEN.slice(0, 6), ...THREE], say);
  await stage.warp((await stage.now()) + 2 * LIVENESS);
  const [report] = await stage.reports(asked, [9], { round: 0, say });
  const { value, signature } = need(report, "a report");
  await send(rich, addresses.slasher, slasherAbi, "outside", [asked.asked, value, signature]);
  // And one who signed another value for the same round.
  const pair = await Promise.all(
    [200_000n, 200_001n].map((each) => stage.reports(asked, [5], { round: 0, say: () => each })),
  );
  const signatures = pair.map((one) => at(one, 0).signature);
  const shown = [asked.question, 1, 0, [200_000n, 200_001n], ...signatures];
  await send(at(parties, 2), addresses.slasher, slasherAbi, "equivocatedReports", shown);
  return asked.question;
}

/** Many answers under a root of packed words; a jury puts another root in its place. */
export async function rootReplaced(stage: CourtStage): Promise<{ question: Hex; items: bigint[] }> {
  const { parties, rich, send, addresses } = stage;
  const schema = {
    text: "Which?",
    kind: "vector",
    outcomes: [],
    items: { kind: "bool", count: 5 },
    sources: [],
  };
  const asked = await stage.ask({
    text: JSON.stringify(schema),
    aggregation: "root",
    tolerance: 0n,
    max: 1n,
  });
  const wrong = packWords([1n, 1n, 0n, 1n, 0n]);
  const items = [1n, 0n, 0n, 1n, 1n];
  const root = packedRoot(wrong);
  const signed = await stage.reports(asked, SEVEN.slice(0, 7), { round: 0, say: () => 0n, root });
  const seats = bitmapOf(signed.map(({ seat }) => seat));
  const { logs } = await send(rich, addresses.oracle, oracleAbi, "reportPacked", [
    asked.asked,
    1,
    wrong,
    seats,
    packAgreed(signed),
  ]);
  const { answer } = need(
    parseEventLogs({ abi: oracleAbi, eventName: "AnsweredRoot", logs })[0],
    "an answer",
  ).args;
  const claimRoot = packedRoot(packWords(items));
  const disputer = at(parties, 0);
  const sent = await send(disputer, addresses.oracle, oracleAbi, "disputeRoot", [
    asked.question,
    answer,
    0n,
    claimRoot,
    zeroHash,
  ]);
  const { deposit } = need(
    parseEventLogs({ abi: oracleAbi, eventName: "DisputedRoot", logs: sent.logs })[0],
    "a dispute",
  ).args;
  const d = {
    question: asked.question,
    answer: answer.facts,
    root,
    disputer: disputer.address,
    claim: 0n,
    claimRoot,
    deposit,
    at: await stage.now(),
  };
  const jury = need(await stage.step(rich, "convene", [asked.asked, d]), "a jury");
  await stage.vote(jury, await stage.draw(jury), { choiceOf: () => 2 });
  await stage.step(rich, "takeVerdict", [asked.asked, d, jury]);
  await stage.warp((await stage.now()) + APPEAL);
  const ended = await send(rich, addresses.ladder, ladderAbi, "conclude", [asked.asked, d]);
  const { root: ruled } = need(
    parseEventLogs({ abi: oracleAbi, eventName: "Ruled", logs: ended.logs })[0],
    "a ruling",
  ).args;
  if (ruled === zeroHash) throw new Error("no root was ruled");
  await send(rich, addresses.court, courtAbi, "close", [jury]);
  return { question: asked.question, items };
}
