import { KINDS, type Kind } from "./settings.ts";
import type { Provider } from "./population.ts";

/** What moved, in dollars, and what was counted. */
export type Ledger = {
  questions: number;
  /** Questions for a figure, and those whose final lies outside the tolerance. */
  figures: { asked: number; wrong: number };
  /** Answers a quorum signed that were wrong: what would be final without the ladder. */
  wrongReports: number;
  noQuorum: number;
  wrongFinals: number;
  invalids: number;
  disputes: number;
  unfounded: number;
  /** By where the dispute ended. */
  endedAt: Record<"re-report" | "jury 9" | "jury 31" | "jury 101" | "invalid", number>;
  attacks: Record<"bribe" | "collusion", { tried: number; reported: number; won: number }>;
  /** What wrong finals cost those who relied on them. */
  harm: number;
  prizes: Record<"bribe" | "collusion", number>;
  bribes: number;
  deposits: { disputers: number; attackers: number };
  insurance: number;
  burned: number;
  jurorsPaid: number;
  byKind: Record<Kind, { fees: number; slashed: number; bribes: number; juryPay: number; prizes: number }>;
};

const none = () => ({ tried: 0, reported: 0, won: 0 });

export function emptyLedger(): Ledger {
  return {
    questions: 0,
    figures: { asked: 0, wrong: 0 },
    wrongReports: 0,
    noQuorum: 0,
    wrongFinals: 0,
    invalids: 0,
    disputes: 0,
    unfounded: 0,
    endedAt: { "re-report": 0, "jury 9": 0, "jury 31": 0, "jury 101": 0, invalid: 0 },
    attacks: { bribe: none(), collusion: none() },
    harm: 0,
    prizes: { bribe: 0, collusion: 0 },
    bribes: 0,
    deposits: { disputers: 0, attackers: 0 },
    insurance: 0,
    burned: 0,
    jurorsPaid: 0,
    byKind: Object.fromEntries(
      KINDS.map((kind) => [kind, { fees: 0, slashed: 0, bribes: 0, juryPay: 0, prizes: 0 }]),
    ) as Ledger["byKind"],
  };
}

/** Takes `rate` of a provider's stake: half to the insurance, three tenths to the challenger, the rest burned. Returns his part. */
export function slash(ledger: Ledger, provider: Provider, rate: number): number {
  const amount = provider.stake * rate;
  provider.stake -= amount;
  provider.lost += amount;
  ledger.byKind[provider.kind].slashed += amount;
  ledger.insurance += amount * 0.5;
  ledger.burned += amount * 0.2;
  return amount * 0.3;
}
