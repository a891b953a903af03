import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { type ErrorStatus, messageOf, type Reply, tokensOf } from "./replies.ts";
import type { MessagesRequest } from "./simulator.ts";

const body = z.strictObject({
  requests: z
    .array(z.strictObject({ custom_id: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/), params: z.unknown() }))
    .min(1)
    .max(100_000),
});
type Held = { id: string; requests: { custom_id: string; params: MessagesRequest }[]; polls: number };

/** The part of the Messages API that works on many requests together. A batch ends with its second poll. */
export function startBatches(o: {
  read: (params: unknown) => MessagesRequest;
  reply: (asked: MessagesRequest) => Reply;
  url: () => string;
}) {
  const held = new Map<string, Held>();
  const faults: ErrorStatus[] = [];
  /** How many polls a batch is worked on for. */
  const pace = { polls: 1 };

  const stateOf = ({ id, requests, polls }: Held) => {
    const ended = polls > pace.polls;
    const counts = { canceled: 0, errored: 0, expired: 0 };
    return {
      id,
      type: "message_batch",
      processing_status: ended ? "ended" : "in_progress",
      request_counts: {
        ...counts,
        processing: ended ? 0 : requests.length,
        succeeded: ended ? requests.length : 0,
      },
      created_at: "2026-01-01T00:00:00Z",
      expires_at: "2026-01-02T00:00:00Z",
      ended_at: ended ? "2026-01-01T00:01:00Z" : null,
      archived_at: null,
      cancel_initiated_at: null,
      results_url: ended ? `${o.url()}/v1/messages/batches/${id}/results` : null,
    };
  };
  const resultOf = ({ custom_id, params }: Held["requests"][number], index: number) => {
    const reply = o.reply(params);
    const result =
      reply.kind === "error" || reply.kind === "filtered" || reply.kind === "down" || reply.kind === "stall"
        ? { type: "errored", error: { type: "error", error: { type: "api_error", message: "no" } } }
        : {
            type: "succeeded",
            message: messageOf(reply, params.model, tokensOf(JSON.stringify(params)), String(index)),
          };
    return JSON.stringify({ custom_id, result });
  };

  return {
    held,
    pace,
    fail: (...next: ErrorStatus[]) => void faults.push(...next),
    serve(
      incoming: IncomingMessage,
      text: string,
      response: ServerResponse,
      refuse: (status: ErrorStatus) => void,
    ): void {
      const fault = faults.shift();
      if (fault !== undefined) return refuse(fault);
      const json = (value: unknown) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify(value));
      };
      const [, , , , id, results] = new URL(incoming.url ?? "/", o.url()).pathname.split("/");
      if (id === undefined) {
        const read = body.safeParse(JSON.parse(text));
        if (incoming.method !== "POST" || !read.success) return refuse(400);
        const { requests } = read.data;
        if (new Set(requests.map(({ custom_id }) => custom_id)).size !== requests.length) return refuse(400);
        const batch: Held = {
          id: `msgbatch_${held.size + 1}`,
          polls: 0,
          requests: requests.map(({ custom_id, params }) => ({ custom_id, params: o.read(params) })),
        };
        held.set(batch.id, batch);
        return json(stateOf(batch));
      }
      const batch = held.get(id);
      if (!batch) return refuse(404);
      if (results === "results") {
        response.writeHead(200, { "content-type": "application/x-jsonl" });
        // In no order, as the service says.
        response.end(`${batch.requests.map(resultOf).toReversed().join("\n")}\n`);
        return;
      }
      batch.polls += 1;
      return json(stateOf(batch));
    },
  };
}
