import {
  bundleToWire,
  type LegShown,
  legToWire,
  NOBODY,
  PLEDGES,
  statusOf,
  type WireBundleDetail,
  type WireBundleRow,
  type WireLegShown,
} from "../core/index.ts";
import type { Attested } from "./attested.ts";
import type { Terms } from "./contracts.ts";
import type { LegCost } from "./leg-costs.ts";
import type { Clocks } from "./rows/clocks.ts";
import { isPaused } from "./rows/clocks.ts";
import type { LegRow, StoredBundle } from "./rows/load-bundles.ts";
import { toShown } from "./rows/to-shown.ts";

/** What a bundle is shown with, besides its rows. */
export type Around = { hubChainId: number; clocks: Clocks; terms: Terms; attested: Attested };

/** Whether everybody may see a leg: its bundle says it, or it was in a transaction already. */
export const isPublic = ({ isPrivate }: StoredBundle, { state, failures, skips }: LegRow): boolean =>
  !isPrivate || state !== "none" || failures > 0 || skips > 0;

export function toRow(stored: StoredBundle, around: Around): WireBundleRow {
  const { bundle, opening } = stored;
  const shown = toShown(stored, around.hubChainId, around.clocks);
  return {
    id: stored.id,
    chainId: opening?.chainId ?? around.hubChainId,
    owner: bundle.owner,
    mode: bundle.mode,
    legs: bundle.legs,
    chains: chainsSeen(stored),
    fee: String(stored.fee),
    deadline: bundle.deadline,
    outcome: stored.outcome,
    status: statusOf(shown, around.attested.has, around.terms),
    openedAt: opening?.at ?? null,
    openedIn: opening?.transaction ?? null,
  };
}

function chainsSeen(stored: StoredBundle): number[] {
  const known = stored.shown.flatMap((row, place) => {
    const chainId = isPublic(stored, row) ? (stored.legs?.[place]?.chainId ?? row.chainId) : null;
    return chainId ?? [];
  });
  return [...new Set(known)].toSorted((a, b) => a - b);
}

export function toDetail(
  stored: StoredBundle,
  around: Around,
  costs: ReadonlyMap<number, LegCost>,
  calls: WireBundleDetail["calls"],
  lanes: WireBundleDetail["lanes"] = [],
): WireBundleDetail {
  const { bundle, opening, decided } = stored;
  const { clocks, terms, attested, hubChainId } = around;
  const row = toRow(stored, around);
  return {
    ...row,
    bundle: bundleToWire(bundle),
    base: opening ? String(opening.base) : null,
    shown: stored.shown.map((leg, place) => toLeg(stored, leg, place, costs.get(place))),
    pledges: [...PLEDGES[bundle.mode]],
    attestations: attested.shown,
    clocks: [...new Set([hubChainId, ...row.chains])].flatMap((chainId) => {
      const clock = clocks.get(chainId);
      if (!clock) return [];
      const paused = (["hub", "settler", "escrow"] as const).some((contract) => isPaused(clock, contract));
      const { now, reachable, lanes = false } = clock;
      return [{ chainId, now, paused, reachable, lanes }];
    }),
    lanes,
    times: {
      abortable: bundle.deadline + (bundle.mode === "ordered" ? terms.grace : 0),
      escape: bundle.deadline + terms.escape,
      reclaimable: bundle.deadline + terms.reclaim,
    },
    decidedAt: decided?.at ?? null,
    decidedIn: decided?.transaction ?? null,
    fees: feesOf(stored),
    calls,
  };
}

function toLeg(stored: StoredBundle, row: LegRow, place: number, cost: LegCost | undefined): WireLegShown {
  const leg = isPublic(stored, row) ? stored.legs?.[place] : undefined;
  return {
    place,
    hash: row.hash,
    chainId: leg?.chainId ?? row.chainId,
    leg: leg ? legToWire(leg) : null,
    state: row.state satisfies LegShown["state"],
    failures: row.failures,
    wait: row.wait,
    result: hasReceipt(row) ? row.result : null,
    returned: row.returned,
    relayer: row.relayer === NOBODY ? null : row.relayer,
    transaction: row.transaction,
    block: row.block,
    at: row.at,
    heldAt: row.held?.at ?? null,
    heldIn: row.held?.transaction ?? null,
    gasUsed: cost ? String(cost.gasUsed) : null,
    cost: cost ? String(cost.cost) : null,
  };
}

const hasReceipt = ({ state }: LegRow): boolean => ["ok", "failed", "cancelled", "missed"].includes(state);

/**
 * What is due of a share goes to who relayed, less the attesters' part, and what it lacks of the whole share to the owner; so does
 * what rounding left, with the last share. The rest waits in the bundle's word.
 */
function feesOf({ fee, bundle, shares, reclaimed }: StoredBundle): WireBundleDetail["fees"] {
  let [paid, toAttesters, toOwner] = [0n, 0n, reclaimed ?? 0n];
  const whole = fee / BigInt(bundle.legs);
  if (shares.length === bundle.legs) toOwner += fee - whole * BigInt(bundle.legs);
  for (const share of shares) {
    toAttesters += share.toAttesters;
    if (share.relayer === null) toOwner += share.amount;
    else {
      paid += share.amount - share.toAttesters;
      toOwner += whole - share.amount;
    }
  }
  const left = fee - paid - toAttesters - toOwner;
  return {
    paid: String(paid),
    toAttesters: String(toAttesters),
    toOwner: String(toOwner),
    left: String(left),
  };
}
