import type { Hex } from "@sooth/kernel";
import type { Executor } from "@sooth/store";
import type { z } from "zod";
import {
  explain,
  labelOf,
  readEvidence,
  type SignerSet,
  termsToWire,
  unpackReport,
  type wireQuestionDetail,
  type wireReport,
} from "../core/index.ts";
import { reopeningsOf, type StoredQuestion, toWireQuestion } from "./questions.ts";
import { evidenceBodies, reportsOf, type StoredReport } from "./reports.ts";
import { ownersOf, signerSet } from "./signer-sets.ts";

type WireReport = z.infer<typeof wireReport>;

/** Everything about one question: who signed what, and how the answer came out of it. */
export async function questionDetail(
  db: Executor,
  question: StoredQuestion,
  now: number,
  markets: Hex[],
): Promise<z.infer<typeof wireQuestionDetail>> {
  const { word, terms, schema } = question;
  const [signers, held, reopenings] = await Promise.all([
    signerSet(db, word.state === "answered" ? word.epoch : undefined),
    reportsOf(db, [question.id]),
    reopeningsOf(db, question.id),
  ]);
  const handed = held.get(question.id) ?? [];
  const reports = await toWireReports(db, question, signers, [
    ...handed,
    ...onlyOnChain(question, signers, handed),
  ]);
  return {
    ...toWireQuestion(question, now),
    terms: termsToWire(terms),
    reports,
    explanation: explain({
      schema,
      terms,
      word,
      reports: reports
        .filter(({ round, epoch }) => round === word.round && epoch === signers.epoch)
        .map(({ value, weight, counted }) => ({ value: BigInt(value), weight: BigInt(weight), counted })),
      totalWeight: signers.epoch === 0 ? null : signers.totalWeight,
      reopenings,
      now,
    }),
    totalWeight: signers.epoch === 0 ? null : String(signers.totalWeight),
    reopenings,
    markets,
  };
}

type Shown = Omit<StoredReport, "evidence" | "evidenceSignature"> & { evidence: Hex | null };

/** Reports that the contract accepted without their ever having been handed over here. */
function onlyOnChain(question: StoredQuestion, signers: SignerSet, handed: readonly StoredReport[]): Shown[] {
  const { word } = question;
  if (word.state !== "answered" || question.report === null) return [];
  const known = new Set(
    handed.filter(({ round, epoch }) => round === word.round && epoch === word.epoch).map(({ seat }) => seat),
  );
  return (unpackReport(question.report, word.seats, word.value) ?? []).flatMap((report) => {
    const seat = signers.seats[report.seat];
    if (!seat || known.has(report.seat)) return [];
    const { round, epoch } = word;
    const receivedAt = question.answeredAt ?? 0;
    return [{ ...report, ...seat, question: question.id, round, epoch, receivedAt, evidence: null }];
  });
}

async function toWireReports(
  db: Executor,
  question: StoredQuestion,
  signers: SignerSet,
  reports: readonly Shown[],
): Promise<WireReport[]> {
  const hashes = reports.flatMap(({ evidence }) => (evidence === null ? [] : [evidence]));
  const [owners, bodies] = await Promise.all([
    ownersOf(
      db,
      reports.map(({ signer }) => signer),
    ),
    evidenceBodies(db, hashes),
  ]);
  const observations = new Map(bodies.map(({ hash, body }) => [hash, observationsOf(body)]));
  const { word, schema } = question;
  return reports.map((report) => ({
    provider: owners.get(report.signer.toLowerCase()) ?? report.signer,
    signer: report.signer,
    seat: report.seat,
    value: String(report.value),
    label: labelOf(report.value, schema),
    weight: String(report.weight),
    signature: report.signature,
    epoch: report.epoch,
    round: report.round,
    receivedAt: report.receivedAt,
    counted:
      word.state === "answered" &&
      report.round === word.round &&
      report.epoch === signers.epoch &&
      ((word.seats >> BigInt(report.seat)) & 1n) === 1n,
    evidence: report.evidence,
    observations: (report.evidence && observations.get(report.evidence)) || [],
  }));
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
