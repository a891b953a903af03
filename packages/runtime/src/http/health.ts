import { z } from "zod";
import type { HealthComponent } from "../check.ts";
import { registry, scraped, startProcessMetrics } from "../metrics.ts";
import { startHostMetrics } from "../host-metrics.ts";
import { HttpError } from "./errors.ts";
import type { App, HttpOptions } from "./options.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** From now on `/ready` answers 503. */
    startDrain(): void;
  }
}

const CHECK_TIMEOUT_MS = 2000;
/** Health is asked by many (balancers, people, alerts); the parts behind it are asked once a second at most. */
const KEEP_MS = 1000;

const componentHealth = z.object({
  ok: z.boolean(),
  critical: z.boolean(),
  /** What is wrong. */
  found: z.string().optional(),
  detail: z.unknown().optional(),
  ms: z.number(),
});
const health = z.object({
  /** degraded: something that requests can do without has failed. */
  status: z.enum(["ok", "degraded", "down"]),
  version: z.string(),
  uptimeSeconds: z.number(),
  components: z.record(z.string(), componentHealth),
});
type ComponentHealth = z.infer<typeof componentHealth>;

/** Adds /health, /ready and /metrics. */
export function serveHealth(app: App, options: HttpOptions): void {
  let draining = false;
  app.decorate("startDrain", () => {
    draining = true;
  });
  startProcessMetrics();
  startHostMetrics();
  const components = options.components ?? [];
  const checkAll = keptFor(KEEP_MS, async () =>
    Object.fromEntries(
      await Promise.all(components.map(async (part) => [part.name, await examine(part)] as const)),
    ),
  );

  app.get(
    "/health",
    {
      schema: {
        operationId: "getHealth",
        summary: "How each part that this server rests on is doing",
        tags: ["operations"],
        response: { 200: health, 503: health },
      },
    },
    async (_request, reply) => {
      const parts: Record<string, ComponentHealth> = await checkAll();
      const failed = Object.values(parts).filter((part) => !part.ok);
      const down = failed.some((part) => part.critical);
      const status = down ? "down" : failed.length > 0 ? "degraded" : "ok";
      const body = {
        status,
        version: options.version,
        uptimeSeconds: Math.round(process.uptime()),
        components: parts,
      };
      return reply
        .code(down ? 503 : 200)
        .header("cache-control", "no-store")
        .send(body as z.infer<typeof health>);
    },
  );

  app.get(
    "/ready",
    {
      schema: {
        operationId: "getReady",
        summary: "Whether this process takes requests",
        tags: ["operations"],
        response: { 200: z.object({ ready: z.literal(true) }) },
      },
    },
    async (_request, reply) => {
      if (draining || !(options.ready?.() ?? true)) throw HttpError.not_ready({});
      void reply.header("cache-control", "no-store");
      return { ready: true as const };
    },
  );

  const figures = keptFor(KEEP_MS, scraped);
  app.get("/metrics", { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type(registry.contentType)
      .header("cache-control", "no-store")
      .send(await figures()),
  );
}

async function examine(part: HealthComponent): Promise<ComponentHealth> {
  const began = performance.now();
  const limit = AbortSignal.timeout(CHECK_TIMEOUT_MS);
  const late = new Promise<{ ok: false; found: string }>((resolve) => {
    limit.addEventListener("abort", () =>
      resolve({ ok: false, found: `no answer within ${CHECK_TIMEOUT_MS} ms` }),
    );
  });
  const checked = part.check(limit).catch((error: unknown) => ({
    ok: false as const,
    found: error instanceof Error ? error.message : String(error),
  }));
  const result = await Promise.race([checked, late]);
  return { ...result, critical: part.critical, ms: Math.round(performance.now() - began) };
}

/** The last result while it is fresh; those who ask while it is being made share it. */
function keptFor<T>(ms: number, make: () => Promise<T>): () => Promise<T> {
  let made: { at: number; result: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (!made || now - made.at > ms) made = { at: now, result: make() };
    return made.result;
  };
}
