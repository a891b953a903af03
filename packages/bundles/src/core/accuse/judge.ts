import { type Address, type Hex, never, sameAddress } from "@sooth/kernel";
import { type Fact, factContent, type Seat } from "../facts.ts";
import type { Bundle, Mode, Outcome, Settled } from "../types.ts";
import { shownDay, shownOpening } from "./proofs.ts";

/** A bundle as final blocks of the hub have it. */
export type KnownBundle = {
  base: bigint;
  header: Bundle;
  /** Null while nobody told them: legs may be private. */
  hashes: readonly Hex[] | null;
  outcome: Outcome;
  /** Unix seconds; null while it is open. */
  decidedAt: number | null;
};
/** A set of attesters as the hub took it over. */
export type KnownSet = { epoch: number; totalWeight: bigint; seats: readonly Seat[]; at: number };
export type KnownReceipt = { status: Settled; result: Hex; relayer: Address };

/** What final blocks show of whatever a fact is about. */
export type Shown = {
  /** Of a decision, its bundle; of an opening, the one that has its ordinal. */
  bundle: KnownBundle | null;
  /** Ascending by when the hub took them over. */
  sets: readonly KnownSet[];
  receipts: readonly KnownReceipt[];
  /** Of what is prepared: how many legs escrows ever held, of how many; null where nobody told the header. */
  escrowed: { held: number; of: { mode: Mode; legs: number } | null };
};

/** Seconds: how long a batch is valid at most, and the hub's grace. */
export type Margins = { longestValidity: number; grace: number };

/**
 * Whether a fact is so. `unknown`: what would decide it is not known here. A lie is provable where the hub's own state shows it,
 * `shown` beside the claim; else nobody but people can judge it.
 */
export type Verdict =
  | { is: "so" | "unknown" }
  | { is: "false"; provable: { shown: Hex } | null; why: string };

const SO: Verdict = { is: "so" };
const UNKNOWN: Verdict = { is: "unknown" };
const lie = (why: string): Verdict => ({ is: "false", provable: null, why });
const provenLie = (why: string, shown: Hex = "0x"): Verdict => ({ is: "false", provable: { shown }, why });

const DAY = 86_400;

/** Facts that the hub's chain alone decides; of the others the chains of legs do. */
export const isOfHub = ({ kind }: Fact): boolean => kind !== "receipt" && kind !== "prepared";

/** Two contents of one subject; of what is prepared there is one content. */
export const contradicts = (one: Fact, other: Fact): boolean =>
  one.kind !== "prepared" && factContent(one) !== factContent(other);

/**
 * Holds one fact, valid until then, against what final blocks show. They must reach beyond all that there was when it was signed: then
 * what they do not show was never there, or was taken back after those who signed had called it final. Provable is what Falsehoods.sol
 * takes, and no more than that: what had been otherwise for the grace already when it can have been signed at the earliest.
 */
export function judgeFact(fact: Fact, validUntil: number, shown: Shown, margins: Margins): Verdict {
  const since = validUntil - margins.longestValidity - margins.grace;
  switch (fact.kind) {
    case "decision":
      return judgeDecision(fact, shown.bundle, since);
    case "opened":
      return judgeOpening(fact, shown.bundle, since);
    case "seated":
      return judgeSeats(fact, shown.sets, since);
    case "current":
      return judgeDay(fact, shown.sets, since);
    case "receipt": {
      const content = factContent(fact);
      const same = shown.receipts.some((each) => factContent({ ...fact, ...each }) === content);
      if (same) return SO;
      const [other] = shown.receipts;
      return lie(other ? `its chain says ${other.status}, or another result or relayer` : "no chain says it");
    }
    case "prepared": {
      const { held, of } = shown.escrowed;
      if (of?.mode === "ordered") return lie("the bundle is an ordered one");
      if (of) return held >= of.legs ? SO : lie(`${held} of its ${of.legs} legs were held`);
      return held > 0 ? UNKNOWN : lie("no leg of it was ever held");
    }
    default:
      return never(fact);
  }
}

type Of<K extends Fact["kind"]> = Extract<Fact, { kind: K }>;

function judgeDecision(fact: Of<"decision">, bundle: KnownBundle | null, since: number): Verdict {
  if (bundle === null) return lie("the hub knows no such bundle");
  const { base, outcome, decidedAt, header } = bundle;
  if (outcome === fact.outcome && base === fact.base) return SO;
  const why = `the hub says ${outcome} at ${base}`;
  if (decidedAt !== null) return decidedAt <= since ? provenLie(why) : lie(why);
  // What was not committed by its deadline never will be; an abort may come still.
  const isLate = header.mode === "escrowed" && header.deadline <= since;
  return isLate && fact.outcome === "committed" && base === fact.base ? provenLie(why) : lie(why);
}

function judgeOpening(fact: Of<"opened">, bundle: KnownBundle | null, since: number): Verdict {
  if (bundle === null) return lie("no bundle has a leg there");
  const { header, hashes, base } = bundle;
  const isSameHeader =
    fact.base === base && sameAddress(fact.owner, header.owner) && fact.deadline === header.deadline;
  if (hashes === null) return isSameHeader ? UNKNOWN : lie("another bundle stands there");
  const place = Number(fact.base + BigInt(fact.index) - base);
  if (isSameHeader && hashes[place]?.toLowerCase() === fact.leg.toLowerCase()) return SO;
  const settledAt = bundle.decidedAt ?? header.deadline;
  const why = "another leg stands there";
  return settledAt <= since ? provenLie(why, shownOpening(header, hashes)) : lie(why);
}

function judgeSeats(fact: Of<"seated">, sets: readonly KnownSet[], since: number): Verdict {
  const set = sets.find(({ epoch }) => epoch === fact.epoch);
  if (!set) return lie("the hub never seated that epoch");
  if (factContent({ kind: "seated", ...set }) === factContent(fact)) return SO;
  return set.at <= since ? provenLie("others sit there") : lie("others sit there");
}

function judgeDay({ day, epoch }: Of<"current">, sets: readonly KnownSet[], since: number): Verdict {
  const current = sets.findLast(({ at }) => at <= day * DAY);
  if (current?.epoch === epoch) return SO;
  const why = `the hub's epoch was ${current?.epoch ?? "none"} then`;
  // When the set that it names was replaced: that it was over by then, and was that day, is all the hub looks at.
  const over = sets[sets.findIndex((set) => set.epoch === epoch) + 1]?.at;
  const wasSeated = sets.some((set) => set.epoch === epoch);
  if (!wasSeated || over === undefined || over > since || Math.floor(over / DAY) >= day) return lie(why);
  return provenLie(why, shownDay(epoch));
}
