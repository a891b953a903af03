import { at } from "@sooth/kernel";
import type { z } from "zod";
import {
  approvalTypedData,
  COMMITTEE,
  crowdOf,
  expiresAt as voidableFrom,
  type wireApproval,
  type wireCommittee,
} from "../../../core/index.ts";
import { decodeCursor, encodeCursor, timePlace } from "../../cursor.ts";
import type { Deps } from "../../deps.ts";
import { call, inJson } from "../../prepare.ts";
import { knownFinality, opinionMarketsByIds, type StoredOpinionMarket } from "../market-rows.ts";
import { scoreCall } from "../score-call.ts";
import { unscoredMarkets } from "./approval-rows.ts";
import {
  approverOf,
  type Committee,
  domainOf,
  packedApproval,
  type Standing,
  standingsOf,
} from "./proposals.ts";

export type WireApproval = z.infer<typeof wireApproval>;
type View = Pick<Deps, "store" | "hub" | "addresses" | "config">;

/** Markets looked at in one go while a page is filled. */
const BATCH = 100;

/** Markets as those see them who approve, in this order. */
export async function viewApprovals(
  deps: View,
  markets: readonly StoredOpinionMarket[],
  now: number,
): Promise<WireApproval[]> {
  const [{ committee }, standings] = await Promise.all([approverOf(deps), standingsOf(deps, markets, now)]);
  return markets.map((market) =>
    toWire(deps, market, standings.get(market.id) ?? { state: "waiting" }, committee),
  );
}

/** What waits for people, the longest waiting first. @throws markets.bad_cursor */
export async function listApprovals(
  deps: View,
  { state, cursor, limit }: { state?: string | undefined; cursor?: string | undefined; limit: number },
  now: number,
): Promise<{ committee: z.infer<typeof wireCommittee> | null; items: WireApproval[]; next: string | null }> {
  const { asked, committee } = await approverOf(deps);
  const items: { wire: WireApproval; place: [number, string] }[] = [];
  let after: readonly [number, string] | undefined =
    cursor === undefined ? undefined : decodeCursor(timePlace, cursor);
  // Where nobody is asked nothing waits.
  for (let more = asked; more && items.length <= limit;) {
    const ids = await unscoredMarkets(deps.store.db, now, { after, limit: BATCH });
    const found = await opinionMarketsByIds(deps.store.db, ids);
    const markets = ids.flatMap((id) => found.get(id) ?? []);
    const wires = await viewApprovals(deps, markets, now);
    for (const [index, wire] of wires.entries()) {
      const { finalAt, id } = at(markets, index);
      after = [finalAt, id];
      const waits = wire.state === "pending" || wire.state === "approved";
      if (waits && (state === undefined || wire.state === state)) items.push({ wire, place: [finalAt, id] });
    }
    more = ids.length === BATCH;
  }
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return {
    committee: committee && committeeToWire(committee),
    items: shown.map(({ wire }) => wire),
    next: items.length > limit && last ? encodeCursor(last.place) : null,
  };
}

export const committeeToWire = ({
  address,
  members,
  replacements,
}: Committee): z.infer<typeof wireCommittee> => ({
  address,
  members,
  needed: COMMITTEE.needed,
  replacements,
});

function toWire(
  deps: View,
  market: StoredOpinionMarket,
  standing: Standing,
  committee: Committee | null,
): WireApproval {
  const { id, terms } = market;
  const finalAt = knownFinality(market);
  const facts = {
    market: id,
    statement: market.statement,
    question: terms.question,
    state: standing.state,
    committee: committee && committeeToWire(committee),
    voidBecause: standing.state === "void" ? standing.why : market.why,
    minConfidence: terms.minConfidence,
    crowd: crowdOf(market.book.staked),
    finalAt,
    voidableFrom: market.ending === "none" ? voidableFrom(terms.closesAt, finalAt) : null,
  };
  if (standing.state !== "pending" && standing.state !== "approved")
    return { ...facts, result: null, ...NOTHING_TO_SIGN };
  const { result, expiresAt, digest, signed } = standing;
  const typed = committee && approvalTypedData(domainOf(deps.hub, committee), result, expiresAt);
  const packed = committee && standing.state === "approved" ? packedApproval(standing, committee) : null;
  return {
    ...facts,
    result: { ...result, total: String(result.total) },
    expiresAt,
    typedData: typed && { purpose: "Approve the result", ...inJson(typed) },
    digest: committee && digest,
    signed: signed.map(({ member, at: signedAt }) => ({ member, at: signedAt })),
    missing: Math.max(0, COMMITTEE.needed - signed.length),
    call:
      packed === null
        ? null
        : call(deps, deps.addresses.opinions, scoreCall(terms, packed), "Write the score down"),
  };
}

const NOTHING_TO_SIGN = {
  expiresAt: null,
  typedData: null,
  digest: null,
  signed: [],
  missing: 0,
  call: null,
};
