import { chainById, openChain, type Chain } from "@sooth/chain";
import { devAccount, startAnvil } from "@sooth/chain/local-node";
import { type App, createApp, logger } from "@sooth/runtime";
import { migrate, one, openStore, sql, type Store } from "@sooth/store";
import { testDatabase } from "@sooth/store/embedded";
import { concat, createWalletClient, encodeFunctionData, type Hex, http } from "viem";
import { serializeErc6492Signature } from "viem/utils";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { pairFactoryAbi, pairFactoryCode } from "../../test/pair-wallet.ts";
import { MOST_SESSIONS, type SignIn, signInMessage, wireNonce } from "../core/index.ts";
import { sessionsConfig } from "./config.ts";
import { type ReadDeps, serverTime } from "./deps.ts";
import { sessions } from "./slice.ts";
import { signedIn } from "./who.ts";

const HUB = 31_337;
const HOST = "localhost:3000";
const ORIGIN = `http://${HOST}`;
const log = logger("sessions-test");
const [alice, bob] = [devAccount(2), devAccount(3)];
const ends: (() => Promise<unknown>)[] = [];
let store: Store;
let hub: Chain;
let app: App;
let rpcUrl: string;

/** Something that is done in somebody's name. */
function actRoute(app: App, deps: ReadDeps): void {
  const schema = { response: { 200: z.object({ who: z.string() }) } };
  const act = async (request: Parameters<typeof signedIn>[1]) => ({ who: await signedIn(deps, request) });
  app.post("/v1/act", { schema }, (request) => act(request));
}

async function serve(origins = "", rateLimit?: { max: number; windowSeconds: number }): Promise<App> {
  const made = await createApp({ log, version: "test", rateLimit });
  const deps = { store, hub, config: sessionsConfig.parse({ SESSIONS_ORIGINS: origins }), log };
  sessions.routes(made, deps);
  actRoute(made, deps);
  await made.ready();
  ends.push(() => made.close());
  return made;
}

beforeAll(async () => {
  const [database, anvil] = await Promise.all([testDatabase(), startAnvil({ chainId: HUB })]);
  rpcUrl = anvil.rpcUrl;
  store = openStore({ url: database.url, max: 4 });
  hub = openChain({ definition: { ...chainById(HUB), pollMs: 40 }, rpcUrls: [rpcUrl] });
  ends.push(
    () => database.drop(),
    () => store.close(),
    () => hub.close(),
    () => anvil.stop(),
  );
  await migrate(store, [sessions.migrations]);
  app = await serve();
}, 120_000);
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

type Asked = { cookie?: string; headers?: Record<string, string>; on?: App; host?: string };
async function ask(method: "GET" | "POST" | "DELETE", url: string, payload?: object, o: Asked = {}) {
  const host = o.host ?? HOST;
  const reply = await (o.on ?? app).inject({
    method,
    url,
    payload,
    headers: {
      host,
      origin: `http://${host}`,
      ...(o.cookie === undefined ? {} : { cookie: o.cookie }),
      ...o.headers,
    },
  });
  const body = JSON.parse(reply.body) as { error?: { code: string } };
  const [, cookie] = /^([^;]+);/.exec(String(reply.headers["set-cookie"] ?? "")) ?? [];
  return { status: reply.statusCode, body, code: body.error?.code, cookie, headers: reply.headers };
}
const nonce = async (o: Asked = {}) =>
  wireNonce.parse((await ask("POST", "/v1/session/nonce", undefined, o)).body);
async function messageOf(address: Hex, over: Partial<SignIn> = {}, o: Asked = {}): Promise<string> {
  const { nonce: given, issuedAt } = await nonce(o);
  return signInMessage({ address, chainId: HUB, origin: ORIGIN, nonce: given, issuedAt, ...over });
}
const enter = async (message: string, signature: Hex, o: Asked = {}) =>
  ask("POST", "/v1/session", { message, signature }, o);
async function enterAs(account: typeof alice, over: Partial<SignIn> = {}, o: Asked = {}) {
  const message = await messageOf(account.address, over, o);
  return enter(message, await account.signMessage({ message }), o);
}
const who = async (cookie?: string, o: Asked = {}) =>
  (await ask("GET", "/v1/session", undefined, { cookie, ...o })).body;

test("a wallet signs in, is known by its cookie, and signs out", async () => {
  expect(await who()).toEqual({ address: null, expiresAt: null });
  const { status, body, cookie, headers } = await enterAs(alice);
  expect([status, body]).toMatchObject([200, { address: alice.address.toLowerCase() }]);
  const set = String(headers["set-cookie"]);
  expect(set).toMatch(/^session=[\w-]{43}; /);
  for (const part of ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=604800"]) expect(set).toContain(part);
  expect(set).not.toContain("Secure");
  expect(headers["cache-control"]).toBe("no-store");
  expect(await who(cookie)).toEqual(body);
  expect((await ask("POST", "/v1/act", {}, { cookie })).body).toEqual({ who: alice.address.toLowerCase() });
  const token = cookie?.split("=")[1] ?? "none";
  const kept = await one<{ text: string }>(store.db, sql`select s::text as text from sessions.sessions s`);
  expect(kept?.text).not.toContain(token);
  const out = await ask("DELETE", "/v1/session", undefined, { cookie });
  expect([out.status, String(out.headers["set-cookie"])]).toEqual([
    200,
    expect.stringContaining("Max-Age=0"),
  ]);
  expect(await who(cookie)).toEqual({ address: null, expiresAt: null });
});

test("a nonce is taken once, whoever takes it, and none that was not given", async () => {
  const message = await messageOf(alice.address);
  const signature = await alice.signMessage({ message });
  expect((await enter(message, signature)).status).toBe(200);
  expect((await enter(message, signature)).code).toBe("session.stale_nonce");
  expect((await enterAs(alice, { nonce: "1234567890abcdef" })).code).toBe("session.stale_nonce");
  const spoilt = await messageOf(alice.address);
  expect((await enter(spoilt, await bob.signMessage({ message: spoilt }))).code).toBe(
    "session.bad_signature",
  );
  expect((await enter(spoilt, await alice.signMessage({ message: spoilt }))).code).toBe(
    "session.stale_nonce",
  );
  const old = await messageOf(alice.address);
  await sql`update sessions.nonces set expires_at = ${serverTime()}`.execute(store.db);
  expect((await enter(old, await alice.signMessage({ message: old }))).code).toBe("session.stale_nonce");
});

test("a message for another place, chain or time, or by another wallet, signs nobody in", async () => {
  const refused = [
    await enterAs(alice, { origin: "http://evil.example" }),
    await enterAs(alice, { origin: "https://localhost:3000" }),
    await enterAs(alice, { chainId: 1 }),
    await enterAs(alice, { issuedAt: serverTime() - 3_600 }),
    await enterAs(alice, { issuedAt: serverTime() + 3_600 }),
  ];
  expect(refused.map(({ code }) => code)).toEqual(refused.map(() => "session.bad_message"));
  const message = await messageOf(alice.address);
  expect((await enter(message, await bob.signMessage({ message }))).code).toBe("session.bad_signature");
  expect((await enter(await messageOf(alice.address), "0x00")).code).toBe("session.bad_signature");
  expect((await enter("hello", "0x00")).code).toBe("session.bad_message");
});

test("cookies that were made up, bent, ended or have expired open nothing", async () => {
  const { cookie = "" } = await enterAs(alice);
  const token = cookie.slice("session=".length);
  const bent = token.replace(/^./, token.startsWith("A") ? "B" : "A");
  for (const shown of [
    "session=",
    "session=0",
    `session=${"A".repeat(43)}`,
    `session=${bent}`,
    `session=${token}A`,
    `session=${token.slice(1)}`,
    `__Host-session=${token}`,
    `Session=${token}`,
    `session=${alice.address}`,
    "session='; drop table sessions.sessions; --",
  ]) {
    expect(await who(shown)).toEqual({ address: null, expiresAt: null });
    expect((await ask("POST", "/v1/act", {}, { cookie: shown })).code).toBe("session.not_signed_in");
  }
  await sql`update sessions.sessions set expires_at = ${serverTime()}`.execute(store.db);
  expect(await who(cookie)).toEqual({ address: null, expiresAt: null });
  await sessions.monitor({ store });
  expect(await one(store.db, sql`select 1 from sessions.sessions`)).toBe(undefined);
});

test("what pages of other sites send in somebody's name is refused, and so is who does not say where he is", async () => {
  const { cookie } = await enterAs(alice);
  type Headers = Record<string, string>;
  const act = (headers: Headers) => ask("POST", "/v1/act", {}, { cookie, headers });
  for (const headers of [
    { origin: "http://evil.example" },
    { origin: "null" },
    { origin: "http://localhost:3001" },
    { origin: "https://localhost:3000" },
    { origin: "" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none" },
    { origin: "http://evil.example", "sec-fetch-site": "same-origin" },
  ] as Headers[])
    expect([headers, (await act(headers)).code]).toEqual([headers, "session.cross_site"]);
  const bare = await app.inject({ method: "POST", url: "/v1/act", headers: { host: HOST, cookie } });
  expect(bare.statusCode).toBe(403);
  expect((await act({ "sec-fetch-site": "same-origin" })).status).toBe(200);
  // Signed in by somebody else's page, a visitor would act under that one's name.
  const message = await messageOf(bob.address);
  const signature = await bob.signMessage({ message });
  expect((await enter(message, signature, { headers: { origin: "http://evil.example" } })).code).toBe(
    "session.cross_site",
  );
  expect(
    (await ask("DELETE", "/v1/session", undefined, { cookie, headers: { origin: "http://evil.example" } }))
      .code,
  ).toBe("session.cross_site");
  expect(await who(cookie)).toMatchObject({ address: alice.address.toLowerCase() });
});

test("people sign in where the operator says that they are, and nowhere else", async () => {
  // Whoever sends a request chooses its Host.
  const host = "evil.example";
  expect((await enterAs(alice, { origin: `http://${host}` }, { host })).code).toBe("session.unknown_origin");
  const named = await serve("https://sooth.example");
  const site = { on: named, host: "sooth.example", headers: { origin: "https://sooth.example" } };
  const { status, cookie, headers } = await enterAs(alice, { origin: "https://sooth.example" }, site);
  expect([status, String(headers["set-cookie"])]).toEqual([
    200,
    expect.stringMatching(/^__Host-session=[\w-]{43}; .*Secure/),
  ]);
  expect(await who(cookie, site)).toMatchObject({ address: alice.address.toLowerCase() });
  expect(await who(cookie, { on: named, host })).toEqual({ address: null, expiresAt: null });
  expect((await enterAs(alice, {}, { on: named })).code).toBe("session.unknown_origin");
});

test("one wallet has a few sessions, of which the oldest go, and can end them all", async () => {
  const cookies: (string | undefined)[] = [];
  for (let count = 0; count <= MOST_SESSIONS; count += 1) cookies.push((await enterAs(bob)).cookie);
  const open = async () => {
    const seen = await Promise.all(cookies.map((cookie) => who(cookie)));
    return seen.map((each) => (each as { address: string | null }).address !== null);
  };
  expect(await open()).toEqual([false, ...Array<boolean>(MOST_SESSIONS).fill(true)]);
  const { cookie: other } = await enterAs(alice);
  await ask("DELETE", "/v1/session?everywhere=true", undefined, { cookie: cookies[3] });
  expect(await open()).toEqual(cookies.map(() => false));
  expect(await who(other)).toMatchObject({ address: alice.address.toLowerCase() });
});

test("a flood is turned away", async () => {
  const limited = await serve("", { max: 1_000, windowSeconds: 60 });
  const asked: number[] = [];
  for (let count = 0; count < 31; count += 1)
    asked.push((await ask("POST", "/v1/session/nonce", undefined, { on: limited })).status);
  expect([asked.filter((status) => status === 200).length, asked.at(-1)]).toEqual([30, 429]);
});

test("a wallet that is a contract signs in by its own rule, also before it stands on the chain", async () => {
  const wallet = createWalletClient({
    account: devAccount(0),
    chain: hub.definition.viem,
    transport: http(rpcUrl),
  });
  const mined = async (hash: Hex) => hub.client.waitForTransactionReceipt({ hash, pollingInterval: 20 });
  const { contractAddress: factory } = await mined(
    await wallet.sendTransaction({ data: pairFactoryCode, to: null }),
  );
  if (!factory) throw new Error("no factory");
  const pair = [alice.address, bob.address] as const;
  const call = { address: factory, abi: pairFactoryAbi, args: pair } as const;
  const address = await hub.client.readContract({ ...call, functionName: "placeOf" });
  const signed = async (message: string, by = [alice, bob]) =>
    concat(await Promise.all(by.map((account) => account.signMessage({ message }))));
  const factoryData = encodeFunctionData({ ...call, functionName: "make" });
  const wrapped = (signature: Hex) =>
    serializeErc6492Signature({ address: factory, data: factoryData, signature });

  const early = await messageOf(address);
  expect((await enter(early, wrapped(await signed(early)))).body).toMatchObject({
    address: address.toLowerCase(),
  });
  const forged = await messageOf(address);
  expect((await enter(forged, wrapped(await signed(forged, [bob, alice])))).code).toBe(
    "session.bad_signature",
  );
  // Counterfactual, of a factory that puts something else there.
  const stolen = await messageOf(alice.address);
  expect((await enter(stolen, wrapped(await signed(stolen)))).code).toBe("session.bad_signature");
  expect(await hub.client.getCode({ address })).toBe(undefined);

  await mined(await wallet.sendTransaction({ to: factory, data: factoryData }));
  const message = await messageOf(address);
  const { status, cookie } = await enter(message, await signed(message));
  expect(status).toBe(200);
  expect(await who(cookie)).toMatchObject({ address: address.toLowerCase() });
  const alone = await messageOf(address);
  expect((await enter(alone, await alice.signMessage({ message: alone }))).code).toBe(
    "session.bad_signature",
  );
});
