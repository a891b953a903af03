import type { Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { type Executor, one, sql } from "@sooth/store";
import type { LocalAccount } from "viem";
import {
  acceptedReport,
  finalityOf,
  GatewayError,
  type GatewayReceipt,
  OracleError,
  receiptId,
  receiptTypedData,
  reportDigest,
  type SignedReceipt,
} from "../../core/index.ts";
import type { ApiDeps } from "../deps.ts";
import { questionById } from "../questions.ts";
import type { Handover } from "../receive.ts";
import { reportOf } from "../reports.ts";

const issued = counter("gateway_receipts_total", "Receipts given, again counted", ["kind", "outcome"]);

type Row = { id: Hex; body: GatewayReceipt; signer: Hex; signature: Hex };
const columns = sql`id, body, signer, signature`;
const fromRow = ({ id, body, signer, signature }: Row): SignedReceipt => ({
  id,
  receipt: body,
  signer,
  signature,
});

/** @throws gateway.unknown_receipt */
export async function receiptById(db: Executor, id: string): Promise<SignedReceipt> {
  const row = await one<Row>(db, sql`select ${columns} from oracle.receipts where id = ${id}`);
  if (!row) throw GatewayError.unknown_receipt({ receipt: id });
  return fromRow(row);
}

/** The receipt that `subject` got before. */
export async function receiptFor(db: Executor, subject: string): Promise<SignedReceipt | undefined> {
  const row = await one<Row>(db, sql`select ${columns} from oracle.receipts where subject = ${subject}`);
  if (row) issued.inc({ kind: row.body.kind, outcome: "again" });
  return row && fromRow(row);
}

/** Signs and keeps a receipt. Of two for one subject at once the first counts, and both get it. */
export async function issueReceipt(
  db: Executor,
  account: LocalAccount,
  subject: string,
  receipt: GatewayReceipt,
): Promise<SignedReceipt> {
  const signature = await account.signTypedData(receiptTypedData(receipt));
  const stored = await one<Row>(
    db,
    sql`insert into oracle.receipts (id, subject, question, body, signer, signature, received_at)
      values (${receiptId(receipt)}, ${subject}, ${receipt.question}, ${JSON.stringify(receipt)}::jsonb,
        ${account.address}, ${signature}, ${receipt.receivedAt})
      on conflict do nothing returning ${columns}`,
  );
  if (stored) {
    issued.inc({ kind: receipt.kind, outcome: "new" });
    return fromRow(stored);
  }
  const first = await receiptFor(db, subject);
  if (!first) throw GatewayError.unknown_receipt({ receipt: receiptId(receipt) });
  return first;
}

/** A retry says which report it repeats: a mix-up on the way is told before anything is stored. @throws gateway.other_handover */
export function checkIdempotencyKey(
  deps: Pick<ApiDeps, "hub" | "addresses">,
  { question, value, root, epoch, round, signature }: Handover,
  key: string | undefined,
): void {
  if (key === undefined) return;
  const domain = { chainId: deps.hub.definition.id, oracle: deps.addresses.oracle };
  const digest = reportDigest(domain, {
    question: question as Hex,
    value: BigInt(value),
    root: (root ?? null) as Hex | null,
    epoch,
    round,
  });
  const expected = acceptedReport(digest, signature as Hex);
  if (key !== expected) throw GatewayError.other_handover({ key, expected });
}

/** What a provider gets for a report that was taken, the same as often as it is handed over. */
export async function reportReceipt(
  deps: Pick<ApiDeps, "store" | "hub" | "addresses">,
  account: LocalAccount,
  key: { question: Hex; round: number; epoch: number; signer: Hex },
): Promise<SignedReceipt> {
  const { db } = deps.store;
  const subject = `report:${key.question}:${key.round}:${key.epoch}:${key.signer}`;
  const before = await receiptFor(db, subject);
  if (before) return before;
  const [report, question] = await Promise.all([reportOf(db, key), questionById(db, key.question)]);
  if (!report || !question) throw OracleError.unknown_question({ question: key.question });
  const domain = { chainId: deps.hub.definition.id, oracle: deps.addresses.oracle };
  const { value, root, epoch, round, signature, receivedAt } = report;
  const digest = reportDigest(domain, { question: key.question, value, root: root ?? null, epoch, round });
  return issueReceipt(db, account, subject, {
    ...domain,
    kind: "report",
    question: key.question,
    subject: key.signer,
    seat: report.seat,
    epoch,
    round,
    accepted: acceptedReport(digest, signature),
    receivedAt,
    ...finalityOf(question.word, question.terms, receivedAt),
  });
}
