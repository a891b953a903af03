import { counter, gauge, alert } from "@sooth/runtime";
import { one, rows, sql } from "@sooth/store";
import { confirmation, type Item, letterOf, pauseAfter } from "../core/index.ts";
import type { PushText } from "../core/push-text.ts";
import { type Deps, serverTime } from "./deps.ts";
import type { Mailer } from "./mail/mailer.ts";
import type { Outcome } from "./outcome.ts";
import type { Pusher } from "./push/pusher.ts";

const handed = counter("notifications_letters_total", "Letters handed over, by what became of it", [
  "channel",
  "outcome",
]);
const waiting = gauge("notifications_letters_waiting", "Letters that are due and not handed over");
export const lettersFailAlert = alert({
  id: "notifications.letters_fail",
  severity: "ticket",
  forSeconds: 1_800,
  when: `increase(${handed.metric}{outcome="failed"}[30m]) > 0 unless ignoring(outcome) increase(${handed.metric}{outcome="sent"}[30m]) > 0`,
  runbook: "docs/runbooks/notifications.md#letters-fail",
});
export const lettersWaitAlert = alert({
  id: "notifications.letters_wait",
  severity: "ticket",
  forSeconds: 1_800,
  when: `${waiting.metric} > 100`,
  runbook: "docs/runbooks/notifications.md#letters-wait",
});

const AT_ONCE = 10;
/** Longer than any try takes. Held back from others meanwhile; a worker that died leaves the letter to them afterwards. */
const LEASE = 120;
const KEPT_SECONDS = 7 * 86_400;

export type Carriers = { mailer?: Mailer | undefined; pusher?: Pusher | undefined };
type Due = {
  id: number;
  channel: "mail" | "push";
  wallet: string;
  messageId: string;
  body: { confirm?: string; items?: Item[]; texts?: PushText[] };
  attempts: number;
  browser: number | null;
};

/**
 * Hands over what is due until `signal` aborts; how many were tried. Several processes may do so at the same time. A crash between
 * the server's word and our note of it hands the letter over again, under the same Message-ID, by which mail programs know it.
 */
export async function deliverLetters(deps: Deps, carriers: Carriers, signal: AbortSignal): Promise<number> {
  const channels = [carriers.mailer && "mail", carriers.pusher && "push"].filter(Boolean);
  let tried = 0;
  while (channels.length > 0 && !signal.aborted) {
    const now = serverTime();
    const due = await rows<Due>(
      deps.store.db,
      sql`update notifications.letters l set next_at = ${now + LEASE}, attempts = attempts + 1
        from (select id from notifications.letters
          where state = 'waiting' and next_at <= ${now} and channel = any(${channels}::text[])
          order by next_at, id limit ${AT_ONCE} for update skip locked) d
        where l.id = d.id
        returning l.id, l.channel, l.wallet, l.message_id as "messageId", l.body, l.attempts, l.browser`,
    );
    await Promise.all(due.map((each) => deliver(deps, carriers, each)));
    tried += due.length;
    if (due.length < AT_ONCE) break;
  }
  await tellWaiting(deps);
  return tried;
}

async function deliver(deps: Deps, carriers: Carriers, letter: Due): Promise<void> {
  // What is thrown counts as a try: else the letter came back for ever, and those beside it with it.
  const outcome = await hand(deps, carriers, letter).catch((error: unknown): Outcome => ({
    kind: "failed",
    why: (error as Error).name,
  }));
  // Its address, or its browser, was forgotten meanwhile, and with it the letter.
  if (outcome === null) return;
  handed.inc({ channel: letter.channel, outcome: outcome.kind });
  await settle(deps, letter, outcome);
  if (outcome.kind !== "sent")
    deps.log.warn(
      { letter: letter.id, channel: letter.channel, why: outcome.why, attempts: letter.attempts },
      outcome.kind === "failed" ? "a letter is not handed over yet" : "a letter is not taken",
    );
}

const hand = (deps: Deps, { mailer, pusher }: Carriers, letter: Due): Promise<Outcome | null> =>
  letter.channel === "mail" && mailer
    ? handMail(deps, mailer, letter)
    : letter.channel === "push" && pusher
      ? handPush(deps, pusher, letter)
      : Promise.resolve(null);

async function handMail(
  { store, config }: Deps,
  mailer: Mailer,
  { id, wallet, body, messageId }: Due,
): Promise<Outcome | null> {
  // By its letter: the owner may have named another mailbox since it was taken up, and that one confirmed nothing yet.
  const to = await one<{ address: string; origin: string; unsubscribe: string; confirmBy: number }>(
    store.db,
    sql`select a.address, a.origin, a.unsubscribe, a.confirm_by as "confirmBy"
      from notifications.letters l join notifications.mail_addresses a on a.wallet = l.mail
      where l.id = ${id} and not a.refused and (a.since is not null or l.body ? 'confirm')`,
  );
  if (!to) return null;
  const { origin } = to;
  const stop = `${origin}/notifications/stop#${to.unsubscribe}`;
  if (body.confirm !== undefined && to.confirmBy <= serverTime())
    return { kind: "refused", why: "its link is too old" };
  const letter =
    body.confirm === undefined
      ? letterOf(body.items ?? [], { origin, stop })
      : confirmation({ wallet, origin, link: `${origin}/notifications/confirm#${body.confirm}`, stop });
  return mailer.send({
    to: to.address,
    messageId: `<${messageId}@${(config.MAIL_FROM ?? "").split("@").at(-1)}>`,
    letter,
    unsubscribe: `${origin}/v1/notifications/mail/unsubscribe?token=${to.unsubscribe}`,
  });
}

async function handPush({ store }: Deps, pusher: Pusher, { browser, body }: Due): Promise<Outcome | null> {
  const to = await one<{ endpoint: string; p256dh: string; auth: string; ours: boolean }>(
    store.db,
    sql`select endpoint, p256dh, auth, public_key is null or public_key = ${pusher.publicKey} as ours
      from notifications.browsers where id = ${browser}`,
  );
  // It subscribed to another key: its push service would refuse each try.
  if (to && !to.ours) return { kind: "gone", why: "another key" };
  return to ? pusher.send(to, body.texts ?? []) : null;
}

async function settle({ store: { db } }: Deps, letter: Due, outcome: Outcome): Promise<void> {
  const { id, attempts } = letter;
  const pause = outcome.kind === "failed" ? pauseAfter(attempts, Math.random()) : null;
  if (outcome.kind === "failed" && pause !== null) {
    const next = serverTime() + Math.max(pause, outcome.afterSeconds ?? 0);
    await sql`update notifications.letters set next_at = ${next}, error = ${outcome.why} where id = ${id}`.execute(
      db,
    );
    return;
  }
  // What is done with needs no text, and no token.
  const state = outcome.kind === "sent" ? "sent" : "dead";
  const error = outcome.kind === "sent" ? null : outcome.why;
  const body =
    state === "sent" || letter.body.confirm !== undefined
      ? sql`jsonb_strip_nulls(jsonb_build_object('confirm',
      case when body ? 'confirm' then to_jsonb('used'::text) end))`
      : sql`body`;
  await sql`update notifications.letters set state = ${state}, error = ${error}, body = ${body} where id = ${id}`.execute(
    db,
  );
  if (outcome.kind !== "gone") return;
  if (letter.channel === "push")
    await sql`delete from notifications.browsers where id = ${letter.browser}`.execute(db);
  else
    await sql`update notifications.mail_addresses set refused = true where wallet = ${letter.wallet}
      and exists (select 1 from notifications.letters where id = ${id})`.execute(db);
}

async function tellWaiting({ store }: Deps): Promise<void> {
  const found = await one<{ count: number }>(
    store.db,
    sql`select count(*) as count from notifications.letters where state = 'waiting' and next_at <= ${serverTime()}`,
  );
  waiting.set(found?.count ?? 0);
}

/** Drops what nothing is counted by any more. Letters that were given up stay a week, for whoever mends the cause. */
export async function forgetOld({ store: { db } }: Pick<Deps, "store">): Promise<void> {
  const now = serverTime();
  // Also those that wait for a channel that was switched off: nobody wants them by the time that it is on again.
  await sql`delete from notifications.letters where created_at < ${now - KEPT_SECONDS}`.execute(db);
  await sql`delete from notifications.confirmations where at < ${now - 30 * 86_400}`.execute(db);
  await sql`delete from notifications.silenced where until < ${now}`.execute(db);
  // A link that nobody used confirms nothing any more, and the address was never given by its owner.
  await sql`delete from notifications.mail_addresses where since is null and confirm_by < ${now}`.execute(db);
  // What waited for an address, or a browser, that is no more there: who comes back is told of what is new then.
  await sql`delete from notifications.told t where case channel
    when 'mail' then not exists (select 1 from notifications.mail_addresses a where a.wallet = t.wallet)
    else not exists (select 1 from notifications.browsers b where b.wallet = t.wallet) end`.execute(db);
}
