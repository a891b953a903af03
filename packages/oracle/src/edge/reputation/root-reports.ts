import { signerOf } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import { hashTypedData } from "viem";
import type { z } from "zod";
import {
  OracleError,
  type OracleDomain,
  type RootReport,
  rootTypedData,
  statusOf,
  type wireReceipt,
  type wireRootHandover,
} from "../../core/index.ts";
import { chainTime } from "../clock.ts";
import type { ApiDeps } from "../deps.ts";
import { questionById, type StoredQuestion } from "../questions.ts";
import { signerSet } from "../signer-sets.ts";

export type RootHandover = z.infer<typeof wireRootHandover>;
type Receipt = z.infer<typeof wireReceipt>;

/** A root as a provider handed it over and as it was checked. Addresses are lower-case. */
export type StoredRootReport = RootReport & {
  signer: Hex;
  seat: number;
  signature: Hex;
  /** Chain time. */
  receivedAt: number;
};

const columns = sql`question, round, epoch, signer, seat, root, signature, received_at as "receivedAt"`;

/** Roots handed over for a question in its round and epoch, by seat. */
export const rootReportsOf = (db: Executor, key: { question: Hex; round: number; epoch: number }) =>
  rows<StoredRootReport>(
    db,
    sql`select ${columns} from oracle.root_reports where question = ${key.question} and round = ${key.round}
      and epoch = ${key.epoch} order by seat`,
  );

/**
 * Takes the root that a provider signed for a Root question, after checking all that the contract will check. The same
 * again gets the first receipt; another root by the same key in the same round and epoch is refused.
 * @throws oracle.* naming what does not hold
 */
export async function receiveRootReport(deps: ApiDeps, handover: RootHandover): Promise<Receipt> {
  const { db } = deps.store;
  const question = await questionById(db, handover.question);
  if (!question) throw OracleError.unknown_question({ question: handover.question });
  if (question.terms.aggregation !== "root")
    throw OracleError.bad_report({ question: question.id, what: "the question takes values, not a root" });
  const domain = { chainId: deps.hub.definition.id, oracle: deps.addresses.oracle };
  const report: RootReport = {
    question: question.id,
    root: handover.root.toLowerCase() as Hex,
    epoch: handover.epoch,
    round: handover.round,
  };
  const now = await chainTime(deps.hub);
  const { signer, seat } = await checkedSeat(deps, domain, question, report, handover, now);
  const signature = handover.signature.toLowerCase() as Hex;
  const inserted = await one(
    db,
    sql`insert into oracle.root_reports (question, round, epoch, signer, seat, root, signature, received_at)
      values (${report.question}, ${report.round}, ${report.epoch}, ${signer}, ${seat}, ${report.root}, ${signature}, ${now})
      on conflict do nothing returning signer`,
  );
  if (inserted) return { question: question.id, signer, seat, receivedAt: now, repeated: false };
  const held = await rootReportsOf(db, report);
  const first = held.find((one) => one.signer === signer);
  if (first?.root !== report.root)
    throw OracleError.equivocation({
      question: question.id,
      signer,
      first: first?.root ?? "another root",
      second: report.root,
    });
  return { question: question.id, signer, seat, receivedAt: first.receivedAt, repeated: true };
}

async function checkedSeat(
  deps: ApiDeps,
  domain: OracleDomain,
  { id, terms, word }: StoredQuestion,
  report: RootReport,
  handover: RootHandover,
  now: number,
): Promise<{ signer: Hex; seat: number }> {
  const status = statusOf(word, now);
  if (status !== "open" || word.state !== "open") throw OracleError.not_open({ question: id, status });
  if (now < word.notBefore) throw OracleError.too_early({ question: id, opensAt: word.notBefore });
  if (report.round !== word.round)
    throw OracleError.stale_round({ signed: report.round, current: word.round });
  const signers = await signerSet(deps.store.db, terms.domain);
  if (signers.epoch === 0) throw OracleError.no_signer_set(undefined);
  if (signers.epoch !== report.epoch)
    throw OracleError.stale_epoch({ signed: report.epoch, current: signers.epoch });
  const signer = signerOf(hashTypedData(rootTypedData(domain, report)), handover.signature as Hex);
  const seat = signers.seats.findIndex((one) => one.signer === signer);
  if (signer === null || seat === -1)
    throw OracleError.not_seated({ signer: (signer ?? "0x") as Address, epoch: signers.epoch });
  return { signer, seat };
}
