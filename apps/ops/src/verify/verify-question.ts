import type { Deployment } from "@sooth/chain";
import { ascending, type Hex } from "@sooth/kernel";
import type { Recomputed } from "@sooth/markets/core";
import {
  type AnswerWord,
  appealedIn,
  appealStatements,
  type AppealText,
  checkAppealTexts,
  checkEvidence,
  checkItems,
  checkReasons,
  checkReputation,
  type EvidenceBody,
  evidenceStatements,
  INVALID,
  type LogFile,
  type LogPlace,
  noteOn,
  type ProofFinding,
  type ProofLine,
  type ProofRecord,
  type ProvenQuestion,
  reasonsOf,
  type ReasonText,
  roundOfWord,
  statusOf,
} from "@sooth/oracle/core";
import { recoverAll } from "../audit/signers.ts";
import { OpsError } from "../ops-error.ts";
import { checkDeployment } from "./log-source.ts";
import { replayFile, type Replayed, speaksOf } from "./replay-file.ts";

/** What was recomputed of one question. Nothing differs: every number in it follows from logs and signatures. */
export type Verified = {
  question: Hex;
  chainId: number;
  /** Logs that were read, and up to which block. */
  logs: number;
  head: { block: number; at: number };
  status: string;
  /** Decimal; null while there is none. */
  value: string | null;
  confidence: number | null;
  /** Unix seconds; null while there is no answer. */
  finalAt: number | null;
  lines: ProofLine[];
  findings: ProofFinding[];
  markets: {
    market: Hex;
    result: string;
    positions: number;
    due: string;
    paid: string;
    fee: string;
    dust: string;
  }[];
};

/** Texts of objections, by hashes that the chain logged, and of appeals, which no log has the hash of. */
export type ReasonSource = {
  texts(hashes: readonly Hex[]): Promise<readonly ReasonText[]>;
  ofAppeals(disputes: readonly Hex[]): Promise<readonly AppealText[]>;
};

/**
 * Replays all logs of the deployment and keeps what bears on one question. Asks nobody anything but `reasons`.
 * @throws ops.no_question where no log speaks of it
 */
export async function verifyQuestion(
  file: LogFile,
  question: Hex,
  o: AnswerSources & { deployment: Deployment | undefined },
): Promise<Verified> {
  const { head } = file.header;
  const own: ProofRecord = { lines: [], findings: [] };
  const note = noteOn(own, startOf(head), question);
  const deployment = await checkDeployment(file, o.deployment, note);
  if (!speaksOf(file, question))
    throw OpsError.no_question({ question, chainId: deployment.chainId, block: head.block });
  return verifyAnswer(replayFile(file, deployment, note, { opinions: false }), question, { ...o, own, head });
}

/** What may be looked at beside the logs. */
export type AnswerSources = {
  evidence: readonly EvidenceBody[] | null;
  /** Of a vector: the values that are said to stand under its root. */
  items?: readonly bigint[] | null;
  /** Where the texts of reasons are that objections logged the hashes of. */
  reasons?: ReasonSource | null;
};

/** Where notes of the whole file stand: before its first block. */
export const startOf = ({ at }: LogFile["header"]["head"]): LogPlace => ({
  block: 0,
  logIndex: 0,
  at,
  transaction: "0x",
});

/** One question of a file that was replayed. `own`: what was found of the file itself. */
export async function verifyAnswer(
  { domain, logs, unread, recomputed }: Replayed,
  question: Hex,
  o: AnswerSources & { own: ProofRecord; head: LogFile["header"]["head"] },
): Promise<Verified> {
  const { own, head } = o;
  const end: LogPlace = { ...startOf(head), block: head.block };
  const { oracle } = recomputed;
  checkReputation(oracle, question);
  const proven = oracle.questions.get(question);
  if (!proven) noteOn(own, startOf(head), question).differ("no log asks this question");
  const answered = proven && answeredRound(proven);
  if (o.evidence && proven && answered !== null && answered !== undefined) {
    const signerOf = recoverAll(evidenceStatements(o.evidence, domain));
    const reports = oracle.reports.get(question) ?? [];
    const { salts } = proven;
    const asked = { question, round: answered, reports, domain, signerOf, salts };
    checkEvidence(o.evidence, asked, noteOn(own, end, question));
  }
  if (o.items && proven) checkItems(proven, o.items, noteOn(own, end, question));
  if (o.reasons) {
    const logged = proven ? reasonsOf(oracle.disputes.values(), proven) : [];
    checkReasons(logged, await o.reasons.texts(logged), noteOn(own, end, question));
    const appealed = appealedIn(oracle.disputes.values(), question);
    const texts = await o.reasons.ofAppeals(appealed.map(({ id }) => id));
    const signerOf = recoverAll(appealStatements(texts, domain));
    checkAppealTexts(appealed, texts, { domain, signerOf }, noteOn(own, end, question));
  }
  const bears = ({ subject }: ProofLine): boolean =>
    subject === question || (oracle.bears.get(subject ?? "")?.has(question) ?? false);
  // Wrong is also what belongs to nothing that is known: a log of a market of which no log says what it rests on.
  const isElsewhere = (subject: string) =>
    oracle.questions.has(subject as Hex) || oracle.bears.has(subject) || subject.startsWith("domain ");
  return {
    question,
    chainId: domain.chainId,
    logs,
    head,
    ...endOf(proven?.word ?? { state: "none" }, head.at),
    lines: [...own.lines, ...recomputed.lines.filter(bears)],
    // What cannot be read, or is wrong with stakes and credit, may bear on any question.
    findings: [
      ...unread,
      ...own.findings,
      ...recomputed.findings.filter(
        (finding) => bears(finding) || finding.subject === null || !isElsewhere(finding.subject),
      ),
    ],
    markets: marketsOf(recomputed, question),
  };
}

/** The round of its answer; null while there is none. */
export function answeredRound({ word, root, raw }: ProvenQuestion): number | null {
  const facts = word.state === "root" ? root?.facts : raw;
  return facts === undefined || word.state === "open" ? null : roundOfWord(facts);
}

function endOf(word: AnswerWord, now: number): Pick<Verified, "status" | "value" | "confidence" | "finalAt"> {
  const status = statusOf(word, now);
  if (word.state !== "answered") return { status, value: null, confidence: null, finalAt: null };
  const value = word.value === INVALID ? null : String(word.value);
  return { status, value, confidence: word.confidence, finalAt: word.finalizeAt };
}

function marketsOf({ markets, rows }: Recomputed, question: Hex): Verified["markets"] {
  return markets
    .filter((market) => market.question === question)
    .map(({ market, result, fee, dust }) => {
      const own = rows.filter((row) => row.market === market);
      const sum = (of: (row: (typeof own)[number]) => bigint | null) =>
        String(own.reduce((all, row) => all + (of(row) ?? 0n), 0n));
      const ended =
        result === null ? "open" : result.kind === "won" ? `outcome ${result.winner} won` : "void";
      return {
        market,
        result: ended,
        positions: own.length,
        due: sum(({ due }) => due),
        paid: sum(({ paid }) => paid),
        fee: String(fee),
        dust: String(dust),
      };
    });
}

export const time = (seconds: number): string => `${seconds} (${new Date(seconds * 1000).toISOString()})`;

/** Lines and findings in the order of the chain, a line each. */
export function recordText({ lines, findings }: ProofRecord): string[] {
  const all = [
    ...lines.map((line) => ({ ...line, mark: "ok     " })),
    ...findings.map((finding) => ({ ...finding, mark: "DIFFERS" })),
  ].toSorted((a, b) => byPlace(a.where, b.where));
  const width = all.reduce((most, { where }) => Math.max(most, where.length), 5);
  return all.map(({ mark, where, what }) => `${mark}  ${where.padEnd(width)}  ${what}`);
}

export const verdictText = ({ lines, findings }: ProofRecord): string =>
  findings.length === 0
    ? `VERIFIED: ${lines.length} checks, nothing differs.`
    : `${findings.length} DIFFER, ${lines.length} hold.`;

/** What was recomputed, for people. */
export function verifiedText(verified: Verified): string[] {
  const { head, status, value, confidence, finalAt, markets } = verified;
  return [
    `question ${verified.question}`,
    `chain ${verified.chainId}, ${verified.logs} logs up to block ${head.block} at ${time(head.at)}`,
    "",
    ...recordText(verified),
    "",
    `status ${status}${value === null ? "" : `, value ${value}, confidence ${confidence}`}${
      finalAt === null ? "" : `, final at ${time(finalAt)}`
    }`,
    ...markets.map(
      ({ market, result, positions, due, paid, fee, dust }) =>
        `market ${market}: ${result}, ${positions} positions, due ${due}, paid ${paid}, fee ${fee}, dust ${dust}`,
    ),
    verdictText(verified),
  ];
}

function byPlace(a: string, b: string): number {
  const [blockA = 0, indexA = 0] = a.split(":").map(Number);
  const [blockB = 0, indexB = 0] = b.split(":").map(Number);
  return ascending(blockA, blockB) || ascending(indexA, indexB);
}
