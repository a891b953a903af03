import { counter } from "@sooth/runtime";
import { type Executor, one, sql } from "@sooth/store";
import type { Hex } from "@sooth/kernel";
import {
  decodeLegs,
  isHeader,
  legHash,
  legsHashOf,
  legToWire,
  MODES,
  OUTCOMES,
  type WireLeg,
  wireLeg,
} from "../../core/index.ts";
import { observeCompleted } from "./completions.ts";
import { type HubLogs, insertRows, lower, NOBODY, tellBundles, UNOPENED } from "./record.ts";

const opened = counter("bundles_opened_total", "Bundles opened; one that a reorg undid counts again", [
  "mode",
]);
const decided = counter("bundles_decided_total", "Bundles decided, by outcome; a reorg counts again", [
  "outcome",
]);
const aborted = counter(
  "bundles_aborted_total",
  "Bundles aborted, by a leg's status, as late, unopened, or for what is not known yet; a reorg counts again",
  ["mode", "why"],
);
const fees = counter(
  "bundles_fees_total",
  "Coins of the hub that fees of bundles came to, by whose they are; to owners, what came back",
  ["to"],
);
const pay = (to: "relayers" | "attesters" | "owners", wei: bigint) => fees.inc({ to }, Number(wei) / 1e18);

export async function onOpened(tx: Executor, logs: HubLogs<"Opened">): Promise<void> {
  for (const { args } of logs) opened.inc({ mode: MODES[args.bundle.mode] ?? "ordered" });
  await insertBundles(tx, logs, true);
}

/**
 * Nobody opened it until its deadline: it has no fee, whatever its header states, and so none that is to be settled. Nobody signed
 * that header either: one that could not be shown is left out.
 */
export const onUnopened = (tx: Executor, logs: HubLogs<"Unopened">): Promise<void> =>
  insertBundles(
    tx,
    logs.filter(({ args: { bundle } }) => isHeader({ ...bundle, mode: MODES[bundle.mode] ?? "ordered" })),
    false,
  );

async function insertBundles(tx: Executor, logs: HubLogs<"Opened">, isPaid: boolean): Promise<void> {
  const found = logs.map(({ args, block, logIndex, transaction }) => {
    const { bundle } = args;
    const legs = loggedLegs(args.legs, lower(bundle.legsHash));
    const mode = MODES[bundle.mode] ?? "ordered";
    return {
      id: lower(args.id),
      chain_id: block.chainId,
      owner: lower(bundle.owner),
      mode,
      legs: bundle.legs,
      deadline: bundle.deadline,
      legs_hash: lower(bundle.legsHash),
      signed_fee: String(bundle.fee),
      fee: isPaid ? String(bundle.fee) : "0",
      salt: String(bundle.salt),
      base: String(args.base),
      payloads: legs,
      opened_at: block.timestamp,
      opened_block: block.number,
      opened_log: logIndex,
      opened_tx: transaction,
      outcome: "open",
      decided_at: null,
      decided_tx: null,
      reclaimed: isPaid ? null : "0",
    };
  });
  await insertRows(tx, "bundles.bundles", found);
  await tellBundles(
    tx,
    found.map(({ id }) => id),
  );
}

/** The hub logs whatever it is given: legs are those that the header hashes, and that can be shown at all. */
function loggedLegs(bytes: Hex, legsHash: Hex): WireLeg[] | null {
  const legs = bytes === "0x" ? null : decodeLegs(bytes);
  const shown = legs?.map(legToWire) ?? [];
  const fit = shown.length > 0 && shown.every((leg) => wireLeg.safeParse(leg).success);
  return legs && fit && legsHashOf(legs.map(legHash)) === legsHash ? shown : null;
}

/** Legs that somebody showed later. Of a bundle whose legs were logged before nothing changes. */
export async function onShown(tx: Executor, logs: HubLogs<"Shown">): Promise<void> {
  for (const { args } of logs) {
    const id = lower(args.id);
    const known = await one<{ legsHash: Hex }>(
      tx,
      sql`select legs_hash as "legsHash" from bundles.bundles where id = ${id} and payloads is null`,
    );
    const legs = known && loggedLegs(args.legs, known.legsHash);
    if (legs)
      await sql`update bundles.bundles set payloads = ${JSON.stringify(legs)}::jsonb where id = ${id}`.execute(
        tx,
      );
  }
  await tell(tx, logs);
}

export async function onDecided(tx: Executor, logs: HubLogs<"Decided">): Promise<void> {
  for (const { args, block, transaction } of logs) {
    const outcome = OUTCOMES[args.outcome] ?? "open";
    decided.inc({ outcome });
    await sql`update bundles.bundles set outcome = ${outcome}, decided_at = ${block.timestamp}, decided_tx = ${transaction}
      where id = ${lower(args.id)}`.execute(tx);
    if (outcome === "aborted") await countAborted(tx, lower(args.id));
  }
  await observeCompleted(
    tx,
    logs.map(({ args }) => lower(args.id)),
  );
  await tell(tx, logs);
}

/** The hub does not say why. The first leg that did not do well until then does; legs that were cancelled for it come later. */
async function countAborted(tx: Executor, id: Hex): Promise<void> {
  const found = await one<{ mode: string; why: string }>(
    tx,
    sql`select b.mode, case when ${UNOPENED} then 'unopened' else coalesce(
        (select r.status from bundles.receipts r where r.ordinal >= b.base and r.ordinal < b.base + b.legs
          and r.by = case b.mode when 'ordered' then 'settler' else 'escrow' end
          and r.status <> 'ok' and r.at <= b.decided_at order by r.at limit 1),
        case when b.decided_at > b.deadline then 'late' else 'unknown' end) end as why
      from bundles.bundles b where b.id = ${id}`,
  );
  if (found) aborted.inc(found);
}

export async function onToppedUp(tx: Executor, logs: HubLogs<"ToppedUp">): Promise<void> {
  for (const { args } of logs)
    await sql`update bundles.bundles set fee = fee + ${String(args.amount)}::numeric where id = ${lower(args.id)}`.execute(
      tx,
    );
  await tell(tx, logs);
}

export async function onShareSettled(tx: Executor, logs: HubLogs<"ShareSettled">): Promise<void> {
  for (const { args } of logs) {
    const isOwners = args.relayer === NOBODY;
    pay(isOwners ? "owners" : "relayers", isOwners ? args.amount : args.amount - args.toAttesters);
    if (!isOwners) pay("attesters", args.toAttesters);
  }
  await insertRows(
    tx,
    "bundles.shares",
    logs.map(({ args, transaction }) => ({
      bundle: lower(args.id),
      place: args.index,
      relayer: args.relayer === NOBODY ? null : lower(args.relayer),
      amount: String(args.amount),
      epoch: args.epoch,
      to_attesters: String(args.toAttesters),
      tx: transaction,
    })),
  );
  await tell(tx, logs);
}

export async function onReclaimed(tx: Executor, logs: HubLogs<"Reclaimed">): Promise<void> {
  for (const { args } of logs) {
    pay("owners", args.amount);
    await sql`update bundles.bundles set reclaimed = ${String(args.amount)}::numeric where id = ${lower(args.id)}`.execute(
      tx,
    );
  }
  await tell(tx, logs);
}

const tell = (tx: Executor, logs: readonly { args: { id: string } }[]): Promise<void> =>
  tellBundles(
    tx,
    logs.map(({ args }) => lower(args.id)),
  );
