import type { Address } from "@sooth/kernel";
import { isInvested, newsOf } from "@sooth/markets";
import { NEWS_KINDS, type NewsKind, type Notification } from "@sooth/markets/core";
import { counter } from "@sooth/runtime";
import { type Executor, one, rows, sql, type Transaction } from "@sooth/store";
import { createHash } from "node:crypto";
import { type Item, itemOf, pushText, waitFor } from "../core/index.ts";
import { type Deps, serverTime } from "./deps.ts";
import { tellableBrowsers } from "./push/subscriptions.ts";

const DAY = 86_400;
/**
 * How far before the last look is looked again, in seconds: rows of a block may come late. What was told is known by its id.
 */
const OVERLAP = 3_600;
/** What is younger may still be undone with its block. A deeper reorg tells something false, which its page then does not show. */
const SETTLE_SECONDS = 60;
/** Wallets are looked through this often, in seconds, and so many of them for one block. */
const LOOK_EVERY = { local: 2, elsewhere: 30 };
const MOST_LOOKS = 200;
/** News that are read at once. */
const PAGE = 200;
const NO_GAP = 0;

const untold = counter(
  "notifications_untold_total",
  "Looks at a wallet's news that failed; it is looked at again",
);

/** `push`: the key that browsers subscribe to; null where nothing is pushed. */
type Offers = { mail: boolean; push: string | null };
type Reader = { wallet: Address; mailOff: NewsKind[]; pushOff: NewsKind[]; until: number };
type Waiting = { id: string; item: Item };

/**
 * Writes letters for what wallets are told of up to `now`, the chain's clock. What was told, the letter and the mark up to which a
 * wallet was looked through are one transaction: a crash tells nothing twice, and leaves nothing out.
 */
export async function tellReaders(deps: Deps, now: number, offers: Offers): Promise<void> {
  if (!offers.mail && offers.push === null) return;
  const { finality, blockSeconds } = deps.hub.definition;
  const settle = Math.min(SETTLE_SECONDS, Math.ceil(finality.confirmations * blockSeconds));
  const every = settle < SETTLE_SECONDS ? LOOK_EVERY.local : LOOK_EVERY.elsewhere;
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const clock = serverTime();
    let reader: Reader | undefined;
    // Wallets cost nothing: every second look is for one that has something here, so nobody delays those with many others.
    const first = looks % 2 === 0;
    const look = deps.store.transaction(async (tx) => {
      const before = clock - every;
      reader =
        (first ? await nextReader(tx, before, sql`known`) : undefined) ??
        (await nextReader(tx, before, sql`true`));
      if (reader) await tellReader(tx, deps, reader, { settled: now - settle, clock, offers });
    });
    try {
      await look;
    } catch (error) {
      if (!reader) throw error;
      await passOver(deps, reader, { error, clock });
    }
    if (!reader) return;
  }
}

const nextReader = (
  tx: Executor,
  before: number,
  which: ReturnType<typeof sql>,
): Promise<Reader | undefined> =>
  one<Reader>(
    tx,
    sql`select wallet, mail_off as "mailOff", push_off as "pushOff", until from notifications.readers r
      where looked_at <= ${before} and ${which} and (
        exists (select 1 from notifications.mail_addresses m where m.wallet = r.wallet and m.since is not null)
        or exists (select 1 from notifications.browsers b where b.wallet = r.wallet))
      order by looked_at limit 1 for update skip locked`,
  );

/** Else the same wallet would be the first again, and nobody after it would be told anything. */
async function passOver(
  { store, log }: Deps,
  { wallet }: Reader,
  { error, clock }: { error: unknown; clock: number },
): Promise<void> {
  untold.inc();
  log.error({ err: error, wallet }, "a wallet's news cannot be told");
  await sql`update notifications.readers set looked_at = ${clock} where wallet = ${wallet}`.execute(store.db);
}

type Now = { settled: number; clock: number; offers: Offers };

async function tellReader(
  tx: Transaction<unknown>,
  deps: Deps,
  reader: Reader,
  { settled, clock, offers }: Now,
): Promise<void> {
  const { wallet } = reader;
  const mail = await one<{ since: number; target: string }>(
    tx,
    sql`select since, target from notifications.mail_addresses
      where wallet = ${wallet} and since is not null and not refused`,
  );
  const { push } = offers;
  const browsers = push === null ? [] : await tellableBrowsers(tx, wallet, { now: clock, publicKey: push });
  // A chain that began anew is behind what was seen of the one before.
  const looked = Math.max(0, Math.min(reader.until, settled) - OVERLAP);
  // Nobody is told of what was before he asked.
  const asked = Math.min(...[mail, ...browsers].flatMap((each) => each?.since ?? []));
  const since = Math.max(looked, Number.isFinite(asked) ? asked : settled);
  const news = await newsBetween(deps, wallet, { since, settled });
  if (offers.mail && mail) {
    await noteNews(tx, reader, "mail", news, { off: reader.mailOff, since: mail.since });
    await writeMail(tx, deps, { wallet, target: mail.target, clock });
  }
  const [first] = browsers;
  if (first) {
    const oldest = Math.min(...browsers.map((each) => each.since));
    await noteNews(tx, reader, "push", news, { off: reader.pushOff, since: oldest });
    await writePushes(tx, deps, { wallet, browsers, clock });
  }
  const known = await isInvested(deps.store.db, wallet);
  await sql`update notifications.readers set until = ${settled}, looked_at = ${clock}, known = ${known}
    where wallet = ${wallet}`.execute(tx);
  await sql`delete from notifications.told where wallet = ${wallet} and item is null and at < ${looked}`.execute(
    tx,
  );
}

/** All of it: after hours in which nothing was told it may be more than one page. */
async function newsBetween(
  { store }: Deps,
  wallet: Address,
  { since, settled }: { since: number; settled: number },
): Promise<Notification[]> {
  const all: Notification[] = [];
  let before: Notification | undefined;
  for (;;) {
    const filter = { reader: "wallet", kinds: NEWS_KINDS, since, before, limit: PAGE } as const;
    const page = await newsOf(store.db, wallet, filter, settled);
    all.push(...page.filter(({ at }) => at <= settled));
    before = page.at(-1);
    if (page.length < PAGE) return all;
  }
}

/** Notes what is to be told on a channel; what was noted before, under the same id, is left as it is. */
async function noteNews(
  tx: Executor,
  { wallet }: Reader,
  channel: "mail" | "push",
  news: readonly Notification[],
  { off, since }: { off: readonly NewsKind[]; since: number },
): Promise<void> {
  const fresh = news
    .filter(({ kind, at }) => at > since && !off.includes(kind))
    .map((each) => ({ news: each.id, at: each.at, item: itemOf(each) }));
  if (fresh.length === 0) return;
  await sql`insert into notifications.told (wallet, channel, news, at, item)
    select ${wallet}, ${channel}, news, at, item
    from jsonb_to_recordset(${JSON.stringify(fresh)}::jsonb) as fresh (news text, at bigint, item jsonb)
    on conflict do nothing`.execute(tx);
}

const waitingOf = (tx: Executor, wallet: Address, channel: "mail" | "push"): Promise<Waiting[]> =>
  rows<Waiting>(
    tx,
    sql`select news as id, item from notifications.told
      where wallet = ${wallet} and channel = ${channel} and item is not null order by at, news collate "C"`,
  );

async function markTold(tx: Executor, wallet: Address, channel: "mail" | "push"): Promise<void> {
  await sql`update notifications.told set item = null
    where wallet = ${wallet} and channel = ${channel} and item is not null`.execute(tx);
}

async function writeMail(
  tx: Executor,
  { config }: Deps,
  { wallet, target, clock }: { wallet: Address; target: string; clock: number },
): Promise<void> {
  const waiting = await waitingOf(tx, wallet, "mail");
  if (waiting.length === 0) return;
  // Of all wallets that share the mailbox: a hundred of them must not be a hundred letters.
  await sql`select pg_advisory_xact_lock(hashtext(${`notifications ${target}`}))`.execute(tx);
  const sent = await one<{ inADay: number; last: number | null }>(
    tx,
    sql`select count(*) as "inADay", max(created_at) as last from notifications.letters
      where target = ${target} and created_at > ${clock - DAY} and not body ? 'confirm'`,
  );
  const limits = { aDay: config.MAIL_PER_DAY, gapSeconds: config.MAIL_GAP_SECONDS };
  const urgent = waiting.some(({ item }) => item.urgent);
  if (waitFor(sent ?? { inADay: 0, last: null }, limits, { urgent, now: clock })) return;
  const items = waiting.map(({ item }) => item);
  await sql`insert into notifications.letters (channel, wallet, mail, target, message_id, body, created_at, next_at)
    values ('mail', ${wallet}, ${wallet}, ${target}, ${idOf(["mail", wallet, ...waiting.map(({ id }) => id)])},
      ${JSON.stringify({ items })}::jsonb, ${clock}, ${clock})
    on conflict (message_id) do nothing`.execute(tx);
  await markTold(tx, wallet, "mail");
}

async function writePushes(
  tx: Executor,
  { config }: Deps,
  o: { wallet: Address; browsers: readonly { id: number; since: number }[]; clock: number },
): Promise<void> {
  const { wallet, browsers, clock } = o;
  const waiting = await waitingOf(tx, wallet, "push");
  if (waiting.length === 0) return;
  const sent = await one<{ inADay: number; last: number | null }>(
    tx,
    sql`select count(*) as "inADay", max(created_at) as last from notifications.letters
      where wallet = ${wallet} and channel = 'push' and created_at > ${clock - DAY}`,
  );
  const limits = { aDay: config.PUSH_PER_DAY, gapSeconds: NO_GAP, each: browsers.length };
  const urgent = waiting.some(({ item }) => item.urgent);
  if (waitFor(sent ?? { inADay: 0, last: null }, limits, { urgent, now: clock })) return;
  for (const { id: browser, since } of browsers) {
    const items = waiting.filter(({ item }) => item.at > since).map(({ id, item }) => ({ id, ...item }));
    if (items.length > 0)
      await sql`insert into notifications.letters (channel, wallet, browser, message_id, body, created_at, next_at)
        values ('push', ${wallet}, ${browser}, ${idOf(["push", String(browser), ...items.map(({ id }) => id)])},
          ${JSON.stringify({ texts: pushText(items) })}::jsonb, ${clock}, ${clock})
        on conflict (message_id) do nothing`.execute(tx);
  }
  await markTold(tx, wallet, "push");
}

const idOf = (parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 40);
