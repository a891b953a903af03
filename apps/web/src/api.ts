import {
  activityPage,
  marketPage,
  wireIntent,
  wireMarket,
  wirePoint,
  wirePortfolio,
  wireRelayed,
  type wireRelayStake,
} from "@sooth/markets/core";
import {
  type questionSchema,
  wireAddress,
  wireCall,
  wireHex32,
  wireProvider,
  wireQuestion,
  wireQuestionDetail,
  wireTypedData,
  wireInteger,
} from "@sooth/oracle/core";
import { z } from "zod";
import { wireNetwork } from "./network.ts";

export type Market = z.infer<typeof wireMarket>;
export type Outcome = Market["outcomes"][number];
export type MarketPoint = z.infer<typeof wirePoint>;
export type Question = z.infer<typeof wireQuestion>;
export type QuestionDetail = z.infer<typeof wireQuestionDetail>;
export type Report = QuestionDetail["reports"][number];
export type Provider = z.infer<typeof wireProvider>;
export type Activity = z.infer<typeof activityPage>["items"][number];
export type Portfolio = z.infer<typeof wirePortfolio>;
export type Position = Portfolio["positions"][number];
export type Call = z.infer<typeof wireCall>;
export type TypedData = z.infer<typeof wireTypedData>;
export type Relayed = z.infer<typeof wireRelayed>;
export type Network = z.infer<typeof wireNetwork>;
export type MarketFilters = {
  search?: string | undefined;
  status?: Market["status"] | undefined;
  kind?: Question["schema"]["kind"] | undefined;
  sort?: "volume" | "closing" | "newest" | undefined;
};

/** What the server answered instead of a result; `status` 0 means that no server answered at all. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly data: unknown;
  readonly requestId: string | undefined;
  constructor(
    code: string,
    message: string,
    status: number,
    details?: { data?: unknown; requestId?: string | undefined },
  ) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    this.data = details?.data;
    this.requestId = details?.requestId;
  }
}

const wireError = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    data: z.unknown(),
    requestId: z.string().optional(),
  }),
});

async function request<S extends z.ZodType>(
  shape: S,
  path: string,
  init: RequestInit & { query?: Record<string, string | number | undefined> } = {},
): Promise<z.infer<S>> {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(init.query ?? {}))
    if (value !== undefined && value !== "") query.set(key, String(value));
  const url = `/v1/${path}${query.size > 0 ? `?${query}` : ""}`;
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiError("web.unreachable", "The server does not answer.", 0);
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return shape.parse(body);
  const known = wireError.safeParse(body);
  if (!known.success)
    throw new ApiError("web.unreachable", `The server answered ${response.status}.`, response.status);
  const { code, message, data, requestId } = known.data.error;
  throw new ApiError(code, message, response.status, { data, requestId });
}

const post = <S extends z.ZodType>(shape: S, path: string, body: unknown) =>
  request(shape, path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

const prepared = z.object({ calls: z.array(wireCall) });
const preparedStake = z.object({
  intent: wireIntent,
  permit: wireTypedData.nullable(),
  typedData: wireTypedData,
  calls: z.array(wireCall),
});
const preparedQuestion = z.object({
  id: wireHex32,
  schemaText: z.string(),
  calls: z.array(wireCall),
});
const preparedMarket = z.object({ id: wireHex32, calls: z.array(wireCall) });

type Cursor = { cursor?: string | undefined; limit?: number; signal?: AbortSignal };
const paged = ({ cursor, limit, signal }: Cursor) => ({
  query: { cursor, limit: limit ?? 20 },
  ...(signal && { signal }),
});

/** The server's API, one function a route. Everything that comes in is parsed with the wire shapes. */
export const api = {
  network: (signal?: AbortSignal) => request(wireNetwork, "network", { ...(signal && { signal }) }),
  markets: ({ cursor, limit, signal, ...filters }: MarketFilters & Cursor) =>
    request(marketPage, "markets", {
      query: { ...filters, cursor, limit: limit ?? 20 },
      ...(signal && { signal }),
    }),
  market: (id: string) => request(wireMarket, `markets/${id}`),
  history: (id: string) => request(z.object({ items: z.array(wirePoint) }), `markets/${id}/history`),
  marketActivity: (id: string, options: Cursor) =>
    request(activityPage, `markets/${id}/activity`, paged(options)),
  activity: (options: Cursor) => request(activityPage, "activity", paged(options)),
  question: (id: string) => request(wireQuestionDetail, `questions/${id}`),
  providers: () => request(z.object({ items: z.array(wireProvider) }), "providers"),
  portfolio: (address: string) => request(wirePortfolio, `portfolio/${address}`),
  prepareQuestion: (body: {
    schema: z.input<typeof questionSchema>;
    opensAt: number;
    deadline: number;
    liveness: number;
    reward: string;
    asker: string;
    min?: string;
    max?: string;
    tolerance?: string;
  }) => post(preparedQuestion, "questions/prepare", body),
  prepareMarket: (body: {
    question: string;
    creator: string;
    closesAt: number;
    feeBps: number;
    outcomes?: number;
    cuts?: string[];
  }) => post(preparedMarket, "markets/prepare", body),
  prepareStake: (market: string, body: { owner: string; outcome: number; amount: string }) =>
    post(preparedStake, `markets/${market}/stakes/prepare`, body),
  prepareClaim: (market: string, owner: string) =>
    post(prepared, `markets/${market}/claims/prepare`, { owner }),
  relayStake: (body: z.input<typeof wireRelayStake>) => post(wireRelayed, "relay/stakes", body),
  relayed: (id: string) => request(wireRelayed, `relay/${id}`),
  /** The evidence bundle as the bytes that its hash speaks of. */
  evidence: async (hash: string): Promise<string> => {
    const response = await fetch(`/v1/evidence/${hash}`);
    if (!response.ok)
      throw new ApiError("web.no_evidence", "This evidence is not stored here.", response.status);
    return response.text();
  },
};

export const isAddress = (text: string): boolean => wireAddress.safeParse(text).success;
export const isInteger = (text: string): boolean => wireInteger.safeParse(text).success;
