import { isLocal } from "@sooth/chain";
import type { Check, HealthComponent } from "@sooth/runtime";
import { rows, sql } from "@sooth/store";
import { bundleTerms } from "./contracts.ts";
import { statedText } from "../core/index.ts";
import { chainsOf, type Deps } from "./deps.ts";
import { attesterAges, bundleFigures, STUCK } from "./figures.ts";
import { boundedLanes } from "./lanes.ts";
import { clocksOf } from "./read-bundle.ts";
import { isStated, limitsAstray } from "./stated-lanes.ts";

type CheckDeps = Pick<Deps, "store" | "hub" | "rollups" | "addresses">;

export const bundlesChecks = (deps: CheckDeps & Pick<Deps, "config">): Check[] => [
  attestersSeated(deps),
  nothingStuck(deps),
  nothingOverdue(deps),
  somebodyRelays(deps),
  feesAddUp(deps),
  hostsNamed(deps),
  lanesLead(deps),
  lanesAsStated(deps),
];

/** For /health: what of bundles wants somebody. Requests can do without, so nothing is down for it. */
export const bundlesHealth = (deps: CheckDeps): HealthComponent => ({
  name: "bundles",
  critical: false,
  check: async () => {
    const wrong: string[] = [];
    for (const { run } of [
      attestersSeated(deps),
      nothingStuck(deps),
      nothingOverdue(deps),
      somebodyRelays(deps),
    ]) {
      const { ok, found } = await run();
      if (!ok) wrong.push(found);
    }
    return wrong.length === 0 ? { ok: true } : { ok: false, found: wrong.join("; ") };
  },
});

/** A third of the age at which a set signs no more (ten days where money is real), so there is time to mend it. */
const FRESH_SECONDS = 3 * 86_400;

const attestersSeated = (deps: CheckDeps): Check => ({
  id: "bundles.attesters_seated",
  why: "a chain that knows no attesters, or a set that nobody renewed, believes nothing of other chains",
  run: async () => {
    const [ages, clocks] = await Promise.all([attesterAges(deps.store.db), clocksOf(deps)]);
    const wrong = chainsOf(deps).flatMap(({ definition: { id, name } }) => {
      const clock = clocks.get(id);
      if (!clock) return [`${name}: no block of it has been followed`];
      const set = ages.find(({ chainId }) => chainId === id);
      if (!set) return [`${name}: nobody is seated`];
      const age = clock.now - set.renewedAt;
      if (set.seats === 0) return [`${name}: epoch ${set.epoch} has no seats`];
      return age > FRESH_SECONDS ? [`${name}: epoch ${set.epoch} was renewed ${age} s ago`] : [];
    });
    return wrong.length === 0
      ? {
          ok: true,
          found: ages
            .map(({ chainId, epoch, seats }) => `${chainId}: epoch ${epoch}, ${seats} seats`)
            .join("; "),
        }
      : { ok: false, found: wrong.join("; ") };
  },
});

const nothingStuck = ({ store }: CheckDeps): Check => ({
  id: "bundles.none_stuck",
  why: "a compensation that failed is owed to its owner until somebody runs it",
  run: async () => {
    const found = await rows<{ id: string }>(
      store.db,
      sql`select b.id from bundles.bundles b where ${STUCK} order by b.opened_block limit 5`,
    );
    return found.length === 0
      ? { ok: true }
      : {
          ok: false,
          found: `stuck: ${found.map(({ id }) => id).join(", ")}; npx sooth bundle doctor <id> says why`,
        };
  },
});

const nothingOverdue = (deps: CheckDeps): Check => ({
  id: "bundles.none_overdue",
  why: "what is decided late keeps money from its owners, though anybody may decide it",
  run: async () => {
    const { overdue, heldTooLong } = await figuresOf(deps);
    return overdue + heldTooLong === 0
      ? { ok: true }
      : {
          ok: false,
          found: `${overdue} are open beyond their time, of ${heldTooLong} an escrow holds legs too long`,
        };
  },
});

/** The bundler holds no row of its own here: whether it lives shows in whether what it alone does is done. */
const somebodyRelays = (deps: CheckDeps): Check => ({
  id: "bundles.somebody_relays",
  why: "bundles that their owners signed are opened within seconds, or nobody relays",
  run: async () => {
    const { unopened } = await figuresOf(deps);
    return unopened <= 120 ? { ok: true } : { ok: false, found: `one waits for ${unopened} s to be opened` };
  },
});

const feesAddUp = ({ store }: CheckDeps): Check => ({
  id: "bundles.fees_add_up",
  why: "shares are parts of a fee that its owner paid; rows that come to more were changed by something else than a log",
  run: async () => {
    const odd = await rows<{ id: string }>(
      store.db,
      sql`select b.id from bundles.bundles b
        left join lateral (select coalesce(sum(amount), 0) as paid, coalesce(max(to_attesters - amount), 0) as over
          from bundles.shares s where s.bundle = b.id) s on true
        where s.paid + coalesce(b.reclaimed, 0) > b.fee or s.over > 0
          -- Nobody opened what was written down after its deadline, so nobody paid what its header states.
          or (b.fee < b.signed_fee and not (b.fee = 0 and b.opened_at > b.deadline)) limit 5`,
    );
    return odd.length === 0 ? { ok: true } : { ok: false, found: odd.map(({ id }) => id).join(", ") };
  },
});

const lanesLead = ({ store, ...deps }: CheckDeps): Check => ({
  id: "bundles.lanes_lead_somewhere",
  why: "a limit towards a chain that is none of ours bounds nothing, and has everybody show his legs for it",
  run: async () => {
    const known = new Set(chainsOf(deps).map(({ definition: { id } }) => id));
    const lanes = await boundedLanes(store.db);
    const astray = lanes.filter(({ other }) => !known.has(other));
    const text = (list: typeof lanes) =>
      list
        .map(
          (lane) => `${lane.perHour} units of ${lane.token} an hour on ${lane.chainId} towards ${lane.other}`,
        )
        .join("; ");
    if (astray.length > 0) return { ok: false, found: text(astray) };
    return { ok: true, found: lanes.length === 0 ? "none is bounded" : text(lanes) };
  },
});

const lanesAsStated = ({ store, addresses, config, ...deps }: CheckDeps & Pick<Deps, "config">): Check => ({
  id: "bundles.lanes_as_stated",
  why: "a limit that was meant to stand and does not bounds no lie, and one that nobody states closes a lane to people",
  run: async () => {
    const { BUNDLES_LANES: stated } = config;
    if (stated.length === 0) return { ok: true, found: "BUNDLES_LANES states none" };
    const chains = chainsOf(deps);
    const astray = await Promise.all(chains.map((chain) => limitsAstray(chain, addresses.escrow, stated)));
    const known = new Set(chains.map(({ definition: { id } }) => id));
    const lanes = (await boundedLanes(store.db)).filter((lane) => !isStated(stated, lane));
    const wrong = [
      ...astray.flat().map(({ limit, found }) => `${statedText(limit)} is stated, and ${found} is set`),
      ...lanes.map((lane) => `${statedText(lane)} is set, and not stated`),
      ...stated
        .filter(({ chainId }) => !known.has(chainId))
        .map((limit) => `${statedText(limit)} is stated, of a chain that is none of ours`),
    ];
    return wrong.length === 0
      ? { ok: true, found: stated.map(statedText).join("; ") }
      : { ok: false, found: wrong.join("; ") };
  },
});

const hostsNamed = ({ hub, config }: Pick<Deps, "hub" | "config">): Check => ({
  id: "bundles.hosts_named",
  why: "attesters prove their seats to a host; where any name will do, another server that they listen to passes the proof on and takes their places",
  run: async () => {
    const { BUNDLES_HOSTS: hosts } = config;
    if (hosts.length > 0) return { ok: true, found: hosts.join(", ") };
    return isLocal(hub.definition.id)
      ? { ok: true, found: "none is named, and the hub is of this machine" }
      : { ok: false, found: "BUNDLES_HOSTS names none" };
  },
});

async function figuresOf(deps: CheckDeps) {
  const terms = await bundleTerms(deps.hub, deps.addresses);
  const clock = (await clocksOf(deps)).get(deps.hub.definition.id);
  return bundleFigures(deps.store.db, clock?.now ?? 0, terms);
}
