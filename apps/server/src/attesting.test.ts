import { expect, test } from "vitest";
import { viewUrls } from "./attesting.ts";

const BASE = 8453;
const hub = { HUB_CHAIN_ID: 1, HUB_RPC_URLS: ["https://a.example/key", "https://b.example"] };

test("where money is real an attester has two hosts for every chain", () => {
  const [one, other] = viewUrls({
    ...hub,
    ROLLUPS: [`${BASE}=https://a.example/x|https://a.example/y|https://c.example`],
  });
  expect([one.get(1), one.get(BASE)]).toEqual(["https://a.example/key", "https://a.example/x"]);
  expect([other?.get(1), other?.get(BASE)]).toEqual(["https://b.example", "https://c.example"]);
});

test.each([
  ["one URL of a rollup", { ...hub, ROLLUPS: [`${BASE}=https://a.example`] }],
  ["two URLs of one host", { ...hub, ROLLUPS: [`${BASE}=https://a.example/x|https://a.example/y`] }],
  ["one URL of the hub", { ...hub, HUB_RPC_URLS: ["https://a.example"], ROLLUPS: [] }],
])("%s is refused", (_, config) =>
  expect(() => viewUrls(config)).toThrow(expect.objectContaining({ code: "server.missing_setting" })),
);

test("on this machine one node a chain is enough", () => {
  const [one, other] = viewUrls({
    HUB_CHAIN_ID: 31_337,
    HUB_RPC_URLS: ["http://127.0.0.1:1"],
    ROLLUPS: ["31338=http://127.0.0.1:2"],
  });
  expect([...one.values()]).toEqual(["http://127.0.0.1:1", "http://127.0.0.1:2"]);
  expect(other).toBeNull();
});
