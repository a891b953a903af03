import { defineErrors } from "@sooth/kernel";
import { expect, test } from "vitest";
import { z } from "zod";
import { raw, type Running, running, told } from "../../test/http.ts";
import { LiveHub } from "../live-hub.ts";
import { registry } from "../metrics.ts";
import { addressGroup, type CallerOptions } from "./callers.ts";
import type { App, HttpOptions } from "./options.ts";

const TestError = defineErrors("test", { bad_key: { status: 401, text: () => "no such key" } });
const KEYS: Record<string, readonly string[]> = { sooth_reader: ["read"], sooth_listener: ["events"] };
const allowance = { perSecond: 0.01, burst: 2, streams: 1 };

const callers = (over: Partial<CallerOptions> = {}): CallerOptions => ({
  anonymous: { scopes: ["read", "events"], allowance },
  address: { perSecond: 0.01, burst: 50 },
  keyPrefix: "sooth_",
  byKey: async (key) => {
    const scopes = KEYS[key];
    if (!scopes) throw TestError.bad_key({});
    return { id: `key:${key}`, kind: "key", scopes, allowance };
  },
  ...over,
});
const answer = { response: { 200: z.object({ who: z.string() }) } };
function routes(app: App): void {
  app.get("/v1/read", { config: { scope: "read" }, schema: answer }, async ({ caller }) => ({
    who: caller?.id ?? "nobody",
  }));
  app.post(
    "/v1/batch",
    {
      config: { scope: "read", cost: ({ body }) => (body as { ids: unknown[] }).ids.length },
      schema: { ...answer, body: z.object({ ids: z.array(z.string()) }) },
    },
    async ({ caller }) => ({ who: caller?.kind ?? "nobody" }),
  );
  app.get("/v1/open", { schema: answer }, async ({ caller }) => ({ who: caller?.id ?? "nobody" }));
}
const start = (over: Partial<CallerOptions> = {}, options: Partial<HttpOptions> = {}): Promise<Running> =>
  running({ callers: callers(over), live: new LiveHub(), ...options }, routes);
const read = (url: string, key?: string, path = "/v1/read") =>
  fetch(url + path, key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } });

test("a caller is known by his key, else by his address; routes without a scope ask nobody", async () => {
  const { url } = await start();
  expect(await (await read(url, "sooth_reader")).json()).toEqual({ who: "key:sooth_reader" });
  expect(await (await read(url)).json()).toEqual({ who: "address:127.0.0.1" });
  expect(await (await read(url, "nonsense", "/v1/open")).json()).toEqual({ who: "nobody" });
});

test("each has a bucket of his own, and is told when to come back", async () => {
  const { url } = await start();
  expect([(await read(url)).status, (await read(url)).status]).toEqual([200, 200]);
  const refused = await read(url);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(50);
  expect(await told(refused)).toBe("429 http.too_many_requests");
  expect((await read(url, "sooth_reader")).status).toBe(200);
});

test("a batch costs what it asks for", async () => {
  const { url } = await start();
  const batch = (ids: string[]) =>
    fetch(`${url}/v1/batch`, {
      method: "POST",
      body: JSON.stringify({ ids }),
      headers: { "content-type": "application/json" },
    });
  expect((await batch(["a", "b"])).status).toBe(200);
  expect(await told(batch(["c"]))).toBe("429 http.too_many_requests");
});

test("a wrong scope, an unknown key, and what is no key are refused, each by its name", async () => {
  const { url } = await start();
  expect(await told(read(url, "sooth_listener"))).toBe("403 http.out_of_scope");
  const unknown = await read(url, "sooth_guess");
  expect(unknown.headers.get("www-authenticate")).toBe('Bearer realm="sooth"');
  expect(await told(unknown)).toBe("401 test.bad_key");
  for (const authorization of ["Basic YTpi", "Bearer", "Bearer a b", "Bearer ä", `Bearer ${"x".repeat(201)}`])
    expect(await told(fetch(`${url}/v1/read`, { headers: { authorization } }))).toBe(
      "401 http.bad_authorization",
    );
});

test("guessing keys is paid from the address's bucket, whatever is guessed", async () => {
  const { url } = await start({ address: { perSecond: 0.01, burst: 3 } });
  const seen: string[] = [];
  for (const key of ["a", "b", "c", "d"]) seen.push(await told(read(url, key)));
  expect(seen).toEqual([...Array<string>(3).fill("401 test.bad_key"), "429 http.too_many_requests"]);
  expect(await told(read(url, "sooth_reader"))).toBe("429 http.too_many_requests");
});

test("a key in the address is refused everywhere, and not repeated anywhere", async () => {
  const { url, lines } = await start();
  for (const path of ["/v1/read?key=sooth_secret", "/v1/open?a=sooth_secret", "/sooth_secret"]) {
    const refused = await fetch(url + path);
    const text = await refused.text();
    expect([refused.status, text.includes("http.key_in_url"), text.includes("secret")]).toEqual([
      400,
      true,
      false,
    ]);
  }
  expect(lines.join("\n")).not.toContain("secret");
});

test("two Authorization headers are refused, and a line feed in one never becomes a header", async () => {
  const { url } = await start();
  const port = Number(new URL(url).port);
  const send = (headers: string) =>
    raw(port, `GET /v1/read HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers}\r\n\r\n`);
  expect(await send("authorization: Bearer sooth_reader\r\nAuthorization: Bearer sooth_listener")).toContain(
    "http.bad_authorization",
  );
  const injected = await send("authorization: Bearer sooth_reader\nx-forwarded-for: 6.6.6.6");
  expect(injected).toMatch(/^HTTP\/1\.1 400/);
  expect(injected).not.toContain("6.6.6.6");
});

test("a caller has so many streams and no more, and one that ends makes room", async () => {
  const { url } = await start({
    anonymous: { scopes: ["events"], allowance: { perSecond: 100, burst: 100, streams: 2 } },
  });
  const open = async () => {
    const stop = new AbortController();
    const response = await fetch(`${url}/v1/events`, { signal: stop.signal });
    return { response, stop };
  };
  const [one, two, three] = [await open(), await open(), await open()];
  expect([one.response.status, two.response.status]).toEqual([200, 200]);
  expect(three.response.headers.get("retry-after")).toBe("15");
  expect(await told(three.response)).toBe("429 http.too_many_own_streams");
  const keyed = await read(url, "sooth_listener", "/v1/events");
  expect(keyed.status).toBe(200);
  expect(await told(read(url, "sooth_reader", "/v1/events"))).toBe("403 http.out_of_scope");
  one.stop.abort();
  await expect.poll(async () => (await open()).response.status).toBe(200);
  two.stop.abort();
  await keyed.body?.cancel();
});

test("one address of IPv6 is as good as its neighbours", () => {
  expect(addressGroup("2001:db8::1")).toBe("2001:db8:0:0::/64");
  expect(addressGroup("2001:db8:0:0:ffff::2")).toBe("2001:db8:0:0::/64");
  expect(addressGroup("::1")).toBe("0:0:0:0::/64");
  expect(addressGroup("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
  expect(addressGroup("::ffff:10.0.0.1")).toBe("::ffff:10.0.0.1");
  expect(addressGroup("10.0.0.1")).toBe("10.0.0.1");
});

test("requests are counted by class of caller, refusals by reason", async () => {
  const { url } = await start();
  const before = [await total("http_callers_total"), await total("http_callers_refused_total")];
  await Promise.all([read(url), read(url, "sooth_reader")]);
  await read(url, "sooth_listener");
  expect((await total("http_callers_total")) - (before[0] ?? 0)).toBe(3);
  expect((await total("http_callers_refused_total")) - (before[1] ?? 0)).toBe(1);
});

async function total(name: string): Promise<number> {
  const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
  return values.reduce((sum, { value }) => sum + value, 0);
}
