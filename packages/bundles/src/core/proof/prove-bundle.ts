import type { Hex } from "@sooth/kernel";
import type { ProofRecord, SignerOf } from "@sooth/oracle/core";
import type { Outcome, Place } from "../types.ts";
import { checkSets } from "./attested.ts";
import type { BundleFile } from "./bundle-file.ts";
import { readBundleLogs, transactionKey, whereOf } from "./bundle-log.ts";
import { type BundleProofDomain, noteAt, openCase } from "./case.ts";
import { checkDecision, decisionOf } from "./decision.ts";
import { checkEscrowed } from "./escrowed.ts";
import { checkFees, type Fees } from "./fees.ts";
import { checkOrdered, receiptsOf, tellDue } from "./ordered.ts";

/** What was recomputed of one bundle. Nothing differs: it follows from logs, calldata and signatures. */
export type ProvenBundle = ProofRecord & {
  outcome: Outcome;
  mode: string;
  /** What became of each leg. */
  legs: string[];
  /** Compensations that are owed. */
  due: Place[];
  fees: Fees;
};

/** Replays everything that chains say of one bundle; null where no log opens it. Asks nobody anything. */
export function proveBundle(
  file: BundleFile,
  id: Hex,
  domain: BundleProofDomain,
  signerOf: SignerOf,
): ProvenBundle | null {
  const { logs, findings } = readBundleLogs(file.logs, domain.hubChainId, domain.addresses);
  const record: ProofRecord = { lines: [], findings: [...findings] };
  for (const log of logs) {
    const head = file.header.heads.find(({ chainId }) => chainId === log.chainId);
    if (!head || log.block > head.block)
      noteAt(record, log, null).differ(`log ${whereOf(log)} lies beyond the head of its chain`);
  }
  const all = openCase({
    id,
    domain,
    logs,
    sent: new Map(file.sent.map((sent) => [transactionKey(sent), sent])),
    heads: file.header.heads,
    signerOf,
    record,
  });
  if (!all) return null;
  checkSets(all);
  const ended = receiptsOf(all);
  const decision = decisionOf(all);
  if (decision) checkDecision(all, decision, ended);
  let legs = ended.map((end) => end?.status ?? "none") as string[];
  if (all.bundle.mode === "ordered") checkOrdered(all, ended, decision);
  else legs = checkEscrowed(all, ended, decision);
  const due = tellDue(all, ended, decision);
  const fees = checkFees(all, ended, decision);
  return { ...record, outcome: decision?.outcome ?? "open", mode: all.bundle.mode, legs, due, fees };
}
