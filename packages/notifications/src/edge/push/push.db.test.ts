import { at } from "@sooth/kernel";
import { sql } from "@sooth/store";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openPeople, type People } from "../../../test/people.ts";
import { type PushService, startPushService } from "../../../test/push-service.ts";
import { wireChannels } from "../../core/index.ts";
import { isService } from "./subscriptions.ts";

let service: PushService;
let people: People;
let publicKey = "";
const [ALICE, BOB] = [2, 3];

beforeAll(async () => {
  service = await startPushService(() => publicKey);
  people = await openPeople({
    PUSH_KEY: randomBytes(32).toString("base64url"),
    PUSH_CONTACT: "mailto:operator@sooth.example",
    PUSH_SERVICES: service.origin,
    PUSH_PER_DAY: "6",
  });
  const { cookie } = await people.signIn(ALICE);
  publicKey = (await pushOf(cookie))?.publicKey ?? "";
});
afterAll(async () => {
  await people.close();
  await service.close();
});
beforeEach(async () => {
  service.pushed.length = 0;
  service.fault = null;
  await sql`truncate notifications.readers, notifications.browsers, notifications.letters, notifications.told,
    markets.markets, markets.positions, bundles.bundles cascade`.execute(people.store.db);
});

const pushOf = async (cookie: string) =>
  wireChannels.parse((await people.ask("GET", "/v1/notifications/channels", cookie)).body).push;
const subscribe = (cookie: string, it: object) => people.ask("PUT", "/v1/notifications/push", cookie, it);
async function browser(index: number, device: string) {
  const who = await people.signIn(index);
  const subscription = service.subscription(device);
  expect((await subscribe(who.cookie, subscription)).status).toBe(200);
  return { ...who, subscription };
}
async function happens(wallet: `0x${string}`, title?: string) {
  people.clock.now += 100;
  return people.closes(wallet, people.clock.now - 90, title);
}
const hurry = () => sql`update notifications.letters set next_at = 0`.execute(people.store.db);
const seen = () => service.pushed.map(({ device }) => device).toSorted();
const letters = async () =>
  (
    await sql<{ state: string; attempts: number; due: number }>`select state, attempts,
    next_at - extract(epoch from now())::bigint as due from notifications.letters order by id`.execute(
      people.store.db,
    )
  ).rows;

test("every browser of a wallet is told once, signed and encrypted, with the page that it is about", async () => {
  const { wallet, cookie } = await browser(ALICE, "phone");
  await browser(ALICE, "desk");
  await browser(BOB, "other");
  const market = await happens(wallet);
  await people.sweep();
  await people.sweep();
  expect(seen()).toEqual(["desk", "phone"]);
  expect(service.pushed[0]).toMatchObject({
    ttl: "86400",
    text: {
      texts: [
        {
          words: "“Will it rain tomorrow?” is closed for stakes",
          path: `/markets/${market}`,
          tag: `closed:${market}`,
        },
      ],
    },
  });
  expect(await pushOf(cookie)).toMatchObject({ here: true, browsers: 2, off: [] });
  for (let n = 0; n < 5; n += 1) await happens(wallet, `Number ${n}?`);
  await people.sweep();
  expect(service.pushed.at(-1)?.text).toEqual({
    texts: [{ words: "5 new notifications", path: "/notifications", tag: "many" }],
  });
  await people.ask("PUT", "/v1/notifications/channels", cookie, { mailOff: [], pushOff: ["closed"] });
  await happens(wallet);
  await people.sweep();
  expect(service.pushed).toHaveLength(4);
});

test("a subscription ends with its session, by a switch, or by the push service's word, and not when a week is over", async () => {
  const out = await browser(ALICE, "signed-out");
  const week = await browser(ALICE, "week-over");
  const off = await browser(ALICE, "switched-off");
  await browser(ALICE, "stays");
  await people.ask("DELETE", "/v1/session", out.cookie);
  await sql`update notifications.browsers set session_ends = 1 where sha256 = (
    select sha256 from notifications.browsers where endpoint like '%week-over')`.execute(people.store.db);
  await people.ask("DELETE", "/v1/session", week.cookie);
  expect((await people.ask("DELETE", "/v1/notifications/push", off.cookie)).status).toBe(200);
  expect(await pushOf(off.cookie)).toMatchObject({ here: false });
  await happens(out.wallet);
  await people.sweep();
  expect(seen()).toEqual(["stays", "week-over"]);
  service.fault = { status: 410 };
  await happens(out.wallet);
  await people.sweep();
  expect(await pushOf(off.cookie)).toMatchObject({ browsers: 0 });
});

test("who signs out everywhere is told nothing in browsers whose sessions had run out either", async () => {
  const lost = await browser(ALICE, "lost");
  await sql`update notifications.browsers set session_ends = 1`.execute(people.store.db);
  await sql`delete from sessions.sessions`.execute(people.store.db);
  const here = await people.signIn(ALICE);
  await people.ask("DELETE", "/v1/session?everywhere=true", here.cookie);
  await happens(lost.wallet);
  await people.sweep();
  expect(seen()).toEqual([]);
  await browser(ALICE, "later");
  await happens(lost.wallet);
  await people.sweep();
  expect(seen()).toEqual(["later"]);
});

test("a browser that subscribed to another key is not counted, told or tried", async () => {
  const { wallet, cookie } = await browser(ALICE, "phone");
  await happens(wallet);
  service.fault = { status: 503 };
  await people.sweep();
  await sql`update notifications.browsers set public_key = 'of before'`.execute(people.store.db);
  expect(await pushOf(cookie)).toMatchObject({ here: false, browsers: 0 });
  service.fault = null;
  await hurry();
  await sql`delete from notifications.readers`.execute(people.store.db);
  await people.sweep();
  expect(service.pushed).toEqual([]);
  expect(await letters()).toEqual([]);
});

test("attack: thousands of wallets that hold nothing do not delay one that does, and what is due is told beyond a day's limit", async () => {
  const { wallet } = await browser(ALICE, "phone");
  await happens(wallet);
  await people.sweep();
  expect(service.pushed).toHaveLength(1);
  await sql`insert into notifications.readers (wallet) select 'w' || n from generate_series(1, 250) n`.execute(
    people.store.db,
  );
  await sql`insert into notifications.browsers (wallet, sha256, endpoint, p256dh, auth, session, session_ends, since, expires_at)
    select 'w' || n, n::text, '', '', '', 0, 1, 0, 9e9 from generate_series(1, 250) n`.execute(
    people.store.db,
  );
  await sql`update notifications.readers set looked_at = case wallet when ${wallet} then 1 else 0 end`.execute(
    people.store.db,
  );
  await happens(wallet);
  await people.sweep({ everybody: false });
  expect(service.pushed).toHaveLength(2);
  await sql`delete from notifications.readers where wallet <> ${wallet}`.execute(people.store.db);
  for (let n = 0; n < 6; n += 1) {
    await happens(wallet);
    await people.sweep();
  }
  expect(service.pushed).toHaveLength(6);
  people.clock.now += 100;
  await people.isDue(wallet, people.clock.now - 90);
  await people.sweep();
  expect(service.pushed).toHaveLength(7);
});

test("a service that is away is asked again, no sooner than it says, and what it never takes is given up", async () => {
  const { wallet, cookie } = await browser(ALICE, "phone");
  await happens(wallet);
  service.fault = { status: 429, headers: { "retry-after": "5000" } };
  await people.sweep();
  const [late] = await letters();
  expect(late).toMatchObject({ state: "waiting", attempts: 1 });
  expect(late?.due).toBeGreaterThan(4_900);
  for (const fault of [{ status: 503 }, { status: 403 }, "hang up"] as const) {
    service.fault = fault;
    await hurry();
    await people.sweep();
  }
  expect((await letters())[0]).toMatchObject({ state: "waiting", attempts: 4 });
  service.fault = null;
  await hurry();
  await people.sweep();
  expect(seen()).toEqual(["phone"]);
  await happens(wallet);
  // An address of our own network may stand behind a redirect: it is not followed.
  service.fault = { status: 307, headers: { location: `${service.origin}/push/phone` } };
  await people.sweep();
  expect((await letters()).at(-1)).toMatchObject({ state: "dead", attempts: 1 });
  expect(service.pushed).toHaveLength(1);
  expect(await pushOf(cookie)).toMatchObject({ browsers: 1 });
});

test("a wallet's browsers are told so much in a day, and the rest by one message the day after", async () => {
  const { wallet } = await browser(ALICE, "phone");
  for (let n = 0; n < 9; n += 1) {
    await happens(wallet, `Number ${n}?`);
    await people.sweep();
  }
  expect(service.pushed).toHaveLength(6);
  await sql`update notifications.letters set created_at = created_at - 86400`.execute(people.store.db);
  await people.sweep();
  expect(service.pushed).toHaveLength(7);
});

test("attack: neither a title that is cut within an emoji nor keys that are no keys hold up anybody's letters", async () => {
  const { wallet, cookie, subscription } = await browser(ALICE, "phone");
  const other = await browser(BOB, "other");
  await happens(wallet, `${"a".repeat(197)}${"😀".repeat(9)}`);
  await people.sweep();
  const { texts } = at(service.pushed, 0).text as { texts: { words: string }[] };
  const { words } = at(texts, 0);
  expect(Array.from(words)).toHaveLength(200);
  expect(words.isWellFormed()).toBe(true);
  const point = Buffer.alloc(65, 7);
  point[0] = 4;
  const keys = { ...subscription.keys, p256dh: point.toString("base64url") };
  expect((await subscribe(cookie, { ...subscription, keys })).code).toBe("notifications.bad_subscription");
  // Rows from before that was looked at: the letter is given up after its tries, and the others' arrive.
  await sql`update notifications.browsers set p256dh = ${keys.p256dh} where wallet = ${wallet}`.execute(
    people.store.db,
  );
  service.pushed.length = 0;
  await happens(wallet);
  await happens(other.wallet);
  await people.sweep();
  expect(seen()).toEqual(["other"]);
  expect((await letters()).map(({ state }) => state).toSorted()).toEqual(["sent", "sent", "waiting"]);
});

test("attack: nobody makes the server call an address that is no push service, or takes another's place", async () => {
  const { cookie, subscription } = await browser(ALICE, "phone");
  for (const endpoint of [
    "http://127.0.0.1:5432/",
    "http://169.254.169.254/latest",
    `${service.origin}@evil.example/push/x`,
    "file:///etc/passwd",
    `http://user:secret@${new URL(service.origin).host}/push/x`,
  ])
    expect((await subscribe(cookie, { ...subscription, endpoint })).code).toMatch(
      /^notifications\.unknown_push_service$|^http\.bad_request$/,
    );
  const keys = { p256dh: "AAAA", auth: "AAAA" };
  expect((await subscribe(cookie, { ...subscription, keys })).code).toBe("notifications.bad_subscription");
  const bob = await people.signIn(BOB);
  const other = service.subscription("bob's");
  // He knows the address, and not the keys.
  expect((await subscribe(bob.cookie, { ...other, endpoint: subscription.endpoint })).status).toBe(200);
  expect(await pushOf(cookie)).toMatchObject({ here: true, browsers: 1 });
  // A browser that changes hands tells its new person's news alone.
  expect((await subscribe(bob.cookie, subscription)).status).toBe(200);
  expect(await pushOf(cookie)).toMatchObject({ here: false, browsers: 0 });
});

test("push services are known by their origins, and a name below another domain is none", () => {
  const services = ["https://fcm.googleapis.com", "https://*.push.services.mozilla.com"];
  const known = (endpoint: string) => isService(endpoint, services);
  expect(known("https://fcm.googleapis.com/fcm/send/x")).toBe(true);
  expect(known("https://updates.push.services.mozilla.com/wpush/v2/x")).toBe(true);
  expect(known("https://push.services.mozilla.com.evil.example/x")).toBe(false);
  expect(known("https://evilpush.services.mozilla.com/x")).toBe(false);
  expect(known("https://fcm.googleapis.com:8443/x")).toBe(false);
  expect(known("http://updates.push.services.mozilla.com/x")).toBe(false);
});
