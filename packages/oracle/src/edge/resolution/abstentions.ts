import { signerOf } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { type Executor, notifyLive, one, rows, sql } from "@sooth/store";
import { hashTypedData, zeroAddress } from "viem";
import type { z } from "zod";
import {
  type AbstentionSeen,
  abstentionTypedData,
  OracleError,
  statusOf,
  type wireAbstention,
  withoutHidden,
} from "../../core/index.ts";
import { chainTime } from "../clock.ts";
import type { ApiDeps } from "../deps.ts";
import { questionById } from "../questions.ts";
import { signerSet } from "../signer-sets.ts";

const taken = counter("oracle_abstentions_total", "Providers' words that they looked and could not tell");

/** How far the time that a provider signed may be from ours, seconds: its node may see another block. */
const DRIFT = 120;

/**
 * Takes a provider's word that it looked and cannot tell, while the question is open. The last one of a round stands. It
 * counts for nothing; it says what silence would not. @throws oracle.* naming what does not hold
 */
export async function receiveAbstention(
  deps: ApiDeps,
  { signature, ...said }: z.infer<typeof wireAbstention>,
): Promise<{ question: string; signer: Hex; at: number }> {
  const { db } = deps.store;
  const question = await questionById(db, said.question);
  if (!question) throw OracleError.unknown_question({ question: said.question as Hex });
  const { id, word, terms } = question;
  const now = await chainTime(deps.hub);
  const status = statusOf(word, now);
  if (status !== "open") throw OracleError.not_open({ question: id, status });
  if (said.round !== question.round)
    throw OracleError.stale_round({ signed: said.round, current: question.round });
  if (Math.abs(said.at - now) > DRIFT)
    throw OracleError.bad_report({ question: id, what: `it is of ${said.at}, and it is ${now} now` });
  const domain = { chainId: deps.hub.definition.id, oracle: deps.addresses.oracle };
  const signer = signerOf(hashTypedData(abstentionTypedData(domain, said)), signature as Hex);
  const signers = await signerSet(db, terms.domain);
  if (said.epoch !== signers.epoch)
    throw OracleError.stale_epoch({ signed: said.epoch, current: signers.epoch });
  if (signer === null || !signers.seats.some((seat) => seat.signer === signer))
    throw OracleError.not_seated({ signer: signer ?? zeroAddress, epoch: signers.epoch });
  await deps.store.transaction(async (tx) => {
    const kept = await one(
      tx,
      sql`insert into oracle.abstentions (question, round, signer, epoch, reason, at, signature)
        values (${id}, ${said.round}, ${signer}, ${said.epoch}, ${withoutHidden(said.reason).toWellFormed()}, ${said.at},
          ${signature.toLowerCase()})
        on conflict (question, round, signer) do update set epoch = excluded.epoch, reason = excluded.reason,
          at = excluded.at, signature = excluded.signature
        where abstentions.at < excluded.at returning signer`,
    );
    if (kept) await notifyLive(tx, { topic: "question", id });
  });
  taken.inc();
  return { question: id, signer, at: said.at };
}

export const abstentionsOf = (db: Executor, question: string): Promise<AbstentionSeen[]> =>
  rows<AbstentionSeen>(
    db,
    sql`select round, signer, reason, at, signature from oracle.abstentions where question = ${question}
      order by at, signer`,
  );
