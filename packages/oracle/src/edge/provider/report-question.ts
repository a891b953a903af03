import type { Addresses, Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { counter, type Logger } from "@sooth/runtime";
import type { LocalAccount } from "viem";
import {
  clarificationChain,
  evidenceHash,
  evidenceText,
  evidenceTypedData,
  disputedAnswer,
  lateFrom,
  type OracleDomain,
  reportTypedData,
  rootOf,
  rootTypedData,
  type SignerSet,
  type SignedReceipt,
  TOO_EARLY,
} from "../../core/index.ts";
import { tellAbstention } from "./abstain.ts";
import type { ApiClient, Handover } from "./api-client.ts";
import { type ChainView, type KnownQuestion, lateUntil } from "./chain-view.ts";
import type { DisputeView } from "./dispute-view.ts";
import type { Journal } from "./journal.ts";
import { bundleOf, observe, observeVector } from "./observe.ts";
import { nameOf, receiptComplaint } from "./receipt.ts";
import type { SourceTools } from "./sources/index.ts";

const attempts = counter("oracle_provider_attempts_total", "Attempts to report on a question", ["outcome"]);
const drops = counter("oracle_provider_drops_total", "Sources' readings that a provider did not count");

/** A provider at work. */
export type Reporter = {
  hub: Chain;
  addresses: Addresses;
  account: LocalAccount;
  view: ChainView;
  disputes: DisputeView;
  journal: Journal;
  api: ApiClient;
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
/** Rounds that a question may be told too early in. Then its sources are waited for, not told of at the relayer's cost. */
const TOO_EARLY_ROUNDS = 6;

const later = (why: string, from?: number): Attempt => ({ outcome: "later", why, from });

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
  const handover = await signedHandover(reporter, question, before);
  if ("outcome" in handover) return handover;
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

/** Evidence against whoever took the report and leaves it out. One that proves nothing is told of and not kept. */
async function keepReceipt(
  { hub, addresses, account, journal, log }: Reporter,
  question: KnownQuestion,
  handover: Handover,
  receipt: SignedReceipt,
): Promise<void> {
  const domain: OracleDomain = { chainId: hub.definition.id, oracle: addresses.oracle };
  const complaint = await receiptComplaint(domain, handover, receipt);
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

const domainText = ({ chainId, oracle }: OracleDomain): string => `${chainId}:${oracle.toLowerCase()}`;

type Standing = {
  epoch: number;
  round: number;
  /** The hash over the clarifications that were read. */
  clarified: Hex | null;
  /** Chain time until which sources that have no figure yet are asked again rather than told of. */
  patientUntil: number;
  /** Chain time after which what is signed now is of no use. */
  deadline: number;
};

/** Of an answered question nothing is too early. */
const NEVER = Number.POSITIVE_INFINITY;
/** Exchanges publish seconds late, each at its own pace: providers that look at once would not agree that it is too early. */
const PATIENCE_SECONDS = 30;

/** Whether this provider may sign now, by the chain itself: logs may have been of a branch that is gone. */
async function standing(reporter: Reporter, question: KnownQuestion): Promise<Standing | Attempt> {
  const { id, terms, schema, clarifications } = question;
  const { view, account } = reporter;
  const [word, signers] = await Promise.all([view.wordOf(id), view.signers(terms.domain)]);
  if (word.state === "none") return later("the chain does not know the question (any more)");
  if (word.state === "disputed") return standingAnew(reporter, question, signers);
  const texts = clarifications.map(({ text }) => text);
  if (word.state === "answered") {
    const seat = signers.seats.findIndex(({ signer }) => signer === account.address.toLowerCase());
    const isIn = ((word.seats >> BigInt(Math.max(seat, 0))) & 1n) === 1n;
    // A quorum was quicker. Who hands over what he read all the same has not missed it.
    const isLate = seat !== -1 && !isIn && word.epoch === signers.epoch;
    return isLate && view.now < lateUntil(word.finalizeAt, terms)
      ? {
          epoch: word.epoch,
          round: word.round,
          clarified: clarificationChain(texts),
          patientUntil: NEVER,
          deadline: terms.deadline,
        }
      : { outcome: "reported", epoch: signers.epoch };
  }
  if (word.state !== "open") return { outcome: "reported", epoch: signers.epoch };
  const chain = word.clarified?.chain ?? null;
  if (clarificationChain(texts) !== chain) return later("a clarification has not been read yet");
  const start = Math.max(word.notBefore, schema.observeAt, schema.discloseBy ?? 0);
  if (view.now < start) return later("no report yet", start);
  const seated = signers.seats.some(({ signer }) => signer === account.address.toLowerCase());
  // Twice as long each round: what never comes is asked for a few times, not 255 times at the relayer's cost.
  const patience = Math.max(1, Math.min(PATIENCE_SECONDS, terms.liveness >> 1)) * 2 ** word.round;
  const patientUntil = start + patience;
  return seated
    ? {
        epoch: signers.epoch,
        round: word.round,
        clarified: chain,
        patientUntil,
        deadline: terms.deadline,
      }
    : later(`no seat in epoch ${signers.epoch}`, view.now + 1);
}

/** Longer than a dispute takes: what was signed anew must be known for so long, whatever the question's deadline. */
const DISPUTE_SECONDS = 90 * 86_400;

/** The same while somebody objects: providers look again, and sign for the round after the answer's, also what they signed
 *  before: where no jury can be drawn, only that keeps a right answer. */
async function standingAnew(
  { view, disputes, account }: Reporter,
  { id, clarifications }: KnownQuestion,
  signers: SignerSet,
): Promise<Standing | Attempt> {
  const dispute = disputes.ofQuestion(id)?.dispute;
  const answer = dispute && disputedAnswer(dispute);
  if (!dispute) return later("the dispute is not known yet");
  // A root is not reported anew.
  if (!answer) return { outcome: "reported", epoch: signers.epoch };
  const me = account.address.toLowerCase();
  if (!signers.seats.some(({ signer }) => signer === me))
    return later(`no seat in epoch ${signers.epoch}`, view.now + 1);
  return {
    epoch: signers.epoch,
    round: answer.round + 1,
    clarified: clarificationChain(clarifications.map(({ text }) => text)),
    patientUntil: 0,
    deadline: view.now + DISPUTE_SECONDS,
  };
}

async function signedHandover(
  reporter: Reporter,
  question: KnownQuestion,
  now: Standing,
): Promise<Handover | Attempt> {
  const { journal, account } = reporter;
  const signer = account.address.toLowerCase() as Hex;
  const signed = journal.find(question.id, now.round, now.epoch)?.handover;
  if (signed?.epoch === now.epoch) return signed;
  if (signed) return sign(reporter, question, now, contentOf(signed));

  const look = question.schema.items ? observeVector : observe;
  const { finding, sources } = await look(
    { schema: question.schema, clarifications: question.clarifications.map(({ text }) => text) },
    question.terms,
    reporter.view.now,
    reporter.reading,
    reporter.view.now >= lateFrom(question.terms),
  );
  for (const [source, why] of finding.dropped) {
    drops.inc();
    reporter.log.warn({ question: question.id, source, why }, "source dropped");
  }
  const wait = untilLate(question, reporter.view.now);
  if (finding.do === "abstain") {
    const drop = [...finding.dropped].map(([source, why]) => `${source}: ${why}`).join("; ");
    const why = drop === "" ? finding.why : `${finding.why} (${drop})`;
    await tellAbstention(reporter, { question: question.id, round: now.round, epoch: now.epoch }, why);
    return later(finding.why, wait);
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
