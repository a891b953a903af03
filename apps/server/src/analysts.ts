import { type Analyst, claudeAnalyst, offlineAnalyst, openPanel } from "@sooth/markets";
import { openLedger, type ProviderOptions } from "@sooth/oracle";
import { nanoDollars, pricePerToken } from "@sooth/oracle/core";
import type { Logger } from "@sooth/runtime";
import path from "node:path";
import type { ServerConfig } from "./config.ts";
import { ServerError } from "./errors.ts";
import { openMarketLedgers } from "./market-ledgers.ts";
import { ledgerFolder } from "./witness.ts";

const opened = new WeakMap<ServerConfig, ReturnType<typeof open>>();
const openedForDesk = new WeakMap<ServerConfig, Promise<readonly Analyst[]>>();
const openedLedgers = new WeakMap<ServerConfig, ReturnType<typeof openLedgers>>();

/**
 * Who labels opinions for this process' providers and its watcher, and where texts are read; undefined where its operator wants
 * none. One panel for all of them, so that they share labels and budget. @throws markets.bad_model, oracle.bad_ledger, server.missing_setting
 */
export function opinionsOf(
  config: ServerConfig,
  apiUrl: string,
  log: Logger,
): Promise<ProviderOptions["opinions"]> {
  const known = opened.get(config) ?? open(config, apiUrl, log);
  opened.set(config, known);
  return known;
}

async function open(config: ServerConfig, apiUrl: string, log: Logger): Promise<ProviderOptions["opinions"]> {
  const analysts = await analystsOf(config, log);
  if (analysts.length === 0) return undefined;
  const stores = config.PROVIDER_TEXT_STORES;
  const own = `${apiUrl.replace(/\/$/, "")}/v1/content/{sha256}`;
  return { analyst: openPanel(analysts), gateways: stores.length > 0 ? stores : [own] };
}

/**
 * The same analysts for members of the committee, none where the operator wants none. They remember nothing that a provider here was
 * told: a member asks again to hear it anew. Their money is of the same ledgers.
 */
export function deskAnalystsOf(config: ServerConfig, log: Logger): Promise<readonly Analyst[]> {
  const known = openedForDesk.get(config) ?? analystsOf(config, log);
  openedForDesk.set(config, known);
  // What failed to open may open the next time.
  known.catch(() => openedForDesk.delete(config));
  return known;
}

async function analystsOf(config: ServerConfig, log: Logger): Promise<readonly Analyst[]> {
  const names = config.PROVIDER_ANALYSTS;
  if (names.includes("none")) return [];
  const analysts: Analyst[] = [];
  if (names.includes("offline")) analysts.push(offlineAnalyst());
  if (names.includes("claude")) analysts.push(await claudeOf(config, log));
  return analysts;
}

async function claudeOf(config: ServerConfig, log: Logger): Promise<Analyst> {
  const apiKey = config.PROVIDER_WITNESS_KEY;
  if (apiKey === undefined)
    throw ServerError.missing_setting({
      key: "PROVIDER_WITNESS_KEY",
      why: "PROVIDER_ANALYSTS names claude, which needs a key of the Messages API",
    });
  const { perDay, perMarket } = await ledgersOf(config);
  return claudeAnalyst({
    apiKey,
    baseUrl: config.PROVIDER_WITNESS_URL,
    model: config.PROVIDER_ANALYST_MODEL,
    family: config.PROVIDER_ANALYST_FAMILY,
    prices: {
      input: pricePerToken(config.PROVIDER_ANALYST_INPUT_PRICE),
      output: pricePerToken(config.PROVIDER_ANALYST_OUTPUT_PRICE),
    },
    perDay,
    perMarket,
    log,
  });
}

/** Two ledgers of one file would each think that the whole budget is theirs. */
function ledgersOf(config: ServerConfig): ReturnType<typeof openLedgers> {
  const known = openedLedgers.get(config) ?? openLedgers(config);
  openedLedgers.set(config, known);
  return known;
}

async function openLedgers(config: ServerConfig) {
  const folder = ledgerFolder(config);
  const perDay = await openLedger({
    file: path.join(folder, "analyst.ledger"),
    capPerDay: nanoDollars(config.PROVIDER_ANALYST_DAILY_DOLLARS),
    now: () => Math.floor(Date.now() / 1000),
  });
  const perMarket = openMarketLedgers({
    folder,
    cap: nanoDollars(config.PROVIDER_ANALYST_MARKET_DOLLARS),
  });
  return { perDay, perMarket };
}
