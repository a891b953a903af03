import { signerOf } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import { type Executor, notifyLive, one, rows, sql } from "@sooth/store";
import { hashTypedData } from "viem";
import type { z } from "zod";
import {
  type AppealReason,
  appealReasonTypedData,
  DisputeError,
  reasonHash,
  type wireAppealReason,
  type wireReason,
} from "../core/index.ts";
import type { ApiDeps } from "./deps.ts";
import { disputeById } from "./disputes.ts";
import { keepReason, reasonWasUsed } from "./reasons.ts";

/** Why somebody appealed with this transaction, with what binds him to it. */
export type StoredAppealReason = { transaction: Hex; hash: Hex; text: string | null; signature: Hex };

/**
 * Takes the reason of an appeal that the chain has, of whoever made it. Only who put a deposit down is heard, once for each appeal:
 * nobody fills a disk with it. @throws dispute.unknown_dispute, dispute.unknown_appeal, dispute.not_appellant,
 *   dispute.reason_given, dispute.bad_reason, dispute.reason_erased
 */
export async function receiveAppealReason(
  deps: ApiDeps,
  id: string,
  { text, transaction, signature }: z.infer<typeof wireAppealReason>,
): Promise<z.infer<typeof wireReason>> {
  const { store } = deps;
  const stored = await disputeById(store.db, id);
  if (!stored) throw DisputeError.unknown_dispute({ dispute: id });
  const tx = transaction.toLowerCase() as Hex;
  const appeal = stored.steps.find((step) => step.kind === "appealed" && step.transaction === tx);
  if (!appeal?.who) throw DisputeError.unknown_appeal({ dispute: stored.id, transaction: tx });
  const said: AppealReason = { dispute: stored.id, transaction: tx, reason: reasonHash(text) };
  if (!(await hasSigned(deps, appeal.who, said, signature as Hex)))
    throw DisputeError.not_appellant({ account: appeal.who });
  await store.transaction(async (db) => {
    const kept = await one<{ reason: Hex }>(
      db,
      sql`insert into oracle.appeal_reasons (dispute, tx, reason, signature)
        values (${said.dispute}, ${tx}, ${said.reason}, ${signature.toLowerCase()})
        on conflict (dispute, tx) do update set reason = appeal_reasons.reason returning reason`,
    );
    // What he said first stands: who was persuaded by it must find it.
    if (kept?.reason !== said.reason) throw DisputeError.reason_given({ transaction: tx });
    await keepReason(db, text);
    await reasonWasUsed(db, said.reason);
    await notifyLive(db, { topic: "question", id: stored.dispute.question });
  });
  return { hash: said.reason, text };
}

/** By a key of its own, or as the account's code says. */
async function hasSigned(
  { hub, addresses }: ApiDeps,
  account: Address,
  said: AppealReason,
  signature: Hex,
): Promise<boolean> {
  const typed = appealReasonTypedData({ chainId: hub.definition.id, oracle: addresses.oracle }, said);
  if (signerOf(hashTypedData(typed), signature) === account.toLowerCase()) return true;
  const code = await hub.client.getCode({ address: account });
  return code !== undefined && hub.client.verifyTypedData({ ...typed, address: account, signature });
}

/** Of these disputes, by dispute. */
export async function appealReasonsOf(
  db: Executor,
  disputes: readonly Hex[],
): Promise<Map<Hex, StoredAppealReason[]>> {
  const found = await rows<StoredAppealReason & { dispute: Hex }>(
    db,
    sql`select a.dispute, a.tx as transaction, a.reason as hash, r.text, a.signature from oracle.appeal_reasons a
      left join oracle.reasons r on r.hash = a.reason where a.dispute = any(${[...disputes]}::text[])`,
  );
  return Map.groupBy(found, ({ dispute }) => dispute);
}
