import type { Hex } from "@sooth/kernel";
import type { Executor } from "@sooth/store";
import { type EvidenceBundle, readEvidence, statusOf } from "../core/index.ts";
import { isCounted } from "./question-detail.ts";
import type { StoredQuestion } from "./questions.ts";
import { evidenceBodies, reportsOf } from "./reports.ts";
import { ownersOf, signerSet } from "./signer-sets.ts";

/** What one report rests on, as far as sources of one type go. */
export type ReadFrom = {
  provider: Hex;
  signer: Hex;
  weight: bigint;
  round: number;
  /** Whether the report is in the answer. */
  counted: boolean;
  /** Of what was read, as the evidence names it; null where nothing of that type was. */
  sha256: Hex | null;
};

/**
 * What the reports on a question were read from, of sources of `type`; none while it is open, when evidence is sealed. `now`: the
 * chain's, unix seconds.
 */
export async function readFrom(
  db: Executor,
  question: StoredQuestion,
  type: EvidenceBundle["sources"][number]["type"],
  now: number,
): Promise<ReadFrom[]> {
  if (statusOf(question.word, now) === "open") return [];
  const [signers, known] = await Promise.all([
    signerSet(db, question.terms.domain, question.answer?.epoch),
    reportsOf(db, [question.id]),
  ]);
  // Sealed too is what is said anew about a disputed answer: it is of a round to come.
  const reports = (known.get(question.id) ?? []).filter(({ round }) => round <= question.round);
  const [owners, bodies] = await Promise.all([
    ownersOf(
      db,
      reports.map(({ signer }) => signer),
    ),
    evidenceBodies(
      db,
      reports.map(({ evidence }) => evidence),
    ),
  ]);
  const named = new Map(bodies.map(({ hash, body }) => [hash, hashOf(body, type)]));
  return reports.map((report) => ({
    provider: owners.get(report.signer.toLowerCase()) ?? report.signer,
    signer: report.signer,
    weight: report.weight,
    round: report.round,
    counted: isCounted(question, signers, report),
    sha256: named.get(report.evidence) ?? null,
  }));
}

function hashOf(body: string, type: EvidenceBundle["sources"][number]["type"]): Hex | null {
  const read = readEvidence(body);
  if (!("bundle" in read)) return null;
  const source = read.bundle.sources.find((one) => one.type === type && one.sha256 !== null);
  return (source?.sha256 as Hex | undefined) ?? null;
}
