import { finalHead, unlessAway } from "@sooth/chain";
import { type Hex, need } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import {
  claimOf,
  type Fact,
  factText,
  isOfHub,
  judgeFact,
  type KnownSet,
  type Margins,
  type Settled,
  type Shown,
} from "../../core/index.ts";
import { chainsOf, type Deps } from "../deps.ts";
import { loadBundles, type StoredBundle } from "../rows/load-bundles.ts";
import { forgetIdle } from "./forget-signed.ts";
import { faultsFound } from "./metrics.ts";
import { partsWhere, type StoredPart } from "./signed-batches.ts";

/** Batches looked at in one transaction of the database, and in one sweep. */
const AT_ONCE = 50;
const IN_A_SWEEP = 2_000;

type How = "conflict" | "false" | "unproven";
type Fault = {
  how: How;
  signer: Hex;
  fact: Fact;
  batch: number;
  place: number;
  other?: { batch: number; place: number } | undefined;
  shown?: Hex | undefined;
  why: string | null;
};

/** Holds every batch that nobody has looked at against what else the same keys signed. */
export async function compareSigned(deps: Pick<Deps, "store" | "log">): Promise<void> {
  for (let looked = 0; looked < IN_A_SWEEP; looked += AT_ONCE) {
    const count = await deps.store.transaction(async (tx) => {
      const parts = await partsWhere(
        tx,
        sql`not b.compared order by b.id limit ${AT_ONCE} for update skip locked`,
      );
      for (const each of parts) await compare(tx, deps, each);
      await mark(tx, parts, sql`compared = true`);
      await forgetIdle(tx, idsOf(parts));
      return parts.length;
    });
    if (count < AT_ONCE) return;
  }
}

const idsOf = (parts: readonly StoredPart[]): number[] => parts.map(({ id }) => id);

const mark = async (
  tx: Executor,
  parts: readonly StoredPart[],
  to: ReturnType<typeof sql>,
): Promise<unknown> =>
  sql`update bundles.signed_batches set ${to} where id = any(${idsOf(parts)}::bigint[])`.execute(tx);

const idOf = (fact: Fact): { kind: string; subject: string } => ({
  kind: fact.kind,
  subject: factText(fact).subject.slice(fact.kind.length + 1),
});

async function compare(
  tx: Executor,
  deps: Pick<Deps, "log">,
  { id, part, signers }: StoredPart,
): Promise<void> {
  const said = part.facts.flatMap((fact, place) =>
    fact.kind === "prepared" ? [] : [{ ...idOf(fact), content: claimOf(part, place).content, place }],
  );
  if (said.length === 0) return;
  const keys = signers.map(({ signer }) => signer);
  const facts = sql`jsonb_to_recordset(${JSON.stringify(said)}::jsonb)
    as o (kind text, subject text, content text, place integer)`;
  const saysIt = sql`s.kind = o.kind and s.subject = o.subject and s.content = o.content
    and exists (select 1 from bundles.signed_batches b where b.id = s.batch and b.signers @> ${keys}::text[])`;
  // Where it stands already it stands for as long as what was signed last.
  await sql`update bundles.said s set until = ${part.validUntil} from ${facts}
    where ${saysIt} and s.until < ${part.validUntil}`.execute(tx);
  await sql`insert into bundles.said (kind, subject, content, batch, place, until)
    select kind, subject, content, ${id}, place, ${part.validUntil} from ${facts}
    where not exists (select 1 from bundles.said s where ${saysIt})
    on conflict do nothing`.execute(tx);
  const found = await rows<{ place: number; batch: number; other_place: number; signer: Hex }>(
    tx,
    sql`select s.place, o.batch, o.place as other_place, k.signer
      from bundles.said s
      join bundles.said o on o.kind = s.kind and o.subject = s.subject and o.content <> s.content
      join bundles.signed_batches b on b.id = o.batch
      join unnest(b.signers) as k (signer) on k.signer = any(${keys}::text[])
      where s.batch = ${id} order by s.place, o.batch, o.place`,
  );
  for (const { place, batch, other_place, signer } of found)
    await note(tx, deps, {
      how: "conflict",
      signer,
      fact: need(part.facts[place], `fact ${place}`),
      batch: id,
      place,
      other: { batch, place: other_place },
      why: null,
    });
}

/** Of one subject one fault: what can be proved stands over what can not. Nobody asked keys that no set ever seated. */
async function note(tx: Executor, { log }: Pick<Deps, "log">, fault: Fault): Promise<void> {
  const { how, signer, fact, batch, place, other, shown, why } = fault;
  if (!(await wasSeated(tx, signer))) return;
  const { kind, subject } = idOf(fact);
  const added = await one(
    tx,
    sql`insert into bundles.faults as f (signer, kind, subject, how, batch, place, other_batch, other_place, shown, why)
      values (${signer}, ${kind}, ${subject}, ${how}, ${batch}, ${place}, ${other?.batch ?? null}, ${other?.place ?? null},
        ${shown ?? null}, ${why})
      on conflict (signer, kind, subject) do update set how = excluded.how, batch = excluded.batch, place = excluded.place,
        other_batch = excluded.other_batch, other_place = excluded.other_place, shown = excluded.shown, why = excluded.why,
        state = 'found', tried_at = null
      where f.how = 'unproven' and excluded.how <> 'unproven' returning 1`,
  );
  if (!added) return;
  faultsFound.inc({ how });
  log.error(
    { signer, kind, subject, how, why },
    "an attester signed what is not so, or two things of one subject",
  );
}

const wasSeated = async (tx: Executor, signer: Hex): Promise<boolean> =>
  (await one(
    tx,
    sql`select 1 from bundles.attester_sets where ${signer.toLowerCase()} = any(seats) limit 1`,
  )) !== undefined;

/**
 * Holds batches against final blocks, once those are beyond whatever there was when they had been signed already: what honest
 * attesters saw stands in the tables by then, however their clocks go and however late this node is. What the hub alone decides
 * does not wait for other chains.
 */
export async function judgeSigned(
  deps: Pick<Deps, "store" | "hub" | "rollups" | "log">,
  margins: Margins,
): Promise<void> {
  const { store, hub } = deps;
  await stampHeads(deps);
  const finals = await Promise.all(
    chainsOf(deps).map(async ({ definition: { id } }) => ({
      id,
      number: (await finalHead(store.db, id))?.number ?? -1,
    })),
  );
  const isBeyond = (chains: typeof finals) =>
    sql.join(
      chains.map(({ id, number }) => sql`(b.heads ->> ${String(id)})::bigint <= ${number}`),
      sql` and `,
    );
  const ofHub = finals.filter(({ id }) => id === hub.definition.id);
  await judgeBy(deps, margins, { isHub: true, isDue: isBeyond(ofHub), column: sql`judged_hub` });
  await judgeBy(deps, margins, { isHub: false, isDue: isBeyond(finals), column: sql`judged_legs` });
}

/** Notes where chains stand now beside what was signed before. One that does not answer is noted another time. */
async function stampHeads({ store, ...deps }: Pick<Deps, "store" | "hub" | "rollups">): Promise<void> {
  const ids = chainsOf(deps).map(({ definition }) => String(definition.id));
  const lacking = sql`not (judged_hub and judged_legs) and not heads ?& ${ids}::text[]`;
  if (!(await one(store.db, sql`select 1 from bundles.signed_batches where ${lacking} limit 1`))) return;
  // Those that are there now: what comes while nodes are asked may have been signed after they answered.
  const before = await one<{ id: number }>(store.db, sql`select max(id) as id from bundles.signed_batches`);
  const heads = await Promise.all(
    chainsOf(deps).map(async ({ client, definition }) => {
      const head = await unlessAway(() => client.getBlockNumber({ cacheTime: 0 }));
      return head === undefined ? [] : ([[String(definition.id), Number(head)]] as const);
    }),
  );
  const stamp = JSON.stringify(Object.fromEntries(heads.flat()));
  await sql`update bundles.signed_batches set heads = ${stamp}::jsonb || heads
    where id <= ${before?.id ?? 0} and ${lacking}`.execute(store.db);
}

type By = { isHub: boolean; isDue: ReturnType<typeof sql>; column: ReturnType<typeof sql> };

async function judgeBy(
  deps: Pick<Deps, "store" | "hub" | "log">,
  margins: Margins,
  { isHub, isDue, column }: By,
): Promise<void> {
  for (let looked = 0; looked < IN_A_SWEEP; looked += AT_ONCE) {
    const count = await deps.store.transaction(async (tx) => {
      const parts = await partsWhere(
        tx,
        sql`not b.${column} and ${isDue} order by b.id limit ${AT_ONCE} for update skip locked`,
      );
      const sets = isHub && parts.length > 0 ? await setsOf(tx, deps.hub.definition.id) : [];
      for (const { id, part, signers } of parts)
        for (const [place, fact] of part.facts.entries()) {
          if (isOfHub(fact) !== isHub) continue;
          const verdict = judgeFact(fact, part.validUntil, await shownOf(tx, fact, sets), margins);
          if (verdict.is !== "false") continue;
          const { provable, why } = verdict;
          const how = provable ? "false" : "unproven";
          for (const { signer } of signers)
            await note(tx, deps, { how, signer, fact, batch: id, place, shown: provable?.shown, why });
        }
      await mark(tx, parts, sql`${column} = true`);
      await forgetIdle(tx, idsOf(parts));
      return parts.length;
    });
    if (count < AT_ONCE) return;
  }
}

async function setsOf(tx: Executor, hubChainId: number): Promise<KnownSet[]> {
  const found = await rows<{
    epoch: number;
    total_weight: string;
    seats: Hex[];
    weights: string[];
    seated_at: number;
  }>(
    tx,
    sql`select epoch, total_weight::text, seats, weights::text[], seated_at from bundles.attester_sets
      where chain_id = ${hubChainId} order by seated_at, epoch`,
  );
  return found.map(({ epoch, total_weight, seats, weights, seated_at }) => ({
    epoch,
    totalWeight: BigInt(total_weight),
    seats: seats.map((key, index) => ({ key, weight: BigInt(weights[index] ?? "0") })),
    at: seated_at,
  }));
}

async function shownOf(tx: Executor, fact: Fact, sets: readonly KnownSet[]): Promise<Shown> {
  const id = await bundleOf(tx, fact);
  const [stored] = id === null ? [] : await loadBundles(tx, [id]);
  const opening = stored?.opening ?? null;
  return {
    bundle:
      stored && opening
        ? {
            base: opening.base,
            header: stored.bundle,
            hashes: stored.hashes,
            outcome: stored.outcome,
            decidedAt: stored.decided?.at ?? null,
          }
        : null,
    sets,
    receipts:
      fact.kind === "receipt" && stored && opening ? receiptAt(stored, fact.ordinal - opening.base) : [],
    escrowed: {
      held: fact.kind === "prepared" ? await heldOf(tx, fact.id) : 0,
      of: stored ? { mode: stored.bundle.mode, legs: stored.bundle.legs } : null,
    },
  };
}

async function bundleOf(tx: Executor, fact: Fact): Promise<Hex | null> {
  if (fact.kind === "decision" || fact.kind === "prepared") return fact.id;
  if (fact.kind !== "opened" && fact.kind !== "receipt") return null;
  const ordinal = fact.kind === "opened" ? fact.base + BigInt(fact.index) : fact.ordinal;
  const found = await one<{ id: Hex }>(
    tx,
    sql`select id from bundles.bundles where base <= ${String(ordinal)}::numeric and base + legs > ${String(ordinal)}::numeric
      order by base desc limit 1`,
  );
  return found?.id ?? null;
}

const heldOf = async (tx: Executor, id: Hex): Promise<number> =>
  (
    await one<{ count: number }>(
      tx,
      sql`select count(distinct place)::int as count from bundles.held where bundle = ${id}`,
    )
  )?.count ?? 0;

const SETTLED: ReadonlySet<string> = new Set(["ok", "failed", "cancelled", "missed"]);

function receiptAt({ shown }: StoredBundle, place: bigint): Shown["receipts"] {
  const leg = shown[Number(place)];
  if (!leg || !SETTLED.has(leg.state)) return [];
  return [{ status: leg.state as Settled, result: leg.result, relayer: leg.relayer }];
}
