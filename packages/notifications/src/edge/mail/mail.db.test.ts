import { configureLogs } from "@sooth/runtime";
import { one, sql } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openPeople, ORIGIN, type People } from "../../../test/people.ts";
import { type Received, type SmtpSimulator, startSmtp } from "../../../test/smtp.ts";
import { wireChannels } from "../../core/index.ts";

let smtp: SmtpSimulator;
let people: People;
const lines: string[] = [];
const [ALICE, BOB] = [2, 3];

beforeAll(async () => {
  configureLogs({ level: "debug", sink: { write: (line) => void lines.push(line) } });
  smtp = await startSmtp();
  people = await openPeople({
    MAIL_URL: smtp.url,
    MAIL_FROM: "news@sooth.example",
    MAIL_PER_DAY: "3",
    MAIL_GAP_SECONDS: "0",
  });
});
afterAll(async () => {
  await people.close();
  await smtp.close();
  configureLogs({ level: "info", sink: process.stdout });
});
beforeEach(async () => {
  smtp.received.length = 0;
  smtp.fault = null;
  await sql`truncate notifications.readers, notifications.mail_addresses, notifications.confirmations, notifications.silenced,
    notifications.letters, notifications.told, markets.markets, markets.positions, bundles.bundles cascade`.execute(
    people.store.db,
  );
});

const linkIn = (letter: Received | undefined, page: "confirm" | "stop"): string =>
  new RegExp(`${ORIGIN}/notifications/${page}#([\\w-]+)`).exec(letter?.text ?? "")?.[1] ?? "no link";
const askFor = (cookie: string, address: string) =>
  people.ask("PUT", "/v1/notifications/mail", cookie, { address });
const confirm = (token: string) => people.ask("POST", "/v1/notifications/mail/confirm", undefined, { token });
const mailOf = async (cookie: string) =>
  wireChannels.parse((await people.ask("GET", "/v1/notifications/channels", cookie)).body).mail;

/** Somebody whose address is confirmed. */
async function reader(index = ALICE, address = "alice@mail.example") {
  const who = await people.signIn(index);
  await askFor(who.cookie, address);
  await people.sweep();
  const asked = smtp.received.pop();
  expect((await confirm(linkIn(asked, "confirm"))).status).toBe(200);
  return { ...who, asked };
}
/** Four markets, one after the other: a letter each, as far as the day allows. */
async function closeFour(wallet: `0x${string}`): Promise<void> {
  for (let n = 0; n < 4; n += 1) {
    people.clock.now += 100;
    await people.closes(wallet, people.clock.now - 90, `Number ${n}?`);
    await people.sweep();
  }
}
/** Letters are due at once, however often they failed. */
const hurry = () =>
  sql`update notifications.letters set next_at = 0 where state = 'waiting'`.execute(people.store.db);
const letters = async () =>
  (
    await sql<{ state: string; attempts: number; error: string | null }>`
    select state, attempts, error from notifications.letters order by id`.execute(people.store.db)
  ).rows;

test("an address gets one letter, and what happens after its owner followed the link", async () => {
  const { wallet, cookie } = await people.signIn(ALICE);
  await people.closes(wallet, people.clock.now - 10, "Before anybody asked?");
  const { body } = await askFor(cookie, "alice@mail.example");
  expect(wireChannels.parse(body).mail).toEqual({
    address: "alice@mail.example",
    confirmed: false,
    refused: false,
    off: [],
  });
  await people.sweep();
  await people.sweep();
  expect(smtp.received).toHaveLength(1);
  const [asked] = smtp.received;
  expect(asked?.to).toEqual(["alice@mail.example"]);
  const token = linkIn(asked, "confirm");
  expect((await confirm(token)).body).toEqual({ done: true });
  expect((await confirm(token)).code).toBe("notifications.stale_link");
  expect(await mailOf(cookie)).toMatchObject({ confirmed: true });
  people.clock.now += 100;
  const market = await people.closes(
    wallet,
    people.clock.now - 70,
    "Will <b>evil.example</b> win?\r\nBcc: x@y.z",
  );
  await people.sweep();
  await people.sweep();
  const [, told, ...more] = smtp.received;
  expect(more).toEqual([]);
  expect(told?.headers).toMatchObject({
    to: "alice@mail.example",
    "list-unsubscribe-post": "List-Unsubscribe=One-Click",
    "auto-submitted": "auto-generated",
  });
  expect(told?.headers).not.toHaveProperty("bcc");
  expect(told?.headers["list-unsubscribe"]).toMatch(
    new RegExp(`^<${ORIGIN}/v1/notifications/mail/unsubscribe\\?token=[\\w-]{43}>$`),
  );
  expect(told?.text).toContain(`${ORIGIN}/markets/${market}`);
  expect(told?.text).not.toContain("Before anybody asked");
  // What a stranger wrote is no mark-up, and no mail program makes a link of it.
  expect(told?.html).not.toContain("<b>");
  expect(told?.html).not.toMatch(/<img|evil\.example/);
  expect(told?.text).not.toContain("evil.example");
});

test("many things at once are one digest, of kinds that are wanted, and of one mailbox not more than its day allows", async () => {
  const { wallet, cookie } = await reader();
  people.clock.now += 1_000;
  for (let n = 0; n < 45; n += 1) await people.closes(wallet, people.clock.now - 500 + n, `Number ${n}?`);
  await people.sweep();
  expect(smtp.received.map(({ headers }) => headers["subject"])).toEqual(["45 notifications"]);
  expect(smtp.received[0]?.text).toContain("and 5 before these");
  await closeFour(wallet);
  expect(smtp.received).toHaveLength(3);
  // The next day what was left is told, all of it by one.
  await sql`update notifications.letters set created_at = created_at - 86400`.execute(people.store.db);
  await people.sweep();
  expect(smtp.received.slice(3).map(({ headers }) => headers["subject"])).toEqual(["2 notifications"]);
  await people.ask("PUT", "/v1/notifications/channels", cookie, {
    mailOff: ["closed", "closed"],
    pushOff: [],
  });
  expect((await mailOf(cookie))?.off).toEqual(["closed"]);
  people.clock.now += 100;
  await people.closes(wallet, people.clock.now - 90);
  await people.sweep();
  expect(smtp.received).toHaveLength(4);
});

test("attack: a day's letters that strangers used up do not hold up what is due", async () => {
  const { wallet } = await reader();
  await closeFour(wallet);
  expect(smtp.received).toHaveLength(3);
  people.clock.now += 100;
  await people.isDue(wallet, people.clock.now - 90);
  await people.sweep();
  expect(smtp.received.map(({ headers }) => headers["subject"]).slice(3)).toEqual(["2 notifications"]);
  expect(smtp.received.at(-1)?.text).toContain("call it off");
});

test("what happened in hours in which nobody was told anything is told to the last of it", async () => {
  const { wallet } = await reader();
  people.clock.now += 10_000;
  for (let n = 0; n < 205; n += 1) await people.closes(wallet, people.clock.now - 9_000 + n, `Number ${n}?`);
  await people.sweep();
  expect(smtp.received.map(({ headers }) => headers["subject"])).toEqual(["205 notifications"]);
});

const waiting = async () =>
  (
    await one<{ rows: number }>(
      people.store.db,
      sql`select count(*) as rows from notifications.told where item is not null`,
    )
  )?.rows;
test("what waited when somebody left is not told when he comes back, to whatever address", async () => {
  const { wallet, cookie, asked } = await reader();
  await closeFour(wallet);
  // By the link, and by naming another one.
  const ends = [
    () => people.ask("POST", `/v1/notifications/mail/unsubscribe?token=${linkIn(asked, "stop")}`),
    async () => {},
  ];
  for (const [index, end] of ends.entries()) {
    expect(await waiting()).toBe(1);
    await end();
    smtp.received.length = 0;
    await askFor(cookie, `other${index}@mail.example`);
    await sql`update notifications.letters set created_at = created_at - 86400`.execute(people.store.db);
    await people.sweep();
    await confirm(linkIn(smtp.received.pop(), "confirm"));
    await people.sweep();
    expect(smtp.received).toEqual([]);
    await closeFour(wallet);
  }
});

test("one click ends it without a session, however often, and forgets the address; following the link alone does nothing", async () => {
  const { cookie, wallet } = await reader();
  people.clock.now += 100;
  await people.closes(wallet, people.clock.now - 90);
  await people.sweep();
  const url = (smtp.received[0]?.headers["list-unsubscribe"] ?? "").slice(1, -1).replace(ORIGIN, "");
  const scanned = await people.app.inject({ method: "GET", url });
  expect(scanned.statusCode).toBe(303);
  expect(scanned.headers.location).toMatch(/^\/notifications\/stop#/);
  expect(await mailOf(cookie)).toMatchObject({ address: "alice@mail.example" });
  const click = () =>
    people.app.inject({
      method: "POST",
      url,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      payload: "List-Unsubscribe=One-Click",
    });
  expect([(await click()).statusCode, (await click()).statusCode]).toEqual([200, 200]);
  expect(await mailOf(cookie)).toMatchObject({ address: null });
  const left = await one<{ rows: number }>(
    people.store.db,
    sql`select (select count(*) from notifications.mail_addresses) + (select count(*) from notifications.letters) as rows`,
  );
  expect(left?.rows).toBe(0);
  // No other route takes a form: pages of other sites post those unasked.
  const form = await people.app.inject({
    method: "POST",
    url: "/v1/notifications/mail/confirm",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: "token=aaaaaaaaaaaaaaaaaaaaaaaa",
  });
  expect(form.statusCode).toBe(415);
});

test("attack: nobody floods a stranger's mailbox, by many wallets, many spellings, or at once", async () => {
  const wallets = await Promise.all([2, 3, 4, 5, 6].map((index) => people.signIn(index)));
  const spellings = [
    "v.ictim@mail.example",
    "victim+1@mail.example",
    "VICTIM@mail.example",
    "victim+2@MAIL.example",
  ];
  const asked = await Promise.all(
    wallets.flatMap(({ cookie }) => spellings.map((address) => askFor(cookie, address))),
  );
  expect(asked.filter(({ status }) => status === 200)).toHaveLength(2);
  expect(new Set(asked.map(({ code }) => code))).toEqual(
    new Set([undefined, "notifications.too_many_confirmations"]),
  );
  await people.sweep();
  // One, when the same wallet asked for both: its second address takes the place of the first.
  expect([1, 2]).toContain(smtp.received.length);
  // Nothing in it is of the attacker's making.
  expect(smtp.received[0]?.text).toMatch(/^Somebody who holds the wallet 0x[0-9a-f]{4}…[0-9a-f]{4} wants/);
  // Who was never asked for it says so once, and is left alone.
  await people.ask(
    "POST",
    `/v1/notifications/mail/unsubscribe?token=${linkIn(smtp.received.at(-1), "stop")}`,
  );
  await sql`update notifications.confirmations set at = at - 86400 * 40`.execute(people.store.db);
  const said = smtp.received.at(-1)?.to[0] ?? "";
  const again = [said, said.replace("@", "+other@"), said.toUpperCase()];
  for (const address of again)
    expect(await askOnce(wallets[4]?.cookie ?? "", address)).toBe("notifications.too_many_confirmations");
});
test("attack: whoever confirms a box of his own may not ask a neighbour's for more, whose spelling differs by a dot", async () => {
  const { cookie } = await people.signIn(BOB);
  const codes: (string | undefined)[] = [];
  for (let n = 0; n < 3; n += 1) {
    codes.push((await askFor(cookie, "vic.tim@mail.example")).code);
    codes.push((await askFor(cookie, "victim@mail.example")).code);
    await people.sweep();
    const own = smtp.received.findLast(({ to }) => to[0] === "victim@mail.example");
    await confirm(linkIn(own, "confirm"));
  }
  expect(smtp.received.filter(({ to }) => to[0] === "vic.tim@mail.example").length).toBe(1);
  expect(codes[0]).toBeUndefined();
  expect(codes.at(-1)).toBe("notifications.too_many_confirmations");
});

/** By a process that has counted nobody yet. */
async function askOnce(cookie: string, address: string): Promise<string | undefined> {
  const other = await people.app.inject({
    method: "PUT",
    url: "/v1/notifications/mail",
    remoteAddress: "10.9.9.9",
    headers: { host: "localhost:3000", origin: ORIGIN, "sec-fetch-site": "same-origin", cookie },
    payload: { address },
  });
  return (other.json() as { error?: { code: string } }).error?.code;
}

test("attack: an address is one recipient, a link is guessed by nobody, and a page of another site asks for nothing", async () => {
  const { cookie } = await people.signIn(BOB);
  for (const address of [
    "a@b.example,c@d.example",
    "a@b.example\r\nBcc: c@d.example",
    "<a@b.example>",
    "a",
    "",
  ])
    expect(await askOnce(cookie, address)).toBe("http.bad_request");
  expect((await confirm("a".repeat(43))).code).toBe("notifications.stale_link");
  expect((await people.ask("GET", "/v1/notifications/channels")).code).toBe("session.not_signed_in");
  const foreign = await people.app.inject({
    method: "PUT",
    url: "/v1/notifications/mail",
    headers: { host: "localhost:3000", origin: "http://evil.example", cookie },
    payload: { address: "a@b.example" },
  });
  expect(foreign.statusCode).toBe(403);
  expect((await letters()).length).toBe(0);
});

test("a server that is away is asked again later, a mailbox that is gone never, and the log names neither", async () => {
  const { wallet, cookie } = await reader(ALICE, "secret.person@mail.example");
  people.clock.now += 100;
  await people.closes(wallet, people.clock.now - 90);
  smtp.fault = { at: "rcpt", code: 451 };
  await people.sweep();
  await people.sweep();
  expect((await letters()).at(-1)).toEqual({ state: "waiting", attempts: 1, error: "EENVELOPE 451 RCPT TO" });
  smtp.fault = { at: "mail", code: 550 };
  await hurry();
  await people.sweep();
  // What is refused before anybody is named is about us: the mailbox is not to blame.
  expect((await letters()).at(-1)).toMatchObject({ state: "waiting", attempts: 2 });
  smtp.fault = null;
  await hurry();
  await people.sweep();
  expect(smtp.received).toHaveLength(1);
  people.clock.now += 100;
  await people.closes(wallet, people.clock.now - 90);
  // A server that has us on a list refuses everybody's mailbox: none of them is gone by that.
  smtp.fault = { at: "rcpt", code: 554, says: "5.7.1" };
  await people.sweep();
  expect((await letters()).at(-1)).toMatchObject({ state: "waiting", attempts: 1 });
  smtp.fault = { at: "rcpt", code: 550 };
  await hurry();
  await people.sweep();
  expect((await letters()).at(-1)).toMatchObject({ state: "dead", attempts: 2 });
  expect(await mailOf(cookie)).toMatchObject({ refused: false });
  people.clock.now += 100;
  await people.closes(wallet, people.clock.now - 90);
  smtp.fault = { at: "rcpt", code: 550, says: "5.1.1" };
  await people.sweep();
  expect((await letters()).at(-1)).toMatchObject({ state: "dead", attempts: 1 });
  expect(await mailOf(cookie)).toMatchObject({ refused: true });
  smtp.fault = null;
  people.clock.now += 100;
  await people.closes(wallet, people.clock.now - 90);
  await people.sweep();
  expect(smtp.received).toHaveLength(1);
  expect(lines.some((line) => line.includes("a letter is not"))).toBe(true);
  expect(lines.filter((line) => /secret\.person|mail\.example/.test(line))).toEqual([]);
});

test("attack: a letter that was under way goes to no address that confirmed nothing", async () => {
  const { wallet } = await reader();
  people.clock.now += 100;
  await people.closes(wallet, people.clock.now - 70, "Whose?");
  smtp.fault = { at: "rcpt", code: 451 };
  await people.sweep();
  expect(await letters()).toMatchObject([{}, { state: "waiting", attempts: 1 }]);
  // As when its owner names another mailbox while a worker holds the letter.
  await sql`update notifications.mail_addresses set since = null, address = 'victim@mail.example'`.execute(
    people.store.db,
  );
  smtp.fault = null;
  await hurry();
  await people.sweep();
  expect(smtp.received).toEqual([]);
});

test("a letter that a server took before it hung up is handed over again as the same one, and given up in the end", async () => {
  const { wallet } = await reader();
  people.clock.now += 100;
  await people.closes(wallet, people.clock.now - 90);
  smtp.fault = "drop after data";
  await people.sweep();
  smtp.fault = null;
  await hurry();
  await people.sweep();
  await hurry();
  await people.sweep();
  const ids = smtp.received.map(({ headers }) => headers["message-id"]);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  people.clock.now += 100;
  await people.closes(wallet, people.clock.now - 90);
  smtp.fault = { at: "data", code: 451 };
  for (let n = 0; n < 12; n += 1) {
    await hurry();
    await people.sweep();
  }
  expect((await letters()).at(-1)).toMatchObject({ state: "dead", attempts: 10 });
});

test("a server that stalls holds a letter up and loses none, and two workers send none twice", async () => {
  const { wallet } = await reader();
  people.clock.now += 100;
  await people.closes(wallet, people.clock.now - 90);
  smtp.fault = "stall";
  await people.sweep();
  expect((await letters()).at(-1)).toMatchObject({ state: "waiting", attempts: 1, error: "ETIMEDOUT CONN" });
  smtp.fault = null;
  await hurry();
  await Promise.all([people.sweep(), people.sweep(), people.sweep()]);
  expect(smtp.received).toHaveLength(1);
});
