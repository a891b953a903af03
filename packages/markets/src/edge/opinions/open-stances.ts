import type { BlockRef } from "@sooth/chain";
import { AppError, type Hex, need } from "@sooth/kernel";
import { beaconIdentity } from "@sooth/randomness";
import { counter } from "@sooth/runtime";
import { sql } from "@sooth/store";
import { setImmediate as breathe } from "node:timers/promises";
import { type HiddenStance, openStance, stanceRound, stancesOpenAt } from "../../core/index.ts";
import type { OpinionDeps } from "../deps.ts";
import { opinionConstants } from "./contract.ts";
import { opinionMarketsByIds } from "./market-rows.ts";
import { unopenedStances } from "./state-rows.ts";

const opened = counter(
  "markets_stances_opened_total",
  "Hidden stances looked at once their round was out: opened, or why they open to nothing",
  ["result"],
);

/** Some 50 ms of arithmetic each: the others wait for the next block. */
const AT_ONCE = 20;
/** Where blocks are slow so many for each second between them, which takes half of it: an hour is all that some markets give. */
const A_SECOND = 10;

/**
 * Opens stances whose round of the beacon is out, and keeps what they hide. Doing it twice changes nothing. What opens to nothing is
 * counted and kept as that: it costs its owner his stake, and nobody else a second look.
 */
export async function openStances(deps: OpinionDeps, { timestamp: now }: BlockRef): Promise<void> {
  const { db } = deps.store;
  const { clockLag } = await opinionConstants(deps.hub, deps.addresses);
  const limit = Math.max(AT_ONCE, Math.floor(deps.hub.definition.blockSeconds * A_SECOND));
  // Before, no round is out that opens them.
  const hidden = await unopenedStances(db, { closedBy: now - clockLag, now, limit });
  if (hidden.length === 0) return;
  const markets = await opinionMarketsByIds(
    db,
    hidden.map(({ market }) => market),
  );
  const beacon = { ...(await beaconIdentity(deps.hub, deps.addresses)), clockLag };
  for (const [market, its] of Map.groupBy(hidden, (one) => one.market)) {
    const { terms } = need(markets.get(market), `market ${market} of a stance`);
    if (now < stancesOpenAt(beacon, terms)) continue;
    const round = stanceRound(beacon, terms);
    const signature = await signatureOf(deps, round);
    if (signature === null) continue;
    for (const one of its) {
      await keep(deps, one, openStance(one, { round, signature }));
      await breathe();
    }
  }
}

/** Null while no relay gives it: the next block asks again. */
async function signatureOf({ beacon, log }: OpinionDeps, round: bigint): Promise<Hex | null> {
  try {
    return (await beacon.fetch(round)).signature;
  } catch (error) {
    if (!(error instanceof AppError && error.code === "randomness.beacon_unreachable")) throw error;
    log.debug({ err: error, round: String(round) }, "the round that opens stances is not to be had");
    return null;
  }
}

async function keep(
  { store, log }: Pick<OpinionDeps, "store" | "log">,
  { market, owner, commitment, sealed }: HiddenStance,
  told: ReturnType<typeof openStance>,
): Promise<void> {
  const fault = "fault" in told ? told.fault : null;
  const { band, salt } = "fault" in told ? { band: null, salt: null } : told;
  await sql`insert into markets.opened_stances (market, owner, commitment, sealed, band, salt)
    values (${market}, ${owner}, ${commitment}, ${sealed}, ${band}, ${salt}) on conflict do nothing`.execute(
    store.db,
  );
  opened.inc({ result: fault ?? "opened" });
  if (fault !== null) log.info({ market, owner, fault }, "a hidden stance opens to nothing");
}
