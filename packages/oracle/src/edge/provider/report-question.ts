import type { Addresses, Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { counter, type Logger } from "@sooth/runtime";
import type { LocalAccount } from "viem";
import {
  canSecure,
  commitsFirst,
  evidenceHash,
  evidenceText,
  evidenceTypedData,
  isHidden,
  isTried,
  lateFrom,
  mayReportAnew,
  type OracleDomain,
  pieceAt,
  reportTypedData,
  rootOf,
  rootTypedData,
  type SignedReceipt,
  takesLate,
  TOO_EARLY,
} from "../../core/index.ts";
import { tellAbstention } from "./abstain.ts";
import type { ApiClient, Handover } from "./api-client.ts";
import type { ChainView, KnownQuestion } from "./chain-view.ts";
import type { DisputeView } from "./dispute-view.ts";
import type { Journal } from "./journal.ts";
import { type CommitLimits, commitLimits } from "../contract.ts";
import type { ReportCollector } from "./collectors.ts";
import { type CommitTime, commitOrOpen } from "./commit-and-open.ts";
import { cosignBatch } from "./cosign-batch.ts";
import { keepSight, look, type Look, sightOf } from "./look.ts";
import { bundleOf } from "./observe.ts";
import { type OwnPositions, recusalText } from "./own-positions.ts";
import { domainText, nameOf, receiptComplaint } from "./receipt.ts";
import type { Sights } from "./sights.ts";
import type { SourceTools } from "./sources/index.ts";
import { later, standing, type Standing } from "./standing.ts";

const attempts = counter("oracle_provider_attempts_total", "Attempts to report on a question", ["outcome"]);

/** A provider at work. */
export type Reporter = {
  hub: Chain;
  addresses: Addresses;
  account: LocalAccount;
  view: ChainView;
  disputes: DisputeView;
  journal: Journal;
  /** What this node saw of questions when their time had come. */
  sights: Sights;
  /** What this node holds in questions: it judges none of those. */
  positions: OwnPositions;
  api: ApiClient;
  /** Who gathers commitments, the API among them or not; each is handed everything. */
  collectors: readonly ReportCollector[];
  reading: SourceTools;
  log: Logger;
};

/**
 * `reported`: done for this round and epoch. `later`: look again, not before `from` (chain time) if it is given.
 * `abandoned`: this key signed something else before; nothing more is to be signed in this round.
 */
export type Attempt =
  | { outcome: "reported"; epoch: number }
  | { outcome: "abandoned" }
  | { outcome: "later"; from?: number; why: string };

const EQUIVOCATION = "oracle.equivocation";
const MOVED =
  "its sources name no moment, say something else now, and were not read when they were asked about";
/** Rounds that a question may be told too early in. Then its sources are waited for, not told of at the relayer's cost. */
const TOO_EARLY_ROUNDS = 6;

/**
 * Observes, signs and hands over, if this question may be reported on now. What is signed is written to the journal
 * first; what was signed before is handed over again instead of observed again. @throws when chain or API are away
 */
export async function reportQuestion(reporter: Reporter, question: KnownQuestion): Promise<Attempt> {
  const attempt = await tryToReport(reporter, question);
  attempts.inc({ outcome: attempt.outcome });
  return attempt;
}

async function tryToReport(reporter: Reporter, question: KnownQuestion): Promise<Attempt> {
  const before = await standing(reporter, question);
  if ("outcome" in before) return before;
  const recused = await recusal(reporter, question, before);
  if (recused !== null) return recused;
  const limits = await commitLimits(reporter.hub, reporter.addresses);
  // What is said after others have shown their values could be a copy: it counts for nobody.
  if (before.answered !== undefined && !takesLate(question.terms, limits.tier, before.answered))
    return { outcome: "reported", epoch: before.epoch };
  const wait = before.isOpen ? await untilTried(reporter, question, { ...before, ...limits }) : null;
  if (wait !== null) return wait;
  const handover = await signedHandover(reporter, question, before);
  if ("outcome" in handover) {
    await cosignOthers(reporter, question, { ...before, ...limits });
    return handover;
  }
  if (before.isOpen && isHidden(question.terms, limits.tier, BigInt(handover.value)))
    return commitAndOpen(reporter, question, { ...before, seconds: limits.seconds }, handover);
  const domain: OracleDomain = { chainId: reporter.hub.definition.id, oracle: reporter.addresses.oracle };
  const handed = await reporter.api.handOver(handover, nameOf(domain, handover));
  const context = {
    question: question.id,
    value: handover.value,
    epoch: handover.epoch,
    round: handover.round,
  };
  if (handed.outcome === "accepted") {
    const receipt = handed.receipt?.id ?? null;
    if (handed.receipt) await keepReceipt(reporter, question, handover, handed.receipt);
    reporter.log.info({ ...context, repeated: handed.repeated, receipt }, "report handed over");
    return { outcome: "reported", epoch: before.epoch };
  }
  if (handed.outcome === "later") return later(handed.message);
  reporter.log.error({ ...context, code: handed.code }, `report refused: ${handed.message}`);
  // A journal was lost with its machine. Which value it held cannot be learnt from anybody, so silence is what is left.
  if (handed.code === EQUIVOCATION) return { outcome: "abandoned" };
  return { outcome: "reported", epoch: before.epoch };
}

/**
 * Of what is committed first: nothing is read or signed where all weight there is could not answer, and what came to nothing
 * for long is tried rarely. Whoever asks names what a question secures, so it must cost nobody anything.
 */
async function untilTried(
  { view }: Reporter,
  { terms }: KnownQuestion,
  { start, tier, seconds }: Standing & CommitLimits,
): Promise<Attempt | null> {
  if (!commitsFirst(terms, tier)) return null;
  const { phase } = pieceAt(view.now, seconds);
  const next = 2 * (phase + 1) * seconds;
  const { totalWeight } = await view.signers(terms.domain);
  if (!canSecure(terms, totalWeight))
    return later("it secures more than all who may sign can answer for", next);
  return isTried(phase, pieceAt(start, seconds).phase)
    ? null
    : later("tried in vain for long: only some phases are taken", next);
}

/** Who has nothing to commit to can tell all the same whose commitments a batch holds: his signature helps the others. */
async function cosignOthers(
  reporter: Reporter,
  question: KnownQuestion,
  { isOpen, round, epoch, seat, deadline, tier, seconds }: Standing & CommitLimits,
): Promise<void> {
  if (!isOpen || !commitsFirst(question.terms, tier)) return;
  const { phase, committing } = pieceAt(reporter.view.now, seconds);
  const handed = reporter.journal.commitmentFor(question.id, round, epoch, phase);
  if (committing && !handed)
    await cosignBatch(reporter, question, { round, epoch, phase, seat, commitment: null, seconds, deadline });
}

/** Who holds a position in a question does not report on it: it would cost half the stake. Looked at in every attempt. */
async function recusal(
  reporter: Reporter,
  { id, terms }: KnownQuestion,
  { round, epoch, disputed }: Standing,
): Promise<Attempt | null> {
  const recusal = await reporter.positions.recusalOf(id);
  if (recusal === undefined) return null;
  const why = recusalText(recusal);
  attempts.inc({ outcome: "recused" });
  reporter.log.warn({ question: id, ...recusal }, `does not report: ${why}`);
  await tellAbstention(reporter, { question: id, round, epoch }, why);
  // No position is laid down before the answer is final; a consumer may be taken back at once.
  return later(why, disputed || "consumer" in recusal ? reporter.view.now + A_MINUTE : terms.deadline);
}

/** What is signed is shown only once it was committed to, and that only in its time. */
async function commitAndOpen(
  reporter: Reporter,
  question: KnownQuestion,
  now: CommitTime,
  handover: Handover,
): Promise<Attempt> {
  const done = await commitOrOpen(reporter, question, now, handover);
  for (const receipt of done.receipts) await keepReceipt(reporter, question, handover, receipt);
  // Nothing is done with before the chain shows an answer: what this phase missed the next one does anew.
  return later(done.why, done.from);
}

/** Evidence against whoever took the report and leaves it out. One that proves nothing is told of and not kept. */
async function keepReceipt(
  { hub, addresses, account, journal, log }: Reporter,
  question: KnownQuestion,
  handover: Handover,
  receipt: SignedReceipt,
): Promise<void> {
  const domain: OracleDomain = { chainId: hub.definition.id, oracle: addresses.oracle };
  const complaint = receiptComplaint(domain, handover, receipt);
  if (complaint !== null) {
    log.warn({ question: question.id, receipt: receipt.id, why: complaint }, "a receipt proves nothing");
    return;
  }
  await journal.keep({
    signer: account.address,
    domain: domainText(domain),
    deadline: question.terms.deadline,
    receipt,
    value: handover.value,
    signature: handover.signature,
  });
}

async function signedHandover(
  reporter: Reporter,
  question: KnownQuestion,
  now: Standing,
): Promise<Handover | Attempt> {
  const { journal, account, sights } = reporter;
  const { round, clarified } = now;
  const signer = account.address.toLowerCase() as Hex;
  const signed = journal.find(question.id, now.round, now.epoch)?.handover;
  if (signed?.epoch === now.epoch) return signed;
  if (signed) return sign(reporter, question, now, contentOf(signed));

  // Whoever looks again, looks at what it saw when the answer was due: what it reads now may have moved.
  const sight = sights.find(question.id, now.disputed?.round ?? now.round);
  const isSame = sight !== undefined && sight.clarified === now.clarified;
  const { finding, sources, at }: Look = isSame ? sightOf(sight) : await look(question, reporter);
  const wait = untilLate(question, reporter.view.now);
  const abstain = (why: string) =>
    tellAbstention(reporter, { question: question.id, round: now.round, epoch: now.epoch }, why);
  if (finding.do === "abstain") {
    const drop = [...finding.dropped].map(([source, why]) => `${source}: ${why}`).join("; ");
    await abstain(drop === "" ? finding.why : `${finding.why} (${drop})`);
    return later(finding.why, wait);
  }
  if (
    now.disputed &&
    !mayReportAnew({ value: finding.value, inTime: isSame }, question, now.disputed.value)
  ) {
    attempts.inc({ outcome: "moved" });
    await abstain(MOVED);
    return later(MOVED);
  }
  if (finding.value === TOO_EARLY && wait !== undefined) return later(finding.reason, wait);
  const waits = now.round >= TOO_EARLY_ROUNDS || reporter.view.now < now.patientUntil;
  if (finding.value === TOO_EARLY && waits) return later(finding.reason);
  const values = finding.values;
  const root = values && rootOf(question.schema, values);
  const head = {
    chainId: reporter.hub.definition.id,
    question: question.id,
    round: now.round,
    provider: signer,
    ...(root && { root }),
    ...(now.clarified && { clarified: now.clarified }),
  };
  const evidence = evidenceText(bundleOf(head, finding, sources));
  // Reading took its time: what is signed must still be what the contract asks for.
  const after = await standing(reporter, question);
  if ("outcome" in after) return after;
  if (after.epoch !== now.epoch || after.round !== now.round)
    return later("the round or epoch changed meanwhile");
  if (now.isOpen && !isSame)
    await keepSight(reporter, question, { round, clarified, at }, { finding, sources });
  return sign(reporter, question, now, {
    value: finding.value,
    evidence,
    ...(root && { root, values: values.map(String) }),
  });
}

/** Seconds in which nothing is looked at twice. */
const SOON = 5;
const A_MINUTE = 60;

/**
 * When to look again at a question that silence ends by itself, once it is late: told too early before, it would only be
 * reopened. Ever sooner, so that the late part is not slept through. Undefined when it waits for its sources.
 */
function untilLate({ schema, terms }: KnownQuestion, now: number): number | undefined {
  const rest = lateFrom(terms) - now;
  const endsInSilence = schema.default !== "invalid" || schema.items || schema.order === "first";
  // Its sources may be back any moment, so it is looked at as often as others, but for the last minute before it is late.
  const resortsSoon = schema.secondary !== undefined && rest <= A_MINUTE;
  if (rest <= 0 || !(endsInSilence || resortsSoon)) return undefined;
  return now + (rest <= SOON ? rest : Math.ceil(rest / 2));
}

/** What is signed, and what it rests on. With a root the value is 0. */
type Content = { value: bigint; root?: Hex; values?: string[]; evidence: string };

const contentOf = ({ value, root, values, evidence }: Handover): Content => ({
  value: BigInt(value),
  evidence,
  ...(root !== undefined && values !== undefined && { root: root as Hex, values }),
});

async function sign(
  reporter: Reporter,
  question: KnownQuestion,
  { epoch, round, deadline }: Standing,
  { value, root, values, evidence }: Content,
): Promise<Handover> {
  const { account, hub, addresses } = reporter;
  const domain: OracleDomain = { chainId: hub.definition.id, oracle: addresses.oracle };
  const report = { question: question.id, value, epoch, round };
  const claim = evidenceTypedData(domain, { question: question.id, round, hash: evidenceHash(evidence) });
  const [signature, evidenceSignature] = await Promise.all([
    root
      ? account.signTypedData(rootTypedData(domain, { ...report, root }))
      : account.signTypedData(reportTypedData(domain, report)),
    account.signTypedData(claim),
  ]);
  const handover: Handover = {
    question: question.id,
    value: String(value),
    epoch,
    round,
    signature,
    evidence,
    evidenceSignature,
    ...(root && { root, values }),
  };
  await reporter.journal.write({
    signer: account.address,
    domain: domainText(domain),
    deadline,
    handover,
  });
  return handover;
}
