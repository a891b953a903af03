import type { Address } from "@sooth/kernel";
import { commaList, readConfig } from "@sooth/runtime";
import { bundles } from "@sooth/bundles";
import { markets } from "@sooth/markets";
import { committeeOrder } from "@sooth/markets/core";
import { notifications } from "@sooth/notifications";
import { oracle } from "@sooth/oracle";
import { randomnessConfig } from "@sooth/randomness";
import { sessions } from "@sooth/sessions";
import { z } from "zod";
import { providerConfig } from "./provider-config.ts";

const secretKey = z.string().regex(/^0x[0-9a-fA-F]{64}$/, "must be 0x and 64 hex digits");
const seconds = z.coerce.number().int().nonnegative();
const PORT = "must be a number from 0 to 65535";

export const ROLE_NAMES = ["api", "worker", "relayer", "provider", "watcher", "bundler"] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

const paymasterOf = (entry: string): { chainId: number; url: string } => ({
  chainId: Number(entry.slice(0, entry.indexOf("="))),
  url: entry.slice(entry.indexOf("=") + 1),
});

/** What belongs to no slice: where the engines are, which roles run here, how HTTP is served. */
const serverConfig = z.object({
  SOOTH_ROLES: commaList
    .pipe(
      z.array(
        z.enum(ROLE_NAMES, {
          error: ({ input }) =>
            `must be a comma list of ${ROLE_NAMES.join(", ")}, and not ${JSON.stringify(input)}`,
        }),
      ),
    )
    .describe(
      "comma list of api, worker, relayer, provider, watcher, bundler; empty: all of them, watcher and bundler where they have keys",
    ),
  SOOTH_DATA_DIR: z
    .string()
    .default(".sooth")
    .describe("folder of the embedded engines' data, and of the journals of keys that sign here"),
  SOOTH_HOST: z.string().default("127.0.0.1").describe("address that HTTP listens on"),
  SOOTH_PORT: z.coerce
    .number(PORT)
    .int(PORT)
    .min(0, PORT)
    .max(65_535, PORT)
    .default(3000)
    .describe("port of HTTP; 0 takes a free one"),
  SOOTH_VERSION: z.string().default("0.1.0").describe("shown in /health and the logs"),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must start with postgres://")
    .optional()
    .meta({ secret: true })
    .describe("an external Postgres; empty: an embedded one starts"),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, "must start with redis://")
    .optional()
    .meta({ secret: true })
    .describe("shares rate limits between replicas; empty: each process counts for itself"),
  HUB_CHAIN_ID: z.coerce
    .number()
    .int()
    .positive()
    .default(31_337)
    .describe("chain that holds questions and markets"),
  HUB_RPC_URLS: commaList
    .meta({ secret: true })
    .describe("comma list of RPC URLs of the hub; empty: an embedded node starts"),
  ROLLUPS: commaList
    .meta({ secret: true })
    .describe(
      "comma list of chainId=rpcUrl (several URLs of one chain: chainId=url|url); empty with an embedded hub: two embedded nodes start",
    ),
  PUBLIC_RPC_URL: z
    .string()
    .optional()
    .describe("RPC URL of the hub that browsers may use; empty: the first of HUB_RPC_URLS"),
  PAYMASTER_URLS: commaList
    .pipe(
      z.array(z.string().regex(/^\d+=https?:\/\/[^ ]+$/, "must be chainId=url, with commas between them")),
    )
    .transform((list) => list.map(paymasterOf))
    .describe(
      "api role: comma list of chainId=url of services that pay the gas of what wallets send in batches (ERC-7677); the web app tells them to wallets, so everybody can read them: no URL with a secret in it; empty: who sends pays",
    ),
  DEPLOYMENT_FILE: z
    .string()
    .optional()
    .describe("addresses of an external hub; empty: deployments/<HUB_CHAIN_ID>.json"),
  HUB_START_BLOCK: z.coerce
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe("first block to read logs from; empty: the deployment file's"),
  LAPTOP_COMMITTEE: commaList
    .pipe(
      z
        .array(z.string())
        .refine(
          (list) =>
            list.length === 0 ||
            (list.length === 1 && list[0] === "test") ||
            (list.every((each) => /^0x[0-9a-fA-F]{40}$/.test(each)) &&
              committeeOrder(list as Address[]) !== null),
          "must be test, or five different addresses with commas between them",
        ),
    )
    .describe(
      "on a laptop: who approves what opinion markets came to, three of five; test: the first five test wallets; empty: nobody need. Set before the first start, or with --fresh",
    ),
  DEPLOYER_KEY: secretKey
    .optional()
    .meta({ secret: true })
    .describe("deploys contracts (npx sooth deploy apply); on a laptop, in place of the first test key"),
  RELAYER_KEY: secretKey
    .optional()
    .meta({ secret: true })
    .describe(
      "relayer role: the one platform key, pays gas; on a laptop, in place of a test key, and funded",
    ),
  BUNDLER_KEYS: commaList
    .pipe(z.array(secretKey))
    .meta({ secret: true })
    .describe(
      "bundler role: keys that bring legs of bundles, and pay gas on every chain; the first is owed the fees; several send side by side; on a laptop, in place of two test keys",
    ),
  PROVIDER_KEY: secretKey
    .optional()
    .meta({ secret: true })
    .describe(
      "provider role: signs reports; the stake's owner key stays elsewhere; on a laptop, the first provider's",
    ),
  WATCHER_KEY: secretKey
    .optional()
    .meta({ secret: true })
    .describe(
      "watcher role: signs what it read against an answer; it holds nothing but what WATCHER_DEPOSIT may stake, the gas of vetoes where questions name it, and that of proofs against attesters, and reads what a provider here would read",
    ),
  WATCHER_DEPOSIT: z
    .string()
    .regex(/^\d{1,29}$/, "must be a whole number of the collateral's smallest unit")
    .default("0")
    .transform(BigInt)
    .describe(
      "watcher role: the most (smallest unit) that its key's credit with the oracle may stake against the silence of one question that it can read itself; it pays the gas too; 0 stakes nothing",
    ),
  WATCHER_DEPOSIT_A_DAY: z
    .string()
    .regex(/^\d{1,29}$/, "must be a whole number of the collateral's smallest unit")
    .transform(BigInt)
    .optional()
    .describe(
      "watcher role: the same in a day, for all questions together; four times WATCHER_DEPOSIT when not given",
    ),
  GUARDIAN_KEY: secretKey
    .optional()
    .meta({ secret: true })
    .describe(
      "signs what npx sooth emergency sends; no role of the server reads it, and it should lie elsewhere",
    ),
  PROVIDER_API_URL: z
    .url()
    .optional()
    .describe("provider role: where reports are handed over; empty: this server"),
  PROVIDER_ALLOWED_ORIGINS: commaList.describe(
    "provider role: origins that sources may be read from; askers choose the URLs, so nothing else is fetched",
  ),
  PROVIDER_COLLECTORS: commaList.describe(
    "provider role: comma list of APIs that gather jurors' commitments and openings; each is handed everything; empty: PROVIDER_API_URL alone",
  ),
  PROVIDER_JOURNAL: z
    .string()
    .optional()
    .describe(
      "provider role: file that remembers what was signed, so that a restart never signs twice; empty: one in the data folder, named by the key, with --join and without",
    ),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"])
    .optional()
    .describe("least level of the JSON log; empty: warn on a laptop, info elsewhere"),
  HTTP_CORS_ORIGINS: commaList.describe("origins of other web apps that may call the API"),
  HTTP_BODY_LIMIT_BYTES: z.coerce.number().int().positive().default(262_144).describe("largest request body"),
  HTTP_RATE_MAX: z.coerce
    .number()
    .int()
    .positive()
    .default(3_000)
    .describe("requests that write, per address and window"),
  HTTP_RATE_SECONDS: z.coerce.number().int().positive().default(60).describe("length of that window"),
  HTTP_TRUST_PROXY: commaList.describe(
    "addresses or CIDR ranges of your own proxies; only their X-Forwarded-For is believed",
  ),
  HTTP_DRAIN_SECONDS: seconds
    .default(0)
    .describe("readiness fails this long before the server stops accepting"),
});

export const configShape = serverConfig
  .extend(randomnessConfig.shape)
  .extend(providerConfig.shape)
  .extend(sessions.config.shape)
  .extend(oracle.config.shape)
  .extend(markets.config.shape)
  .extend(bundles.config.shape)
  .extend(notifications.config.shape);
export type ServerConfig = z.infer<typeof configShape>;

/** Parses settings once, for the whole process. @throws runtime.bad_config naming every bad key. */
export const loadConfig = (settings: Record<string, string | undefined>): ServerConfig =>
  readConfig(configShape, settings);

/** The environment's settings; `overrides`, said on the command line, count over them. */
export const loadEnvironment = (overrides: Record<string, string | undefined> = {}): ServerConfig =>
  loadConfig({ ...process.env, ...overrides });
