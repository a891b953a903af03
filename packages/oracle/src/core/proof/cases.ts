import { oneOfCluster } from "../disputes/one-of-cluster.ts";
import { ladderAbi } from "@sooth/abi";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { encodeAbiParameters, keccak256 } from "viem";
import { seatsOf } from "../answer-word.ts";
import { appealDeposit, JURY_SIZES, juryFee } from "../disputes/deposits.ts";
import { canFill } from "../jury/draw.ts";
import type { Terms } from "../terms.ts";
import type { Seat } from "../weights.ts";
import type { ProvenQuestion } from "./answers.ts";
import { epochOf, isEmpty, isForJuries, isOpen, type ProvenDispute, signersOf } from "./disputes.ts";
import { callsIn } from "./calls.ts";
import { awaitDebit } from "./rewards.ts";
import { disputeId } from "../disputes/dispute.ts";
import { verdictNow } from "./juries.ts";
import { snapshotName } from "./jurors.ts";
import type { Note } from "./note.ts";
import { bear, clockOf, type OracleReplay } from "./oracle-replay.ts";
import type { OracleLogOf } from "./proof-log.ts";
import { setOf } from "./stake-book.ts";

const LAST_TIER = 2;
const UNDECIDED = 0;

/* WHO MAY SIT */

const latestJurors = ({ stakes: { jurors } }: OracleReplay): readonly Seat[] =>
  jurors.snapshots.get(jurors.latest) ?? [];

/**
 * Bitmap of jurors who have a part in it: who signed the answer, who asked, who put down a deposit, and who was banned
 * since the snapshot; and of every cluster all but the heaviest. Mirror of `Juries._excluded`.
 */
export function excludedFrom(replay: OracleReplay, dispute: ProvenDispute, terms: Terms): bigint {
  const { stakes } = replay;
  const set = setOf(stakes, terms.domain, epochOf(dispute));
  const ownerOf = (key: string | undefined) => stakes.owners.get(key?.toLowerCase() ?? "");
  const parties = new Set<string | undefined>([
    terms.asker.toLowerCase(),
    ...seatsOf(signersOf(dispute)).map((seat) => ownerOf(set?.seats[seat]?.signer)),
    ...dispute.stakes.map(({ who }) => who.toLowerCase()),
  ]);
  const jurors = latestJurors(replay);
  const out = jurors.reduce((excluded, { signer }, juror) => {
    const owner = ownerOf(signer);
    const isParty =
      owner === undefined ||
      stakes.banned.has(owner) ||
      parties.has(owner) ||
      sameAddress(signer, terms.asker) ||
      dispute.stakes.some(({ who }) => sameAddress(who, signer));
    return isParty ? excluded | (1n << BigInt(juror)) : excluded;
  }, 0n);
  const clusterOf = (owner = "") => stakes.standings.get(`${terms.domain} ${owner}`)?.standing.cluster ?? 0;
  return oneOfCluster(
    jurors.map(({ signer, weight }) => ({ cluster: clusterOf(ownerOf(signer)), weight })),
    out,
  );
}

/** Whether a jury of this tier can be drawn now. */
export function canSit(replay: OracleReplay, dispute: ProvenDispute, terms: Terms, tier: number): boolean {
  const weights = latestJurors(replay).map(({ weight }) => weight);
  const excluded = excludedFrom(replay, dispute, terms);
  return canFill(weights, excluded, JURY_SIZES[tier] ?? JURY_SIZES[0]);
}

const subjectOf = ({ id, claim, terms }: ProvenDispute): Hex =>
  keccak256(
    encodeAbiParameters(
      [{ type: "bytes32" }, { type: "int96" }, { type: "bytes32" }],
      [id, claim, terms.claimRoot],
    ),
  );

/* STEPS */

/** A jury was called: what it decides, who may not sit on it, and what it is paid. */
export function checkConvened(
  log: OracleLogOf<"Convened">,
  dispute: ProvenDispute,
  question: ProvenQuestion,
  replay: OracleReplay,
  note: Note,
): void {
  const { args, transaction, at } = log;
  const { terms } = question;
  const jury = replay.juries.get(args.jury);
  if (!jury || jury.opened !== transaction) return note.differ(`no log opens jury ${args.jury}`);
  if (!isOpen(dispute, question)) note.differ("this dispute was not open");
  // A second look or an appeal calls its jury in the same transaction.
  const isCalled = dispute.rereport?.transaction === transaction || dispute.stakes.length > 1;
  const isDue =
    dispute.undecided === transaction ||
    dispute.stage === "disputed" ||
    (dispute.stage === "sitting" && isCalled);
  if (!isDue) note.differ(`a jury was called while the dispute was ${dispute.stage}`);
  if (dispute.stage === "disputed") {
    const from = clockOf(replay, dispute.terms.at) + replay.domain.params.rereportSeconds;
    const clock = clockOf(replay, at);
    if (!isForJuries(dispute) && clock < from)
      note.differ(`called a jury at ${clock} of the court clock, before ${from}`);
    if (isEmpty(dispute, terms)) note.differ("called a jury for a claim that says the same as the answer");
  }
  if (dispute.undecided === transaction) dispute.tier += 1;
  note.compare("tier of the jury", dispute.tier, args.tier);
  note.compare("seats of the jury", JURY_SIZES[dispute.tier] ?? 0, jury.terms.size);
  note.compare("claim that the jury judges", dispute.claim, args.claim);
  note.compare<string>("root that is claimed", dispute.terms.claimRoot, args.claimRoot);
  note.compare<string>("what the jury decides", subjectOf(dispute), jury.terms.subject);
  if (!sameAddress(jury.terms.arbitrable, replay.domain.addresses.ladder))
    note.differ(`the jury serves ${jury.terms.arbitrable}, not the ladder`);
  note.compare("jurors who may not sit", excludedFrom(replay, dispute, terms), jury.terms.excluded);
  note.compare("pay of the jury", juryFee(dispute.stakes.at(-1)?.amount ?? 0n), jury.terms.fee);
  for (const subject of [
    args.jury,
    `beacon round ${jury.terms.beaconRound}`,
    snapshotName(jury.terms.jurorEpoch),
  ])
    bear(replay, subject, question.id);
  // Of a cluster only the heaviest may sit: who is in which, a period says.
  replay.stakes.seated.set(
    args.jury,
    jury.jurors.flatMap(({ signer }) => {
      const owner = replay.stakes.owners.get(signer.toLowerCase());
      return replay.stakes.standings.get(`${terms.domain} ${owner}`) ?? [];
    }),
  );
  dispute.fees += jury.terms.fee;
  dispute.jury = args.jury;
  dispute.stage = "sitting";
  return undefined;
}

/** What the sitting jury decided, by its votes; an undecided one is paid nothing. */
export function checkVerdictTaken(
  log: OracleLogOf<"VerdictTaken">,
  dispute: ProvenDispute,
  replay: OracleReplay,
  note: Note,
): void {
  const { args, at, transaction } = log;
  const jury = replay.juries.get(args.jury);
  if (!jury || dispute.jury !== args.jury || dispute.stage !== "sitting")
    return note.differ(`jury ${args.jury} does not sit on this dispute`);
  const verdict = verdictNow(replay, jury, at);
  if (!verdict.ended) note.differ("the verdict was taken before the jury had ended");
  note.tell(`${verdict.votesFor} of ${verdict.drawn} seats for the leading choice`);
  note.compare("verdict of the jury", verdict.choice, args.choice as number);
  if (args.choice === UNDECIDED) {
    note.compare("until when it may be appealed", dispute.until, args.until);
    dispute.fees -= jury.terms.fee;
    dispute.undecided = transaction;
    return undefined;
  }
  const clock = clockOf(replay, at);
  const until = dispute.tier === LAST_TIER ? clock : clock + replay.domain.params.appealSeconds;
  note.compare("until when it may be appealed", until, args.until);
  [dispute.stage, dispute.verdict, dispute.until] = ["ruled", verdict.choice, until];
  return undefined;
}

/** Somebody backs another choice, with twice the last deposit. */
export function checkAppealed(
  { args, at, input, transaction }: OracleLogOf<"Appealed">,
  dispute: ProvenDispute,
  replay: OracleReplay,
  note: Note,
): void {
  const { stage, until, verdict, stakes, terms } = dispute;
  if (stage !== "confirmed" && stage !== "ruled") note.differ(`appealed while the dispute was ${stage}`);
  const clock = clockOf(replay, at);
  if (clock >= until) note.differ(`appealed at ${clock} of the court clock, after ${until}`);
  else note.tell(`${args.who} backs choice ${args.side} against ${verdict}, before ${until}`);
  if (args.side === verdict || args.side < 1 || args.side > 3)
    note.differ(`choice ${args.side} cannot be backed against ${verdict}`);
  const isAsked = callsIn(input, ladderAbi, "appeal").some(
    ([, objection, choice]) => disputeId(objection) === dispute.id && choice === args.side,
  );
  if (!isAsked) note.differ(`nothing with the logs backs choice ${args.side}`);
  awaitDebit(replay.credits, { account: args.who, amount: args.deposit }, note);
  note.compare("deposit of the appeal", appealDeposit(terms.deposit, stakes.length), args.deposit);
  if (stage === "ruled") dispute.tier += 1;
  dispute.appeals.push({ who: args.who, transaction });
  stakes.push({ who: args.who.toLowerCase() as Address, amount: args.deposit, side: args.side });
  dispute.stage = "sitting";
}
