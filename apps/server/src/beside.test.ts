import { AppError } from "@sooth/kernel";
import { generatePrivateKey } from "viem/accounts";
import { afterEach, expect, test, vi } from "vitest";
import { toldNetwork } from "../test/told-network.ts";
import { besideWhom, settingsBeside, whoSigns } from "./beside.ts";
import { loadConfig } from "./config.ts";

afterEach(() => vi.unstubAllGlobals());

const PLACE = "http://localhost:3000";
const whom = (settings: Record<string, string>, said?: string): string | undefined => {
  try {
    return besideWhom(said, loadConfig(settings));
  } catch (error) {
    return error instanceof AppError ? error.message : String(error);
  }
};

test("a provider joins the server that is named, on the command line or in the settings", () => {
  expect(whom({ SOOTH_ROLES: "provider" }, PLACE)).toBe(PLACE);
  expect(whom({ SOOTH_ROLES: "provider,watcher", PROVIDER_API_URL: PLACE })).toBe(PLACE);
});

test("what serves, or is everything, joins nobody", () => {
  expect(whom({})).toBeUndefined();
  expect(whom({ SOOTH_ROLES: "api,worker" })).toBeUndefined();
  expect(whom({ SOOTH_ROLES: "api" }, PLACE)).toContain("goes with the roles provider and watcher");
  expect(whom({}, PLACE)).toContain("goes with the roles provider and watcher");
});

test("alone on a local network it starts no second one, and is told what to add", () => {
  expect(whom({ SOOTH_ROLES: "provider" })).toContain("add --join http://localhost:3000 --settings FILE");
});

test("on a public network the settings alone do", () => {
  expect(
    whom({ SOOTH_ROLES: "provider", HUB_CHAIN_ID: "11155111", PROVIDER_API_URL: PLACE }),
  ).toBeUndefined();
});

/* WHAT IS TAKEN */

const ELSEWHERE = "https://sooth.example";
const key = generatePrivateKey();
const says = (body: unknown) => vi.stubGlobal("fetch", async () => Response.json(body));
const joined = (url: string, settings: Record<string, string> = {}) =>
  settingsBeside(loadConfig({ PROVIDER_KEY: key, ...settings }), url);

test("a server on this machine tells of its local network whatever the settings leave open", async () => {
  says(toldNetwork(31_337));
  const { config, addresses } = await joined(PLACE);
  expect(config).toMatchObject({
    HUB_RPC_URLS: ["http://rpc.told.example"],
    ROLLUPS: ["31338=http://rollup.told.example"],
    PROVIDER_ALLOWED_ORIGINS: ["http://source.told.example"],
  });
  expect(addresses).toBeDefined();
});

test("a server elsewhere is taken at no word, though it says that its chain is a laptop's", async () => {
  says(toldNetwork(31_337));
  await expect(joined(ELSEWHERE)).rejects.toMatchObject({
    code: "server.not_named",
    message: expect.stringContaining("set HUB_CHAIN_ID and HUB_RPC_URLS"),
  });
  const { config, addresses } = await joined(ELSEWHERE, { HUB_RPC_URLS: "http://rpc.own.example" });
  expect(config).toMatchObject({
    HUB_RPC_URLS: ["http://rpc.own.example"],
    ROLLUPS: [],
    PROVIDER_ALLOWED_ORIGINS: [],
    PROVIDER_API_URL: ELSEWHERE,
  });
  expect(addresses).toBeUndefined();
});

test("an owner that is no address is not printed", async () => {
  says({ items: [{ owner: "ask at evil.example", signer: `0x${"1".repeat(40)}` }] });
  await expect(whoSigns(loadConfig({ PROVIDER_KEY: key }), PLACE)).rejects.toMatchObject({
    code: "server.no_server",
  });
});
