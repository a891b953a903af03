import type { ServerResponse } from "node:http";
import { z } from "zod";
import type { LiveClient, LiveHub } from "../live-hub.ts";
import { streamSeats } from "./callers.ts";
import { HttpError } from "./errors.ts";
import type { App } from "./options.ts";

/** Below the idle limit of common proxies (30 to 60 s). */
const BEAT_MS = 15_000;
/** How soon a browser comes back after the stream broke. */
const RETRY_MS = 2000;

const eventsQuery = (topics: readonly string[] = []) =>
  z.object({
    topics: z
      .string()
      .max(200)
      .regex(/^[a-z_]+(,[a-z_]+)*$/)
      .optional()
      .describe(
        `only these, separated by commas; all if absent${topics.length > 0 ? `: ${topics.join(", ")}` : ""}`,
      ),
    fromBlock: z.coerce
      .number()
      .int()
      .nonnegative()
      .optional()
      .describe(
        "of one who has no Last-Event-ID: what he has read is as of this block of the hub, and everything told since comes first",
      ),
  });

/** Adds GET /v1/events. Streams end when the server drains; browsers come back by themselves, to another replica. */
export function serveEvents(app: App, hub: LiveHub): void {
  const seats = streamSeats();
  const beat = setInterval(() => hub.beat(), BEAT_MS).unref();
  app.addHook("preClose", (done) => {
    clearInterval(beat);
    hub.close();
    done();
  });

  app.get(
    "/v1/events",
    {
      // A stream lives long: its duration would only blur the figures and the log of slow requests.
      config: { rateLimit: false, scope: "events" },
      schema: {
        operationId: "events",
        summary: "Live changes as server-sent events",
        description:
          "A topic that there is not is refused with `http.unknown_topic`. Each event has an id that ends with the hub's newest block; send the last one as Last-Event-ID to get what was missed, also after a restart and from another replica, where some of it may come twice. `hello` comes where the past ends and the present begins. After `reset` too much was missed, and everything shown must be read anew.",
        tags: ["live"],
        querystring: eventsQuery(hub.topics),
        produces: ["text/event-stream"],
      },
    },
    (request, reply) => {
      const topics = request.query.topics?.split(",");
      // Who listens for what is never told would wait for ever.
      const unknown = topics?.find((topic) => hub.topics?.includes(topic) === false);
      if (unknown !== undefined) throw HttpError.unknown_topic({ topic: unknown, topics: hub.topics ?? [] });
      if (hub.full) throw HttpError.too_many_streams({ retryAfterSeconds: 5 });
      const stand = request.caller ? seats.sit(request.caller) : undefined;
      const lastEventId = request.headers["last-event-id"];
      reply.hijack();
      const raw = reply.raw;
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache, no-transform",
        // Tells nginx not to collect the stream before passing it on.
        "x-accel-buffering": "no",
      });
      raw.write(`retry: ${RETRY_MS}\n\n`);
      const leave = hub.join(clientOf(raw), {
        topics: topics && new Set(topics),
        lastEventId: typeof lastEventId === "string" ? lastEventId : undefined,
        fromBlock: request.query.fromBlock,
      });
      const end = () => {
        leave();
        stand?.();
      };
      // Finding out who calls takes a moment, in which he may have gone.
      if (raw.closed) end();
      else raw.once("close", end);
    },
  );
}

const clientOf = (raw: ServerResponse): LiveClient => ({
  write: (text) => {
    raw.write(text);
    return raw.writableLength;
  },
  end: () => raw.end(),
  drop: () => raw.destroy(),
});
