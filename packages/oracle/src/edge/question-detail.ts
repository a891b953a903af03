import type { Hex } from "@sooth/kernel";
import type { Executor } from "@sooth/store";
import type { z } from "zod";
import {
  explain,
  labelOf,
  readEvidence,
  type SignerSet,
  statusOf,
  termsToWire,
  unpackReport,
  type wireQuestionDetail,
  type wireReport,
} from "../core/index.ts";
import { commitState } from "./commit/commit-state.ts";
import { openingsOf, type StoredOpening } from "./commit/store.ts";
import type { CommitLimits } from "./contract.ts";
import { clarificationsOf, reopeningsOf, type StoredQuestion, toWireQuestion } from "./questions.ts";
import { evidenceBodies, reportsOf, type StoredReport } from "./reports.ts";
import { ownersOf, signerSet } from "./signer-sets.ts";
import { vetoOf } from "./vetoes.ts";

type WireReport = z.infer<typeof wireReport>;

/** Everything about one question: who signed what, and how the answer came out of it. */
export async function questionDetail(
  db: Executor,
  question: StoredQuestion,
  { now, limits, markets }: { now: number; limits: CommitLimits; markets: Hex[] },
): Promise<z.infer<typeof wireQuestionDetail>> {
  const { word, terms, schema } = question;
  const [signers, known, reopenings, clarifications, veto] = await Promise.all([
    signerSet(db, terms.domain, question.answer?.epoch),
    reportsOf(db, [question.id]),
    reopeningsOf(db, question.id),
    clarificationsOf(db, question.id),
    vetoOf(db, question.id),
  ]);
  // What is said anew about a disputed answer is sealed like any report: of a round to come.
  const handed = (known.get(question.id) ?? []).filter(({ round }) => round <= question.round);
  const held: Shown[] = [...handed, ...onlyOnChain(question, signers, handed)];
  const isSealed = statusOf(word, now) === "open";
  const reports = isSealed ? await sealedReports(db, held) : await openReports(db, question, signers, held);
  return {
    ...toWireQuestion(question, now),
    terms: termsToWire(terms),
    answeredAt: question.answeredAt,
    reports,
    commit: await commitState(db, question, signers, { now, limits }),
    explanation: explain({
      schema,
      terms,
      word,
      reports: held
        .filter(({ round, epoch }) => round === question.round && epoch === signers.epoch)
        .map((report) => ({ ...report, counted: isCounted(question, signers, report) })),
      totalWeight: signers.epoch === 0 ? null : signers.totalWeight,
      answeredAt: question.answeredAt,
      reopenings,
      now,
    }),
    totalWeight: signers.epoch === 0 ? null : String(signers.totalWeight),
    clarifications,
    root: (word.state === "answered" && word.root) || null,
    reopenings,
    watcher: question.watcher,
    veto,
    markets,
  };
}

type Shown = Omit<StoredReport, "evidence" | "evidenceSignature"> & { evidence: Hex | null };

/** Reports that the contract accepted without their ever having been handed over here. */
function onlyOnChain(question: StoredQuestion, signers: SignerSet, handed: readonly StoredReport[]): Shown[] {
  const { answer: word } = question;
  if (word === null || question.report === null) return [];
  const known = new Set(
    handed.filter(({ round, epoch }) => round === word.round && epoch === word.epoch).map(({ seat }) => seat),
  );
  return (unpackReport(question.report, word.seats, word.value) ?? []).flatMap((report) => {
    const seat = signers.seats[report.seat];
    if (!seat || known.has(report.seat)) return [];
    const { round, epoch } = word;
    const receivedAt = question.answeredAt ?? 0;
    const root = word.root ?? null;
    return [{ ...report, ...seat, root, question: question.id, round, epoch, receivedAt, evidence: null }];
  });
}

/** Whether a report is in the answer as it stands. */
export const isCounted = (
  { answer: word }: StoredQuestion,
  signers: SignerSet,
  { round, epoch, seat }: Pick<Shown, "round" | "epoch" | "seat">,
): boolean =>
  word !== null &&
  round === word.round &&
  epoch === signers.epoch &&
  ((word.seats >> BigInt(seat)) & 1n) === 1n;

const ownersOfReports = (db: Executor, reports: readonly Shown[]) =>
  ownersOf(
    db,
    reports.map(({ signer }) => signer),
  );

/** Who reported with which weight, and nothing of what: values could be copied, signatures chosen among. */
async function sealedReports(db: Executor, reports: readonly Shown[]): Promise<WireReport[]> {
  const owners = await ownersOfReports(db, reports);
  return reports.map(({ signer, seat, weight, epoch, round, receivedAt }) => ({
    provider: owners.get(signer.toLowerCase()) ?? signer,
    signer,
    seat,
    value: null,
    root: null,
    label: null,
    weight: String(weight),
    signature: null,
    epoch,
    round,
    receivedAt,
    counted: false,
    evidence: null,
    opening: null,
    observations: [],
  }));
}

async function openReports(
  db: Executor,
  question: StoredQuestion,
  signers: SignerSet,
  reports: readonly Shown[],
): Promise<WireReport[]> {
  const hashes = reports.flatMap(({ evidence }) => (evidence === null ? [] : [evidence]));
  const [owners, bodies, openings] = await Promise.all([
    ownersOfReports(db, reports),
    evidenceBodies(db, hashes),
    openingsOf(db, [question.id]),
  ]);
  const observations = new Map(bodies.map(({ hash, body }) => [hash, observationsOf(body)]));
  return reports.map((report) => ({
    provider: owners.get(report.signer.toLowerCase()) ?? report.signer,
    signer: report.signer,
    seat: report.seat,
    value: String(report.value),
    root: report.root ?? null,
    label: labelOf(report.value, question.schema),
    weight: String(report.weight),
    signature: report.signature,
    epoch: report.epoch,
    round: report.round,
    receivedAt: report.receivedAt,
    counted: isCounted(question, signers, report),
    evidence: report.evidence,
    opening: openingOf(report, openings),
    observations: (report.evidence && observations.get(report.evidence)) || [],
  }));
}

/** Of the last phase in which it was shown: a phase before it came to nothing. */
function openingOf(
  { signer, round, epoch }: Shown,
  openings: readonly StoredOpening[],
): WireReport["opening"] {
  const found = openings.find(
    (each) =>
      each.round === round && each.epoch === epoch && each.signer.toLowerCase() === signer.toLowerCase(),
  );
  return found ? { phase: found.phase, secret: found.secret, salt: found.salt } : null;
}

function observationsOf(body: string): WireReport["observations"] {
  const read = readEvidence(body);
  if (!("bundle" in read)) return [];
  return read.bundle.sources.map(({ name, value, dropped, fetchedAt }) => ({
    source: name,
    value,
    dropped,
    fetchedAt,
  }));
}
