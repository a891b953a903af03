import { openLedger, openWitness, type WitnessModel } from "@sooth/oracle";
import { nanoDollars, pricePerToken } from "@sooth/oracle/core";
import type { Logger } from "@sooth/runtime";
import type { Hex } from "@sooth/kernel";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import type { ServerConfig } from "./config.ts";
import { nodeFolder } from "./keys.ts";

const opened = new WeakMap<ServerConfig, Promise<WitnessModel | undefined>>();

/**
 * The language model that this process' providers and its watcher read documents with, or undefined without a key. One for all of
 * them, so that they share one budget. @throws oracle.bad_ledger
 */
export function witnessOf(config: ServerConfig, log: Logger): Promise<WitnessModel | undefined> {
  // Two ledgers of one file would each think that the whole budget is theirs.
  const known = opened.get(config) ?? open(config, log);
  opened.set(config, known);
  return known;
}

async function open(config: ServerConfig, log: Logger): Promise<WitnessModel | undefined> {
  if (config.PROVIDER_WITNESS_KEY === undefined) return undefined;
  const folder = ledgerFolder(config);
  const ledger = await openLedger({
    file: path.join(folder, "witness.ledger"),
    capPerDay: nanoDollars(config.PROVIDER_WITNESS_DAILY_DOLLARS),
    now: () => Math.floor(Date.now() / 1000),
  });
  return openWitness({
    apiKey: config.PROVIDER_WITNESS_KEY,
    baseUrl: config.PROVIDER_WITNESS_URL,
    model: config.PROVIDER_WITNESS_MODEL,
    family: config.PROVIDER_WITNESS_FAMILY,
    minConfidence: config.PROVIDER_WITNESS_CONFIDENCE,
    prices: {
      input: pricePerToken(config.PROVIDER_WITNESS_INPUT_PRICE),
      output: pricePerToken(config.PROVIDER_WITNESS_OUTPUT_PRICE),
    },
    ledger,
    log,
  });
}

/** Where this process keeps what paid services cost it. */
export function ledgerFolder(config: ServerConfig): string {
  const key = config.PROVIDER_KEY ?? config.WATCHER_KEY;
  // Whose key it is holds the folder, so that no two processes write one ledger. A laptop's test keys have the laptop's.
  const folder =
    key === undefined
      ? path.join(config.SOOTH_DATA_DIR, "providers")
      : nodeFolder(config.SOOTH_DATA_DIR, privateKeyToAccount(key as Hex).address);
  mkdirSync(folder, { recursive: true });
  return folder;
}
