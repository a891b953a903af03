import { type Chain, chainById } from "@sooth/chain";
import { type Hex, need } from "@sooth/kernel";
import { sheetTypedData } from "@sooth/oracle/core";
import { type App, createApp, localBuckets, logger } from "@sooth/runtime";
import { one, sql } from "@sooth/store";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { type TypedDataDefinition, verifyTypedData } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { addresses, type Ledger, openLedger } from "../../../test/ledger.ts";
import { startIpfs } from "../../../test/content/ipfs-simulator.ts";
import { bytesOf, cidOf, hashOf, wireContent } from "../../core/index.ts";
import { marketsConfig } from "../config.ts";
import type { Deps } from "../deps.ts";
import { contentRoutes } from "./routes.ts";
import { pinnersOf, retryPins, runPins } from "./run-pins.ts";
import { forgetUnstaked } from "./forget-unstaked.ts";
import { eraseContent, opinionTexts } from "./store.ts";

const log = logger("content-test");
const provider = privateKeyToAccount(generatePrivateKey());
const watcher = privateKeyToAccount(generatePrivateKey());
let ledger: Ledger;
let app: App;
let ipfs: Awaited<ReturnType<typeof startIpfs>>;
let deps: Deps;

beforeAll(async () => {
  [ledger, ipfs] = await Promise.all([openLedger(), startIpfs()]);
  const config = marketsConfig.parse({
    CONTENT_IPFS_API: ipfs.url,
    CONTENT_PINNING_URL: ipfs.url,
    CONTENT_PINNING_TOKEN: ipfs.token,
    CONTENT_GATEWAYS: `${ipfs.url}/ipfs/{cid}`,
    CONTENT_BYTES_PER_DAY: "400000",
  });
  const hub = {
    definition: chainById(31_337),
    client: { verifyTypedData: (asked: TypedDataDefinition) => verifyTypedData(asked as never) },
  } as unknown as Chain;
  deps = {
    store: ledger.store,
    hub,
    addresses,
    config,
    log,
    watchers: [watcher.address.toLowerCase() as Hex],
  };
  app = await createApp({ log, version: "test" });
  contentRoutes(app, deps);
  await app.ready();
  await sql`insert into oracle.providers (owner, signer, stake, state, joined_at, kinds, juror)
    values (${`0x${"77".repeat(20)}`}, ${provider.address.toLowerCase()}, 1, 'active', 0, 1, false)`.execute(
    ledger.store.db,
  );
  await sql`insert into oracle.signers (signer, owner)
    values (${provider.address.toLowerCase()}, ${`0x${"77".repeat(20)}`})`.execute(ledger.store.db);
});
afterAll(async () => {
  await app.close();
  await ipfs.stop();
  await ledger.close();
});
beforeEach(async () => {
  await sql`truncate markets.contents, markets.pins`.execute(ledger.store.db);
  ipfs.calls.splice(0);
  ipfs.requests.clear();
});

const post = async (url: string, payload: object) => {
  const reply = await app.inject({ method: "POST", url, payload });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as { error?: { code: string } } };
};
const keep = async (text: string) => wireContent.parse((await post("/v1/content", { text })).body);
const get = (name: string, headers: Record<string, string> = {}) =>
  app.inject({ method: "GET", url: `/v1/content/${name}`, headers });
const codeOf = (reply: { body: string }) =>
  (JSON.parse(reply.body) as { error?: { code: string } }).error?.code;
const signal = new AbortController().signal;
const pin = () => runPins(ledger.store, pinnersOf(deps.config), log, signal);
const due = () => sql`update markets.pins set next_at = now()`.execute(ledger.store.db);
const pinsOf = async () => {
  const { rows } = await sql<{ target: string; state: string; failed: number; error: string | null }>`
    select target, state, failed, error from markets.pins order by target`.execute(ledger.store.db);
  return rows;
};

test("a text is found by its CID and by its hash, byte for byte, until it is erased", async () => {
  const text = "\ufeffZoos — “should” be 关闭.\r\n";
  const kept = await keep(text);
  expect(kept).toEqual({
    cid: cidOf(hashOf(bytesOf(text))),
    sha256: hashOf(bytesOf(text)),
    size: bytesOf(text).length,
  });
  expect(await keep(text)).toEqual(kept);
  for (const name of [kept.cid, kept.sha256]) {
    const reply = await get(name);
    expect(hashOf(new Uint8Array(reply.rawPayload))).toBe(kept.sha256);
    expect(reply.headers).toMatchObject({
      // It may be erased: whoever has it asks anew, and is told that it is the same, or gone.
      "cache-control": "public, no-cache",
      etag: `"${kept.cid}"`,
      "content-type": "text/plain; charset=utf-8",
    });
  }
  expect((await get(kept.cid, { "if-none-match": `"${kept.cid}"` })).statusCode).toBe(304);
  expect(await opinionTexts(ledger.store.db, [kept.sha256, `0x${"00".repeat(32)}`])).toEqual(
    new Map([[kept.sha256, text]]),
  );
});

test("what is no opinion, or no name, is refused", async () => {
  expect((await post("/v1/content", { text: "a".repeat(5_001) })).status).toBe(400);
  expect((await post("/v1/content", { text: " " })).body.error?.code).toBe("content.bad_text");
  // 5,000 characters of four bytes do not fit.
  expect((await post("/v1/content", { text: "𝔸".repeat(2_500) })).status).toBe(200);
  expect((await post("/v1/content", { text: "语".repeat(5_000) })).status).toBe(200);
  expect(codeOf(await get("hello"))).toBe("content.bad_name");
  expect(codeOf(await get(`0x${"12".repeat(32)}`))).toBe("content.unknown");
});

test("a byte that changed on the disk is told, not served", async () => {
  const { cid, sha256 } = await keep("It was said so.");
  await sql`update markets.contents set bytes = 'It was said no.'::bytea where sha256 = ${sha256}`.execute(
    ledger.store.db,
  );
  expect((await get(cid)).statusCode).toBe(500);
});

test("a day holds so many bytes, and what is kept already takes none", async () => {
  for (let i = 0; i < 27; i++) await keep(`${i} ${"语".repeat(4_800)}`.slice(0, 4_800));
  const over = await post("/v1/content", { text: `x ${"语".repeat(4_900)}` });
  expect([over.status, over.body.error?.code]).toEqual([429, "content.full"]);
  expect((await post("/v1/content", { text: `0 ${"语".repeat(4_800)}`.slice(0, 4_800) })).status).toBe(200);
});

test("a label sheet is taken from the keys of providers and of known watchers alone", async () => {
  const sheet = JSON.stringify({ version: 1, labels: "x".repeat(300_000) });
  const hash = hashOf(bytesOf(sheet));
  const domain = { chainId: 31_337, oracle: addresses.oracle };
  const by = async (account: typeof provider, over: { sheet?: string; signer?: Hex } = {}) =>
    post("/v1/content/sheets", {
      sheet,
      signer: account.address,
      signature: await account.signTypedData(sheetTypedData(domain, hash)),
      ...over,
    });
  const stranger = privateKeyToAccount(generatePrivateKey());
  expect((await by(stranger)).body.error?.code).toBe("content.no_provider");
  expect((await by(stranger, { signer: provider.address })).body.error?.code).toBe("content.bad_signature");
  expect((await by(provider, { sheet: `${sheet} ` })).body.error?.code).toBe("content.bad_signature");
  expect((await by(stranger, { signer: watcher.address })).body.error?.code).toBe("content.bad_signature");
  // Few enough characters, too many bytes: readers of texts go no further than that.
  expect((await by(provider, { sheet: "é".repeat(2_100_000) })).body.error?.code).toBe("content.bad_text");
  expect((await by(watcher)).body).toMatchObject({ sha256: hash });
  expect((await by(provider)).body).toMatchObject({ sha256: hash });
  expect((await get(cidOf(hash))).headers["content-type"]).toBe("application/json; charset=utf-8");
  // Not yet: who lists what a node announces would read the labels of an open question.
  expect(await pin()).toBe(0);
  await due();
  expect(await pin()).toBe(2);
  expect([ipfs.calls.includes("POST /api/v0/block/put"), ipfs.pins.has(cidOf(hash))]).toEqual([true, true]);
});

test("strangers' texts take no room from label sheets, nor one key's sheets from another's", async () => {
  for (let i = 0; i < 27; i++) await keep(`${i} ${"语".repeat(4_800)}`.slice(0, 4_800));
  expect((await post("/v1/content", { text: "语".repeat(4_900) })).body.error?.code).toBe("content.full");
  const hand = async (account: typeof provider, filling: string) => {
    const sheet = JSON.stringify({ version: 1, labels: filling.repeat(300_000) });
    const typed = sheetTypedData({ chainId: 31_337, oracle: addresses.oracle }, hashOf(bytesOf(sheet)));
    const signature = await account.signTypedData(typed);
    return post("/v1/content/sheets", { sheet, signer: account.address, signature });
  };
  expect((await hand(watcher, "x")).status).toBe(200);
  expect((await hand(watcher, "y")).body.error?.code).toBe("content.full");
  expect((await hand(provider, "y")).status).toBe(200);
});

test("texts are pinned at a node and at a service, through faults of every kind", async () => {
  const { cid } = await keep("Pinned in the end.");
  ipfs.fail({ status: 500 }, { status: 503 });
  expect(await pin()).toBe(2);
  expect((await pinsOf()).map(({ state, failed }) => [state, failed])).toEqual([
    ["waiting", 1],
    ["waiting", 1],
  ]);
  // It is not tried before its time.
  expect(await pin()).toBe(0);
  const rest = sql`update markets.pins set next_at = now() + interval '1 hour' where target = 'service'`;
  await due();
  await rest.execute(ledger.store.db);
  ipfs.fail("other_cid");
  await pin();
  expect((await pinsOf())[0]?.error).toMatch(/^it stored bafkrei.*, not bafkrei/);
  await due();
  await rest.execute(ledger.store.db);
  ipfs.fail("hang_up");
  await pin();
  await due();
  await rest.execute(ledger.store.db);
  await pin();
  expect([(await pinsOf())[0]?.state, ipfs.pins.has(cid)]).toEqual(["done", true]);
  // The service: queued, failed, asked anew, queued, pinning, pinned.
  for (const fault of [undefined, "failed_pin", undefined, undefined, undefined] as const) {
    await due();
    if (fault) ipfs.fail(fault);
    await pin();
  }
  expect((await pinsOf()).map(({ state }) => state)).toEqual(["done", "done"]);
  expect(ipfs.requests.size).toBe(2);
});

test("what failed for two days is given up, and tried again when a person says so", async () => {
  await keep("Nobody takes it.");
  await sql`delete from markets.pins where target = 'service'`.execute(ledger.store.db);
  await sql`update markets.pins set failed = 59`.execute(ledger.store.db);
  ipfs.fail({ status: 500 });
  await pin();
  expect((await pinsOf())[0]).toMatchObject({ state: "dead", error: "it answered with HTTP 500" });
  await due();
  expect(await pin()).toBe(0);
  expect(await retryPins(ledger.store)).toBe(1);
  await pin();
  expect((await pinsOf())[0]?.state).toBe("done");
});

test("an erased text is gone here and elsewhere, and is not taken again", async () => {
  const text = "I wish I had not said it.";
  const { cid, sha256 } = await keep(text);
  for (let i = 0; i < 3; i++) {
    await pin();
    await due();
  }
  expect([ipfs.pins.has(cid), ipfs.requests.size > 0]).toEqual([true, true]);
  expect(await eraseContent(ledger.store, sha256 as Hex)).toBe(true);
  expect(await eraseContent(ledger.store, sha256 as Hex)).toBe(false);
  const reply = await get(cid);
  expect([reply.statusCode, codeOf(reply)]).toEqual([451, "content.erased"]);
  expect((await post("/v1/content", { text })).body.error?.code).toBe("content.erased");
  const before = ipfs.requests.size;
  await pin();
  expect([ipfs.pins.has(cid), ipfs.requests.size, (await pinsOf()).map(({ state }) => state)]).toEqual([
    false,
    before - 1,
    ["done", "done"],
  ]);
  // One that never came is refused when it comes.
  const never = "Erased before it was here.";
  await eraseContent(ledger.store, hashOf(bytesOf(never)));
  expect((await post("/v1/content", { text: never })).status).toBe(451);
});

test("an erased text is let go also where the answer to its pin was lost, or comes later", async () => {
  const lost = await keep("The service has it, and its answer was lost.");
  ipfs.requests.set("request-lost", { cid: lost.cid, asked: 0 });
  await eraseContent(ledger.store, lost.sha256 as Hex);
  await pin();
  expect([...ipfs.requests.values()]).toEqual([]);
  // Erased, and let go, while it is on its way to be pinned.
  const late = await keep("It is pinned while it is erased.");
  const pinners = pinnersOf(deps.config);
  const service = need(pinners.service, "a service");
  const slow = {
    ...service,
    pin: async (...asked: Parameters<typeof service.pin>) => {
      await eraseContent(ledger.store, late.sha256 as Hex);
      await runPins(ledger.store, pinners, log, AbortSignal.timeout(10_000));
      return service.pin(...asked);
    },
  };
  await runPins(ledger.store, { service: slow }, log, AbortSignal.timeout(10_000));
  expect([...ipfs.requests.values()].map(({ cid }) => cid)).toEqual([late.cid]);
  await due();
  await pin();
  expect([...ipfs.requests.values()]).toEqual([]);
});

const [DAY, HOUR] = [86_400, 3_600];
const older = (seconds: number, sha256?: string) =>
  sql`update markets.contents set at = at - make_interval(secs => ${seconds})
    where ${sha256 === undefined ? sql`true` : sql`sha256 = ${sha256}`}`.execute(ledger.store.db);
const clock = () => Math.floor(Date.now() / 1_000);
const forget = (timestamp = clock(), room = 400_000) => forgetUnstaked(ledger.store, { timestamp }, room);
const staking = (text: string, number: number) =>
  sql`insert into markets.opinions (market, owner, number, band, amount, opinion, at, block, log, tx)
    values ('0x02', '0x05', ${number}, 1, 10, ${hashOf(bytesOf(text))}, 0, 0, ${number}, '0x')
    on conflict do nothing`.execute(ledger.store.db);

test("a text that nobody staked with for a day is forgotten, here and where it was pinned, and taken again", async () => {
  const text = "Written, and left at that.";
  const [left, named] = [await keep(text), await keep("Written, and staked with.")];
  for (let i = 0; i < 3; i++) {
    await pin();
    await due();
  }
  expect([ipfs.pins.has(left.cid), ipfs.pins.has(named.cid)]).toEqual([true, true]);
  await older(DAY - HOUR);
  await staking("Written, and staked with.", 1);
  expect(await forget()).toBe(0);
  await older(HOUR + 1);
  // The follower is behind: a stake may name it that was not read yet.
  expect(await forget(clock() - 2 * HOUR)).toBe(0);
  // A clock of the chain that runs ahead takes nothing either.
  await older(-2 * HOUR, left.sha256);
  expect(await forget(clock() + 10 * DAY)).toBe(0);
  await older(2 * HOUR, left.sha256);
  expect(await forget()).toBe(1);
  expect(await forget()).toBe(0);
  expect([...(await opinionTexts(ledger.store.db, [left.sha256, named.sha256])).keys()]).toEqual([
    named.sha256,
  ]);
  await pin();
  expect([ipfs.pins.has(left.cid), ipfs.pins.has(named.cid)]).toEqual([false, true]);
  expect(await pinsOf()).toHaveLength(2);
  expect(await keep(text)).toEqual(left);
  await pin();
  expect(ipfs.pins.has(left.cid)).toBe(true);
  // What a stake once named is not looked at again, also where a reorg took that stake.
  await sql`delete from markets.opinions where market = '0x02'`.execute(ledger.store.db);
  expect(await forget()).toBe(0);
});

test("a text that is brought again stays another day, and takes its room again", async () => {
  const text = "语".repeat(4_800);
  const { sha256 } = await keep(text);
  await older(DAY + 60);
  await keep(text);
  expect(await forget()).toBe(0);
  await older(DAY + 60);
  for (let i = 0; i < 27; i++) await keep(`${i} ${text}`.slice(0, 4_800));
  expect((await post("/v1/content", { text })).body.error?.code).toBe("content.full");
  expect(await forget()).toBe(1);
  expect((await get(sha256)).statusCode).toBe(404);
});

test("erased texts and label sheets are no texts that nobody staked with", async () => {
  const { cid, sha256 } = await keep("Erased, and to stay so.");
  await eraseContent(ledger.store, sha256 as Hex);
  await sql`insert into markets.contents (sha256, kind, size, bytes) values ('0x01', 'sheet', 1, 'x'::bytea)`.execute(
    ledger.store.db,
  );
  await older(2 * DAY);
  expect(await forget()).toBe(0);
  expect((await get(cid)).statusCode).toBe(451);
});

test("what is not kept is read from a gateway, which is not believed", async () => {
  const bytes = Buffer.from("Kept by others.");
  const cid = cidOf(hashOf(bytes));
  expect((await get(cid)).statusCode).toBe(404);
  ipfs.blocks.set(cid, bytes);
  expect((await get(cid)).body).toBe("Kept by others.");
  ipfs.forged.set(cid, Buffer.from("Kept by liars."));
  expect((await get(cid)).statusCode).toBe(404);
  ipfs.forged.set(cid, Buffer.alloc(4_194_305));
  expect((await get(cid)).statusCode).toBe(404);
  ipfs.forged.clear();
  ipfs.fail("hang_up");
  expect((await get(cid)).statusCode).toBe(404);
  const { rows } =
    await sql`select 1 from markets.contents where sha256 = ${need(hashOf(bytes), "a hash")}`.execute(
      ledger.store.db,
    );
  expect(rows).toEqual([]);
});

/** However long a loaded machine takes, nothing comes back to an address meanwhile. */
const noTimePasses = () => localBuckets(() => 0);

test("one address does not fill the store for the others", async () => {
  const own = await createApp({ log, version: "test" });
  const config = { ...deps.config, CONTENT_BYTES_PER_ADDRESS: 100_000 };
  contentRoutes(own, { ...deps, config }, noTimePasses());
  const bring = async (remoteAddress: string, text: string) => {
    const reply = await own.inject({ method: "POST", url: "/v1/content", remoteAddress, payload: { text } });
    return { status: reply.statusCode, code: codeOf(reply) };
  };
  // Large ones first, then whatever still fits: down to a dozen bytes.
  for (let size = 4_900; size > 4; size = Math.floor(size / 2))
    for (let i = 0; (await bring("203.0.113.9", `${i} ${"语".repeat(size)}`)).status === 200; i++);
  expect(await bring("203.0.113.9", "语".repeat(4_900))).toEqual({ status: 429, code: "content.too_many" });
  const kept = await one<{ bytes: number }>(
    ledger.store.db,
    sql`select sum(size)::int as bytes from markets.contents`,
  );
  // What others of these tests brought is among it.
  expect(need(kept, "a sum").bytes).toBeLessThan(200_000);
  const honest = "Zoos should be closed, for animals suffer there.";
  expect((await bring("198.51.100.7", honest)).status).toBe(200);
  // Who has one address of IPv6 has 2^64 of them.
  const many = ["2001:db8::1", "2001:db8::2", "2001:db8::3"];
  for (let i = 0; i < 7; i++) await bring(many[i % 3] ?? "", `${i} ${"语".repeat(4_900)}`.slice(0, 4_900));
  expect((await bring("2001:db8::ffff", "语".repeat(4_800))).code).toBe("content.too_many");
  // Nor does who has a /48, and with it 65,536 of those.
  for (let n = 0; n < 120; n++)
    await bring(`2001:db9:0:${n.toString(16)}::1`, `${n} ${"语".repeat(4_900)}`.slice(0, 4_900));
  expect((await bring("2001:db9:0:ffff::1", "语".repeat(4_700))).code).toBe("content.too_many");
  await own.close();
});

test("where half a day's room is taken, what nobody staked with goes after two hours", async () => {
  const [left, named] = [await keep("Left, and room is short."), await keep("Named, and room is short.")];
  await staking("Named, and room is short.", 77);
  await older(HOUR);
  expect(await forget(clock(), 60)).toBe(0);
  await older(HOUR + 1);
  expect(await forget(clock(), 400_000)).toBe(0);
  expect(await forget(clock(), 60)).toBe(1);
  expect([...(await opinionTexts(ledger.store.db, [left.sha256, named.sha256])).keys()]).toEqual([
    named.sha256,
  ]);
});

test("who asks for what nobody keeps asks our gateways so often and no more", async () => {
  const own = await createApp({ log, version: "test" });
  contentRoutes(own, deps, noTimePasses());
  const ask = (n: number) =>
    own.inject({
      method: "GET",
      url: `/v1/content/${hashOf(bytesOf(`nobody keeps ${n}`))}`,
      remoteAddress: "203.0.113.8",
    });
  const codes = new Set<string | undefined>();
  for (let n = 0; n < 200; n++) codes.add(codeOf(await ask(n)));
  expect(codes).toEqual(new Set(["content.unknown", "content.too_many"]));
  await own.close();
});
