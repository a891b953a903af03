import type { marketsAbi } from "@sooth/abi";
import type { DecodedLog, OracleLog } from "@sooth/oracle/core";

export type MarketLog = DecodedLog<typeof marketsAbi>;
/** What the contracts logged, decoded. Nothing else is needed to check every pay-out. */
export type ProofLog = OracleLog | MarketLog;
export type LogOf<E extends ProofLog["event"]> = Extract<ProofLog, { event: E }>;
