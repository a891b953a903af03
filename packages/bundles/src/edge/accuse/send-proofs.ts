import { bundleHubAbi, attestersAbi, slasherAbi, stakeManagerAbi } from "@sooth/abi";
import { enqueueTransaction, revertOf, transactionStatus } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import type { Deps } from "../deps.ts";
import { type FaultState, faultsWhere, type StoredFault } from "./faults.ts";
import { open, proofs } from "./metrics.ts";

type SendDeps = Pick<Deps, "store" | "hub" | "addresses" | "log">;

/** Proofs looked at in one sweep. */
const AT_ONCE = 50;
/** What fails this often fails for a reason that time does not mend. */
const ATTEMPTS = 5;
/** A refused one is tried again so much later: the node that was asked may have been behind. */
const AGAIN_SECONDS = 3_600;
/** Said of who has lost his stake by this already: nothing is left to do. */
export const PUNISHED = "Slasher_AlreadyPunished";

export type Tried = { ok: true } | { ok: false; why: string };

/** Of the owner of a key, whatever became of the key since. */
async function stakeOf(
  { hub, addresses }: Pick<Deps, "hub" | "addresses">,
  signer: Address,
): Promise<bigint> {
  const contract = { address: addresses.stakeManager, abi: stakeManagerAbi } as const;
  const owner = await hub.client.readContract({ ...contract, functionName: "ownerOf", args: [signer] });
  const { stake } = await hub.client.readContract({
    ...contract,
    functionName: "providerOf",
    args: [owner],
  });
  return stake;
}

/** Whether the slasher would take stake of the key's owner by this now. @throws chain.rpc_unreachable */
export async function tryProof(
  { hub, addresses }: Pick<Deps, "hub" | "addresses">,
  signer: Address,
  data: Hex,
): Promise<Tried> {
  try {
    await hub.client.call({ to: addresses.slasher, data });
    // The slasher takes a proof against who has nothing left, again and again, and takes nothing by it.
    return (await stakeOf({ hub, addresses }, signer)) === 0n ? { ok: false, why: PUNISHED } : { ok: true };
  } catch (error) {
    const revert = revertOf(error, [...slasherAbi, ...bundleHubAbi, ...attestersAbi]);
    if (!revert) throw error;
    return { ok: false, why: revert.name };
  }
}

/**
 * Puts proofs into the outbox: one for each key, for it takes all of his stake and bans him. Each is tried first, on the chain as it
 * is: what the slasher does not take is noted with the error's name. Doing it twice changes nothing.
 */
export async function sendProofs(deps: SendDeps): Promise<void> {
  const { db } = deps.store;
  const due = await faultsWhere(
    db,
    sql`f.how <> 'unproven' and (f.state in ('found', 'sent')
        or f.state = 'refused' and f.tried_at < now() - make_interval(secs => ${AGAIN_SECONDS}))
      order by case f.state when 'found' then 0 when 'sent' then 1 else 2 end, f.tried_at nulls first, f.found_at,
        f.signer, f.kind, f.subject limit ${AT_ONCE}`,
  );
  const underway = await rows<{ signer: Address }>(
    db,
    sql`select distinct signer from bundles.faults where state = 'sent'`,
  );
  const accused = new Set(underway.map(({ signer }) => signer));
  for (const fault of due)
    if (fault.state === "sent" || !accused.has(fault.signer)) {
      const state = await sendOne(deps, fault);
      if (state === "sent") accused.add(fault.signer);
    }
  const counts = await rows<{ how: string; state: string; count: number }>(
    db,
    sql`select how, state, count(*)::int as count from bundles.faults group by how, state`,
  );
  open.reset();
  for (const { how, state, count } of counts) open.set({ how, state }, count);
}

async function sendOne(deps: SendDeps, fault: StoredFault): Promise<FaultState> {
  const { signer, kind, subject, data } = fault;
  if (data === null) return settle(deps, fault, "refused", "its signature is gone");
  const tried = await tryProof(deps, signer, data);
  if (!tried.ok) {
    const { why } = tried;
    return settle(deps, fault, why === PUNISHED ? "punished" : "refused", why === PUNISHED ? null : why);
  }
  const key = `bundles:fault:${kind}:${subject}:${signer}`;
  const state = await deps.store.transaction(async (tx) => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const named = attempt === 1 ? key : `${key}:${attempt}`;
      const { created } = await enqueueTransaction(tx, {
        chainId: deps.hub.definition.id,
        key: named,
        to: deps.addresses.slasher,
        data,
        purpose: "attester_fault",
        priority: 0,
      });
      if (created) proofs.inc({ outcome: "sent" });
      if (created || (await transactionStatus(tx, named))?.status !== "failed") return "sent" as const;
    }
    return null;
  });
  return settle(deps, fault, state ?? "refused", state === null ? "no transaction of it goes through" : null);
}

async function settle(
  { store, log }: SendDeps,
  { signer, kind, subject, state: before }: StoredFault,
  state: FaultState,
  why: string | null,
): Promise<FaultState> {
  await sql`update bundles.faults set state = ${state}, why = coalesce(${why}, why), tried_at = now()
    where signer = ${signer} and kind = ${kind} and subject = ${subject}`.execute(store.db);
  if (state === before) return state;
  if (state === "refused") {
    proofs.inc({ outcome: why ?? "unknown" });
    log.error({ signer, kind, subject, why }, "the slasher does not take a proof");
  } else log.warn({ signer, kind, subject, state }, "a proof against an attester");
  return state;
}
