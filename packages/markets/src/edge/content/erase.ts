import type { Address, Hex } from "@sooth/kernel";
import { chainTime, serverTime } from "@sooth/oracle";
import { type Executor, one, sql } from "@sooth/store";
import type { z } from "zod";
import {
  cidOf,
  ContentError,
  ERASURE_SECONDS,
  erasureTypedData,
  keepingTypedData,
  type wireErase,
  type wireErasure,
} from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { authorOf, erasureOf, isErased, secondsYoung } from "./erasure-rows.ts";

type Asks = Pick<Deps, "store" | "addresses" | "hub">;
type Signed = z.infer<typeof wireErase>;
type Erasing = z.infer<typeof wireErasure>;

/**
 * Takes down that a text is to be erased, for who staked with it first in announced markets, or, where it stands in none of those,
 * did alone: whoever copies somebody's words must not be able to take them away. Not while it is young: he could stake first, with
 * words that he saw come. It is erased later, by a sweep (erase-asked.ts), when nobody judges it any more; from now on no stake with it
 * is taken here. Asked again it is the same request. @throws content.request_expired, content.not_yours, content.shared,
 * content.bad_signature, content.too_young
 */
export async function askErasure(deps: Asks, sha256: Hex, signed: Signed): Promise<Erasing> {
  const { store, hub } = deps;
  const owner = signed.owner.toLowerCase() as Address;
  const cid = cidOf(sha256);
  checkDeadline(signed);
  await checkIsFirst(store.db, sha256, owner);
  await checkSigned(deps, sha256, signed, erasureTypedData);
  const wait = await secondsYoung(store.db, sha256);
  if (wait > 0) throw ContentError.too_young({ cid, wait });
  const now = await chainTime(hub);
  if (!(await isErased(store.db, sha256)))
    await sql`insert into markets.erasures (sha256, owner, asked_at) values (${sha256}, ${owner}, ${now})
      on conflict (sha256) do nothing`.execute(store.db);
  return erasureOf(store.db, sha256);
}

/** Lets a text stay that its owner wanted erased. @throws content.request_expired, content.bad_signature, content.not_asked */
export async function takeBackErasure(deps: Asks, sha256: Hex, signed: Signed): Promise<Erasing> {
  const { db } = deps.store;
  const owner = signed.owner.toLowerCase() as Address;
  checkDeadline(signed);
  await checkSigned(deps, sha256, signed, keepingTypedData);
  const kept = await one(
    db,
    sql`delete from markets.erasures where sha256 = ${sha256} and owner = ${owner} returning sha256`,
  );
  if (!kept) throw ContentError.not_asked({ owner, cid: cidOf(sha256) });
  return erasureOf(db, sha256);
}

function checkDeadline({ deadline }: Signed): void {
  const now = serverTime();
  if (deadline <= now || deadline > now + ERASURE_SECONDS) throw ContentError.request_expired({ deadline });
}

async function checkIsFirst(db: Executor, sha256: Hex, owner: Address): Promise<void> {
  const cid = cidOf(sha256);
  const [own, author] = await Promise.all([
    // A provider's sheet is nobody's opinion, whoever stakes with its hash.
    one(
      db,
      sql`select 1 from markets.opinions o where o.opinion = ${sha256} and o.owner = ${owner}
        and not exists (select 1 from markets.contents c where c.sha256 = o.opinion and c.kind = 'sheet') limit 1`,
    ),
    authorOf(db, sha256),
  ]);
  if (!own) throw ContentError.not_yours({ owner, cid });
  if (author !== owner) throw ContentError.shared({ cid });
}

async function checkSigned(
  { hub, addresses }: Asks,
  sha256: Hex,
  { owner, deadline, signature }: Signed,
  typedData: typeof erasureTypedData | typeof keepingTypedData,
): Promise<void> {
  const domain = { chainId: hub.definition.id, oracle: addresses.oracle };
  const address = owner as Address;
  const isSigned = await hub.client.verifyTypedData({
    ...typedData(domain, { sha256, owner: address, deadline }),
    address,
    signature: signature as Hex,
  });
  if (!isSigned) throw ContentError.bad_signature({ owner: address });
}
