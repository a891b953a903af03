import { type Deployment, oracleLimitsOf } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import {
  type MarketProofDomain,
  type MoneyLog,
  type OpinionLog,
  recompute,
  type Recomputed,
} from "@sooth/markets/core";
import { type LogFile, type Note, placeOf, type ProofFinding } from "@sooth/oracle/core";
import { readMoneyLogs, readOpinionLogs, readProofLogs } from "../audit/read-logs.ts";
import { recoverSigners } from "../audit/signers.ts";

/** What the logs of a file come to. */
export type Replayed = {
  domain: MarketProofDomain;
  /** How many of the oracle and of pools were read. */
  logs: number;
  /** Logs that cannot be read. */
  unread: ProofFinding[];
  recomputed: Recomputed;
  opinionLogs: readonly OpinionLog[];
  money: readonly MoneyLog[];
};

/** Whether any log speaks of what has this id. Ids are hashes: what begins with many zeros is a number, and stands in any log. */
export function speaksOf({ logs }: LogFile, id: Hex): boolean {
  const digits = id.slice(2);
  return (
    BigInt(id) >> 128n !== 0n &&
    logs.some(
      ({ topics, data }) => topics.some((topic) => topic.toLowerCase() === id) || data.includes(digits),
    )
  );
}

/** Replays a file's logs, those of opinion markets too where they are wanted. Asks nobody anything. */
export function replayFile(
  file: LogFile,
  { chainId, params, addresses }: Deployment,
  note: Note,
  { opinions }: { opinions: boolean },
): Replayed {
  const { head } = file.header;
  const limits = oracleLimitsOf(params);
  const domain = { chainId, oracle: addresses.oracle, addresses, params: { ...params, limits } };
  const { logs, findings } = readProofLogs(file.logs, addresses);
  const ofOpinions = opinions ? readOpinionLogs(file.logs, addresses) : { logs: [], findings: [] };
  for (const log of file.logs)
    if (log.block > head.block) note.differ(`log ${placeOf(log)} lies beyond the head, block ${head.block}`);
  const signerOf = recoverSigners(logs, domain);
  return {
    domain,
    logs: logs.length,
    unread: [...findings, ...ofOpinions.findings],
    recomputed: recompute([...logs, ...ofOpinions.logs], domain, signerOf, head.at),
    opinionLogs: ofOpinions.logs,
    money: opinions ? readMoneyLogs(file.logs, addresses) : [],
  };
}
