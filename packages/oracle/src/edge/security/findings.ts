import { signerOf } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { hashTypedData } from "viem";
import { z } from "zod";
import {
  evidenceHash,
  evidenceTypedData,
  eventId,
  judgeAnswer,
  MAX_EVIDENCE_BYTES,
  OracleError,
  readEvidence,
  type SecurityEvent,
  statusOf,
  wireHex32,
} from "../../core/index.ts";
import { chainTime } from "../clock.ts";
import type { ApiDeps } from "../deps.ts";
import { questionById } from "../questions.ts";
import { ownersOf } from "../signer-sets.ts";
import { openEvents } from "./events.ts";

/** A watcher's own bundle, of which everything follows, signed as a provider signs his. */
export const wireFinding = z.object({
  evidence: z.string().max(MAX_EVIDENCE_BYTES),
  signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/),
});
export const wireTakenFinding = z.object({
  event: wireHex32,
  /** False when it was known. */
  news: z.boolean(),
});

/**
 * Takes what a watcher read against an answer that may still be objected to. The severity is worked out here, from the answer
 * and what was read: a watcher says what it saw, not how bad it is.
 * @throws oracle.bad_evidence, oracle.unknown_watcher, oracle.unknown_question, oracle.answer_not_followed,
 *   oracle.no_contradiction
 */
export async function receiveFinding(
  deps: ApiDeps,
  { evidence, signature }: z.infer<typeof wireFinding>,
): Promise<z.infer<typeof wireTakenFinding>> {
  const { store, hub } = deps;
  const read = readEvidence(evidence);
  if ("complaint" in read) throw OracleError.bad_evidence({ what: read.complaint });
  const { bundle } = read;
  const chainId = hub.definition.id;
  if (bundle.chainId !== chainId) throw OracleError.wrong_chain({ signed: bundle.chainId, here: chainId });
  const id = bundle.question as Hex;
  const hash = evidenceHash(evidence);
  const watcher = watcherOf(deps, { question: id, round: bundle.round, hash }, signature as Hex);
  if (watcher !== bundle.provider.toLowerCase())
    throw OracleError.bad_evidence({ what: `${bundle.provider} did not sign it` });
  await requireWatcher(deps, watcher);

  const question = await questionById(store.db, id);
  if (!question) throw OracleError.unknown_question({ question: id });
  const { word, terms } = question;
  // A watcher with a quick node sees an answer before its block is followed here: he is to come again, not to give up.
  if (question.round < bundle.round || (word.state === "open" && question.round === bundle.round))
    throw OracleError.answer_not_followed({ question: id, round: bundle.round });
  const now = await chainTime(hub);
  if (word.state !== "answered" || statusOf(word, now) !== "answered")
    throw OracleError.no_contradiction({ question: id, what: "no answer of it may be objected to now" });
  if (word.round !== bundle.round)
    throw OracleError.stale_round({ signed: bundle.round, current: word.round });
  const own = {
    do: "sign",
    value: BigInt(bundle.value),
    reason: bundle.reason,
    dropped: new Map<string, string>(),
  } as const;
  const judged = judgeAnswer(word.value, terms, own);
  if (judged.verdict !== "wrong")
    throw OracleError.no_contradiction({ question: id, what: "it agrees with the answer" });
  const event: SecurityEvent = {
    rule: "watcher",
    severity: judged.severity,
    subject: id,
    evidence: {
      expected: String(judged.expected),
      got: String(word.value),
      watcher,
      finalizeAt: String(word.finalizeAt),
    },
    at: now as SecurityEvent["at"],
  };
  const body = { hash, text: evidence };
  const opened = await store.transaction((tx) => openEvents(tx, chainId, [{ event, body }]));
  return { event: opened[0] ?? eventId(event), news: opened.length > 0 };
}

function watcherOf(
  { hub, addresses }: ApiDeps,
  claim: { question: Hex; round: number; hash: Hex },
  signature: Hex,
): string | null {
  const domain = { chainId: hub.definition.id, oracle: addresses.oracle };
  return signerOf(hashTypedData(evidenceTypedData(domain, claim)), signature);
}

/** Keys of providers have something to lose; others are let in by whoever runs this server. */
async function requireWatcher({ store, watchers = [] }: ApiDeps, signer: string): Promise<void> {
  if (watchers.includes(signer as Hex)) return;
  const owners = await ownersOf(store.db, [signer]);
  if (!owners.has(signer)) throw OracleError.unknown_watcher({ signer });
}
