import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { takesLate } from "../commit/commitment.ts";
import { decodeAnswerWord, seatsOf } from "../answer-word.ts";
import type { ProviderRecord } from "../economy/epoch-record.ts";
import type { EndedQuestion, OwnedSeat } from "../economy/final-question.ts";
import { clustersSince, untilOf } from "../economy/period.ts";
import { type WorkedPeriod, workOut } from "../economy/worked-period.ts";
import { reportDigest, unpackEntries } from "../report.ts";
import { clustersByOwner, periodClusters } from "../security/period-clusters.ts";
import type { ProvenQuestion } from "./answers.ts";
import type { LogPlace } from "./decode-logs.ts";
import { type Note, noteOn } from "./note.ts";
import type { OracleReplay } from "./oracle-replay.ts";
import type { OracleLogOf, ProofDomain, SignedReport } from "./proof-log.ts";
import { type SetStanding, setOf } from "./stake-book.ts";

/**
 * Reputation as the logs tell it: what a period says of everybody is worked out anew from all final questions, and held
 * against the root that was signed for it, and against what the stake manager was told.
 */

/** What a quorum signed first, as the oracle logged it. */
type SignedAnswer = { value: bigint; seats: bigint; epoch: number; round: number; report: Hex };
type LateReports = { epoch: number; round: number; at: number; reports: SignedReport[] };
export type PeriodBook = {
  signed: Map<Hex, SignedAnswer>;
  /** By question: reports that are in no answer, in the order of the chain. */
  late: Map<Hex, LateReports[]>;
  /** Questions for the root of a period. */
  asked: Map<Hex, { domain: number; number: number; log: LogPlace }>;
  worked: Map<string, WorkedPeriod>;
};
export const openPeriodBook = (): PeriodBook => ({
  signed: new Map(),
  late: new Map(),
  asked: new Map(),
  worked: new Map(),
});

/* KEEPING */

/** What was signed for an answer first: it is what counts for who signed it, whatever stands in the end. */
export function keepSigned({ signed }: PeriodBook, { args }: OracleLogOf<"Answered">): void {
  const word = decodeAnswerWord(args.word);
  if (word.state !== "answered") return;
  const { value, seats, epoch, round } = word;
  signed.set(args.question, { value, seats, epoch, round, report: args.report });
}

/** The reports of a log that anybody may have written; whose they are shows when they count. */
export function lateReports({ args }: OracleLogOf<"LateReported">, domain: ProofDomain): SignedReport[] {
  const { question, epoch, round, entries } = args;
  return unpackEntries(entries).map((report) => ({
    ...report,
    digest: reportDigest(domain, { question, value: report.value, epoch, round }),
  }));
}

export function keepLate(replay: OracleReplay, log: OracleLogOf<"LateReported">): void {
  const { question, epoch, round } = log.args;
  const { late } = replay.periods;
  const reports = lateReports(log, replay.domain);
  late.set(question, [...(late.get(question) ?? []), { epoch, round, at: log.at, reports }]);
}

/** The question for a period's root: its terms follow from the domain, the number, and what the epochs were built with. */
export function keepPeriod(replay: OracleReplay, log: OracleLogOf<"EpochAsked">, note: Note): void {
  const { domain, number, question: id, until } = log.args;
  const { periods: rules } = replay.domain.params;
  replay.periods.asked.set(id, { domain, number, log });
  note.compare("end of the period", untilOf(rules, number), until);
  if (log.at <= until) note.differ(`asked at ${log.at}, before the period was over`);
  const terms = replay.questions.get(id)?.terms;
  if (!terms) return note.differ("no log asks this question");
  const opensAt = until + rules.settleSeconds;
  if (!sameAddress(terms.asker, replay.domain.addresses.epochs)) note.differ(`${terms.asker} asked it`);
  note.compare("number of the period", BigInt(number), terms.nonce);
  note.compare("domain of the period", domain, terms.domain);
  note.compare<string>("how it is answered", "root", terms.aggregation);
  note.compare("when its root may be reported", opensAt, terms.opensAt);
  note.compare("until when its root may be reported", opensAt + rules.answerSeconds, terms.deadline);
  note.compare("time to object to its root", rules.livenessSeconds, terms.liveness);
  return undefined;
}

/* CHECKING */

/** Once all logs are replayed: whether the reputation that a question rests on, or is about, is what the logs give. */
export function checkReputation(replay: OracleReplay, question: Hex): void {
  const own = replay.periods.asked.get(question);
  const proven = replay.questions.get(question);
  if (own && proven) checkRoot(replay, own, proven, noteOn(replay, own.log, question));
  const sets = [...replay.bears].flatMap(([subject, resting]) => (resting.has(question) ? [subject] : []));
  const told = new Set<SetStanding>(sets.flatMap((set) => replay.stakes.seated.get(set) ?? []));
  for (const standing of told) checkStanding(replay, standing, noteOn(replay, standing.log, question));
}

function checkRoot(
  replay: OracleReplay,
  { domain, number }: { domain: number; number: number },
  { root, word }: ProvenQuestion,
  note: Note,
): void {
  const { questions, records, root: worked } = periodOf(replay, domain, number);
  note.tell(
    `period ${number} of domain ${domain}: ${records.length} records out of ${questions.length} questions`,
  );
  for (const { owner, score, factorBps, strikes } of records)
    note.tell(`${owner}: score ${score}, factor ${factorBps}, ${strikes} misses in a row`);
  if (word.state === "root" && root) note.compare<string>(`root of period ${number}`, worked, root.root);
  else note.tell(`root of period ${number}, which is not answered by a root: ${worked}`);
}

/** What the stake manager was told of an owner: what the period says of him, once its root was final. */
function checkStanding(replay: OracleReplay, told: SetStanding, note: Note): void {
  const { domain, owner, standing, log } = told;
  const { epoch: number } = standing;
  const asked = [...replay.periods.asked].find(
    ([, each]) => each.domain === domain && each.number === number,
  );
  const proven = asked && replay.questions.get(asked[0]);
  if (!proven) return note.differ(`${owner} is judged by period ${number}, for whose root nobody asked`);
  if (proven.word.state !== "root" || log.at < proven.word.finalizeAt)
    note.differ(`${owner} is judged by period ${number}, which had no final root`);
  const { root, records } = periodOf(replay, domain, number);
  if (proven.root?.root !== root)
    note.differ(`the root of period ${number} is ${root}, the answer is ${proven.root?.root ?? "none"}`);
  const record = records.find((each) => each.owner === owner);
  if (!record) return note.differ(`${owner} is judged by period ${number}, which says nothing of him`);
  return note.compare(`period ${number} of ${owner}`, standingText(record), standingText(standing));
}

const standingText = (one: Omit<SetStanding["standing"], "epoch">): string =>
  `factor ${one.factorBps}, score ${one.score}, ${one.strikes} misses in a row, suspended until ${one.suspendedUntil}, cluster ${one.cluster}`;

/* WORKING OUT */

/** What a period says of everybody, from its genesis on; worked out once. Its end must lie before the last log. */
function periodOf(replay: OracleReplay, domain: number, number: number): WorkedPeriod {
  const { worked } = replay.periods;
  const key = `${domain} ${number}`;
  const known = worked.get(key) ?? workedPeriod(replay, domain, number);
  worked.set(key, known);
  return known;
}

function workedPeriod(replay: OracleReplay, domain: number, number: number): WorkedPeriod {
  const { chainId, params } = replay.domain;
  const rules = params.periods;
  const until = untilOf(rules, number);
  const span = { chainId, since: clustersSince(rules, number), until };
  const ended = [...replay.questions.values()]
    .map((question) => endedOf(replay, question))
    .filter((one): one is EndedQuestion => one !== null && one.finalAt <= until);
  const clusters = clustersByOwner(periodClusters(span, ended));
  const own = ended.filter(({ terms }) => terms.domain === domain);
  return workOut(rules, { number, since: rules.genesis, clusters }, NO_RECORDS, own);
}
const NO_RECORDS: readonly ProviderRecord[] = [];

/** An answered question, with who signed what of it; null where nobody signed, or nothing stands. */
function endedOf(replay: OracleReplay, { id, terms, word }: ProvenQuestion): EndedQuestion | null {
  const signed = replay.periods.signed.get(id);
  if (!signed || word.state !== "answered" || terms.aggregation === "root") return null;
  const { value, seats, epoch, finalizeAt: finalAt } = word;
  const again = seated(replay, terms.domain, epoch);
  const isSignedFirst = seats === signed.seats && epoch === signed.epoch;
  return {
    id,
    terms,
    finalAt,
    value,
    signed: { ...signed, set: seated(replay, terms.domain, signed.epoch) },
    resigned: isSignedFirst ? [] : seatsOf(seats).flatMap((seat) => again[seat]?.owner ?? []),
    late: takesLate(terms, replay.domain.params.limits.commitTier, signed.value)
      ? lateOf(replay, id, signed, { finalAt, domain: terms.domain })
      : new Map(),
  };
}

const seated = ({ stakes }: OracleReplay, domain: number, epoch: number): OwnedSeat[] =>
  (setOf(stakes, domain, epoch)?.seats ?? []).flatMap(({ signer, weight }) => {
    const owner = stakes.owners.get(signer.toLowerCase());
    return owner === undefined ? [] : [{ owner: owner as Address, weight }];
  });

/** What was signed in time and left out: the first of each owner, logged before finality, by his seat's own key. */
function lateOf(
  replay: OracleReplay,
  question: Hex,
  signed: SignedAnswer,
  { finalAt, domain }: { finalAt: number; domain: number },
): Map<string, bigint> {
  const { stakes, periods, signerOf } = replay;
  const set = setOf(stakes, domain, signed.epoch);
  const values = new Map<string, bigint>();
  for (const { epoch, round, at, reports } of periods.late.get(question) ?? []) {
    if (epoch !== signed.epoch || round !== signed.round || at >= finalAt) continue;
    for (const report of reports) {
      const signer = set?.seats[report.seat]?.signer.toLowerCase();
      const owner = stakes.owners.get(signer ?? "");
      if (owner !== undefined && signerOf(report) === signer && !values.has(owner))
        values.set(owner, report.value);
    }
  }
  return values;
}
