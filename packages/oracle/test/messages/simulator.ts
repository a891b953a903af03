import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { startBatches } from "./batches.ts";
import {
  errorBody,
  type ErrorStatus,
  eventsOf,
  FILTERED,
  messageOf,
  type Reply,
  tokensOf,
} from "./replies.ts";

/** A reply, or what is replied to a request. */
export type Script = Reply | ((request: MessagesRequest) => Reply);
const text = z.object({ type: z.literal("text"), text: z.string() }).loose();
const blocks = z.union([z.string(), z.array(z.union([text, z.looseObject({ type: z.string() })]))]);
/** What the service takes, as far as clients here use it. */
const request = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.number().int().positive(),
  messages: z.array(z.strictObject({ role: z.enum(["user", "assistant"]), content: blocks })).min(1),
  system: blocks.optional(),
  stream: z.boolean().optional(),
  tools: z
    .array(z.looseObject({ name: z.string(), input_schema: z.looseObject({ type: z.literal("object") }) }))
    .optional(),
  tool_choice: z.looseObject({ type: z.enum(["auto", "any", "tool", "none"]) }).optional(),
  output_config: z
    .strictObject({
      format: z.strictObject({ type: z.literal("json_schema"), schema: z.looseObject({}) }).optional(),
      effort: z.string().optional(),
    })
    .optional(),
  stop_sequences: z.array(z.string()).optional(),
  metadata: z.looseObject({}).optional(),
});
export type MessagesRequest = z.infer<typeof request>;

export const API_KEY = "sk-test-of-the-simulator";
const MODELS = /^claude-[a-z0-9-]+$/;
/** Of the API; it takes no `temperature`, and the key as a bearer token too. */
const VERSION = "2026-10-21";

/**
 * A local server that speaks the Messages API: its requests, messages, streams and errors. It answers what it is told
 * to, in that order; the last reply stays. Requests that the service would refuse are refused before any reply is used.
 */
export async function startMessages(...script: Script[]) {
  const queue = [...script];
  const requests: MessagesRequest[] = [];
  let count = 0;
  const server = createServer((incoming, response) => {
    void serve(incoming, response).catch(() => response.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  const nextReply = (asked: MessagesRequest): Reply => {
    const next = (queue.length > 1 ? queue.shift() : queue[0]) ?? { kind: "error", status: 500 };
    return typeof next === "function" ? next(asked) : next;
  };
  const batches = startBatches({
    read: (params) => request.parse(params),
    reply: nextReply,
    url: () => url,
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    count += 1;
    const id = `req_${String(count).padStart(6, "0")}`;
    response.setHeader("request-id", id);
    const refuse = (status: ErrorStatus, message?: string, headers: Record<string, string> = {}) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(errorBody(status, id, message)));
    };
    const body = Buffer.concat(await incoming.toArray()).toString();
    if (incoming.url?.startsWith("/v1/messages/batches"))
      return batches.serve(incoming, body, response, (status) => refuse(status));
    if (incoming.method !== "POST" || incoming.url !== "/v1/messages") return refuse(404, "Not Found");
    const { authorization, "x-api-key": key = authorization?.replace(/^Bearer /, "") } = incoming.headers;
    if (key !== API_KEY) return refuse(401);
    if (incoming.headers["anthropic-version"] !== VERSION)
      return refuse(400, `anthropic-version: this simulator speaks ${VERSION} alone`);
    const read = request.safeParse(JSON.parse(body));
    if (!read.success) {
      const issue = read.error.issues[0];
      return refuse(400, `${issue?.path.join(".")}: ${issue?.message}`);
    }
    if (!MODELS.test(read.data.model)) return refuse(404, `model: ${read.data.model}`);
    requests.push(read.data);
    const reply = nextReply(read.data);
    if (reply.kind === "stall") return;
    if (reply.kind === "down") return void response.socket?.resetAndDestroy();
    if (reply.kind === "filtered") return refuse(400, FILTERED);
    if (reply.kind === "error")
      return refuse(
        reply.status,
        undefined,
        reply.retryAfter === undefined ? {} : { "retry-after": String(reply.retryAfter) },
      );
    if (reply.kind === "tool" && !read.data.tools?.some(({ name }) => name === reply.name))
      return refuse(400, `the script calls ${reply.name}, which the request does not offer`);
    const message = messageOf(reply, read.data.model, tokensOf(body), String(count).padStart(6, "0"));
    if (read.data.stream) return stream(response, message, reply, id);
    const whole = JSON.stringify(message);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(reply.kind === "truncated" ? whole.slice(0, whole.length >> 1) : whole);
  }

  return {
    url,
    batches,
    /** Those that were taken, in order. */
    requests,
    /** All that came, refused ones too. */
    count: () => count,
    script: (...next: Script[]) => void queue.splice(0, queue.length, ...next),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
/** What the request's last message says, as one text. */
export const saidIn = ({ messages }: MessagesRequest): string => {
  const content = messages.at(-1)?.content ?? "";
  return typeof content === "string"
    ? content
    : content.map((block) => ("text" in block && typeof block.text === "string" ? block.text : "")).join("");
};
export type Messages = Awaited<ReturnType<typeof startMessages>>;

function stream(
  response: ServerResponse,
  message: ReturnType<typeof messageOf>,
  reply: Reply,
  id: string,
): void {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  const events = eventsOf(message);
  const half = Math.ceil(events.length / 2);
  const told = reply.kind === "breaks" || reply.kind === "truncated" ? events.slice(0, half) : events;
  const last = reply.kind === "breaks" ? [errorBody(529, id)] : [];
  for (const event of [...told, ...last])
    response.write(`event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`);
  if (reply.kind === "truncated") response.destroy();
  else response.end();
}
