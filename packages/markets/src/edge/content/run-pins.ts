import type { Hex } from "@sooth/kernel";
import { alert, counter, type Logger } from "@sooth/runtime";
import { one, rows, sql, type Store } from "@sooth/store";
import { ASK_AGAIN, pauseAfterFailure, type PinTarget } from "../../core/index.ts";
import type { MarketsConfig } from "../config.ts";
import { ipfsNode } from "./ipfs-node.ts";
import type { Pinner } from "./pinner.ts";
import { PinRefused, pinningService } from "./pinning-service.ts";

const pinned = counter("content_pins_total", "Texts pinned or let go elsewhere, by what became of it", [
  "target",
  "result",
]);
export const pinsFailAlert = alert({
  id: "content.pins_fail",
  severity: "ticket",
  forSeconds: 3_600,
  when: `increase(${pinned.metric}{result="failed"}[1h]) > 0 unless ignoring (result) increase(${pinned.metric}{result="done"}[1h]) > 0`,
  runbook: "docs/runbooks/markets.md#texts-are-not-pinned",
});

const AT_ONCE = 10;
/** Held back from others while it is tried; a worker that died leaves it to them afterwards. */
const LEASE = 60;

export type Pinners = Partial<Record<PinTarget, Pinner>>;
type Due = {
  sha256: Hex;
  target: PinTarget;
  wanted: boolean;
  request: string | null;
  failed: number;
};

export const pinnersOf = (
  config: Pick<MarketsConfig, "CONTENT_IPFS_API" | "CONTENT_PINNING_URL" | "CONTENT_PINNING_TOKEN">,
): Pinners => ({
  ...(config.CONTENT_IPFS_API !== undefined && { ipfs: ipfsNode(config.CONTENT_IPFS_API) }),
  ...(config.CONTENT_PINNING_URL !== undefined && {
    service: pinningService({ url: config.CONTENT_PINNING_URL, token: config.CONTENT_PINNING_TOKEN }),
  }),
});

/** Pins and lets go what is due, ten at once; how many were tried. Several processes may do so at the same time. */
export async function runPins(
  store: Store,
  pinners: Pinners,
  log: Logger,
  signal: AbortSignal,
): Promise<number> {
  const targets = Object.keys(pinners);
  if (targets.length === 0) return 0;
  const due = await rows<Due>(
    store.db,
    sql`update markets.pins p set next_at = now() + make_interval(secs => ${LEASE})
      from (select sha256, target from markets.pins
        where state = 'waiting' and next_at <= now() and target = any(${targets}::text[])
        order by next_at limit ${AT_ONCE} for update skip locked) d
      where p.sha256 = d.sha256 and p.target = d.target
      returning p.sha256, p.target, p.wanted, p.request, p.failed`,
  );
  await Promise.all(due.map((each) => runOne(store, pinners[each.target], each, log, signal)));
  return due.length;
}

async function runOne(
  store: Store,
  pinner: Pinner | undefined,
  due: Due,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  if (!pinner) return;
  try {
    const result = due.wanted ? await pin(store, pinner, due, signal) : await letGo(pinner, due, signal);
    const kept = await one(
      store.db,
      sql`update markets.pins set state = ${result.done ? "done" : "waiting"}, request = ${result.request},
        failed = 0, error = null, next_at = now() + make_interval(secs => ${ASK_AGAIN})
        where sha256 = ${due.sha256} and target = ${due.target} and wanted = ${due.wanted} returning sha256`,
    );
    // Erased while it was pinned, and perhaps let go before it was there: it is let go once more.
    if (due.wanted && !kept)
      await sql`insert into markets.pins (sha256, target, wanted, request) values (${due.sha256}, ${due.target}, false, ${result.request})
        on conflict (sha256, target) do update set state = 'waiting', next_at = now(), request = excluded.request
        where not markets.pins.wanted`.execute(store.db);
    // Of what was forgotten nothing is left to remember; of what was erased the row says that it was.
    if (!due.wanted && result.done)
      await sql`delete from markets.pins p where p.sha256 = ${due.sha256} and p.target = ${due.target} and not p.wanted
        and not exists (select 1 from markets.contents c where c.sha256 = p.sha256)`.execute(store.db);
    pinned.inc({ target: due.target, result: result.done ? "done" : "waiting" });
  } catch (error) {
    const failed = due.failed + 1;
    const pause = pauseAfterFailure(failed, Math.random());
    const why = error instanceof Error ? error.message.slice(0, 300) : "it failed";
    const request = error instanceof PinRefused && error.anew ? null : due.request;
    await sql`update markets.pins set failed = ${failed}, error = ${why}, request = ${request},
      state = ${pause === null ? "dead" : "waiting"}, next_at = now() + make_interval(secs => ${pause ?? 0})
      where sha256 = ${due.sha256} and target = ${due.target} and wanted = ${due.wanted}`.execute(store.db);
    pinned.inc({ target: due.target, result: "failed" });
    log.warn({ sha256: due.sha256, target: due.target, why, failed }, "a text is not pinned yet");
  }
}

async function pin({ db }: Store, pinner: Pinner, { sha256, request }: Due, signal: AbortSignal) {
  const row = await one<{ bytes: Uint8Array | null }>(
    db,
    sql`select bytes from markets.contents where sha256 = ${sha256}`,
  );
  // Erased meanwhile: what lets go of it is due by itself.
  if (!row?.bytes) return { done: true, request };
  const said = await pinner.pin({ sha256, bytes: row.bytes, request }, signal);
  return { done: said.done, request: said.request ?? null };
}

async function letGo(pinner: Pinner, { sha256, request }: Due, signal: AbortSignal) {
  await pinner.unpin({ sha256, request }, signal);
  return { done: true, request: null };
}

/** Has those tried again that were given up; how many. */
export async function retryPins({ db }: Pick<Store, "db">): Promise<number> {
  const again = await rows(
    db,
    sql`update markets.pins set state = 'waiting', failed = 0, next_at = now() where state = 'dead' returning sha256`,
  );
  return again.length;
}
