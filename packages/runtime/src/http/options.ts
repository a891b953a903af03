import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { HealthComponent } from "../check.ts";
import type { LiveHub } from "../live-hub.ts";
import type { CallerOptions } from "./callers.ts";
import type { PageRow } from "./first-pages.ts";
import type { Logger } from "../logger.ts";

/** Fastify whose routes take zod schemas; a slice adds its routes to it. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export type HttpOptions = {
  log: Logger;
  version: string;
  /** Origins that may call from a browser, besides our own; `["*"]` allows all. Nobody by default. */
  corsOrigins?: readonly string[];
  /** Urls that the web app may connect to besides this server: RPC nodes, wallets' relays. */
  connectSources?: readonly string[];
  /** Default 256 KiB; the largest lawful body is a provider's evidence of 64 KiB. */
  bodyLimitBytes?: number;
  /** Per client address, for routes that write. Reads are not limited unless their `config.rateLimit` says so. */
  rateLimit?: { max: number; windowSeconds: number; redisUrl?: string };
  /** Who may use routes that have a scope, and how much. Without it nobody is asked. */
  callers?: CallerOptions;
  /** Proxies whose X-Forwarded-For is believed: their addresses, or true for any. Never true when clients come directly. */
  trustProxy?: boolean | string | string[];
  components?: readonly HealthComponent[];
  /** Whether this process takes requests: false while starting. A drain ends it by itself. */
  ready?: () => boolean;
  /** Adds GET /v1/events. */
  live?: LiveHub;
  webApp?: WebAppOptions;
  /** Whether each answer is checked against its schema and refused if wrong, or one in many is and logged. Default all. */
  checkAnswers?: "all" | "some";
  /** Requests slower than this are logged. */
  slowRequestMs?: number;
  /** How long a client may take to send its headers, and its whole request. */
  headersTimeoutMs?: number;
  requestTimeoutMs?: number;
};

/** What a link to a page shows in a chat or a search result. */
export type PreviewTags = {
  title: string;
  description: string;
  /** Path of a picture on this server, 1200 by 630. */
  image?: string;
};

export type WebAppOptions = {
  /** The built web app: index.html and its assets. */
  folder: string;
  /** Tags of the page at `path`, or null for the page's own. */
  tags?: (path: string) => Promise<PreviewTags | null> | null;
  /** The first rows of the page at `path`, or null for one that is no list. */
  rows?: (path: string) => Promise<readonly PageRow[]> | null;
};
