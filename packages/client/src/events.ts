import { errorFrom } from "./api-error.ts";
import { parseEvents } from "./parse-events.ts";
import { type ClientOptions, keyHeader } from "./transport.ts";
import { wait } from "./wait.ts";

/** Something changed. `id` names the thing (a market's id, a block's number); `eventId` is where to go on from. */
export type LiveEvent = { topic: string; id: string; data: unknown; eventId: string };
export type EventsOptions = { topics?: readonly string[]; lastEventId?: string; signal?: AbortSignal };

/** The server sends something at least every 15 s; a stream that is silent for so long is dead. */
const SILENCE_MS = 45_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * Live changes, for ever: comes back by itself after a break and goes on where it was. The topic `reset` means that
 * something may have been missed: whatever is shown must be read anew. Ends when `signal` aborts; throws an ApiError if
 * the server refuses the request itself (4xx).
 */
export async function* streamEvents(
  client: ClientOptions,
  options: EventsOptions = {},
): AsyncGenerator<LiveEvent, void, undefined> {
  const { signal } = options;
  let lastEventId = options.lastEventId;
  let failures = 0;
  for (;;) {
    try {
      for await (const event of connect(client, options, lastEventId)) {
        failures = 0;
        lastEventId = event.eventId;
        if (event.topic !== "hello") yield event;
      }
    } catch (error) {
      // Any other failure is a break like any other; also that of our own abort.
      if (error instanceof Refused) throw error.cause;
    }
    if (signal?.aborted) return;
    failures += 1;
    try {
      await wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)), signal);
    } catch {
      return; // aborted while waiting
    }
  }
}

/** Asking again would get the same answer. */
class Refused extends Error {}

async function* connect(
  client: ClientOptions,
  { topics, signal }: EventsOptions,
  lastEventId: string | undefined,
): AsyncGenerator<LiveEvent> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const send = client.fetch ?? globalThis.fetch.bind(globalThis);
    const query = topics?.length ? `?topics=${topics.join(",")}` : "";
    const response = await send(`${client.baseUrl}/v1/events${query}`, {
      headers: {
        accept: "text/event-stream",
        ...keyHeader(client),
        ...(lastEventId ? { "last-event-id": lastEventId } : {}),
      },
      cache: "no-store",
      signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
    });
    if (!response.ok || !response.body) {
      const error = await errorFrom(response);
      if (error.status >= 400 && error.status < 500 && error.status !== 429)
        throw new Refused(error.message, { cause: error });
      throw error;
    }
    for await (const { event, data, id } of parseEvents(response.body, () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
    })) {
      const told = JSON.parse(data) as { id?: string; data?: unknown };
      yield { topic: event, id: told.id ?? "", data: told.data ?? null, eventId: id };
    }
  } finally {
    clearTimeout(timer);
    // Also when the reader left the loop: the connection is of no more use.
    silence.abort();
  }
}
