import { oracleAbi } from "@sooth/abi";
import { type Addresses, type Chain, revertOf, walletOf } from "@sooth/chain";
import { type Hex, sameAddress } from "@sooth/kernel";
import { alert, counter, type Logger } from "@sooth/runtime";
import type { LocalAccount } from "viem";
import {
  type EvidenceBundle,
  labelOf,
  termsToChain,
  vetoReason,
  type WatchFinding,
} from "../../core/index.ts";
import { apiClient } from "../provider/api-client.ts";
import { sayWhy } from "../provider/say-why.ts";
import type { WatchedAnswer } from "./run-watcher.ts";

const vetoes = counter("oracle_watcher_vetoes_total", "Answers that a watcher wanted to put off", [
  "outcome",
]);

alert({
  id: "oracle.veto_failed",
  severity: "page",
  forSeconds: 0,
  when: `increase(${vetoes.metric}{outcome="failed"}[15m]) > 0`,
  runbook: "docs/runbooks/oracle.md#a-veto-failed",
});

export type VetoOptions = {
  hub: Chain;
  addresses: Addresses;
  /** Pays the gas; a veto costs nothing else. */
  account: LocalAccount;
  /** Where the text goes that says why. */
  apiUrl: string;
  signal: AbortSignal;
  log: Logger;
};

/** What the contract says where there is nothing to put off any more, or somebody with this key did. */
const OVER = new Set(["Oracle_NotDisputable", "Oracle_NotWatcher"]);

/**
 * Puts off the finality of an answer that this watcher's reading contradicts, where the question names him; else nothing. So
 * that others have time to look, and to object. @returns the transaction @throws chain.rpc_unreachable
 */
export async function vetoWhereNamed(
  options: VetoOptions,
  { question, schema, terms, value }: WatchedAnswer,
  { expected, evidence: hash }: WatchFinding,
  evidence: string,
): Promise<Hex | null> {
  const { hub, addresses, account, apiUrl, signal, log } = options;
  const oracle = { address: addresses.oracle, abi: oracleAbi } as const;
  const named = await hub.client.readContract({ ...oracle, functionName: "watchedBy", args: [question] });
  if (!sameAddress(named, account.address)) return null;
  const bundle = JSON.parse(evidence) as EvidenceBundle;
  const said = (each: bigint) => labelOf(each, schema);
  const text = vetoReason({
    question,
    watcher: account.address,
    answer: said(value),
    reading: said(expected),
    finding: bundle.reason,
    evidence: hash,
    sources: bundle.sources,
  });
  const put = async (reason: Hex): Promise<Hex> => {
    const call = { ...oracle, functionName: "veto", args: [termsToChain(terms), reason] } as const;
    await hub.client.simulateContract({ ...call, account });
    return walletOf(hub, account).writeContract(call);
  };
  try {
    const transaction = await sayWhy(apiClient(apiUrl, signal), text, put, log);
    vetoes.inc({ outcome: "sent" });
    log.warn({ question, transaction }, "put the answer off, so that somebody objects in time");
    return transaction;
  } catch (error) {
    const revert = revertOf(error, oracleAbi);
    if (!revert || !OVER.has(revert.name)) {
      vetoes.inc({ outcome: "failed" });
      throw error;
    }
    vetoes.inc({ outcome: "late" });
    log.info({ question, why: revert.name }, "there was nothing left to put off");
    return null;
  }
}
