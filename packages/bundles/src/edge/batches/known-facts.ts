import { type Hex, never } from "@sooth/kernel";
import { type Buckets, counter, localBuckets, type Rate } from "@sooth/runtime";
import { type Executor, rows, sql } from "@sooth/store";
import type { Fact } from "../../core/index.ts";

const unknownFacts = counter(
  "bundles_unknown_facts_total",
  "Facts that attesters were to say of bundles that the tables do not have, by whether they were asked all the same",
  ["asked"],
);

/**
 * Tables are behind the newest blocks by a moment, in which relayers are not to wait: so many facts that nothing is known of
 * are shown to attesters all the same, of one client and of all together. A fact costs an attester some 30 µs.
 */
const OF_ONE: Rate = { perSecond: 2_048, burst: 4_096 };
const OF_ALL: Rate = { perSecond: 8_192, burst: 16_384 };
/** What was found once is not looked for again; a subject is about a hundred bytes. */
const MOST_REMEMBERED = 100_000;

type About =
  | { what: "bundle"; id: Hex }
  | { what: "leg"; ordinal: bigint; base: bigint | null }
  | { what: "set"; epoch: number };

function aboutOf(fact: Fact): About {
  switch (fact.kind) {
    case "prepared":
    case "decision":
      return { what: "bundle", id: fact.id };
    case "opened":
      return { what: "leg", ordinal: fact.base + BigInt(fact.index), base: fact.base };
    case "receipt":
      return { what: "leg", ordinal: fact.ordinal, base: null };
    case "seated":
    case "current":
      return { what: "set", epoch: fact.epoch };
    default:
      return never(fact);
  }
}

const textOf = (about: About): string =>
  about.what === "bundle"
    ? about.id
    : about.what === "leg"
      ? `${about.ordinal} ${about.base}`
      : `set ${about.epoch}`;

/** Tells which facts are of nothing that the tables have, beyond what a client may ask of attesters in vain. */
export class KnownFacts {
  readonly #db: Executor;
  readonly #buckets: Buckets;
  readonly #found = new Set<string>();

  constructor(db: Executor, buckets: Buckets = localBuckets()) {
    this.#db = db;
    this.#buckets = buckets;
  }

  /** Indexes of the facts that are to be refused. */
  async unknownOf(facts: readonly Fact[], client: string): Promise<number[]> {
    const abouts = facts.map(aboutOf);
    const asked = [...abouts.keys()].filter((index) => !this.#found.has(textOf(abouts[index] as About)));
    if (asked.length === 0) return [];
    const missing = await missingOf(
      this.#db,
      asked.map((index) => abouts[index] as About),
    );
    const unknown = asked.filter((_, place) => missing.has(place));
    for (const index of asked) if (!unknown.includes(index)) this.#remember(textOf(abouts[index] as About));
    if (unknown.length === 0) return [];
    const isLetThrough =
      (await this.#buckets.take(`unknown:${client}`, unknown.length, OF_ONE)).ok &&
      (await this.#buckets.take("unknown", unknown.length, OF_ALL)).ok;
    unknownFacts.inc({ asked: isLetThrough ? "yes" : "no" }, unknown.length);
    return isLetThrough ? [] : unknown;
  }

  #remember(text: string): void {
    this.#found.add(text);
    // In the order in which they were found.
    for (const oldest of this.#found) {
      if (this.#found.size <= MOST_REMEMBERED) break;
      this.#found.delete(oldest);
    }
  }
}

/** Places in the list of what no row is about. */
async function missingOf(db: Executor, abouts: readonly About[]): Promise<Set<number>> {
  const ids = abouts.map((about) => (about.what === "bundle" ? about.id : null));
  const ordinals = abouts.map((about) => (about.what === "leg" ? String(about.ordinal) : null));
  const bases = abouts.map((about) =>
    about.what === "leg" && about.base !== null ? String(about.base) : null,
  );
  const epochs = abouts.map((about) => (about.what === "set" ? about.epoch : null));
  const found = await rows<{ place: number }>(
    db,
    sql`select (asked.place - 1)::int as place
      from unnest(${ids}::text[], ${ordinals}::numeric[], ${bases}::numeric[], ${epochs}::bigint[])
        with ordinality as asked (id, ordinal, base, epoch, place)
      where case
        when asked.id is not null then not exists (select 1 from bundles.bundles b where b.id = asked.id)
          and not exists (select 1 from bundles.payloads p where p.bundle = asked.id)
          and not exists (select 1 from bundles.held h where h.bundle = asked.id)
        when asked.ordinal is not null then not coalesce((select asked.ordinal < b.base + b.legs
            and (asked.base is null or asked.base = b.base)
          from bundles.bundles b where b.base <= asked.ordinal order by b.base desc limit 1), false)
        else not exists (select 1 from bundles.attester_sets s where s.epoch = asked.epoch) end`,
  );
  return new Set(found.map(({ place }) => place));
}
