import { never } from "@sooth/kernel";
import type { OracleReplay } from "@sooth/oracle/core";
import { noteOf, type OpinionLedger } from "./opinion-ledger.ts";
import type { MarketProofDomain, OpinionLog } from "./opinion-log.ts";
import { checkRedrawn, checkScored, checkVoided } from "./opinions-ended.ts";
import { keepAnnounced, keepHidden, keepRevealed, keepStaked } from "./opinions-entered.ts";
import { checkClaimed, checkFee, checkPrize } from "./opinions-paid.ts";

/** `oracle`: the replay that the oracle's logs are given to, so that an answer is what it was when a market asked for it. */
export const openOpinions = (oracle: OracleReplay, domain: MarketProofDomain): OpinionLedger => ({
  oracle,
  domain,
  markets: new Map(),
});

/** Takes the next log of the contract of opinion markets, in the order of the chain. */
export function replayOpinions(ledger: OpinionLedger, log: OpinionLog): void {
  const note = noteOf(ledger, log);
  switch (log.event) {
    case "Announced":
      return keepAnnounced(ledger, log, note);
    case "Hidden":
      return keepHidden(ledger, log, note);
    case "Staked":
      return keepStaked(ledger, log, note);
    case "Revealed":
      return keepRevealed(ledger, log, note);
    case "Scored":
      return checkScored(ledger, log, note);
    case "Voided":
      return checkVoided(ledger, log, note);
    case "Rearmed":
    case "Forgone":
      return checkRedrawn(ledger, log, note);
    case "Claimed":
      return checkClaimed(ledger, log, note);
    case "PrizePaid":
      return checkPrize(ledger, log, note);
    case "FeeCollected":
      return checkFee(ledger, log, note);
    default:
      return never(log);
  }
}
