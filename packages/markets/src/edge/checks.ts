import type { Check } from "@sooth/runtime";
import { one, sql } from "@sooth/store";
import type { Deps } from "./deps.ts";
import { oddSets } from "./outcomes/set-books.ts";
import { oddBooks } from "./opinions/owed.ts";
import { solvency } from "./solvency.ts";

type CheckDeps = Pick<Deps, "store" | "hub" | "addresses">;

export const marketsChecks = (deps: CheckDeps): Check[] => [
  solvent(deps),
  sumsFit(deps),
  opinionsFit(deps),
  setsFit(deps),
];

const solvent = (deps: CheckDeps): Check => ({
  id: "markets.solvent",
  why: "each contract must hold everything that it may still have to pay",
  run: async () => {
    const found = await solvency(deps);
    if (!found) return { ok: false, found: "no block has been followed yet" };
    const { block, contracts, reading } = found;
    if (reading.length > 0)
      return {
        ok: false,
        found: reading
          .map(({ name, through }) => `${name}: read up to block ${through} of ${block}`)
          .join("; "),
      };
    const short = contracts.filter(({ held, owed }) => held < owed);
    const told = (short.length > 0 ? short : contracts).map(
      ({ name, held, owed }) => `${name}: ${held} held, ${owed} owed`,
    );
    return { ok: short.length === 0, found: `${told.join("; ")} at block ${block}` };
  },
});

/** Rows are sums of other rows; one that is not was changed by something else than a log. */
const sumsFit = ({ store }: CheckDeps): Check => ({
  id: "markets.sums_fit",
  why: "odds and pay-outs shown, and what is owed, come from sums; a wrong one misleads without failing",
  run: async () => {
    const odd = await one<{ id: string; markets: number }>(
      store.db,
      sql`select min(m.id) as id, count(*) as markets from markets.markets m
        left join lateral (select coalesce(sum(p.staked), 0) as staked, count(distinct p.owner) as owners,
            count(*) filter (where p.paid is null and (m.winner is null or p.outcome = m.winner)) as unclaimed
          from markets.positions p where p.market = m.id) p on true
        left join lateral (select coalesce(sum(pool), 0) as pooled from unnest(m.pools) as pool) s on true
        where m.volume <> p.staked or m.volume <> s.pooled or m.stakers <> p.owners or m.unclaimed <> p.unclaimed`,
    );
    const count = odd?.markets ?? 0;
    return count === 0
      ? { ok: true }
      : { ok: false, found: `${count} markets do not add up, ${odd?.id} for one` };
  },
});

const opinionsFit = ({ store }: CheckDeps): Check => ({
  id: "markets.opinions_fit",
  why: "what people see on each stance, and what claims come to, are sums; a wrong one misleads without failing",
  run: async () => {
    const { id, markets } = await oddBooks(store.db);
    return markets === 0
      ? { ok: true }
      : { ok: false, found: `${markets} opinion markets do not add up, ${id} for one` };
  },
});

const setsFit = ({ store }: CheckDeps): Check => ({
  id: "markets.sets_fit",
  why: "each question's tokens must be covered by what came in for that question; another's money must not pay for them",
  run: async () => {
    const { key, questions } = await oddSets(store.db);
    return questions === 0
      ? { ok: true }
      : { ok: false, found: `outcome tokens of ${questions} questions do not add up, ${key} for one` };
  },
});
