import type { Address, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql, type Store } from "@sooth/store";
import {
  cidOf,
  ContentError,
  type ContentKind,
  hashOf,
  type PinTarget,
  SHEET_PAUSE,
} from "../../core/index.ts";

export type Kept = { sha256: Hex; cid: string; size: number };
export type Content = { kind: ContentKind; bytes: Uint8Array };

/**
 * How much may come in within a day, in bytes: writing is free, and a disk is not. All texts of opinions share it, for anybody may write
 * them; of sheets, which known keys sign, each key has as much to itself. So nobody keeps a provider from handing his labels over.
 */
export type Room = { bytesPerDay: number; targets: readonly PinTarget[] };

const SECONDS_A_DAY = 86_400;

/**
 * Keeps bytes under their hash, and has them pinned; the same again within the hour changes nothing. Brought again later, a text
 * that no stake names yet is as if it came now, or it would be forgotten before its stake. @throws content.erased, content.full
 */
export async function keepContent(
  store: Store,
  { kind, bytes, signer = null }: Content & { signer?: Address | null },
  { bytesPerDay, targets }: Room,
): Promise<Kept> {
  const sha256 = hashOf(bytes);
  const cid = cidOf(sha256);
  await store.transaction(async (tx) => {
    const held = await one<{ erased: boolean; stays: boolean }>(
      tx,
      sql`select bytes is null as erased, (kind <> 'opinion' or named or at > now() - interval '1 hour') as stays
        from markets.contents where sha256 = ${sha256} for update`,
    );
    if (held?.erased) throw ContentError.erased({ cid });
    if (held?.stays) return;
    const day = await one<{ bytes: number }>(
      tx,
      sql`select coalesce(sum(size), 0)::bigint as bytes from markets.contents 
        where at > now() - interval '1 day' and sha256 <> ${sha256} and kind = ${kind}
        and (kind <> 'sheet' or signer = ${signer?.toLowerCase() ?? null})`,
    );
    if ((day?.bytes ?? 0) + bytes.length > bytesPerDay)
      throw ContentError.full({ retryAfterSeconds: SECONDS_A_DAY / 24 });
    await sql`insert into markets.contents (sha256, kind, size, bytes, signer)
      values (${sha256}, ${kind}, ${bytes.length}, ${Buffer.from(bytes)}, ${signer?.toLowerCase() ?? null})
      on conflict (sha256) do update set at = now() where markets.contents.bytes is not null`.execute(tx);
    const pause = kind === "sheet" ? SHEET_PAUSE : 0;
    for (const target of targets)
      await sql`insert into markets.pins (sha256, target, next_at)
        values (${sha256}, ${target}, now() + make_interval(secs => ${pause}))
        on conflict (sha256, target) do update set wanted = true, state = 'waiting', failed = 0, error = null,
          next_at = excluded.next_at where not markets.pins.wanted`.execute(tx);
  });
  return { sha256, cid, size: bytes.length };
}

/** What is kept under a hash, without its bytes; null where nothing is. @throws content.erased */
export async function keptKind(db: Executor, sha256: Hex): Promise<ContentKind | null> {
  const row = await one<{ kind: ContentKind; erased: boolean }>(
    db,
    sql`select kind, bytes is null as erased from markets.contents where sha256 = ${sha256}`,
  );
  if (row?.erased) throw ContentError.erased({ cid: cidOf(sha256) });
  return row?.kind ?? null;
}

/**
 * What is kept under a hash, looked at again: a disk that changed a byte must not change what somebody said. Undefined where
 * nothing is. @throws content.erased
 */
export async function contentOf(db: Executor, sha256: Hex): Promise<Content | undefined> {
  const row = await one<{ kind: ContentKind; bytes: Uint8Array | null }>(
    db,
    sql`select kind, bytes from markets.contents where sha256 = ${sha256}`,
  );
  if (!row) return undefined;
  if (row.bytes === null) throw ContentError.erased({ cid: cidOf(sha256) });
  const bytes = new Uint8Array(row.bytes);
  if (hashOf(bytes) !== sha256) throw ContentError.broken({ cid: cidOf(sha256) });
  return { kind: row.kind, bytes };
}

/** Texts of opinions by their hashes, those of them that are kept here. At most a page's at once. */
export async function opinionTexts(db: Executor, hashes: readonly string[]): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map();
  const found = await rows<{ sha256: string; bytes: Uint8Array }>(
    db,
    sql`select sha256, bytes from markets.contents
      where kind = 'opinion' and bytes is not null and sha256 = any(${hashes.map((hash) => hash.toLowerCase())}::text[])`,
  );
  const decode = new TextDecoder("utf-8", { ignoreBOM: true });
  return new Map(found.map(({ sha256, bytes }) => [sha256, decode.decode(bytes)]));
}

/**
 * Forgets a text for good, here and where we had it pinned: it is not taken a second time, also when it never came. Its hash
 * is on the chain and stays. False when it was erased before.
 */
export const eraseContent = (store: Store, sha256: Hex): Promise<boolean> =>
  store.transaction((tx) => eraseIn(tx, sha256));

export async function eraseIn(tx: Executor, sha256: Hex): Promise<boolean> {
  const erased = await one(
    tx,
    sql`insert into markets.contents (sha256, kind, size) values (${sha256}, 'opinion', 0)
      on conflict (sha256) do update set bytes = null, size = 0 where markets.contents.bytes is not null returning sha256`,
  );
  // What a model made of it goes too; the next one is made without it.
  await sql`delete from markets.digests where texts @> array[${sha256.toLowerCase()}]`.execute(tx);
  await sql`update markets.pins set wanted = false, state = 'waiting', failed = 0, error = null, next_at = now()
    where sha256 = ${sha256} and wanted`.execute(tx);
  await sql`delete from markets.erasures where sha256 = ${sha256}`.execute(tx);
  return erased !== undefined;
}
