import { at } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { generatePrivateKey } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toldNetwork } from "../test/told-network.ts";
import { settingsBeside } from "./beside.ts";
import { loadConfig, type ServerConfig } from "./config.ts";
import { keysOf } from "./keys.ts";
import { startStack, type Stack } from "./stack.ts";

/** A provider where money is real: it may be started beside a server, by --join, or without. */
const CHAIN_ID = 11_155_111;
const folder = mkdtempSync(path.join(tmpdir(), "sooth-keys-"));
const server = createServer((_, response) => response.end(JSON.stringify(toldNetwork(CHAIN_ID))));
let url: string;
let config: ServerConfig;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config = loadConfig({
    SOOTH_ROLES: "provider",
    SOOTH_DATA_DIR: folder,
    HUB_CHAIN_ID: String(CHAIN_ID),
    HUB_RPC_URLS: "http://127.0.0.1:9",
    DEPLOYMENT_FILE: path.resolve(import.meta.dirname, "../../../deployments/31337.json"),
    PROVIDER_API_URL: url,
    PROVIDER_KEY: generatePrivateKey(),
  });
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = (beside?: string): Promise<Stack> =>
  startStack({ config, log: logger("test"), ...(beside === undefined ? {} : { beside }) });
const journalOf = (settings: ServerConfig): string =>
  at(keysOf(settings, undefined).providers, 0).journalFile;

test("what a node signed alone it knows when it joins a server, from the same folder", async () => {
  writeFileSync(journalOf(config), "signed");
  const { config: joined } = await settingsBeside(config, url);
  expect(readFileSync(journalOf(joined), "utf8")).toBe("signed");
  rmSync(journalOf(config));
});

test("a second process with the same key is refused, whichever of the two joined a server", async () => {
  const alone = await start();
  await expect(start(url)).rejects.toMatchObject({ code: "server.key_in_use" });
  await expect(start()).rejects.toMatchObject({ code: "server.key_in_use" });
  await alone.stop();
  const joined = await start(url);
  await expect(start()).rejects.toMatchObject({ code: "server.key_in_use" });
  await joined.stop();
  await (await start()).stop();
});
