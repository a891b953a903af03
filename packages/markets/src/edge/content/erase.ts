import type { Chain } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import { serverTime } from "@sooth/oracle";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { z } from "zod";
import { cidOf, ContentError, ERASURE_SECONDS, erasureTypedData, type wireErase } from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { eraseContent } from "./store.ts";

/**
 * A signed stake is good for an hour, and has to be followed: whoever brought a text has staked with it by then, or will bring it
 * again. In seconds.
 */
const YOUNG_SECONDS = 7_200;

/**
 * Erases a text for who staked with it, and in announced markets alone did: who stakes with a copy of somebody else's words could else take their
 * weight away. Nor while it is young: he could stake first, with words that he saw come. Nor before its markets ended: who is about to
 * lose could else make the answer less sure than the terms want, or have jurors read less than the providers did. False when it was
 * erased before. @throws content.request_expired, content.not_yours, content.shared, content.bad_signature, content.too_young,
 * content.still_judged
 */
export async function eraseForOwner(
  {
    store,
    hub,
    addresses,
  }: Pick<Deps, "store" | "addresses"> & { hub: Pick<Chain, "definition" | "client"> },
  sha256: Hex,
  { owner, deadline, signature }: z.infer<typeof wireErase>,
): Promise<boolean> {
  const now = serverTime();
  if (deadline <= now || deadline > now + ERASURE_SECONDS) throw ContentError.request_expired({ deadline });
  const cid = cidOf(sha256);
  const who = owner.toLowerCase() as Address;
  const stakers = await rows<{ owner: string; announced: boolean }>(
    store.db,
    sql`select o.owner, bool_or(m.id is not null) as announced from markets.opinions o
      left join markets.opinion_markets m on m.id = o.market where o.opinion = ${sha256} group by o.owner
      order by (o.owner = ${who}) desc, announced desc limit 2`,
  );
  const [own, other] = stakers;
  if (own?.owner !== who) throw ContentError.not_yours({ owner: who, cid });
  // In a market that nobody announced anybody can stake a single unit, which nobody judges: it holds up no one whose own was announced.
  if (other && (other.announced || !own.announced)) throw ContentError.shared({ cid });
  const typed = erasureTypedData(
    { chainId: hub.definition.id, oracle: addresses.oracle },
    { sha256, owner: owner as Address, deadline },
  );
  const isSigned = await hub.client.verifyTypedData({
    ...typed,
    address: owner as Address,
    signature: signature as Hex,
  });
  if (!isSigned) throw ContentError.bad_signature({ owner: who });
  const wait = await secondsYoung(store.db, sha256);
  if (wait > 0) throw ContentError.too_young({ cid, wait });
  const market = await openMarketWith(store.db, sha256);
  if (market) throw ContentError.still_judged({ cid, market });
  return eraseContent(store, sha256);
}

/** For how long it is young still, by the clock of the database; 0 of what is not kept here. */
async function secondsYoung(db: Executor, sha256: Hex): Promise<number> {
  const young = await one<{ seconds: number }>(
    db,
    sql`select ceil(extract(epoch from at - now()))::int + ${YOUNG_SECONDS} as seconds from markets.contents
      where sha256 = ${sha256} and bytes is not null`,
  );
  return Math.max(0, young?.seconds ?? 0);
}

async function openMarketWith(db: Executor, sha256: Hex): Promise<Hex | undefined> {
  const open = await one<{ id: Hex }>(
    db,
    sql`select m.id from markets.opinions o join markets.opinion_markets m on m.id = o.market
      where o.opinion = ${sha256} and m.ending = 'none' limit 1`,
  );
  return open?.id;
}
