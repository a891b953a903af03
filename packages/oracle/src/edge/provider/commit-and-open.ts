import { randomBytes } from "node:crypto";
import type { Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { recoverTypedDataAddress, toHex } from "viem";
import {
  chainedHash,
  commitmentOf,
  commitmentTypedData,
  evidenceHash,
  hasQuorum,
  type OracleDomain,
  openFrom,
  pauseAfter,
  pieceAt,
  saltOf,
  type SignedReceipt,
} from "../../core/index.ts";
import type { ApiClient, Handover, ShownBatch } from "./api-client.ts";
import type { KnownQuestion } from "./chain-view.ts";
import type { KeptCommitment } from "./journal.ts";
import { domainText, nameOf } from "./receipt.ts";
import type { Reporter } from "./report-question.ts";
import type { Standing } from "./standing.ts";

const steps = counter("oracle_provider_commit_steps_total", "What this node did for values committed first", [
  "step",
]);

/** One of those who gather commitments, and later what opens them. */
export type ReportCollector = ApiClient & { url: string };
/** As what, and in pieces of how many seconds. */
export type CommitTime = Standing & { seconds: number };
/** When to look again, chain time; and what was signed for values that were taken. */
export type Done = { why: string; from: number; receipts: SignedReceipt[] };

/** What was handed to whom and taken, so that it is not handed over at every block. */
const handed = new WeakMap<ReportCollector, Set<string>>();
/** How often something was tried in vain. */
const tries = new WeakMap<Reporter["view"], Map<string, number>>();
/** Questions and phases that are remembered; forgetting one costs a repetition. */
const REMEMBERED = 5_000;

/**
 * Does what is due for a value that must not be seen yet. In the time to commit: hands its commitment to every collector.
 * In the time to reveal: hands the value to those who show a batch that is on chain, that holds its commitment, and whose
 * commitments are signed by a quorum: less could not become an answer, and would show the value for nothing.
 */
export async function commitOrOpen(
  reporter: Reporter,
  question: KnownQuestion,
  now: CommitTime,
  handover: Handover,
): Promise<Done> {
  const { view, journal } = reporter;
  const { seconds, round, epoch } = now;
  const { phase, committing, until } = pieceAt(view.now, seconds);
  const known = journal.commitmentFor(question.id, round, epoch, phase);
  if (committing) {
    const kept = known ?? (await commitTo(reporter, question, { ...now, phase }, handover));
    const missing = await toEach(reporter, kept, (collector) => collector.commit(wireOf(kept)));
    const open = openFrom(phase, seconds);
    return missing === 0
      ? { why: "committed, and shows its value later", from: open, receipts: [] }
      : {
          why: "a collector has not taken the commitment yet",
          from: Math.min(open, view.now + pauseFor(reporter, kept.commitment, seconds)),
          receipts: [],
        };
  }
  if (!known) return { why: "others reveal now", from: until, receipts: [] };
  const from = openFrom(phase, seconds);
  if (view.now < from)
    return { why: "a block that is taken back could let others commit yet", from, receipts: [] };
  return open(reporter, question, { kept: known, until, seconds }, handover);
}

const wireOf = ({ question, epoch, round, phase, commitment, signature }: KeptCommitment) => ({
  question,
  epoch,
  round,
  phase,
  commitment,
  signature,
});

const domainOf = ({ hub, addresses }: Reporter): OracleDomain => ({
  chainId: hub.definition.id,
  oracle: addresses.oracle,
});

/** Of the clarifications too: whoever commits has read the question as it stands. */
async function commitTo(
  reporter: Reporter,
  question: KnownQuestion,
  { epoch, round, seat, phase, clarified, deadline }: CommitTime & { phase: number },
  handover: Handover,
): Promise<KeptCommitment> {
  const { account, journal, log } = reporter;
  const domain = domainOf(reporter);
  const secret = toHex(randomBytes(32));
  const salt = saltOf({ secret, evidence: evidenceHash(handover.evidence), clarified });
  const { id } = question;
  const value = BigInt(handover.value);
  const commitment = commitmentOf({ question: id, epoch, round, seat, value, salt });
  const claim = { question: id, epoch, round, phase, commitment };
  const signature = await account.signTypedData(commitmentTypedData(domain, claim));
  const committed = { ...claim, signature, seat, value: handover.value, secret };
  await journal.writeCommitment({ signer: account.address, domain: domainText(domain), deadline, committed });
  steps.inc({ step: "committed" });
  log.info({ question: id, round, epoch, phase }, "committed to a value");
  return committed;
}

/** Each collector by itself: one that is away or refuses costs the others nothing. Returns how many have not taken it. */
async function toEach(
  { collectors, log }: Reporter,
  { question, phase, commitment }: KeptCommitment,
  hand: (collector: ReportCollector) => ReturnType<ReportCollector["commit"]>,
): Promise<number> {
  const taken = await Promise.all(
    collectors.map(async (collector) => {
      const { url } = collector;
      if (isHanded(collector, commitment)) return true;
      try {
        const answer = await hand(collector);
        if (answer.outcome === "accepted") return remember(collector, commitment);
        log.info({ question, phase, collector: url, code: answer.code }, "a commitment was not taken");
        return answer.outcome === "never" && remember(collector, commitment);
      } catch (error) {
        log.warn({ err: error, question, collector: url }, "a collector is away");
        return false;
      }
    }),
  );
  return taken.filter((is) => !is).length;
}

const isHanded = (collector: ReportCollector, what: string): boolean =>
  handed.get(collector)?.has(what) ?? false;
function remember(collector: ReportCollector, what: string): true {
  const known = handed.get(collector) ?? new Set<string>();
  handed.set(collector, known);
  if (known.size >= REMEMBERED) known.clear();
  known.add(what);
  return true;
}

/** Seconds of chain time until the same is tried again: whoever is asked in vain is asked ever more rarely. */
function pauseFor({ view }: Reporter, what: string, seconds: number): number {
  const known = tries.get(view) ?? new Map<string, number>();
  tries.set(view, known);
  if (known.size >= REMEMBERED) known.clear();
  const tried = (known.get(what) ?? 0) + 1;
  known.set(what, tried);
  return pauseAfter(tried, seconds);
}

async function open(
  reporter: Reporter,
  question: KnownQuestion,
  { kept, until, seconds }: { kept: KeptCommitment; until: number; seconds: number },
  handover: Handover,
): Promise<Done> {
  const { collectors, view, log } = reporter;
  const { phase, secret, commitment } = kept;
  const pause = () => pauseFor(reporter, `${commitment} opened`, seconds);
  if (!view.hasCommits(question.id, kept.round, phase))
    return {
      why: "no batch of this phase is on chain",
      from: Math.min(until, view.now + pause()),
      receipts: [],
    };
  const name = nameOf(domainOf(reporter), handover);
  const receipts: SignedReceipt[] = [];
  let shown = 0;
  await Promise.all(
    collectors.map(async (collector) => {
      const opened = `${commitment} opened`;
      try {
        if (!isHanded(collector, opened)) {
          if (!(await showsBatch(reporter, question, kept, collector))) return;
          const answer = await collector.handOver({ ...handover, opening: { phase, secret } }, name);
          if (answer.outcome !== "accepted") {
            log.warn({ question: question.id, collector: collector.url, code: answer.code }, answer.message);
            if (answer.outcome === "later") return;
          } else if (answer.receipt) receipts.push(answer.receipt);
          remember(collector, opened);
          steps.inc({ step: answer.outcome === "accepted" ? "revealed" : "refused" });
        }
        shown += 1;
      } catch (error) {
        log.warn({ err: error, question: question.id, collector: collector.url }, "a collector is away");
      }
    }),
  );
  // One that was behind, or away, may show its batch soon.
  const isDone = shown === collectors.length;
  const why =
    shown > 0 ? "showed its value" : "no collector shows a batch on chain that holds its commitment";
  return { why, from: isDone ? until : Math.min(until, view.now + pause()), receipts };
}

async function showsBatch(
  reporter: Reporter,
  { id, terms }: KnownQuestion,
  kept: KeptCommitment,
  collector: ReportCollector,
): Promise<boolean> {
  const { round, phase, epoch, commitment } = kept;
  const batches = await collector.batches(id);
  for (const batch of batches) {
    if (batch.round !== round || batch.phase !== phase || batch.epoch !== epoch) continue;
    const order = batch.commitments.map((each) => each.commitment as Hex);
    const chained = order.length === 0 ? null : chainedHash(order);
    if (chained === null || !order.includes(commitment as Hex)) continue;
    if (!reporter.view.isCommitted(id, { round, phase, chained })) continue;
    if (await isOfQuorum(reporter, kept, terms.domain, batch)) return true;
  }
  return false;
}

/** Whether a quorum is in it, each seat once and signed by its key; whoever gathers could else make up all but one. */
async function isOfQuorum(
  reporter: Reporter,
  { question, epoch, round, phase }: KeptCommitment,
  domain: number,
  batch: ShownBatch,
): Promise<boolean> {
  const signers = await reporter.view.signers(domain);
  if (signers.epoch !== epoch) return false;
  const seats = new Set<number>();
  await Promise.all(
    batch.commitments.map(async ({ seat, commitment, signature }) => {
      const claim = { question: question as Hex, epoch, round, phase, commitment: commitment as Hex };
      const signer = await recoverTypedDataAddress({
        ...commitmentTypedData(domainOf(reporter), claim),
        signature: signature as Hex,
      }).catch(() => null); // bytes that are no signature recover nobody
      if (signer !== null && signers.seats[seat]?.signer === signer.toLowerCase()) seats.add(seat);
    }),
  );
  // One that is nobody's, or a seat in two places, could be opened by choice once the others are seen.
  if (seats.size !== batch.commitments.length) return false;
  const weight = [...seats].reduce((sum, seat) => sum + (signers.seats[seat]?.weight ?? 0n), 0n);
  return hasQuorum(weight, signers.totalWeight);
}
