import { AppError, type Hex } from "@sooth/kernel";
import { wireHex32 } from "@sooth/oracle/core";
import { addressGroup, type App } from "@sooth/runtime";
import { z } from "zod";
import {
  batchToWire,
  BundlesError,
  factFromWire,
  HELLO_HEADER,
  wireAnswersTaken,
  wireAttestedBatch,
  wireBatchAnswer,
  wireBatchAnswers,
  wireBatchWanted,
} from "../../core/index.ts";
import type { Gatherings } from "./gatherings.ts";
import { Hellos } from "./hello.ts";
import { StreamPlaces } from "./stream-places.ts";

/** How long a relayer waits for a quorum. */
const HOLD_MS = 2_000;
/** Below the idle limit of common proxies (30 to 60 s). */
const BEAT_MS = 15_000;
/** Bytes that wait for a listener who does not read; then he is let go, and comes back. */
const MOST_WAITING = { seated: 4_000_000, stranger: 1_000_000 };

const tags = ["bundles"];
// A relayer of 1,000 bundles a second asks 80 times, and five attesters behind one address answer each.
const asking = { rateLimit: { max: 6_000, timeWindow: 60_000 } };
const answering = { rateLimit: { max: 30_000, timeWindow: 60_000 } };
/** Whoever loses his connection comes back once a second. */
const listening = { rateLimit: { max: 300, timeWindow: 60_000 } };

/**
 * Where relayers have facts signed, and attesters hand in what they signed.
 * @param hosts that this server goes by; empty: whatever a request says
 */
export function batchRoutes(app: App, gatherings: Gatherings, hosts: readonly string[] = []): void {
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
    async ({ body, ip }) => {
      const facts = body.facts.map(factFromWire);
      return batchToWire(await gatherings.propose(facts, body.destination, HOLD_MS, addressGroup(ip)));
    },
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

  app.post(
    "/v1/bundles/batches/signatures",
    {
      config: answering,
      schema: {
        operationId: "answerBatches",
        tags,
        summary: "Answers of attesters to several batches",
        description:
          "Each counts as if it came alone, and what is not taken is named with its code; the first signature that is not its signer's ends the request.",
        body: wireBatchAnswers,
        response: { 200: wireAnswersTaken },
      },
    },
    async ({ body }) => {
      const refused: { root: string; why: string }[] = [];
      for (const { root, ...answer } of body.answers)
        try {
          await gatherings.answer(root as Hex, answer);
        } catch (error) {
          // To find that out is what an answer costs: whoever makes them up has no more than one a request.
          if (!(error instanceof AppError) || error.code === "bundles.bad_attestation") throw error;
          refused.push({ root, why: error.code });
        }
      return { refused };
    },
  );

  streamRoute(app, gatherings, hosts);
}

function streamRoute(app: App, gatherings: Gatherings, hosts: readonly string[]): void {
  const places = new StreamPlaces();
  const hellos = new Hellos(gatherings.at, (signer) => gatherings.isSeated(signer));
  app.addHook("preClose", (done) => {
    places.endAll();
    done();
  });
  app.get(
    "/v1/bundles/batches/stream",
    {
      config: listening,
      schema: {
        operationId: "streamBatches",
        tags,
        summary: "What attesters are asked to sign, a line of JSON each, for as long as they listen",
        description:
          "Empty lines only keep the connection open. Whoever signs a hello with the key of a seat (header `attester-hello`: address, unix milliseconds, EIP-712 signature of Hello(string host,uint64 at)) has a place of his own; others share the rest, a few an address.",
        produces: ["application/x-ndjson"],
      },
    },
    async (request, reply) => {
      const { raw } = reply;
      const header = request.headers[HELLO_HEADER];
      const signer = await hellos.signerOf(
        typeof header === "string" ? header : undefined,
        hosts.length > 0 ? hosts : [request.host],
        Date.now(),
      );
      const stand = places.sit({ address: addressGroup(request.ip), signer, end: () => raw.end() });
      // Finding out who listens takes a moment, in which he may have gone.
      if (raw.closed) return stand();
      reply.hijack();
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        "content-type": "application/x-ndjson; charset=utf-8",
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
      });
      raw.write("\n");
      const most = MOST_WAITING[signer === null ? "stranger" : "seated"];
      const write = (line: string) => {
        raw.write(`${line}\n`);
        if (raw.writableLength > most) raw.destroy();
      };
      const beat = setInterval(() => write(""), BEAT_MS).unref();
      const leave = gatherings.listen(write);
      raw.once("close", () => {
        clearInterval(beat);
        leave();
        stand();
      });
    },
  );
}
