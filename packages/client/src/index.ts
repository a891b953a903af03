import { streamEvents, type EventsOptions, type LiveEvent } from "./events.ts";
import { operations } from "./generated/operations.ts";
import { createCall, type ClientOptions } from "./transport.ts";

export { ApiError } from "./api-error.ts";
export type { EventsOptions, LiveEvent } from "./events.ts";
export type * from "./generated/types.ts";
export { isOver, readAnswer, waitForAnswer } from "./read-answer.ts";
export { SeenAnswers } from "./seen-answers.ts";
export type { CallOptions, ClientOptions } from "./transport.ts";
export {
  type Doubt,
  StatementError,
  type Trust,
  trustOf,
  verifyAnswer,
  type VerifyOptions,
  verifyReceipt,
} from "./verify.ts";

/** Sooth's API, one method per operation; `docs/openapi.json` says what each does. Failures throw an ApiError. */
export const createClient = (options: ClientOptions) => ({
  ...operations(createCall(options)),
  /** Live changes; see `streamEvents`. */
  events: (wanted: EventsOptions = {}): AsyncGenerator<LiveEvent, void, undefined> =>
    streamEvents(options, wanted),
});

export type Client = ReturnType<typeof createClient>;
