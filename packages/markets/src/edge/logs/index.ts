import { marketsAbi, oracleAbi } from "@sooth/abi";
import { type Addresses, type ArgsOf, type FollowedLog, logHandlers, type LogHandlers } from "@sooth/chain";
import { sameAddress } from "@sooth/kernel";
import { oracle } from "@sooth/oracle";
import type { Executor } from "@sooth/store";
import { onAnswered } from "./answer-logs.ts";
import { onClaimed, onFeeCollected } from "./claim-logs.ts";
import { onOpened } from "./opened-logs.ts";
import { onStaked } from "./staked-logs.ts";

/** What becomes of the logs of Markets, and of the oracle's answers that markets rest on. */
export const marketsLogHandlers = (addresses: Addresses): LogHandlers[] => [
  logHandlers({
    address: addresses.markets,
    abi: marketsAbi,
    on: { Opened: onOpened, Staked: onStaked, Claimed: onClaimed, FeeCollected: onFeeCollected },
  }),
  logHandlers({ address: addresses.oracle, abi: oracleAbi, on: { Answered: afterOracle(addresses) } }),
];

type AnsweredLogs = readonly FollowedLog<ArgsOf<typeof oracleAbi, "Answered">>[];

/**
 * A follower gives an event to one handler, the last one named. So ours does the oracle's work too, first; where both
 * are called, the oracle's writes the same values twice.
 */
function afterOracle(addresses: Addresses): (tx: Executor, logs: AnsweredLogs) => Promise<void> {
  const theirs = oracle
    .logHandlers(addresses)
    .find(({ address, on }) => sameAddress(address, addresses.oracle) && on.Answered !== undefined)
    ?.on.Answered;
  return async (tx, logs) => {
    await theirs?.(tx, logs as never);
    await onAnswered(tx, logs);
  };
}
