import { randomBytes } from "node:crypto";
import type { Addresses, Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import { type LocalAccount, toHex } from "viem";
import { evidenceTypedData, OracleError, type Pace, type WatchFinding } from "../../core/index.ts";
import { apiClient } from "../provider/api-client.ts";
import type { OpinionAnalyst, OpinionTools } from "../provider/opinions/analyst.ts";
import { handOverSheet } from "../provider/opinions/hand-over-sheet.ts";
import { originGate } from "../provider/sources/origin-gate.ts";
import type { WitnessModel } from "../provider/witness/witness-model.ts";
import { answersOnChain } from "./answers-on-chain.ts";
import { examination } from "./exam.ts";
import { objectToSilence } from "./object-to-silence.ts";
import { runWatcher } from "./run-watcher.ts";
import { vetoWhereNamed } from "./veto.ts";

export type WatchOptions = {
  hub: Chain;
  addresses: Addresses;
  fromBlock: number;
  /** Signs what it read; a key of its own, or a provider's. */
  account: LocalAccount;
  /** Where findings are handed over. */
  apiUrl: string;
  allowedOrigins: readonly string[];
  originPace: Pace;
  /** Besides the hub. */
  chains?: readonly Chain[];
  witness?: WitnessModel;
  /** Labels opinions anew, with its own analysts; without it answers that rest on opinions are not looked at. */
  opinions?: { analyst: OpinionAnalyst; gateways: readonly string[] } | undefined;
  /** Keeps what it read of questions that nobody answers over a restart; without it that lives in memory. */
  looksFile?: string | undefined;
  /** Put down against the silence of one question at most, out of this account's credit; 0 or nothing: it objects to none. */
  silenceDeposit?: bigint;
  /** The same in a day, for all questions together; four times that of one when not given. */
  silenceDepositInADay?: bigint;
  signal: AbortSignal;
  log: Logger;
};

/**
 * A watcher of the hub's answers whose findings become security events. Where a question names him he puts its answer off, and
 * where nobody answers he may object. Runs until `signal` aborts.
 */
export async function watchAndTell(options: WatchOptions): Promise<void> {
  const { hub, addresses, fromBlock, account, allowedOrigins, originPace, chains = [], witness } = options;
  const { apiUrl, looksFile, signal, log } = options;
  const exam = examination({ secret: toHex(randomBytes(32)), log });
  const onChain = answersOnChain(hub, addresses, fromBlock);
  const tools = { allowedOrigins, gate: originGate(originPace), chains: [hub, ...chains], witness };
  const opinions = options.opinions && {
    ...options.opinions,
    chainId: hub.definition.id,
    contract: addresses.opinions,
    keep: keepSheet(options),
  };
  const pollMs = hub.definition.pollMs;
  const most = options.silenceDeposit ?? 0n;
  const mostInADay = options.silenceDepositInADay ?? 4n * most;
  const purse = { account, most, mostInADay };
  const objecting =
    most > 0n
      ? objectToSilence({
          hub,
          addresses,
          fromBlock,
          ...purse,
          apiUrl,
          looksFile,
          tools,
          pollMs,
          signal,
          log,
        })
      : undefined;
  const watching = runWatcher({
    answers: async () => exam.among(await onChain(), performance.now()),
    onRight: (answer) => exam.onRight(answer, performance.now()),
    isPlanted: exam.isPlanted,
    // Only answers: providers who abstain because their families of models differ are no silence to put a deposit against.
    tools: { ...tools, opinions },
    now: () => hub.now(),
    watcher: account.address.toLowerCase() as Hex,
    chainId: hub.definition.id,
    onWrong: async (finding, evidence, answer) => {
      if (exam.onWrong(finding)) return;
      // Neither waits for the other, and what failed is tried again.
      const done = await Promise.allSettled([
        vetoWhereNamed(options, answer, finding, evidence),
        handOver(options, finding, evidence),
      ]);
      for (const each of done) if (each.status === "rejected") throw each.reason;
    },
    pollMs,
    signal,
    log,
  });
  await Promise.all([watching, objecting]);
}

/**
 * The sheet is handed over so that others can read what a finding rests on. One that is not taken silences no watcher: he says
 * what he found all the same, and whoever wants to know labels the texts himself.
 */
function keepSheet({ hub, addresses, account, apiUrl, signal, log }: WatchOptions): OpinionTools["keep"] {
  const handOver = handOverSheet({ hub, addresses, account, api: apiClient(apiUrl, signal), log });
  return async (sheet, until) => {
    await handOver(sheet, until);
    return true;
  };
}

const TIMEOUT_MS = 10_000;
/** The answer was replaced or became final meanwhile: there is nothing to tell any more. */
const OVER = 409;

/** @throws oracle.finding_refused, so that it is told again */
async function handOver(
  { hub, addresses, account, apiUrl, signal, log }: WatchOptions,
  { question, evidence: hash }: WatchFinding,
  evidence: string,
): Promise<void> {
  const domain = { chainId: hub.definition.id, oracle: addresses.oracle };
  const { round } = JSON.parse(evidence) as { round: number };
  const signature = await account.signTypedData(evidenceTypedData(domain, { question, round, hash }));
  const response = await fetch(new URL("/v1/security/findings", apiUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ evidence, signature }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  const body = await response.text();
  if (response.ok) return;
  if (response.status !== OVER)
    throw OracleError.finding_refused({ question, status: response.status, body: body.slice(0, 300) });
  log.info({ question, body: body.slice(0, 300) }, "a finding came too late");
}
