import { marketsAbi, oracleAbi } from "@sooth/abi";
import { type Addresses, logHandlers, type LogHandlers } from "@sooth/chain";
import { onAnswered, onDisputed, onPutOff, onRuled } from "./answer-logs.ts";
import { onClaimed, onFeeCollected } from "./claim-logs.ts";
import { onOpened } from "./opened-logs.ts";
import { opinionLogHandlers } from "../opinions/logs/index.ts";
import { outcomeLogHandlers } from "../outcomes/logs.ts";
import { tradeLogHandlers } from "../outcomes/trade-logs.ts";
import { onStaked } from "./staked-logs.ts";

/** What becomes of the logs of Markets, and of the oracle's answers that markets rest on. */
export const marketsLogHandlers = (addresses: Addresses): LogHandlers[] => [
  logHandlers({
    address: addresses.markets,
    abi: marketsAbi,
    on: { Opened: onOpened, Staked: onStaked, Claimed: onClaimed, FeeCollected: onFeeCollected },
  }),
  logHandlers({
    address: addresses.oracle,
    abi: oracleAbi,
    on: { Answered: onAnswered, Disputed: onDisputed, Ruled: onRuled, Held: onPutOff, Vetoed: onPutOff },
  }),
  ...opinionLogHandlers(addresses),
  outcomeLogHandlers(addresses),
  tradeLogHandlers(addresses),
];
