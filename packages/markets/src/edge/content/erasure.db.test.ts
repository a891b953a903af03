import { type Chain, chainById } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { sheetTypedData } from "@sooth/oracle/core";
import { type App, createApp, logger } from "@sooth/runtime";
import { sql } from "@sooth/store";
import { type LocalAccount, type TypedDataDefinition, verifyTypedData } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addresses, emitted, type Ledger, openLedger } from "../../../test/ledger.ts";
import { type Announced, announceMarket, opined } from "../../../test/opinion-ledger.ts";
import {
  bytesOf,
  cidOf,
  erasureTypedData,
  hashOf,
  keepingTypedData,
  UNDER_WAY_SECONDS,
  wireErasure,
} from "../../core/index.ts";
import { marketsConfig } from "../config.ts";
import { opinionsOf } from "../opinions/opinion-rows.ts";
import { eraseAsked } from "./erase-asked.ts";
import { checkTextStays } from "./erasure-rows.ts";
import { contentRoutes } from "./routes.ts";
import { eraseContent } from "./store.ts";

const log = logger("erasure-test");
const DOMAIN = { chainId: 31_337, oracle: addresses.oracle };
const HOUR = 3_600;
const STATEMENT = "Zoos should be closed";
let ledger: Ledger;
let app: App;

beforeAll(async () => {
  ledger = await openLedger();
  app = await createApp({ log, version: "test" });
  const client = { verifyTypedData: (asked: TypedDataDefinition) => verifyTypedData(asked as never) };
  contentRoutes(app, {
    store: ledger.store,
    addresses,
    config: marketsConfig.parse({}),
    log,
    // Anew each time: what a chain's clock said is remembered for a moment.
    get hub() {
      return { definition: chainById(31_337), now: ledger.hub.now, client } as unknown as Chain;
    },
  });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await ledger.close();
});

const somebody = () => privateKeyToAccount(generatePrivateKey());
const post = async (url: string, payload: object) =>
  JSON.parse((await app.inject({ method: "POST", url, payload })).body) as { error?: { code: string } };
const codeOf = (body: unknown) => (body as { error?: { code: string } }).error?.code;
const state = async (sha256: Hex) =>
  wireErasure.parse(
    JSON.parse((await app.inject({ method: "GET", url: `/v1/content/${sha256}/erasure` })).body),
  );
const isServed = async (sha256: Hex) =>
  (await app.inject({ method: "GET", url: `/v1/content/${sha256}` })).statusCode === 200;

const older = (seconds: number, sha256: Hex) =>
  sql`update markets.contents set at = at - make_interval(secs => ${seconds}) where sha256 = ${sha256}`.execute(
    ledger.store.db,
  );
let texts = 0;
/** A text that was brought long enough ago. */
async function written(over: { young?: boolean } = {}) {
  const text = `I say so for the ${++texts}th time.`;
  const sha256 = hashOf(bytesOf(text));
  await post("/v1/content", { text });
  if (!over.young) await older(2 * HOUR, sha256);
  return { text, sha256 };
}

const clock = () => Math.floor(Date.now() / 1_000);
type Over = { signer?: LocalAccount; deadline?: number };
async function signed(
  path: "erase" | "keep",
  sha256: Hex,
  who: LocalAccount,
  { signer = who, deadline = clock() + 600 }: Over = {},
) {
  const what = { sha256, owner: who.address, deadline };
  const signature = await (path === "erase"
    ? signer.signTypedData(erasureTypedData(DOMAIN, what))
    : signer.signTypedData(keepingTypedData(DOMAIN, what)));
  return post(`/v1/content/${sha256}/${path}`, { owner: who.address, deadline, signature });
}
const ask = (sha256: Hex, who: LocalAccount, over?: Over) => signed("erase", sha256, who, over);
const keep = (sha256: Hex, who: LocalAccount, over?: Over) => signed("keep", sha256, who, over);

const announced = async (): Promise<Announced> => {
  const market = announceMarket({ text: STATEMENT, closesAt: ledger.head.timestamp + 30 * 86_400 });
  await ledger.block(market.logs);
  return market;
};
const stake = (market: { id: Hex }, who: LocalAccount, text: string) =>
  ledger.block([opined(market.id, who.address, 3, 40, text)]);
const end = (market: { id: Hex }) =>
  ledger.block([emitted.opinions("Voided", { market: market.id, why: "confidence" })]);
/** What was on its way is there. */
const later = () => ledger.block([], ledger.head.timestamp + UNDER_WAY_SECONDS);
/** Said of a text that is erased. */
const gone = (sha256: Hex, { address }: LocalAccount) => ({
  cid: cidOf(sha256),
  erased: true,
  author: address.toLowerCase(),
  young: 0,
  request: null,
});
/** What the market's opinions say of their texts. */
const shown = async ({ id }: { id: Hex }) =>
  (await opinionsOf(ledger.store.db, id, { sort: "newest", limit: 10 })).items.map(
    ({ text, erasure }) => [text, erasure] as const,
  );
const sweep = () => eraseAsked(ledger.store, ledger.head);

test("who staked with a text first asks, and it is erased by itself once its market has ended", async () => {
  const { text, sha256 } = await written();
  const [owner, stranger] = [somebody(), somebody()];
  const market = await announced();
  expect(codeOf(await ask(sha256, owner))).toBe("content.not_yours");
  await stake(market, owner, text);
  expect(codeOf(await ask(sha256, stranger))).toBe("content.not_yours");
  expect(codeOf(await ask(sha256, owner, { signer: stranger }))).toBe("content.bad_signature");
  for (const deadline of [clock() - 10, clock() + 4_000])
    expect(codeOf(await ask(sha256, owner, { deadline }))).toBe("content.request_expired");
  const before = ledger.head.timestamp;
  const told = wireErasure.parse(await ask(sha256, owner));
  expect(told).toEqual({
    ...gone(sha256, owner),
    erased: false,
    request: {
      owner: owner.address.toLowerCase(),
      askedAt: before,
      notBefore: before + UNDER_WAY_SECONDS,
      markets: 1,
      waitsFor: [{ market: market.id, statement: STATEMENT, closesAt: market.terms.closesAt }],
    },
  });
  expect(await shown(market)).toEqual([[text, "asked"]]);
  await later();
  expect(await sweep()).toBe(0);
  // Asked once more it is the same request, and waits no longer.
  expect(await ask(sha256, owner)).toEqual(told);
  expect(await isServed(sha256)).toBe(true);
  await end(market);
  expect(await sweep()).toBe(1);
  expect(await sweep()).toBe(0);
  expect(await isServed(sha256)).toBe(false);
  expect(await state(sha256)).toEqual(gone(sha256, owner));
  expect(await ask(sha256, owner)).toEqual(gone(sha256, owner));
  expect(await shown(market)).toEqual([[null, "erased"]]);
  expect(codeOf(await post("/v1/content", { text }))).toBe("content.erased");
  await expect(checkTextStays(ledger.store.db, sha256)).rejects.toMatchObject({ code: "content.erased" });
});

test("nobody asks while a text is young: he could have staked first with words that he saw come", async () => {
  const { text, sha256 } = await written({ young: true });
  const owner = somebody();
  const market = await announced();
  await stake(market, owner, text);
  expect(codeOf(await ask(sha256, owner))).toBe("content.too_young");
  expect(await shown(market)).toEqual([[text, null]]);
  const { author, young } = await state(sha256);
  expect([author, young > 0 && young <= UNDER_WAY_SECONDS]).toEqual([owner.address.toLowerCase(), true]);
  await older(2 * HOUR - 60, sha256);
  expect(codeOf(await ask(sha256, owner))).toBe("content.too_young");
  await older(61, sha256);
  expect(await state(sha256)).toMatchObject({ young: 0, request: null });
  expect(wireErasure.parse(await ask(sha256, owner)).request).not.toBeNull();
});

test("who copies a text neither has it erased nor keeps it for ever by staking it in ever new markets", async () => {
  const { text, sha256 } = await written();
  const [author, copyist] = [somebody(), somebody()];
  const [first, second, unannounced] = [await announced(), await announced(), announceMarket()];
  await stake(first, author, text);
  await stake(second, copyist, text);
  // Terms that he keeps back, to announce them one after the other.
  await stake(unannounced, copyist, text);
  expect(codeOf(await ask(sha256, copyist))).toBe("content.shared");
  expect((await state(sha256)).author).toBe(author.address.toLowerCase());
  await end(first);
  // His weight in the other market is not the author's to take: it is waited for.
  expect(wireErasure.parse(await ask(sha256, author)).request).toMatchObject({
    markets: 1,
    waitsFor: [{ market: second.id }],
  });
  await later();
  expect(await sweep()).toBe(0);
  for (const announcing of [announceMarket(), announceMarket()]) {
    await ledger.block(announcing.logs);
    await stake(announcing, copyist, text);
  }
  await ledger.block(unannounced.logs);
  expect((await state(sha256)).request?.markets).toBe(1);
  await end(second);
  expect((await state(sha256)).request).toMatchObject({ markets: 0, waitsFor: [] });
  expect(await sweep()).toBe(1);
  expect(await isServed(sha256)).toBe(false);
});

test("an author with two wallets makes no market that he is losing less sure by having its text erased", async () => {
  const { text, sha256 } = await written();
  const [author, other] = [somebody(), somebody()];
  const [own, next] = [await announced(), await announced()];
  await stake(own, author, text);
  await end(own);
  await stake(next, other, text);
  // His own markets have ended, and the text counts for the score of a later one.
  expect(wireErasure.parse(await ask(sha256, author)).request?.waitsFor).toEqual([
    { market: next.id, statement: STATEMENT, closesAt: next.terms.closesAt },
  ]);
  await later();
  expect([await sweep(), await isServed(sha256)]).toEqual([0, true]);
  await end(next);
  expect([await sweep(), await isServed(sha256)]).toEqual([1, false]);
});

test("a stake that was on its way when the request came is waited for, also where its block comes late", async () => {
  const { text, sha256 } = await written();
  const [author, other] = [somebody(), somebody()];
  const [own, second] = [await announced(), await announced()];
  await stake(own, author, text);
  await end(own);
  await checkTextStays(ledger.store.db, sha256);
  expect(wireErasure.parse(await ask(sha256, author)).request?.markets).toBe(0);
  // From now on none is taken here; one that was taken before is good for an hour.
  await expect(checkTextStays(ledger.store.db, sha256)).rejects.toMatchObject({
    code: "opinions.text_erased_soon",
  });
  await ledger.block([], ledger.head.timestamp + HOUR);
  expect(await sweep()).toBe(0);
  await stake(second, other, text);
  await later();
  expect((await state(sha256)).request?.waitsFor).toMatchObject([{ market: second.id }]);
  expect([await sweep(), await isServed(sha256)]).toEqual([0, true]);
  await end(second);
  expect([await sweep(), await isServed(sha256)]).toEqual([1, false]);
});

test("a request is taken back by who made it, and then nothing is erased", async () => {
  const { text, sha256 } = await written();
  const [owner, stranger] = [somebody(), somebody()];
  const market = await announced();
  await stake(market, owner, text);
  expect(codeOf(await keep(sha256, owner))).toBe("content.not_asked");
  await ask(sha256, owner);
  expect(codeOf(await keep(sha256, stranger))).toBe("content.not_asked");
  expect(codeOf(await keep(sha256, owner, { signer: stranger }))).toBe("content.bad_signature");
  // What asks for one is no signature for the other.
  const deadline = clock() + 600;
  const signature = await owner.signTypedData(
    erasureTypedData(DOMAIN, { sha256, owner: owner.address, deadline }),
  );
  const url = `/v1/content/${sha256}/keep`;
  expect(codeOf(await post(url, { owner: owner.address, deadline, signature }))).toBe(
    "content.bad_signature",
  );
  expect(await keep(sha256, owner)).toEqual({ ...gone(sha256, owner), erased: false });
  await checkTextStays(ledger.store.db, sha256);
  await end(market);
  await later();
  expect([await sweep(), await isServed(sha256)]).toEqual([0, true]);
});

test("a stake in a market that nobody announced makes nobody the first", async () => {
  const { text, sha256 } = await written();
  const [owner, copier] = [somebody(), somebody()];
  const unannounced = announceMarket();
  await stake(unannounced, copier, text);
  const market = await announced();
  await stake(market, owner, text);
  await end(market);
  expect(codeOf(await ask(sha256, copier))).toBe("content.shared");
  expect(codeOf(await ask(sha256, owner))).toBeUndefined();
  await later();
  expect([await sweep(), await isServed(sha256)]).toEqual([1, false]);
  // Where it stands in none that was announced, who alone staked with it.
  const other = await written();
  const nowhere = announceMarket();
  await stake(nowhere, owner, other.text);
  await stake(nowhere, copier, other.text);
  expect(codeOf(await ask(other.sha256, owner))).toBe("content.shared");
  expect((await state(other.sha256)).author).toBeNull();
  const alone = await written();
  const third = somebody();
  await stake(announceMarket(), third, alone.text);
  expect(codeOf(await ask(alone.sha256, third))).toBeUndefined();
  await later();
  expect([await sweep(), await isServed(alone.sha256)]).toEqual([1, false]);
});

test("a request is done with where an operator erased the text, and a provider's sheet is nobody's text", async () => {
  const { text, sha256 } = await written();
  const owner = somebody();
  const market = await announced();
  await stake(market, owner, text);
  await ask(sha256, owner);
  await eraseContent(ledger.store, sha256);
  expect(await state(sha256)).toEqual(gone(sha256, owner));

  const provider = somebody();
  await sql`insert into oracle.providers (owner, signer, stake, state, joined_at, kinds, juror)
    values (${`0x${"77".repeat(20)}`}, ${provider.address.toLowerCase()}, 1, 'active', 0, 1, false)`.execute(
    ledger.store.db,
  );
  await sql`insert into oracle.signers (signer, owner)
    values (${provider.address.toLowerCase()}, ${`0x${"77".repeat(20)}`})`.execute(ledger.store.db);
  const handOver = async (sheet: string) => {
    const hash = hashOf(bytesOf(sheet));
    const signature = await provider.signTypedData(sheetTypedData(DOMAIN, hash));
    expect(
      codeOf(await post("/v1/content/sheets", { sheet, signer: provider.address, signature })),
    ).toBeUndefined();
    await older(2 * HOUR, hash);
    return hash;
  };
  const labels = JSON.stringify({ version: 1, labels: "here" });
  const kept = await handOver(labels);
  await stake(announceMarket(), owner, labels);
  expect(codeOf(await ask(kept, owner))).toBe("content.not_yours");
  // One whose hash was known before it came.
  const coming = JSON.stringify({ version: 1, labels: "to come" });
  await stake(announceMarket(), owner, coming);
  expect(codeOf(await ask(hashOf(bytesOf(coming)), owner))).toBeUndefined();
  await handOver(coming);
  await later();
  expect([await sweep(), await isServed(hashOf(bytesOf(coming)))]).toEqual([0, true]);
  expect((await state(hashOf(bytesOf(coming)))).request).toBeNull();
});
