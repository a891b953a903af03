import { sha256 } from "viem";
import { expect, test } from "vitest";
import { GENESIS, identity, PERIOD, relay, SECRET } from "../../test/relays.ts";
import { sign } from "../core/index.ts";

const get = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

test("tells about itself as drand does", async () => {
  const { beacon } = await relay();
  const wanted = {
    public_key: identity.publicKey.slice(2),
    period: PERIOD,
    genesis_time: GENESIS,
    scheme: "bls-bn254-unchained-on-g1",
    beacon_id: "local",
  };
  for (const url of [beacon.url, beacon.firstUrl])
    expect((await get(`${url}/info`)).body).toMatchObject(wanted);
});

test("the first protocol tells drand's randomness beside the signature", async () => {
  const { beacon } = await relay();
  const signature = sign(SECRET, 5n);
  const body = { round: 5, signature: signature.slice(2) };
  expect((await get(`${beacon.url}/rounds/5`)).body).toEqual(body);
  expect((await get(`${beacon.firstUrl}/public/5`)).body).toEqual({
    ...body,
    randomness: sha256(signature).slice(2),
  });
});

test("signs nothing before its time", async () => {
  const { beacon, time } = await relay({ now: GENESIS - 1 });
  expect((await get(`${beacon.url}/rounds/1`)).status).toBe(425);
  expect((await get(`${beacon.url}/rounds/latest`)).status).toBe(425);
  expect((await get(`${beacon.firstUrl}/public/1`)).status).toBe(404);
  time.now = GENESIS;
  expect((await get(`${beacon.url}/rounds/1`)).status).toBe(200);
  expect((await get(`${beacon.url}/rounds/2`)).status).toBe(425);
  expect((await get(`${beacon.url}/rounds/0`)).status).toBe(425);
  expect((await get(new URL("/elsewhere", beacon.url).href)).status).toBe(404);
});

test("takes its fault by HTTP, where that is allowed", async () => {
  const { beacon } = await relay({ control: true });
  const control = new URL("/__control", beacon.url).href;
  const put = (body: string) => fetch(control, { method: "PUT", body });
  expect((await put('{"kind":"broken"}')).status).toBe(200);
  expect((await get(`${beacon.url}/rounds/1`)).status).toBe(500);
  expect((await get(control)).body).toMatchObject({ fault: { kind: "broken" }, requests: 1 });
  expect((await put('{"kind":"haunted"}')).status).toBe(400);

  const { beacon: shut } = await relay();
  expect((await get(new URL("/__control", shut.url).href)).status).toBe(404);
});
