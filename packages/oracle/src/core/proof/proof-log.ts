import type {
  courtAbi,
  drandBeaconAbi,
  epochsAbi,
  guardAbi,
  ladderAbi,
  oracleAbi,
  slasherAbi,
  stakeManagerAbi,
} from "@sooth/abi";
import type { Address, Hex } from "@sooth/kernel";
import type { PeriodRules } from "../economy/period.ts";
import type { OracleDomain, SeatReport } from "../report.ts";
import type { DecodedLog } from "./decode-logs.ts";

/** What the oracle's contracts logged, decoded. Nothing else is needed to check an answer and what followed from it. */
export type OracleLog =
  | DecodedLog<typeof stakeManagerAbi>
  | DecodedLog<typeof oracleAbi>
  | DecodedLog<typeof ladderAbi>
  | DecodedLog<typeof courtAbi>
  | DecodedLog<typeof slasherAbi>
  | DecodedLog<typeof guardAbi>
  | DecodedLog<typeof epochsAbi>
  | DecodedLog<typeof drandBeaconAbi>;
export type OracleLogOf<E extends OracleLog["event"]> = Extract<OracleLog, { event: E }>;

/** A signature that a log carries, and what it is over. */
export type Signed = { digest: Hex; signature: Hex };
/** Who signed, lower-case; null when the signature recovers to nobody. */
export type SignerOf = (signed: Signed) => string | null;
export type SignedReport = SeatReport & Signed;

/** Which contracts a proof is of, and what they were built with: their addresses follow from it. Times are seconds. */
export type ProofDomain = OracleDomain & {
  addresses: { ladder: Address; court: Address; slasher: Address; epochs: Address };
  params: {
    /** Smallest stake that sits, in collateral. */
    minStake: bigint;
    /** What counts of a stake while records do not count in its domain. */
    startFactorBps: number;
    providerShareBps: number;
    treasury: Address;
    /** In which no owner loses more than 30 % without a court. */
    epochSeconds: number;
    /** How long stake must stand before it counts for juries. */
    seasoningSeconds: number;
    rereportSeconds: number;
    evidenceSeconds: number;
    commitSeconds: number;
    revealSeconds: number;
    appealSeconds: number;
    drawDelaySeconds: number;
    /** 128 bytes, as drand publishes it. */
    beaconKey: Hex;
    beaconGenesis: number;
    beaconPeriodSeconds: number;
    /** Of reputation. */
    periods: PeriodRules;
    /**
     * Of a dispute: collateral in a whole unit, and whole units; how long answers of little value are open to one. From what a question secures on its values are committed
     * first, and how long each time to commit and to reveal is.
     */
    limits: {
      unit: bigint;
      leastDeposit: number;
      mostDeposit: number;
      lowestWindow: number;
      /** Seconds; half of it is the most by which a watcher puts an answer off. */
      maxLiveness: number;
      commitTier: bigint;
      commitSeconds: number;
    };
  };
};

/** The court's windows as its own functions take them. */
export const courtWindows = ({ params }: Pick<ProofDomain, "params">) => ({
  evidence: params.evidenceSeconds,
  commit: params.commitSeconds,
  reveal: params.revealSeconds,
});
