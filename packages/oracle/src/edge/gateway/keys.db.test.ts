import { createApp, type App, logger } from "@sooth/runtime";
import { one, sql, type Store } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { oracleStore } from "../../../test/database.ts";
import { addresses, clock, OPENS, seatOf, stranger } from "../../../test/people.ts";
import { DAY, type KeyRequest, keyRequestTypedData, readKey } from "../../core/index.ts";
import { oracleRoutes } from "../routes.ts";
import { apiCallers, serverTime } from "./callers.ts";
import { gatewayConfig } from "./config.ts";
import { createKey, openKey, revokeKey, rotateKey, sameHash } from "./keys.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
beforeEach(() => sql`truncate oracle.api_keys, oracle.key_requests`.execute(store.db));

const T = 1_800_000_000;
const reader = { owner: null, name: "reader", scopes: ["read"] as const };

test("a key is stored as the hash of its secret, and opens for its holder alone", async () => {
  const { text, key } = await createKey(store.db, reader, T);
  const stored = await one<{ text: string }>(store.db, sql`select k::text as text from oracle.api_keys k`);
  const secret = readKey(text)?.secret.slice(2) ?? "none";
  expect(secret).toHaveLength(64);
  expect(stored?.text).toContain(key.id);
  expect(stored?.text).not.toContain(secret);
  expect((await openKey(store.db, text, T)).id).toBe(key.id);
  const wrong = [text.replace(/.$/, text.endsWith("0") ? "1" : "0"), `sooth_${"0".repeat(12)}_${secret}`];
  for (const bent of [...wrong, text.toUpperCase(), `${text} `, `${text}\n`, "", "sooth_"])
    await expect(openKey(store.db, bent, T)).rejects.toMatchObject({ code: "gateway.bad_key" });
});

test("hashes are compared as a whole: a right beginning or a right end is not nearer", () => {
  const hash = `0x${"ab".repeat(32)}` as const;
  expect(sameHash(hash, hash)).toBe(true);
  expect(sameHash(hash, `0x${"ab".repeat(31)}ac`)).toBe(false);
  expect(sameHash(hash, `0xac${"ab".repeat(31)}`)).toBe(false);
  expect(sameHash(hash, "0xab")).toBe(false);
});

test("an unknown key and a wrong secret cannot be told apart; expiry is told to the holder alone", async () => {
  const { text, key } = await createKey(store.db, { ...reader, expiresAt: T + 10 }, T);
  const told = (shown: string, now: number) =>
    openKey(store.db, shown, now).catch((error: Error) => error.message);
  const guess = `sooth_${key.id}_${"f".repeat(64)}`;
  const nobody = `sooth_${"f".repeat(12)}_${"f".repeat(64)}`;
  expect(await told(guess, T + 11)).toEqual(await told(nobody, T + 11));
  expect(await told(text, T + 10)).toBe(`key ${key.id} expired at ${T + 10}`);
  expect(await told(text, T + 9)).toMatchObject({ id: key.id });
});

test("a revoked key opens nothing from then on, and stays as it is when revoked again", async () => {
  const { text, key } = await createKey(store.db, reader, T);
  await revokeKey(store.db, { id: key.id }, T + 1);
  await revokeKey(store.db, { id: key.id }, T + 5);
  await expect(openKey(store.db, text, T + 1)).rejects.toMatchObject({
    code: "gateway.key_revoked",
    data: { revokedAt: T + 1 },
  });
});

test("a rotated key is good for its grace, and its follower as long as the first was to live", async () => {
  const first = await createKey(store.db, { ...reader, expiresAt: T + 30 * DAY, burst: 7 }, T);
  const later = T + 10 * DAY;
  const second = await rotateKey(store.db, { id: first.key.id, graceSeconds: 60 }, later);
  expect(second.key).toMatchObject({ name: "reader", scopes: ["read"], expiresAt: later + 30 * DAY });
  expect((await openKey(store.db, second.text, later)).burst).toBe(7);
  expect((await openKey(store.db, first.text, later + 59)).replacedBy).toBe(second.key.id);
  await expect(openKey(store.db, first.text, later + 60)).rejects.toMatchObject({
    code: "gateway.key_expired",
  });
  // Else one leaked key would bear any number of others.
  await expect(rotateKey(store.db, { id: first.key.id }, later)).rejects.toMatchObject({
    code: "gateway.unknown_key",
  });
});

test("a key's last use is known to the minute", async () => {
  const { text } = await createKey(store.db, reader, T);
  const lastUse = async () =>
    (await one<{ at: number }>(store.db, sql`select last_used_at as at from oracle.api_keys`))?.at;
  const seen: (number | undefined)[] = [];
  for (const now of [T, T + 59, T + 60]) {
    await openKey(store.db, text, now);
    seen.push(await lastUse());
  }
  expect(seen).toEqual([T, T, T + 60]);
});

test.each([
  ["a line feed", { name: "a\nb" }],
  ["an escape sequence", { name: "a\u001b[31m" }],
  ["no name", { name: "" }],
  ["no scope", { scopes: [] }],
  ["no time", { expiresAt: T }],
  ["two years", { expiresAt: T + 730 * DAY }],
])("no key is made with %s", async (_, over) => {
  await expect(createKey(store.db, { ...reader, ...over }, T)).rejects.toMatchObject({
    code: "gateway.bad_key_terms",
  });
});

async function server(): Promise<App> {
  const { chain } = clock(OPENS);
  const hub = { ...chain, client: { verifyTypedData: async () => false } } as unknown as typeof chain;
  const log = logger("test");
  const config = gatewayConfig.parse({ GATEWAY_ANONYMOUS_BURST: "1000" });
  const app = await createApp({ log, version: "0", callers: apiCallers(store, config) });
  oracleRoutes(app, {
    store,
    hub,
    addresses,
    config: { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n },
    log,
  });
  onTestFinished(() => app.close());
  return app;
}

const use = async (app: App, secret: string | null, url = "/v1/keys") => {
  const answer = await app.inject({ url, headers: { authorization: `Bearer ${secret}` } });
  return [answer.statusCode, answer.json<{ error?: { code: string } }>().error?.code];
};

describe("a wallet", () => {
  const owner = seatOf(0);
  const domain = { chainId: 31_337, oracle: addresses.oracle };
  let nonce = 0;
  const request = (over: Partial<KeyRequest> = {}): KeyRequest => ({
    action: "create",
    owner: owner.address,
    key: "",
    name: "mine",
    scopes: ["read"],
    expiresAt: 0,
    issuedAt: serverTime(),
    nonce: `0x${(nonce += 1).toString(16).padStart(64, "0")}`,
    ...over,
  });

  const send = async (app: App, wanted: KeyRequest, by = owner, signedAs: object = {}) => {
    const signature = await by.signTypedData(keyRequestTypedData({ ...domain, ...signedAs }, wanted));
    const answer = await app.inject({
      method: "POST",
      url: "/v1/keys",
      payload: { request: wanted, signature },
    });
    const body = answer.json<{
      error?: { code: string };
      secret: string | null;
      keys: { id: string; revokedAt: number | null }[];
    }>();
    return { ...body, status: answer.statusCode, code: body.error?.code, headers: answer.headers };
  };
  const nothing = `/v1/receipts/0x${"00".repeat(32)}`;

  test("gets a key that works, sees it, rotates and revokes it", async () => {
    const app = await server();
    const made = await send(app, request({ scopes: ["report-receipts"] }));
    expect([made.status, made.headers["cache-control"]]).toEqual([200, "no-store"]);
    expect(await use(app, made.secret, nothing)).toEqual([404, "gateway.unknown_receipt"]);
    const id = made.keys[0]?.id ?? "";
    const rotated = await send(app, request({ action: "rotate", key: id }));
    expect(await use(app, rotated.secret, nothing)).toEqual([404, "gateway.unknown_receipt"]);
    expect(await use(app, made.secret, nothing)).toEqual([404, "gateway.unknown_receipt"]);
    await send(app, request({ action: "revoke", key: id }));
    expect(await use(app, made.secret, nothing)).toEqual([401, "gateway.key_revoked"]);
    const listed = await send(app, request({ action: "list" }));
    expect([
      listed.secret,
      ...listed.keys.map(({ revokedAt }) => String(revokedAt !== null)).toSorted(),
    ]).toEqual([null, "false", "true"]);
  });

  test("signs what the server prepared", async () => {
    const app = await server();
    const { issuedAt: _, nonce: __, ...wanted } = request();
    const prepared = await app.inject({ method: "POST", url: "/v1/keys/prepare", payload: wanted });
    const { request: full, typedData } = prepared.json();
    const signature = await owner.signTypedData(typedData);
    const made = await app.inject({ method: "POST", url: "/v1/keys", payload: { request: full, signature } });
    expect(made.statusCode).toBe(200);
  });

  test("can do a signed thing once, in its time, on this deployment, and for itself alone", async () => {
    const app = await server();
    const once = request();
    expect((await send(app, once)).status).toBe(200);
    expect((await send(app, once)).code).toBe("gateway.repeated_request");
    expect((await send(app, request({ issuedAt: serverTime() - 400 }))).code).toBe("gateway.stale_request");
    expect((await send(app, request({ issuedAt: serverTime() + 400 }))).code).toBe("gateway.stale_request");
    expect((await send(app, request(), stranger)).code).toBe("gateway.not_owner");
    expect((await send(app, request(), owner, { chainId: 1 })).code).toBe("gateway.not_owner");
    const mine = await send(app, request());
    const theirs = request({ action: "revoke", owner: stranger.address, key: mine.keys[0]?.id ?? "" });
    expect((await send(app, theirs, stranger)).code).toBe("gateway.unknown_key");
    expect((await send(app, { ...theirs, action: "rotate", nonce: request().nonce }, stranger)).code).toBe(
      "gateway.unknown_key",
    );
  });

  test("has five good keys at most, also when it asks for more at once", async () => {
    const app = await server();
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(app, request())));
    expect(answers.map(({ code }) => code ?? "made").toSorted()).toEqual([
      ...Array<string>(3).fill("gateway.too_many_keys"),
      ...Array<string>(5).fill("made"),
    ]);
  });

  test("cannot make itself an operator, and its key opens no operator's door", async () => {
    const app = await server();
    const asked = request({ scopes: ["admin" as "read"] });
    expect((await send(app, asked)).code).toBe("http.bad_request");
    const { secret } = await send(app, request());
    expect(await use(app, secret)).toEqual([403, "http.out_of_scope"]);
    const admin = await createKey(store.db, { owner: null, name: "op", scopes: ["admin"] }, serverTime());
    expect(await use(app, admin.text)).toEqual([200, undefined]);
    expect(await use(app, admin.text, nothing)).toEqual([403, "http.out_of_scope"]);
  });

  test("an expired key is refused by the server", async () => {
    const app = await server();
    const old = await createKey(store.db, { ...reader, expiresAt: serverTime() - 1 }, serverTime() - 100);
    expect(await use(app, old.text, `/v1/oracle/answers/0x${"00".repeat(32)}`)).toEqual([
      401,
      "gateway.key_expired",
    ]);
  });
});
