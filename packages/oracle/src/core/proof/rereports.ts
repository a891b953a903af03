import { size } from "viem";
import { confidenceOf, hasQuorum, sumOfWeights } from "../aggregate.ts";
import { bitmapOf, INVALID, seatsOf, TOO_EARLY } from "../answer-word.ts";
import { differs, STAGES } from "../disputes/dispute.ts";
import { type OracleDomain, reportDigest, unpackReport } from "../report.ts";
import type { SignerSet } from "../weights.ts";
import { aggregateOf, ENTRY, type ProvenQuestion, type ProvenReport, provenReports } from "./answers.ts";
import { epochOf, isForJuries, isOpen, type ProvenDispute, signersOf, valueOf } from "./disputes.ts";
import type { Note } from "./note.ts";
import { clockOf, type OracleReplay } from "./oracle-replay.ts";
import type { OracleLogOf, SignedReport } from "./proof-log.ts";
import { currentSet, setOf } from "./stake-book.ts";
import { bitsOf, ROUND } from "./word-bits.ts";

const LEAST_DISJOINT = 3;
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
  if (isForJuries(dispute)) note.differ("only juries decide this dispute");
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
  const corrects = isOther && hasQuorum(weight, set.totalWeight);
  if (corrects) note.tell(`quorum: ${weight} of ${set.totalWeight} weight looked again`);
  else checkDisjoint({ signed, set, weight, ownValues }, dispute, question, replay, note);
  if (corrects && weight < SECURED_TIMES * terms.secures)
    note.differ(`${weight} weight corrects what secures ${terms.secures}`);
  const stage = corrects ? "corrected" : isOther ? "sitting" : "confirmed";
  note.compare<string>("what follows", stage, STAGES[args.stage] ?? String(args.stage));
  const { seats, epoch } = args;
  dispute.rereport = { transaction: log.transaction, value, seats, epoch, confidence };
  dispute.stage = stage;
  if (stage === "confirmed") {
    [dispute.verdict, dispute.until] = [1, clock + domain.params.appealSeconds];
    note.tell(`the answer stands unless somebody appeals before ${dispute.until} of the court clock`);
  }
  if (stage === "sitting") {
    const first = dispute.stakes[0];
    // He still said that the answer is wrong, and is right if it is.
    if (first && differs(value, dispute.claim, terms.tolerance)) first.side = 0;
    dispute.claim = value;
  }
  return undefined;
}

/** At least three who had not signed the answer, with more than two thirds of the weight that had not. */
function checkDisjoint(
  o: { signed: readonly ProvenReport[]; set: SignerSet; weight: bigint; ownValues: boolean },
  dispute: ProvenDispute,
  { terms }: ProvenQuestion,
  { stakes }: OracleReplay,
  note: Note,
): void {
  const { signed, set, weight } = o;
  if (o.ownValues) note.differ("own values that correct nothing");
  const first = setOf(stakes, terms.domain, epochOf(dispute));
  const ownerOf = (signer: string | undefined) => stakes.owners.get(signer?.toLowerCase() ?? "");
  const before = new Set(seatsOf(signersOf(dispute)).map((seat) => ownerOf(first?.seats[seat]?.signer)));
  const rest = set.seats.reduce(
    (sum, { signer, weight: its }) => (before.has(ownerOf(signer)) ? sum : sum + its),
    0n,
  );
  for (const { seat, signer } of signed)
    if (before.has(ownerOf(signer))) note.differ(`seat ${seat} looked again and had signed the answer`);
  const said = `${signed.length} who had not signed, with ${weight} of ${rest} weight that had not`;
  if (signed.length >= LEAST_DISJOINT && 3n * weight > 2n * rest) note.tell(said);
  else note.differ(`not decisive: ${said}`);
}
