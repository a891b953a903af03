import { randomBytes } from "node:crypto";
import type { Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { toHex } from "viem";
import {
  commitmentOf,
  commitmentTypedData,
  evidenceHash,
  openFrom,
  pieceAt,
  saltOf,
  type SignedReceipt,
} from "../../core/index.ts";
import type { Handover } from "./api-client.ts";
import type { KnownQuestion } from "./chain-view.ts";
import { isHanded, pauseFor, remember, type ReportCollector, toEach } from "./collectors.ts";
import { cosignBatch } from "./cosign-batch.ts";
import type { KeptCommitment } from "./journal.ts";
import { domainText, nameOf } from "./receipt.ts";
import type { Reporter } from "./report-question.ts";
import { domainOf, signableBatches } from "./shown-batches.ts";
import type { Standing } from "./standing.ts";

const steps = counter("oracle_provider_commit_steps_total", "What this node did for values committed first", [
  "step",
]);

/** As what, and in pieces of how many seconds. */
export type CommitTime = Standing & { seconds: number };
/** When to look again, chain time; and what was signed for values that were taken. */
export type Done = { why: string; from: number; receipts: SignedReceipt[] };

/**
 * Does what is due for a value that must not be seen yet. In the time to commit: hands its commitment to every collector, and
 * co-signs one of the batches that they form. In the time to reveal: hands the value to those who show a batch that is on
 * chain and holds its commitment.
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
    return handIn(reporter, question, kept, now);
  }
  if (!known) return { why: "others reveal now", from: until, receipts: [] };
  const from = openFrom(phase, seconds);
  if (view.now < from)
    return { why: "a block that is taken back could let others commit yet", from, receipts: [] };
  return open(reporter, question, { kept: known, until, seconds }, handover);
}

async function handIn(
  reporter: Reporter,
  question: KnownQuestion,
  kept: KeptCommitment,
  { seconds, deadline }: CommitTime,
): Promise<Done> {
  const { view } = reporter;
  const { phase, commitment } = kept;
  const of = { question: question.id, phase, what: commitment };
  const missing = await toEach(reporter, of, (collector) => collector.commit(wireOf(kept)));
  const isSigned = await cosignBatch(reporter, question, { ...ownPhase(kept), seconds, deadline });
  const from = openFrom(phase, seconds);
  if (missing === 0 && isSigned)
    return { why: "committed and co-signed, and shows its value later", from, receipts: [] };
  return {
    why:
      missing > 0
        ? "a collector has not taken the commitment yet"
        : "not every collector has a batch that it signed",
    from: Math.min(from, view.now + pauseFor(view, commitment, seconds)),
    receipts: [],
  };
}

const ownPhase = ({ epoch, round, phase, seat, commitment }: KeptCommitment) => ({
  epoch,
  round,
  phase,
  seat,
  commitment: commitment as Hex,
});

const wireOf = ({ question, epoch, round, phase, commitment, signature }: KeptCommitment) => ({
  question,
  epoch,
  round,
  phase,
  commitment,
  signature,
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

async function open(
  reporter: Reporter,
  question: KnownQuestion,
  { kept, until, seconds }: { kept: KeptCommitment; until: number; seconds: number },
  handover: Handover,
): Promise<Done> {
  const { collectors, view, log } = reporter;
  const { phase, secret, commitment } = kept;
  const pause = () => pauseFor(view, `${commitment} opened`, seconds);
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

/** A quorum co-signed what is on chain; that whoever gathers shows which commitments it holds is what tells him from others. */
async function showsBatch(
  reporter: Reporter,
  question: KnownQuestion,
  kept: KeptCommitment,
  collector: ReportCollector,
): Promise<boolean> {
  const { round, phase } = kept;
  const shown = await signableBatches(reporter, question, ownPhase(kept), collector);
  return shown.some(({ chained }) => reporter.view.isCommitted(question.id, { round, phase, chained }));
}
