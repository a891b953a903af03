import { chainMigrations, type Addresses, type BlockRef, type Chain, type LogHandlers } from "@sooth/chain";
import { bundles } from "@sooth/bundles";
import { type Analyst, markets } from "@sooth/markets";
import { notifications } from "@sooth/notifications";
import { oracle, type Spoken } from "@sooth/oracle";
import { type BeaconSource, type RoundRequests, randomnessChecks } from "@sooth/randomness";
import { sessions } from "@sooth/sessions";
import type { Hex } from "@sooth/kernel";
import type { App, Check, Logger } from "@sooth/runtime";
import { storeMigrations, type MigrationSet, type Store } from "@sooth/store";
import type { LocalAccount } from "viem";
import type { z } from "zod";
import type { ServerConfig } from "./config.ts";

/** Everything a slice may need; each part names the piece of it that it takes. */
export type Context = {
  config: ServerConfig;
  store: Store;
  hub: Chain;
  /** The other chains that are followed. */
  rollups: readonly Chain[];
  addresses: Addresses;
  /** Where signatures of rounds come from. */
  beacon: BeaconSource;
  log: Logger;
  /** For the page of a question: which markets rest on it. */
  marketsOf?: (question: Hex) => Promise<Hex[]>;
  /** Whose findings the api takes besides those of providers' keys. */
  watchers?: readonly Hex[];
  /** Signs answers and receipts, in the api role. */
  gatewayKey?: LocalAccount;
  /** Who labels opinions again for the committee; in the api role. */
  analysts?: () => Promise<readonly Analyst[]>;
  /** Has the worker take up one thing before the next block's sweep; in the api role. */
  takeUpSoon?: (spoken: Spoken) => Promise<void>;
};

/** A slice is one value. Its parts run in the roles that need them: routes in api, handlers and sweeps in worker. */
export type Slice = {
  name: string;
  config: z.ZodObject;
  migrations: MigrationSet;
  logHandlers(addresses: Addresses): readonly LogHandlers[];
  /** What becomes of the logs of a chain that is not the hub. */
  rollupLogHandlers?(addresses: Addresses): readonly LogHandlers[];
  routes(app: App, context: Context): void;
  /** Looks at the state after a hub block and does what is due; doing it twice changes nothing. */
  sweep(context: Context, head: BlockRef): Promise<void>;
  /** Looks for what people should hear of, after a hub block; a job of its own, because nothing waits for it. */
  monitor?(context: Context, head: BlockRef): Promise<void>;
  checks(context: Context): readonly Check[];
  /** Rounds of the beacon that the slice's state waits for; the worker has them proved. */
  rounds?(context: Context, ...head: Parameters<RoundRequests>): ReturnType<RoundRequests>;
};

/** Every question that an operator can ask of a running deployment. */
export const checksOf = (context: Context): readonly Check[] => [
  ...SLICES.flatMap((slice) => slice.checks(context)),
  ...randomnessChecks(context),
];

/** In the order of their dependencies: a later one may use an earlier one. */
export const SLICES: readonly Slice[] = [sessions, oracle, bundles, markets, notifications];

export const MIGRATIONS: readonly MigrationSet[] = [
  storeMigrations,
  chainMigrations,
  ...SLICES.map((slice) => slice.migrations),
];
