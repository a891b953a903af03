import { createHash, randomBytes } from "node:crypto";
import type { Address } from "@sooth/kernel";
import { type Executor, one, sql, type Store } from "@sooth/store";
import { CONFIRM_SECONDS, NotificationError } from "../../core/index.ts";
import { keyedHash, silencedAs, targetOf } from "./targets.ts";

const DAY = 86_400;
/** Confirmations that are asked for. A mailbox gets few however many wallets name it: each of them may be a stranger's. */
const MOST = { ofWalletInADay: 5, toTargetInADay: 2, toTargetInAMonth: 4, viaOnePlaceInADay: 10 };
/** Of all that may be asked for in a day, as much is there for wallets that have nothing here, and cost nothing. */
const UNKNOWN_PART = 1 / 2;
const SILENT_SECONDS = 365 * DAY;

export type MailRow = { address: string; confirmed: boolean; refused: boolean };

export const mailOf = (db: Executor, wallet: Address): Promise<MailRow | undefined> =>
  one<MailRow>(
    db,
    sql`select address, since is not null as confirmed, refused from notifications.mail_addresses where wallet = ${wallet}`,
  );

type Ask = {
  wallet: Address;
  /** Whether it has something here. */
  known: boolean;
  /** Where whoever asks comes from: addresses of one owner are one. */
  via: string;
  address: string;
  origin: string;
  now: number;
  key: string;
  aDay: number;
};

/**
 * Writes the letter that asks this mailbox for its confirmation; it takes the place of the wallet's address before.
 * @throws notifications.too_many_confirmations, for mailboxes that want none too: who asks learns nothing of them
 */
export async function askToConfirm({ db, transaction }: Store, o: Ask): Promise<void> {
  const known = await mailOf(db, o.wallet);
  if (known?.address === o.address && known.confirmed && !known.refused) return;
  const target = targetOf(o.address, o.key);
  const mailbox = silencedAs(o.address, o.key);
  const via = keyedHash("places", o.via, o.key);
  const token = randomToken();
  await transaction(async (tx) => {
    // One at a time, or many at once would each find the counts below their limits.
    await sql`select pg_advisory_xact_lock(hashtext('notifications.confirmations'))`.execute(tx);
    if (!(await mayAsk(tx, { ...o, target, mailbox, via })))
      throw NotificationError.too_many_confirmations({});
    await sql`insert into notifications.confirmations (wallet, target, at, known, via)
      values (${o.wallet}, ${target}, ${o.now}, ${o.known}, ${via})`.execute(tx);
    // With the letters that still wait for the address before.
    await forgetAddress(tx, o.wallet);
    await sql`insert into notifications.mail_addresses (wallet, address, target, mailbox, origin, confirm_sha256, confirm_by, unsubscribe)
      values (${o.wallet}, ${o.address}, ${target}, ${mailbox}, ${o.origin}, ${hashOf(token)}, ${o.now + CONFIRM_SECONDS}, ${randomToken()})`.execute(
      tx,
    );
    await sql`insert into notifications.readers (wallet) values (${o.wallet}) on conflict do nothing`.execute(
      tx,
    );
    await sql`insert into notifications.letters (channel, wallet, mail, target, message_id, body, created_at, next_at)
      values ('mail', ${o.wallet}, ${o.wallet}, ${target}, ${hashOf(`confirm ${token}`).slice(0, 40)},
        ${JSON.stringify({ confirm: token })}::jsonb, ${o.now}, ${o.now})`.execute(tx);
  });
}

type Asked = Ask & { target: string; mailbox: string };
type Counts = {
  wallet: number;
  day: number;
  month: number;
  all: number;
  unknown: number;
  via: number;
  silenced: boolean;
};

async function mayAsk(
  tx: Executor,
  { wallet, known, via, now, aDay, target, mailbox }: Asked,
): Promise<boolean> {
  const found = await one<Counts>(
    tx,
    sql`select count(*) filter (where wallet = ${wallet} and at > ${now - DAY}) as wallet,
        count(*) filter (where target = ${target} and at > ${now - DAY}) as day,
        count(*) filter (where target = ${target}) as month,
        count(*) filter (where at > ${now - DAY}) as all,
        count(*) filter (where at > ${now - DAY} and not known) as unknown,
        count(*) filter (where at > ${now - DAY} and not known and via = ${via}) as via,
        exists (select 1 from notifications.silenced where target in (${target}, ${mailbox}) and until > ${now}) as silenced
      from notifications.confirmations where at > ${now - 30 * DAY} and (at > ${now - DAY} or target = ${target})`,
  );
  return (
    found !== undefined &&
    !found.silenced &&
    found.wallet < MOST.ofWalletInADay &&
    found.day < MOST.toTargetInADay &&
    found.month < MOST.toTargetInAMonth &&
    found.all < aDay &&
    (known || (found.unknown < aDay * UNKNOWN_PART && found.via < MOST.viaOnePlaceInADay))
  );
}

/** Begins to tell whoever clicked; what happened up to `since` (chain's clock) is not told. @throws notifications.stale_link */
export async function confirmAddress(
  db: Executor,
  token: string,
  o: { now: number; since: number },
): Promise<void> {
  const confirmed = await one<{ wallet: string; target: string }>(
    db,
    sql`update notifications.mail_addresses set confirm_sha256 = null, since = ${o.since}
      where confirm_sha256 = ${hashOf(token)} and confirm_by > ${o.now} returning wallet, target`,
  );
  if (!confirmed) throw NotificationError.stale_link({});
  // Its owner has answered: this letter does not count against him. Those before may have gone to somebody else, whose address
  // is counted with his.
  await sql`delete from notifications.confirmations where id = (select max(id) from notifications.confirmations
    where wallet = ${confirmed.wallet} and target = ${confirmed.target})`.execute(db);
}

/**
 * Forgets the address of whoever clicked, and if he never confirmed it, sees to it that nobody has him asked again. Says nothing of
 * links that are unknown: one that was clicked twice has done what it should.
 */
export async function unsubscribe(db: Executor, token: string, now: number): Promise<void> {
  await sql`with gone as (
      delete from notifications.mail_addresses where unsubscribe = ${token}
        returning wallet, coalesce(mailbox, target) as mailbox, since),
    untold as (delete from notifications.told where channel = 'mail' and wallet in (select wallet from gone))
    insert into notifications.silenced (target, until) select mailbox, ${now + SILENT_SECONDS} from gone where since is null
    on conflict (target) do update set until = excluded.until`.execute(db);
}

/** With the letters that wait, and with what waits for one. */
export const forgetAddress = async (db: Executor, wallet: Address): Promise<void> => {
  await sql`delete from notifications.mail_addresses where wallet = ${wallet}`.execute(db);
  await sql`delete from notifications.told where wallet = ${wallet} and channel = 'mail'`.execute(db);
};

/** 256 random bits. What is kept of a link that confirms is its hash: whoever reads the tables confirms nothing. */
const randomToken = (): string => randomBytes(32).toString("base64url");
const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");
