import { epochsAbi, oracleAbi } from "@sooth/abi";
import { localParams, oracleLimitsOf } from "@sooth/chain";
import { type Address, at, type Hex, need } from "@sooth/kernel";
import {
  batchQuestion,
  bitmapOf,
  decodeAnswerWord,
  type EndedQuestion,
  epochTree,
  type EvidenceBody,
  evidenceHash,
  evidenceText,
  packAgreed,
  packEntries,
  saltOf,
  type SeatReport,
  termsFromChain,
  untilOf,
  workOut,
} from "@sooth/oracle/core";
import { concatHex, encodeAbiParameters, keccak256, numberToHex, parseEventLogs } from "viem";
import { type CourtStage, LIVENESS, PROVIDERS } from "./court-stage.ts";

const SEVEN = [0, 1, 2, 3, 4, 5, 6];
const ALL = Array.from({ length: PROVIDERS }, (_, index) => index);

/** What secures so much is answered by values that were committed to first, with the evidence that they rest on. */
export async function topTier(stage: CourtStage): Promise<{ question: Hex; evidence: EvidenceBody[] }> {
  const { commitSeconds, commitTier: secures } = oracleLimitsOf(localParams);
  const { rich, send, addresses } = stage;
  const liveness = 48 * localParams.lowestWindowSeconds;
  const asked = await stage.ask({ secures, liveness });
  const signed = await stage.reports(asked, SEVEN, {
    round: 0,
    say: (provider) => 200_000n + BigInt(provider),
  });
  const bodies = new Map(
    signed.map(({ seat, value }) => {
      const text = evidenceText({
        version: 1,
        chainId: 31_337,
        question: asked.question,
        round: 0,
        provider: need(stage.keys[Number(value - 200_000n)], "a key").address.toLowerCase(),
        value: String(value),
        reason: "read it",
        sources: [],
      });
      const secret = numberToHex(1_000 + seat, { size: 32 });
      return [seat, { name: evidenceHash(text), text, secret }] as const;
    }),
  );
  const salt = (seat: number): Hex => {
    const { name, secret } = need(bodies.get(seat), "a body");
    return saltOf({ secret, evidence: name, clarified: null });
  };
  const commitmentOf = ({ seat, value }: SeatReport) =>
    keccak256(
      encodeAbiParameters(
        ["bytes32", "uint32", "uint8", "uint8", "int96", "bytes32"].map((type) => ({ type })),
        [asked.question, stage.epoch(), 0, seat, value, salt(seat)],
      ),
    );
  // One of them is of somebody who never shows what he committed to: they wait for him to the half.
  const batch = [keccak256("0x00"), ...signed.map(commitmentOf).toReversed()];
  const piece = 2 * commitSeconds;
  const commitAt = Math.ceil((await stage.now()) / piece) * piece;
  await stage.warp(commitAt + 1);
  const chained = keccak256(concatHex(batch));
  const bound = batchQuestion(asked.question, commitAt / piece);
  const cosigned = await stage.reports({ ...asked, question: bound }, SEVEN, {
    round: 0,
    say: () => 0n,
    root: chained,
  });
  const seats = bitmapOf(cosigned.map(({ seat }) => seat));
  const commit = [asked.asked, stage.epoch(), chained, seats, packAgreed(cosigned)];
  await send(rich, addresses.oracle, oracleAbi, "commitReports", commit);
  await stage.warp(commitAt + commitSeconds + commitSeconds / 2);
  const inOrder = signed.toSorted((a, b) => Number(a.value - b.value));
  const openings = inOrder.map((report) =>
    concatHex([numberToHex(batch.indexOf(commitmentOf(report)), { size: 1 }), salt(report.seat)]),
  );
  const shown = [asked.asked, stage.epoch(), packEntries(signed), batch, concatHex(openings)];
  await send(rich, addresses.oracle, oracleAbi, "reportCommitted", shown);
  await stage.warp((await stage.now()) + 2 * liveness);
  await send(rich, addresses.oracle, oracleAbi, "settleReward", [asked.asked]);
  return { question: asked.question, evidence: [...bodies.values()] };
}

const errs = (provider: number): bigint => (provider === 9 ? 900_000n : 200_000n + BigInt(provider));

/**
 * The first two questions of all: one errs, one says nothing twice, one is left out of an answer and shows that he had signed.
 * Seven sign the period's root, its records reach the stake manager, and the next signer set weighs by them.
 * @returns the question for the root, and one that was answered by the set that rests on it
 */
export async function period(stage: CourtStage): Promise<{ root: Hex; after: Hex }> {
  const { rich, send, addresses } = stage;
  const { periods } = localParams;
  const first = await stage.ask();
  const second = await stage.ask();
  const late = await stage.reports(first, [7], { round: 0, say: errs });
  const garbage = `0x07${"00".repeat(12)}${"ff".repeat(64)}` satisfies Hex;
  const counted: { asked: typeof first; signed: SeatReport[]; late: SeatReport[] }[] = [];
  for (const [asked, notes] of [
    [first, late],
    [second, []],
  ] as const) {
    const signed = await stage.reports(asked, [...SEVEN, 9], { round: 0, say: errs });
    await stage.answer(asked, [...SEVEN, 9], errs);
    counted.push({ asked, signed, late: [...notes] });
    // Blocks mined at once may share a second, and what counts is in the order in which it became final.
    await stage.warp((await stage.now()) + 1);
  }
  const note = { question: first.question, epoch: stage.epoch(), round: 0 };
  const entries = [packEntries(late), garbage];
  await send(rich, addresses.epochs, epochsAbi, "note", [
    entries.map((each) => ({ ...note, entries: each })),
  ]);
  await stage.warp((await stage.now()) + 2 * LIVENESS);
  const ended = await Promise.all(counted.map((each) => endedOf(stage, each)));

  const number = Math.floor(((await stage.now()) - periods.genesis) / periods.periodSeconds) + 1;
  const until = untilOf(periods, number);
  const everything = { number, since: periods.genesis, clusters: new Map<string, number>() };
  const { records, root } = workOut(periods, everything, [], ended);
  await stage.warp(until + 1);
  await send(rich, addresses.epochs, epochsAbi, "ask", [0, number]);
  const view = { address: addresses.epochs, abi: epochsAbi, functionName: "termsOf", args: [0, number] };
  const [terms] = (await stage.node.readContract(view as never)) as [Parameters<typeof termsFromChain>[0]];
  await stage.warp(until + periods.settleSeconds);
  const question = (await stage.node.readContract({ ...view, functionName: "questionOf" } as never)) as Hex;
  const asked = { question, asked: terms, terms: termsFromChain(terms) };
  const signed = await stage.reports(asked, SEVEN, { round: 0, say: () => 0n, root });
  const seats = bitmapOf(signed.map(({ seat }) => seat));
  const { logs } = await send(rich, addresses.oracle, oracleAbi, "reportRoot", [
    terms,
    stage.epoch(),
    root,
    seats,
    packAgreed(signed),
  ]);
  const [told] = parseEventLogs({ abi: oracleAbi, eventName: "AnsweredRoot", logs });
  await stage.warp((await stage.now()) + 2 * periods.livenessSeconds);
  const tree = epochTree(number, records);
  await send(rich, addresses.epochs, epochsAbi, "applyRecords", [
    0,
    number,
    need(told, "a root").args.answer,
    records.map((record) => ({ ...record, epoch: number })),
    records.map(({ owner }) => tree.proofOf(0, owner)),
  ]);
  await stage.nextEpoch();
  const after = await stage.ask();
  await stage.answer(after, SEVEN, errs);
  return { root: question, after: after.question };
}

/** An answered question as whoever saw it being answered knows it, without any log. */
async function endedOf(
  stage: CourtStage,
  o: { asked: Awaited<ReturnType<CourtStage["ask"]>>; signed: SeatReport[]; late: SeatReport[] },
): Promise<EndedQuestion> {
  const word = decodeAnswerWord(await stage.wordOf(o.asked.question));
  if (word.state !== "answered") throw new Error("it was not answered");
  const order = await stage.seatsOfProviders();
  const ownerAt = (seat: number) => at(stage.owners, order.indexOf(seat)).address.toLowerCase() as Address;
  const weight = stage.stake;
  return {
    id: o.asked.question,
    terms: o.asked.terms,
    finalAt: word.finalizeAt,
    value: word.value,
    signed: {
      value: word.value,
      seats: word.seats,
      report: packEntries(o.signed),
      set: ALL.map((seat) => ({ owner: ownerAt(seat), weight })),
    },
    resigned: [],
    late: new Map(o.late.map(({ seat, value }) => [ownerAt(seat), value])),
  };
}
