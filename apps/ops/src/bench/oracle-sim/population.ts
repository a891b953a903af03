import { at } from "@sooth/kernel";
import { normal, type Random } from "./random.ts";
import { type Kind, KINDS, type Settings } from "./settings.ts";

export const SOURCES = 5;
export const VENUES = 3;
const MEDIAN_STAKE = 50_000;

export type Provider = {
  id: number;
  kind: Kind;
  stake: number;
  /** Times the usual error rate. */
  skill: number;
  /** Milliseconds, median of his answers. */
  delay: number;
  /** The one public source that he reads; null when he reads several. */
  source: number | null;
  /** Where he and others watch prices: what moves there moves in all their figures. */
  venue: number;
  /** Whose address paid his stake; null for his own. */
  origin: string | null;
  /** Whom a copier copies. */
  leader: number | null;
  right: number;
  wrong: number;
  factor: number;
  /** Overturned answers of the running series, and the day of the last. */
  offences: number;
  offendedOn: number;
  /** What he tops his stake up to. */
  wanted: number;
  earned: number;
  lost: number;
  /** Number of the cluster that the monitor put him in, the highest step, and when that was first. */
  cluster: number | null;
  step: number;
  foundAt: number | null;
};

/** Seats first, then the bench, each with its share of every kind. */
export function populate(settings: Settings, random: Random): Provider[] {
  const kinds = [...kindsOf(settings.seats, settings), ...kindsOf(settings.bench, settings)];
  const honest = kinds.flatMap((kind, id) => (kind === "honest" && id < settings.seats ? [id] : []));
  return kinds.map((kind, id) => {
    const stake = MEDIAN_STAKE * Math.exp(0.5 * normal(random));
    return {
      id,
      kind,
      stake,
      wanted: stake,
      skill: Math.exp(0.5 * normal(random)),
      delay: 2_000 * Math.exp(0.7 * normal(random)),
      source: random() < settings.oneSource ? Math.floor(random() * SOURCES) : null,
      venue: Math.floor(random() * VENUES),
      origin: originOf(kind, id, settings, random),
      leader:
        kind === "copying" && honest.length > 0 ? at(honest, Math.floor(random() * honest.length)) : null,
      right: 0,
      wrong: 0,
      factor: 1,
      offences: 0,
      offendedOn: -Infinity,
      earned: 0,
      lost: 0,
      cluster: null,
      step: 0,
      foundAt: null,
    };
  });
}

function originOf(kind: Kind, id: number, settings: Settings, random: Random): string | null {
  const drawn = random();
  if (kind === "colluding" && drawn < settings.oneFunder) return "clique";
  if (drawn < settings.exchange) return "exchange";
  // Two who stand beside each other have one custodian.
  return drawn < settings.exchange + settings.custodian ? `custodian ${id >> 1}` : null;
}

/** As the monitor is told. */
export const originsOf = (providers: readonly Provider[]): { provider: number; origin: string }[] =>
  providers.flatMap(({ id, origin }) => (origin === null ? [] : [{ provider: id, origin }]));

function kindsOf(count: number, { mix }: Settings): Kind[] {
  const bad = KINDS.flatMap((kind) =>
    kind === "honest" ? [] : Array.from({ length: Math.round(mix[kind] * count) }, () => kind),
  ).slice(0, count);
  return [...bad, ...Array.from({ length: count - bad.length }, (): Kind => "honest")];
}
