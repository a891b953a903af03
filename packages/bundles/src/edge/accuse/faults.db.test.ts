import { sql } from "@sooth/store";
import { createApp } from "@sooth/runtime";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Ledger, openLedger, person } from "../../../test/ledger.ts";
import { wireFaults } from "../../core/index.ts";
import { askFaults } from "./ask-faults.ts";
import { faultRoutes } from "./fault-routes.ts";
import { listFaults } from "./faults.ts";

let ledger: Ledger;
const [LIAR, OTHER] = [person(7), person(8)];
const SUBJECTS = ["1", "2", "3", "4", "5"];

beforeAll(async () => {
  ledger = await openLedger();
  const { db } = ledger.store;
  await sql`insert into bundles.signed_batches (root, epoch, valid_until, part, facts, path, flags, signers, signatures)
    values ('0x01', 1, 1, '0x02', '[]', '{}', '{}', '{}', '{}')`.execute(db);
  for (const [index, subject] of SUBJECTS.entries())
    await sql`insert into bundles.faults (signer, kind, subject, how, batch, place, state, found_at)
      select ${index === 4 ? OTHER : LIAR}, 'receipt', ${subject}, 'unproven', id, 0,
        ${subject === "2" ? "punished" : "found"},
        -- Two of one moment, to the microsecond.
        timestamptz '2026-01-01 00:00:00.000123+00' + make_interval(mins => ${Math.floor(index / 2)})
      from bundles.signed_batches`.execute(db);
});
afterAll(() => ledger.close());

async function pagesOf(asked: Omit<Parameters<typeof listFaults>[1], "limit">): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await listFaults(ledger.store.db, { ...asked, cursor, limit: 2 });
    pages.push(page.faults.map(({ subject }) => subject));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return pages;
}

test("faults come a page at a time, none twice and none left out, also those of one moment", async () => {
  expect(await pagesOf({})).toEqual([["5", "4"], ["3", "2"], ["1"]]);
  expect(await pagesOf({ signer: LIAR })).toEqual([
    ["4", "3"],
    ["2", "1"],
  ]);
});

test("what is open is all that nobody was punished for", async () => {
  expect((await pagesOf({ state: "open" })).flat()).toEqual(["5", "4", "3", "1"]);
  expect(await pagesOf({ state: "punished" })).toEqual([["2"]]);
  expect(await pagesOf({ state: "sent" })).toEqual([[]]);
});

test("what a contract takes is found behind any number of faults that none can see", async () => {
  const { db } = ledger.store;
  await sql`insert into bundles.faults (signer, kind, subject, how, batch, place, found_at)
    select ${OTHER}, 'decision', '0', 'false', id, 0, timestamptz '2025-12-31 00:00:00+00'
    from bundles.signed_batches`.execute(db);
  await sql`insert into bundles.faults (signer, kind, subject, how, batch, place, found_at)
    select ${OTHER}, 'receipt', number::text, 'unproven', id, 0, timestamptz '2026-01-02 00:00:00+00'
    from bundles.signed_batches, generate_series(1000, 3999) as number`.execute(db);
  const app = await createApp({ log: ledger.deps.log, version: "test" });
  onTestFinished(() => app.close());
  faultRoutes(app, ledger.deps);
  const ask = async (url: string) => wireFaults.parse((await app.inject({ url })).json());
  const all = await askFaults(ask, { signer: OTHER });
  expect([all.faults.length, all.more, all.faults.some(({ how }) => how === "false")]).toEqual([
    2_000,
    true,
    false,
  ]);
  const found = await askFaults(ask, { signer: OTHER, provable: "true" });
  expect([found.more, found.faults]).toEqual([
    false,
    [expect.objectContaining({ how: "false", subject: "0" })],
  ]);
});

test("a list of faults may be held for some seconds, and nobody asks for it without end", async () => {
  const app = await createApp({
    log: ledger.deps.log,
    version: "test",
    rateLimit: { max: 1_000, windowSeconds: 60 },
  });
  onTestFinished(() => app.close());
  faultRoutes(app, ledger.deps);
  const ask = () => app.inject({ url: "/v1/bundles/faults?limit=1" });
  const first = await ask();
  expect(first.headers).toMatchObject({
    "cache-control": "public, max-age=5",
    "x-ratelimit-limit": "300",
  });
});

const asked = (cursor: string) => listFaults(ledger.store.db, { cursor, limit: 2 });

test("a cursor of somebody's own making is refused", async () => {
  await expect(asked("nonsense")).rejects.toMatchObject({ code: "bundles.bad_cursor" });
  const odd = Buffer.from(JSON.stringify(["yesterday", "a", "b", "c"])).toString("base64url");
  await expect(asked(odd)).rejects.toMatchObject({ code: "bundles.bad_cursor" });
});
