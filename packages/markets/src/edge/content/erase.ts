import type { Chain } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import { serverTime } from "@sooth/oracle";
import { rows, sql } from "@sooth/store";
import type { z } from "zod";
import { cidOf, ContentError, ERASURE_SECONDS, erasureTypedData, type wireErase } from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { eraseContent } from "./store.ts";

/**
 * Erases a text for who staked with it, and alone did: who stakes with a copy of somebody else's words could else take their
 * weight away. False when it was erased before. @throws content.request_expired, content.not_yours, content.shared, content.bad_signature
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
  const stakers = await rows<{ owner: string }>(
    store.db,
    sql`select distinct owner from markets.opinions where opinion = ${sha256} limit 100`,
  );
  if (!stakers.some((each) => each.owner === who)) throw ContentError.not_yours({ owner: who, cid });
  if (stakers.length > 1) throw ContentError.shared({ cid });
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
  return eraseContent(store, sha256);
}
