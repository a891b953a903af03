import { size } from "viem";
import { confidenceOf, hasQuorum, sumOfWeights } from "../aggregate.ts";
import { bitmapOf, INVALID, seatsOf, TOO_EARLY } from "../answer-word.ts";
import { differs, type DisputeStage, STAGES } from "../disputes/dispute.ts";
import { type OracleDomain, reportDigest, unpackReport } from "../report.ts";
import type { SignerSet } from "../weights.ts";
import { aggregateOf, ENTRY, type ProvenQuestion, type ProvenReport, provenReports } from "./answers.ts";
import { canSit } from "./cases.ts";
import {
  epochOf,
  isEmpty,
  isForJuries,
  isOfRoot,
  isOpen,
  type ProvenDispute,
  signersOf,
  valueOf,
} from "./disputes.ts";
import type { Note } from "./note.ts";
import { clockOf, type OracleReplay } from "./oracle-replay.ts";
import type { OracleLogOf, SignedReport } from "./proof-log.ts";
import { currentSet, setOf } from "./stake-book.ts";
import { bitsOf, ROUND } from "./word-bits.ts";

const LEAST_DISJOINT = 3;
/** Of all weight. Source: Rereports.sol. */
const LEAST_DISJOINT_PART = 9n;
const SECURED_TIMES = 3n;

/** The signed reports of a re-report, which are of the round after the answer's; null when the bytes are none. */
export function rereports(
  { args }: OracleLogOf<"Rereported">,
  dispute: Pick<ProvenDispute, "question" | "terms">,
  domain: OracleDomain,
): SignedReport[] | null {
  const reports = unpackReport(args.signatures, args.seats, args.value);
  const round = Number(bitsOf(dispute.terms.answer, ROUND)) + 1;
  const { question } = dispute;
  return (
    reports?.map((report) => ({
      ...report,
      digest: reportDigest(domain, { question, value: report.value, epoch: args.epoch, round }),
    })) ?? null
  );
}

/** Who looked again, with what weight, and what follows: a correction, a confirmation or a jury. */
export function checkRereport(
  log: OracleLogOf<"Rereported">,
  dispute: ProvenDispute,
  question: ProvenQuestion,
  replay: OracleReplay,
  note: Note,
): void {
  const { args, at } = log;
  const { terms } = question;
  const { domain, stakes, signerOf } = replay;
  if (!isOpen(dispute, question) || dispute.stage !== "disputed")
    return note.differ("this dispute was not open");
  const until = clockOf(replay, dispute.terms.at) + domain.params.rereportSeconds;
  const clock = clockOf(replay, at);
  if (clock >= until) note.differ(`looked again at ${clock} of the court clock, after ${until}`);
  if (at < (replay.domainPauses.get(terms.domain) ?? 0)) note.differ("looked again during a pause");
  const set = currentSet(stakes, terms.domain);
  const reports = rereports(log, dispute, domain);
  if (set === undefined || reports === null)
    return note.differ("the log carries no report that could be checked");
  note.compare("epoch that signed again", set.epoch, args.epoch);
  const signed = provenReports(reports, set, signerOf, note);
  const weight = sumOfWeights(signed);
  note.compare("bitmap of the seats", bitmapOf(reports.map(({ seat }) => seat)), args.seats);
  const ownValues = size(args.signatures) === reports.length * ENTRY;
  const { value, confidence } = ownValues
    ? aggregateOf(signed, terms, set.totalWeight, note)
    : { value: args.value, confidence: confidenceOf(weight, set.totalWeight) };
  note.compare("value of those who looked again", value, args.value);
  const isValue = value >= terms.min && value <= terms.max;
  if (!isValue && (ownValues || (value !== TOO_EARLY && value !== INVALID)))
    note.differ("a value signed again lies outside the question's bounds");
  const isOther = differs(value, valueOf(dispute), terms.tolerance);
  const looked = { signed, set, weight, ownValues, isOther };
  const standsBy = checkWeight(looked, dispute, question, replay, note);
  const corrects = isOther && hasQuorum(weight, set.totalWeight);
  const told: DisputeStage = corrects ? "corrected" : isOther ? "sitting" : "confirmed";
  note.compare<string>("what follows", told, STAGES[args.stage] ?? String(args.stage));
  const { seats, epoch } = args;
  dispute.rereport = { transaction: log.transaction, value, seats, epoch, confidence };
  dispute.stage = told;
  if (told === "confirmed" && !isEmpty(dispute, terms)) {
    if (standsBy && canSit(replay, dispute, terms, 0)) {
      dispute.stage = "sitting";
      note.tell("a quorum stands by its answer, and a jury hears the dispute all the same");
    } else {
      [dispute.verdict, dispute.until] = [1, clock + domain.params.appealSeconds];
      note.tell(`the answer stands unless somebody appeals before ${dispute.until} of the court clock`);
    }
  }
  if (told === "sitting") {
    const first = dispute.stakes[0];
    // He still said that the answer is wrong, and is right if it is.
    if (first && differs(value, dispute.claim, terms.tolerance)) first.side = 0;
    dispute.claim = value;
  }
  return undefined;
}

type Looked = {
  signed: readonly ProvenReport[];
  set: SignerSet;
  weight: bigint;
  ownValues: boolean;
  /** Whether they say otherwise than the answer. */
  isOther: boolean;
};

/**
 * Whether what looked again suffices: a quorum of all, which weighs three times what is secured, or three others.
 * @returns whether the quorum stands by the answer, so that a jury hears the dispute if there is one
 */
function checkWeight(
  o: Looked,
  dispute: ProvenDispute,
  question: ProvenQuestion,
  replay: OracleReplay,
  note: Note,
): boolean {
  const { weight, set, isOther } = o;
  const { secures } = question.terms;
  const byAll = hasQuorum(weight, set.totalWeight);
  const forJuries = isForJuries(dispute);
  if (isOfRoot(dispute) || (forJuries && (isOther || !byAll))) note.differ("only juries decide this dispute");
  const others = disjointOf(o, dispute, question, replay);
  if (!byAll || (!isOther && !forJuries && !o.ownValues && others.isDecisive)) {
    if (o.ownValues) note.differ("own values of less than a quorum");
    else if (others.isDecisive) note.tell(others.said);
    else for (const why of others.faults) note.differ(why);
    return false;
  }
  note.tell(`quorum: ${weight} of ${set.totalWeight} weight looked again`);
  if (weight < SECURED_TIMES * secures)
    note.differ(`${weight} weight ${isOther ? "corrects" : "stands by"} what secures ${secures}`);
  return !isOther;
}

/** At least three who had not signed the answer, with more than two thirds of the weight that had not, and a ninth of all. */
function disjointOf(
  { signed, set, weight }: Looked,
  dispute: ProvenDispute,
  { terms }: ProvenQuestion,
  { stakes }: OracleReplay,
): { isDecisive: boolean; said: string; faults: string[] } {
  const first = setOf(stakes, terms.domain, epochOf(dispute));
  const ownerOf = (signer: string | undefined) => stakes.owners.get(signer?.toLowerCase() ?? "");
  const before = new Set(seatsOf(signersOf(dispute)).map((seat) => ownerOf(first?.seats[seat]?.signer)));
  const rest = set.seats.reduce(
    (sum, { signer, weight: its }) => (before.has(ownerOf(signer)) ? sum : sum + its),
    0n,
  );
  const faults = signed
    .filter(({ signer }) => before.has(ownerOf(signer)))
    .map(({ seat }) => `seat ${seat} looked again and had signed the answer`);
  const said = `${signed.length} who had not signed, with ${weight} of ${rest} weight that had not`;
  const total = set.totalWeight;
  if (signed.length < LEAST_DISJOINT || !hasQuorum(weight, rest)) faults.push(`not decisive: ${said}`);
  else if (LEAST_DISJOINT_PART * weight < total)
    faults.push(`not decisive: ${said}, less than a ninth of all ${total}`);
  return { isDecisive: faults.length === 0, said, faults };
}
