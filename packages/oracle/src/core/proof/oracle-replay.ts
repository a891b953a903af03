import type { Hex } from "@sooth/kernel";
import { courtClock, type Pause } from "../disputes/court-clock.ts";
import type { ProvenQuestion, ProvenReport } from "./answers.ts";
import type { ProvenDispute } from "./disputes.ts";
import type { CommitBook } from "./commitments.ts";
import type { FaultBook } from "./faults.ts";
import type { ProvenJury } from "./juries.ts";
import type { ProofRecord } from "./note.ts";
import { openPeriodBook, type PeriodBook } from "./periods.ts";
import type { ProofDomain, SignerOf } from "./proof-log.ts";
import { type CreditBook, openCreditBook } from "./rewards.ts";
import { openStakeBook, type StakeBook } from "./stake-book.ts";

/** The oracle's contracts, as their logs alone have left them. */
export type OracleReplay = ProofRecord & {
  domain: ProofDomain;
  signerOf: SignerOf;
  stakes: StakeBook;
  credits: CreditBook;
  questions: Map<Hex, ProvenQuestion>;
  disputes: Map<Hex, ProvenDispute>;
  juries: Map<Hex, ProvenJury>;
  /** Seeds of the beacon by round, as they were proved. */
  seeds: Map<bigint, Hex>;
  /** What the beacon signed those rounds with, where it holds. */
  signatures: Map<bigint, Hex>;
  faults: FaultBook;
  /** Of the last log. */
  transaction: Hex | null;
  pauses: Pause[];
  /** Until when a domain takes no reports. */
  domainPauses: Map<number, number>;
  /** What each question's last answer was made of. */
  reports: Map<Hex, ProvenReport[]>;
  committed: CommitBook;
  periods: PeriodBook;
  /** Which questions rest on a subject of lines and findings that is no question itself. */
  bears: Map<string, Set<Hex>>;
};

export const openReplay = (domain: ProofDomain, signerOf: SignerOf): OracleReplay => ({
  lines: [],
  findings: [],
  domain,
  signerOf,
  stakes: openStakeBook(),
  credits: openCreditBook(),
  questions: new Map(),
  disputes: new Map(),
  juries: new Map(),
  seeds: new Map(),
  signatures: new Map(),
  faults: {
    series: new Map(),
    periods: new Map(),
    ofJurors: new Map(),
    outside: new Map(),
    positions: new Map(),
    recused: new Set(),
    outsideAt: new Map(),
    accusations: new Map(),
    equivocated: null,
    taken: null,
    due: [],
  },
  transaction: null,
  pauses: [],
  domainPauses: new Map(),
  reports: new Map(),
  committed: new Map(),
  periods: openPeriodBook(),
  bears: new Map(),
});

/** What lines and findings call a round of the beacon. */
export const roundName = (round: bigint): string => `beacon round ${round}`;

/** Says that a question rests on `subject`. */
export function bear(replay: Pick<OracleReplay, "bears">, subject: string, question: Hex): void {
  const resting = replay.bears.get(subject) ?? new Set();
  replay.bears.set(subject, resting.add(question));
}

/** What the court clock showed at this second of the chain. */
export const clockOf = ({ pauses }: Pick<OracleReplay, "pauses">, at: number): number =>
  courtClock(pauses, at);
