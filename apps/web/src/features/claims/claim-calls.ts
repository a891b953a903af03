import { t } from "@lingui/core/macro";
import { sameAddress } from "@sooth/kernel";
import { type api, ApiError, type Call, type Position } from "../../api.ts";
import type { HeldOpinion } from "../market/portfolio-csv.ts";

export type ClaimApi = Pick<typeof api, "prepareClaims" | "prepareOpinionClaim" | "listWalletOpinions">;
/** What of one wallet's can be claimed: of pools, and of opinion markets. */
export type Claimable = { positions: readonly Position[]; opinions: readonly HeldOpinion[] };

const PAGE = 100;

/** Every opinion that a claim or a prize is to be paid for, however many there are. */
export async function claimableOpinions(
  { listWalletOpinions }: Pick<ClaimApi, "listWalletOpinions">,
  address: string,
): Promise<HeldOpinion[]> {
  const all: HeldOpinion[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await listWalletOpinions({ address, claimable: "true", cursor, limit: PAGE });
    all.push(...items);
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return all;
}

/** In units. */
export function sumToClaim({ positions, opinions }: Claimable): bigint {
  const pools = positions.reduce((sum, { claimable }) => sum + BigInt(claimable), 0n);
  return opinions.reduce((sum, opinion) => sum + dueOf(opinion), pools);
}

export const marketsToClaim = ({ positions, opinions }: Claimable): number =>
  new Set([...due(positions).map(({ market }) => market.id), ...opinions.map(({ market }) => market)]).size;

/**
 * The calls that claim all of it, market by market. What somebody else had paid meanwhile is left out, so that one call for nothing
 * does not take the others down.
 */
export async function claimCalls(
  { prepareClaims, prepareOpinionClaim }: Omit<ClaimApi, "listWalletOpinions">,
  owner: string,
  { positions, opinions }: Claimable,
): Promise<Call[]> {
  const titles = new Map(due(positions).map(({ market }) => [market.id, market.title]));
  const pools = [...titles].map(async ([id, title]) => {
    const calls = await unlessPaid(async () => (await prepareClaims({ id, owner })).calls);
    return calls.map((call) => ({ ...call, purpose: t`Claim “${title}”` }));
  });
  const statements = opinions.map(async ({ market: id, on }) => {
    const calls = await unlessPaid(async () => (await prepareOpinionClaim({ id, owner })).calls);
    const title = on.statement;
    return calls.map((call) => ({
      ...call,
      // Of several calls of a market each has a name of its own: the list of steps tells them apart by it.
      purpose: call.purpose === "Claim" ? t`Claim “${title}”` : `${call.purpose}: “${title}”`,
    }));
  });
  return (await Promise.all([...pools, ...statements])).flat();
}

const due = (positions: readonly Position[]) => positions.filter(({ claimable }) => BigInt(claimable) > 0n);

/** With prizes, in units. */
export const dueOf = ({ due: own, owner, on }: HeldOpinion): bigint =>
  on.prizes
    .filter(({ winner, paidTo }) => paidTo === null && sameAddress(winner, owner))
    .reduce((sum, { amount }) => sum + BigInt(amount), BigInt(own));

const PAID = new Set(["markets.nothing_to_claim", "opinions.nothing_to_claim"]);
async function unlessPaid(prepare: () => Promise<Call[]>): Promise<Call[]> {
  try {
    return await prepare();
  } catch (error) {
    if (error instanceof ApiError && PAID.has(error.code)) return [];
    throw error;
  }
}
