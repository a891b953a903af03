import type { UnixSeconds } from "@sooth/kernel";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import {
  OracleError,
  page,
  wireHex32,
  wireSecurity,
  wireSecurityEvent,
  wireWatcher,
} from "../../core/index.ts";
import type { ApiDeps } from "../deps.ts";
import { chainTime } from "../clock.ts";
import { serverTime } from "../gateway/callers.ts";
import { type EventFilter, listEvents, stepEvent } from "./events.ts";
import { receiveFinding, wireFinding, wireTakenFinding } from "./findings.ts";
import { securityOverview } from "./overview.ts";
import { listWatchers } from "./watchers.ts";

const tags = ["security"];
/** Checking a signature, and a question of the database. */
const FINDING_COST = 5;

const eventQuery = z.object({
  state: z.enum(["open", "triaged", "closed"]).optional(),
  rule: z.string().max(40).optional(),
  subject: z.string().max(200).optional(),
  severity: z.coerce.number().int().min(1).max(5).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const step = z.object({
  to: z.enum(["open", "triaged", "closed"]),
  /** Whoever reads the record later reads this. */
  why: z.string().min(1).max(1_000),
});

/** What is known of the network's safety, and what people do about it. */
export function securityRoutes(app: App, deps: ApiDeps): void {
  const { db } = deps.store;
  app.get(
    "/v1/security",
    {
      schema: {
        operationId: "getSecurity",
        tags,
        summary: "The pause, the breakers, and what depends on answers beside the stake behind them",
        response: { 200: wireSecurity },
      },
    },
    () => securityOverview(deps),
  );
  app.get(
    "/v1/security/events",
    {
      schema: {
        operationId: "listSecurityEvents",
        tags,
        summary: "What the security monitor and watchers saw, latest first",
        querystring: eventQuery,
        response: { 200: page(wireSecurityEvent) },
      },
    },
    async ({ query: { cursor, limit, ...filter } }) => {
      const before = cursor === undefined ? undefined : Number(cursor);
      // One more than asked for tells whether there is a next page.
      const found = await listEvents(db, { ...filter, before, limit: limit + 1 } satisfies EventFilter);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return {
        items: items.map(({ event }) => event),
        next: last && found.length > limit ? String(last.place) : null,
      };
    },
  );
  app.post(
    "/v1/security/events/:id",
    {
      config: { scope: "admin" },
      schema: {
        operationId: "stepSecurityEvent",
        tags,
        summary: "Triage, close or open again an event, and say why; for operators",
        params: z.object({ id: wireHex32 }),
        body: step,
        response: { 200: wireSecurityEvent },
      },
    },
    async ({ params: { id }, body: { to, why }, caller }) => {
      const who = caller?.id ?? "nobody";
      const at = serverTime() as UnixSeconds;
      await deps.store.transaction((tx) => stepEvent(tx, id, { to, why, who, at }));
      const [moved] = await listEvents(db, { id, limit: 1 });
      if (!moved) throw OracleError.unknown_event({ id });
      return moved.event;
    },
  );
  app.get(
    "/v1/watchers",
    {
      schema: {
        operationId: "listWatchers",
        tags,
        summary: "Watchers, by what chain and courts made of what they said, the best first",
        response: { 200: z.object({ items: z.array(wireWatcher) }) },
      },
    },
    async () => ({ items: await listWatchers(db, await chainTime(deps.hub)) }),
  );
  app.post(
    "/v1/security/findings",
    {
      config: { scope: "read", cost: FINDING_COST },
      schema: {
        operationId: "handOverFinding",
        tags,
        summary: "A watcher's signed evidence against an answer that is not final",
        body: wireFinding,
        response: { 200: wireTakenFinding },
      },
    },
    ({ body }) => receiveFinding(deps, body),
  );
}
