import type { Hex } from "@sooth/kernel";
import { wireHex32 } from "@sooth/oracle/core";
import { type App, HttpError } from "@sooth/runtime";
import { z } from "zod";
import {
  batchToWire,
  BundlesError,
  factFromWire,
  wireAttestedBatch,
  wireBatchAnswer,
  wireBatchWanted,
} from "../../core/index.ts";
import type { Gatherings } from "./gatherings.ts";

/** How long a relayer waits for a quorum. */
const HOLD_MS = 2_000;
/** Below the idle limit of common proxies (30 to 60 s). */
const BEAT_MS = 15_000;
/** As many as sit in a set, several times over. */
const MOST_STREAMS = 128;
/** Bytes that wait for an attester who does not read; then he is let go, and comes back. */
const MOST_WAITING = 4_000_000;

const tags = ["bundles"];
// A relayer of 1,000 bundles a second asks 80 times, and five attesters behind one address answer each.
const asking = { rateLimit: { max: 6_000, timeWindow: 60_000 } };
const answering = { rateLimit: { max: 30_000, timeWindow: 60_000 } };

/** Where relayers have facts signed, and attesters hand in what they signed. */
export function batchRoutes(app: App, gatherings: Gatherings): void {
  app.post(
    "/v1/bundles/batches",
    {
      config: asking,
      schema: {
        operationId: "attestFacts",
        tags,
        summary: "Has attesters sign facts of bundles",
        description:
          "Waits up to 2 s for a quorum of those whom the destination believes. 409 says which facts are missing and why; what is too young may be asked for again.",
        body: wireBatchWanted,
        response: { 200: wireAttestedBatch },
      },
    },
    async ({ body }) =>
      batchToWire(await gatherings.propose(body.facts.map(factFromWire), body.destination, HOLD_MS)),
  );

  app.get(
    "/v1/bundles/batches/:root",
    {
      schema: {
        operationId: "getBatch",
        tags,
        summary: "A batch that a quorum signed, while it is valid",
        params: z.object({ root: wireHex32 }),
        response: { 200: wireAttestedBatch },
      },
    },
    async ({ params }) => {
      const found = gatherings.signed(params.root as Hex);
      if (!found) throw BundlesError.wrong_root({ root: params.root as Hex });
      return batchToWire(found);
    },
  );

  app.post(
    "/v1/bundles/batches/:root/signatures",
    {
      config: answering,
      schema: {
        operationId: "answerBatch",
        tags,
        summary: "An attester's signature over a batch, or which of its facts he does not say and why",
        params: z.object({ root: wireHex32 }),
        body: wireBatchAnswer,
        response: { 200: z.object({ taken: z.literal(true) }) },
      },
    },
    async ({ params, body }) => {
      await gatherings.answer(params.root as Hex, body);
      return { taken: true as const };
    },
  );

  streamRoute(app, gatherings);
}

function streamRoute(app: App, gatherings: Gatherings): void {
  const ends = new Set<() => void>();
  app.addHook("preClose", (done) => {
    for (const end of ends) end();
    done();
  });
  app.get(
    "/v1/bundles/batches/stream",
    {
      config: { rateLimit: false },
      schema: {
        operationId: "streamBatches",
        tags,
        summary: "What attesters are asked to sign, a line of JSON each, for as long as they listen",
        description: "Empty lines only keep the connection open.",
        produces: ["application/x-ndjson"],
      },
    },
    (request, reply) => {
      if (ends.size >= MOST_STREAMS) throw HttpError.too_many_streams({ retryAfterSeconds: 5 });
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        "content-type": "application/x-ndjson; charset=utf-8",
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
      });
      raw.write("\n");
      const write = (line: string) => {
        raw.write(`${line}\n`);
        if (raw.writableLength > MOST_WAITING) raw.destroy();
      };
      const beat = setInterval(() => write(""), BEAT_MS).unref();
      const leave = gatherings.listen((proposal) => write(JSON.stringify(proposal)));
      const end = () => raw.end();
      ends.add(end);
      const close = () => {
        clearInterval(beat);
        leave();
        ends.delete(end);
      };
      if (raw.closed) close();
      else raw.once("close", close);
      void request;
    },
  );
}
