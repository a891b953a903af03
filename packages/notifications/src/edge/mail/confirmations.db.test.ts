import { one, sql } from "@sooth/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPeople, ORIGIN, type People } from "../../../test/people.ts";
import { targetOf } from "./targets.ts";

const KEY = "kept when the mail server's password changes";
let people: People;
beforeAll(async () => {
  people = await openPeople({
    MAIL_URL: "smtp://127.0.0.1:1",
    MAIL_FROM: "news@sooth.example",
    MAILBOX_KEY: KEY,
    MAIL_CONFIRMATIONS_PER_DAY: "24",
  });
});
afterAll(() => people.close());

const ask = async (
  cookie: string,
  address: string,
  remoteAddress = "10.0.0.1",
): Promise<string | undefined> => {
  const reply = await people.app.inject({
    method: "PUT",
    url: "/v1/notifications/mail",
    remoteAddress,
    headers: { host: "localhost:3000", origin: ORIGIN, "sec-fetch-site": "same-origin", cookie },
    payload: { address },
  });
  return (reply.json() as { error?: { code: string } }).error?.code;
};
const NO_MORE = "notifications.too_many_confirmations";

test("attack: wallets that hold nothing use up half of a day's confirmations, few from one place; who holds something still signs up", async () => {
  const wallets = await Promise.all([2, 3, 4].map((index) => people.signIn(index)));
  let made = 0;
  const askMany = async (count: number, from: string) => {
    const codes = new Map<string | undefined, number>();
    for (let n = 0; n < count; n += 1) {
      const code = await ask(wallets[made % 3]?.cookie ?? "", `made-up-${(made += 1)}@mail.example`, from);
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    return [...codes];
  };
  expect(await askMany(11, "10.0.0.1")).toEqual([
    [undefined, 10],
    [NO_MORE, 1],
  ]);
  expect(await askMany(3, "10.0.0.2")).toEqual([
    [undefined, 2],
    [NO_MORE, 1],
  ]);
  const holder = await people.signIn(5);
  expect(await ask(holder.cookie, "holder@mail.example", "10.0.0.3")).toBe(NO_MORE);
  await people.closes(holder.wallet, people.clock.now + 1_000);
  expect(await ask(holder.cookie, "holder@mail.example", "10.0.0.3")).toBeUndefined();
  expect((await addressOf(holder.wallet))?.target).toBe(targetOf("holder@mail.example", KEY));
});

const addressOf = (wallet: string) =>
  one<{ target: string; unsubscribe: string }>(
    people.store.db,
    sql`select target, unsubscribe from notifications.mail_addresses where wallet = ${wallet}`,
  );

test("attack: whoever wants no letter keeps no neighbour out, whose spelling differs by a dot", async () => {
  await sql`truncate notifications.confirmations`.execute(people.store.db);
  const [one, other] = await Promise.all([2, 3].map((index) => people.signIn(index)));
  expect(await ask(one?.cookie ?? "", "ab@mail.example")).toBeUndefined();
  const { unsubscribe = "" } = (await addressOf(one?.wallet ?? "")) ?? {};
  await people.ask("POST", `/v1/notifications/mail/unsubscribe?token=${unsubscribe}`);
  expect(await ask(one?.cookie ?? "", "AB+x@mail.example")).toBe(NO_MORE);
  expect(await ask(other?.cookie ?? "", "a.b@mail.example")).toBeUndefined();
});
