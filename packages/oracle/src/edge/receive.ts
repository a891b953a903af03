import { signerOf } from "@sooth/chain";
import { AppError, type Hex } from "@sooth/kernel";
import { alert, counter, histogram } from "@sooth/runtime";
import { type Executor, notifyLive, one, sql } from "@sooth/store";
import { LRUCache } from "lru-cache";
import { hashTypedData } from "viem";
import type { z } from "zod";
import {
  contradicts,
  evidenceHash,
  evidenceTypedData,
  isRipe,
  isSentinel,
  MAX_VALUE,
  mayBeEarly,
  type OracleDomain,
  OracleError,
  readEvidence,
  reportDigest,
  rootOf,
  type Seat,
  statusOf,
  TOO_EARLY,
  unpackReport,
  valuesComplaint,
  type wireHandover,
  type wireReceipt,
} from "../core/index.ts";
import { chainTimeSoon } from "./clock.ts";
import type { ApiDeps } from "./deps.ts";
import { checkedOpening } from "./commit/receive-commitment.ts";
import { insertOpening } from "./commit/store.ts";
import { questionById, type StoredQuestion } from "./questions.ts";
import {
  insertReport,
  keepEquivocation,
  reportedWeight,
  reportOf,
  type Said,
  type StoredReport,
} from "./reports.ts";
import { signerSet } from "./signer-sets.ts";
import { keepItems } from "./vectors.ts";

export type Handover = z.infer<typeof wireHandover>;
export type Receipt = z.infer<typeof wireReceipt>;

const reportsReceived = counter("oracle_reports_total", "Reports that providers handed over", ["outcome"]);
const reportDelay = histogram(
  "oracle_report_delay_seconds",
  "Chain time from a question's opening to each report on it",
  [],
  [1, 2, 5, 10, 30, 60, 300, 900, 3_600, 21_600],
);
/** Two values under one key cannot come from an honest node that works. */
alert({
  id: "oracle.equivocation",
  severity: "page",
  forSeconds: 0,
  when: `increase(${reportsReceived.metric}{outcome="oracle.equivocation"}[1h]) > 0`,
  runbook: "docs/runbooks/oracle.md#a-provider-signed-two-values",
});
alert({
  id: "oracle.reports_rejected",
  severity: "ticket",
  forSeconds: 300,
  when: `sum(increase(${reportsReceived.metric}{outcome!~"accepted|repeated|oracle.stale_epoch|oracle.too_early"}[10m])) > 20`,
  runbook: "docs/runbooks/oracle.md#reports-are-rejected",
});

/**
 * Takes a provider's report: checks everything that the contract will check, and that the evidence is what was signed.
 * The same report again gets the first receipt; another value by the same key is refused and kept as proof.
 * @throws oracle.* naming what does not hold
 */
export async function receiveReport(deps: ApiDeps, handover: Handover): Promise<Receipt> {
  try {
    const receipt = await receive(deps, handover);
    reportsReceived.inc({ outcome: receipt.repeated ? "repeated" : "accepted" });
    return receipt;
  } catch (error) {
    reportsReceived.inc({ outcome: error instanceof AppError ? error.code : "failed" });
    throw error;
  }
}

async function receive(deps: ApiDeps, handover: Handover): Promise<Receipt> {
  const { db } = deps.store;
  const domain = { chainId: deps.hub.definition.id, oracle: deps.addresses.oracle };
  const id = handover.question as Hex;
  const question = await questionById(db, id);
  if (!question) throw OracleError.unknown_question({ question: id });
  const value = BigInt(handover.value);
  const root = (handover.root ?? null) as Hex | null;
  const second = { value, root, signature: handover.signature.toLowerCase() };
  const now = await chainTimeSoon(deps.hub);
  // Nothing that could contradict it is held yet, so that nobody need know whose it is: many ask too early, and recovering is
  // dear.
  if (handover.round === question.round) checkOpen(question, value, now);
  const reporter = reporterOf(domain, handover);
  const said = { question: question.id, round: handover.round, epoch: handover.epoch };
  // A second value is proof by its signature alone: with whatever evidence, at whatever time it comes.
  const handed = reporter === null ? undefined : await reportOf(db, { ...said, signer: reporter });
  const before = handed ?? (reporter && (await shownBefore(db, question, { ...said, signer: reporter })));
  if (before && contradicts(before, second)) return refuse(deps, before, second, now);
  const signer = checkedSigner(domain, handover, reporter);
  const key = { ...said, signer };
  const opening =
    handed && isOver(question) ? null : await checkedOpening(deps, question, handover, { signer, now });
  if (handed) {
    if (opening) await insertOpening(db, { ...key, phase: opening.phase }, { ...opening, at: now });
    return receiptOf(handed, true);
  }

  const { seat, weight, totalWeight } = await seatFor(deps, question, handover, signer, now);
  const report: StoredReport = {
    ...key,
    seat,
    weight,
    value,
    root,
    signature: handover.signature.toLowerCase() as Hex,
    evidence: evidenceHash(handover.evidence),
    evidenceSignature: handover.evidenceSignature.toLowerCase() as Hex,
    receivedAt: now,
  };
  const stored = await deps.store.transaction(async (tx) => {
    if (root !== null) await keepItems(tx, root, handover.values ?? [], now);
    const inserted = await insertReport(tx, report, handover.evidence);
    if (opening) await insertOpening(tx, { ...key, phase: opening.phase }, { ...opening, at: now });
    if (inserted) await notifyLive(tx, { topic: "question", id });
    return inserted;
  });
  if (stored) {
    if (question.word.state === "open") reportDelay.observe(Math.max(0, now - question.word.notBefore));
    await tellOfQuorum(deps, question, report, totalWeight, now);
    return receiptOf(report, false);
  }
  // Two requests at once: the other one won, and this one is its repetition.
  const winner = await reportOf(db, key);
  if (!winner) throw OracleError.bad_report({ question: id, what: "it was handed over twice at once" });
  return contradicts(winner, second) ? refuse(deps, winner, second, now) : receiptOf(winner, true);
}

/** What was taken once is repeated whenever it is asked for. */
const isOver = ({ word }: StoredQuestion): boolean => word.state !== "open";

/** What this key said before for the same round and epoch in an answer that somebody else transmitted. */
async function shownBefore(
  db: Executor,
  { id, terms, word, round }: StoredQuestion,
  key: { round: number; epoch: number; signer: Hex },
): Promise<Said | undefined> {
  // A round that is open has no answer yet.
  if (word.state === "open" && key.round === round) return undefined;
  const shown = await one<{ value: bigint; seats: number; report: Hex }>(
    db,
    sql`select value, seats, report from oracle.signed_answers
      where question = ${id} and round = ${key.round} and epoch = ${key.epoch}`,
  );
  if (!shown) return undefined;
  const { seats } = await signerSet(db, terms.domain, key.epoch);
  const seat = seats.findIndex(({ signer }) => signer === key.signer);
  const said = unpackReport(shown.report, BigInt(shown.seats), shown.value)?.find(
    (each) => each.seat === seat,
  );
  return said && { question: id, ...key, value: said.value, root: null, signature: said.signature };
}

/** Questions, with round and epoch, that the worker was told to take up. */
const told = new WeakMap<ApiDeps, LRUCache<string, true>>();

/**
 * The sweep of the next block would find the quorum too: this saves that block. Counted after the commit, so that of two at
 * once the later sees both; told once, or each of the reports beyond a quorum would have it looked at anew.
 */
async function tellOfQuorum(
  deps: ApiDeps,
  { id, terms, word }: StoredQuestion,
  report: StoredReport,
  totalWeight: bigint,
  now: number,
): Promise<void> {
  if (!deps.takeUpSoon || word.state !== "open") return;
  const known = told.get(deps) ?? new LRUCache<string, true>({ max: 10_000 });
  told.set(deps, known);
  const key = `${id} ${report.round} ${report.epoch}`;
  if (known.has(key)) return;
  const weight = await reportedWeight(deps.store.db, report);
  if (!isRipe(terms, word, { weight, totalWeight, now })) return;
  await deps.takeUpSoon({ question: id });
  known.set(key, true);
}

const receiptOf = (report: StoredReport, repeated: boolean): Receipt => ({
  question: report.question,
  signer: report.signer,
  seat: report.seat,
  receivedAt: report.receivedAt,
  repeated,
});

async function refuse(
  deps: ApiDeps,
  first: Said,
  second: { value: bigint; root: Hex | null; signature: string },
  now: number,
): Promise<never> {
  // Said before it was known, which is no answer: two of those are no proof.
  if (first.value === TOO_EARLY || second.value === TOO_EARLY)
    throw OracleError.bad_report({ question: first.question, what: "of this round another one was given" });
  await keepEquivocation(deps.store.db, first, second, now);
  throw OracleError.equivocation({
    question: first.question,
    signer: first.signer,
    first: first.root ?? String(first.value),
    second: second.root ?? String(second.value),
  });
}

/** The key that signed the report, lower-case; null when nobody did. */
function reporterOf(domain: OracleDomain, handover: Handover): Hex | null {
  const { root, epoch, round, signature } = handover;
  const value = BigInt(handover.value);
  if (value < TOO_EARLY || value > MAX_VALUE) return null;
  const question = handover.question as Hex;
  const hash = reportDigest(domain, { question, value, root: (root ?? null) as Hex | null, epoch, round });
  return signerOf(hash, signature as Hex);
}

/** That key, if it signed the evidence too. The bundle names it, so a wrong one is told. */
function checkedSigner(domain: OracleDomain, handover: Handover, signer: Hex | null): Hex {
  const question = handover.question as Hex;
  const { value, root, round } = handover;
  const read = readEvidence(handover.evidence);
  if ("complaint" in read) throw OracleError.bad_evidence({ what: read.complaint });
  const { bundle } = read;
  if (bundle.chainId !== domain.chainId)
    throw OracleError.wrong_chain({ signed: bundle.chainId, here: domain.chainId });
  if (bundle.question !== question || bundle.round !== round || BigInt(bundle.value) !== BigInt(value))
    throw OracleError.bad_evidence({ what: "it speaks of another question, round or value" });
  if (bundle.root !== root) throw OracleError.bad_evidence({ what: "it speaks of another root" });

  const claimed = bundle.provider.toLowerCase() as Hex;
  const claim = evidenceTypedData(domain, { question, round, hash: evidenceHash(handover.evidence) });
  const witness = signerOf(hashTypedData(claim), handover.evidenceSignature as Hex);
  if (signer !== claimed) throw OracleError.bad_signature({ question, seat: claimed });
  if (witness !== claimed) throw OracleError.bad_evidence({ what: `${claimed} did not sign it` });
  return claimed;
}

/** Of what may end early, anything but that it is too early may be told before its time. @throws oracle.too_early */
function checkOpen({ id, terms, word }: StoredQuestion, value: bigint, now: number): void {
  if (word.state !== "open" || now >= word.notBefore) return;
  if (value === TOO_EARLY || !mayBeEarly(terms, word))
    throw OracleError.too_early({ question: id, opensAt: word.notBefore });
}

/** The seat that may report now. Late reports on an answered question are taken: they are shown, and prove liveness. */
async function seatFor(
  deps: ApiDeps,
  question: StoredQuestion,
  handover: Handover,
  signer: Hex,
  now: number,
): Promise<Seat & { seat: number; totalWeight: bigint }> {
  const { id, word, terms } = question;
  const status = statusOf(word, now);
  if (status !== "open" && status !== "answered" && status !== "disputed") {
    if (word.state === "open") throw OracleError.deadline_passed({ question: id, deadline: word.deadline });
    throw OracleError.not_open({ question: id, status });
  }
  checkOpen(question, BigInt(handover.value), now);
  const signers = await signerSet(deps.store.db, terms.domain);
  if (signers.epoch === 0) throw OracleError.no_signer_set(undefined);
  if (handover.epoch !== signers.epoch)
    throw OracleError.stale_epoch({ signed: handover.epoch, current: signers.epoch });
  // What is said anew about a disputed answer is said for the round after it.
  const current = status === "disputed" ? question.round + 1 : question.round;
  if (handover.round !== current) throw OracleError.stale_round({ signed: handover.round, current });
  const seat = signers.seats.findIndex((each) => each.signer === signer);
  const found = signers.seats[seat];
  if (!found) throw OracleError.not_seated({ signer, epoch: signers.epoch });

  const value = BigInt(handover.value);
  if (terms.aggregation === "root" && !isSentinel(value)) checkItems(question, handover);
  else if (handover.root !== undefined)
    throw OracleError.bad_report({ question: id, what: "it has a root where a value is asked for" });
  if (!isSentinel(value) && (value < terms.min || value > terms.max))
    throw OracleError.out_of_bounds({ question: id, value });
  return { ...found, seat, totalWeight: signers.totalWeight };
}

/** Lists that stand under their root, by question and root: all who answer alike send the same, and hashing it is dear. */
const rightItems = new LRUCache<string, string>({ max: 200 });

/** What stands under the root must be known here, or nobody could prove an answer. @throws oracle.bad_report */
function checkItems({ id, schema, terms }: StoredQuestion, { value, root, values }: Handover): void {
  const refuse = (what: string) => OracleError.bad_report({ question: id, what });
  if (root === undefined || values === undefined || BigInt(value) !== 0n)
    throw refuse("a vector is answered with a root and its values");
  const [key, list] = [`${id} ${root}`, values.join()];
  if (rightItems.get(key) === list) return;
  const items = values.map(BigInt);
  const complaint = valuesComplaint(schema, terms, items);
  if (complaint !== null) throw refuse(complaint);
  if (rootOf(schema, items) !== root) throw refuse("its values stand under another root");
  rightItems.set(key, list);
}
