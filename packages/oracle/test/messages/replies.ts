/** What the simulated service does with the next request. */
export type Reply =
  /** A message with one block of text. */
  | { kind: "text"; text: string; stop?: "end_turn" | "max_tokens" | "stop_sequence" }
  /** A call of a tool that the request offers. */
  | { kind: "tool"; name: string; input: Record<string, unknown> }
  /** The model declines: an ordinary message that ends so. */
  | { kind: "refusal" }
  | { kind: "error"; status: keyof typeof ERRORS; retryAfter?: number }
  /** The service's filter takes what the model wrote: an error with the status of a bad request, as seen in the field. */
  | { kind: "filtered" }
  /** Takes the request and never says a word. */
  | { kind: "stall" }
  /** Hangs up. */
  | { kind: "down" }
  /** Half of a right answer, with the content type and status of a whole one. */
  | { kind: "truncated"; text: string }
  /** Streams only: an error after the first words. */
  | { kind: "breaks"; text: string };

/** The service's errors: type and sentence. Source: platform.claude.com, API errors. */
export const ERRORS = {
  400: ["invalid_request_error", "messages: at least one message is required"],
  401: ["authentication_error", "invalid x-api-key"],
  403: ["permission_error", "Your API key does not have permission to use the specified resource."],
  404: ["not_found_error", "model: no such model"],
  413: ["request_too_large", "Request exceeds the maximum size"],
  429: ["rate_limit_error", "This request would exceed your organization's rate limit."],
  500: ["api_error", "Internal server error"],
  529: ["overloaded_error", "Overloaded"],
} as const;
export const FILTERED = "Output blocked by content filtering policy";
export type ErrorStatus = keyof typeof ERRORS;

export const errorBody = (status: ErrorStatus, requestId: string, message: string = ERRORS[status][1]) => ({
  type: "error",
  error: { type: ERRORS[status][0], message },
  request_id: requestId,
});

type Block =
  | { type: "text"; text: string; citations: null }
  | {
      type: "tool_use";
      id: string;
      name: string;
      input: Record<string, unknown>;
      caller: { type: "direct" };
    };

/** A whole message, as `POST /v1/messages` answers. */
export function messageOf(reply: Reply, model: string, inputTokens: number, id: string) {
  const { content, stop } = contentOf(reply, id);
  return {
    id: `msg_${id}`,
    type: "message",
    role: "assistant",
    model,
    content,
    container: null,
    diagnostics: null,
    stop_reason: stop,
    stop_sequence: null,
    stop_details: stop === "refusal" ? { type: "refusal", category: null, explanation: null } : null,
    usage: {
      input_tokens: inputTokens,
      cache_creation: null,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      inference_geo: null,
      output_tokens: tokensOf(JSON.stringify(content)),
      output_tokens_details: null,
      server_tool_use: null,
      service_tier: "standard",
      speed: null,
    },
  };
}

function contentOf(reply: Reply, id: string): { content: Block[]; stop: string } {
  switch (reply.kind) {
    case "tool": {
      const { name, input } = reply;
      const caller = { type: "direct" } as const;
      return { content: [{ type: "tool_use", id: `toolu_${id}`, name, input, caller }], stop: "tool_use" };
    }
    case "refusal":
      return { content: [], stop: "refusal" };
    default: {
      const text = "text" in reply ? reply.text : "";
      const stop = (reply.kind === "text" ? reply.stop : undefined) ?? "end_turn";
      return { content: [{ type: "text", text, citations: null }], stop };
    }
  }
}

/** About four characters each, as in English. */
export const tokensOf = (text: string): number => Math.ceil(text.length / 4);

/** The same message as a stream of server-sent events, in the service's order. */
export function eventsOf(message: ReturnType<typeof messageOf>): object[] {
  const { content, stop_reason, stop_sequence, usage } = message;
  const opened = { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  return [
    { type: "message_start", message: opened },
    { type: "ping" },
    ...content.flatMap((block, index) => [
      {
        type: "content_block_start",
        index,
        content_block: block.type === "text" ? { ...block, text: "" } : { ...block, input: {} },
      },
      ...halves(block.type === "text" ? block.text : JSON.stringify(block.input)).map((part) => ({
        type: "content_block_delta",
        index,
        delta:
          block.type === "text"
            ? { type: "text_delta", text: part }
            : { type: "input_json_delta", partial_json: part },
      })),
      { type: "content_block_stop", index },
    ]),
    {
      type: "message_delta",
      delta: { stop_reason, stop_sequence, stop_details: message.stop_details, container: null },
      usage: { ...usage, input_tokens: null },
    },
    { type: "message_stop" },
  ];
}

const halves = (text: string): string[] => {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
};
