import { createCall } from "@sooth/client";
import type {
  WireAttempt,
  WireCommitment,
  WireDispute,
  WireJury,
  WireOpening,
  WirePreparedAppeal,
  WirePreparedDispute,
  WireSecurity,
  WireSecurityEvent,
  WireSlash,
} from "@sooth/oracle/core";
import { ApiError, reach, type QuestionDetail } from "./api.ts";

export type Dispute = WireDispute;
export type LadderStep = WireDispute["ladder"][number];
export type Attempt = WireAttempt;
export type Jury = WireJury;
export type Juror = WireJury["jurors"][number];
/** `bounty`: what slashing who signed would bring besides. `breakEven`: basis points, how sure one must be not to lose. */
type Odds = { bounty?: string; breakEven?: number | null };
export type PreparedDispute = WirePreparedDispute & Odds;
export type PreparedAppeal = WirePreparedAppeal & Odds;
export type Slash = WireSlash;
export type Security = WireSecurity;
export type SecurityEvent = WireSecurityEvent;

/** What a server may tell of a question besides; one that does not know leaves it out. */
export type Contested = {
  attempts?: readonly Attempt[];
};
export type ContestedQuestion = QuestionDetail & Contested;

type Page<T> = { items: T[]; next: string | null };
type ToPrepareDispute = { id: string; account: string; claim: string };
type ToPrepareAppeal = { id: string; account: string; choice: number };

const call = createCall({ baseUrl: "", fetch: reach });
const get = (path: string, query: readonly string[] = []) =>
  ({ method: "GET", path, query, hasBody: false }) as const;
const post = (path: string) => ({ method: "POST", path, query: [], hasBody: true }) as const;

/** Operations on disputes, juries and security, in the words of the API's document. */
export const disputesApi = {
  listDisputes: (input: { question?: string; cursor?: string | undefined; limit?: number }) =>
    call<Page<Dispute>>(get("/v1/disputes", ["question", "cursor", "limit"]), input),
  getDispute: (input: { id: string }) => call<Dispute>(get("/v1/disputes/{id}"), input),
  prepareDispute: (input: ToPrepareDispute) =>
    call<PreparedDispute>(post("/v1/questions/{id}/disputes/prepare"), input),
  prepareAppeal: (input: ToPrepareAppeal) =>
    call<PreparedAppeal>(post("/v1/disputes/{id}/appeals/prepare"), input),
  getJury: (input: { id: string }) => call<Jury>(get("/v1/juries/{id}"), input),
  commit: (input: { id: string } & WireCommitment) =>
    call<unknown>(post("/v1/juries/{id}/commitments"), input),
  open: (input: { id: string } & WireOpening) => call<unknown>(post("/v1/juries/{id}/openings"), input),
  listSlashes: (input: { owner?: string; cursor?: string | undefined; limit?: number }) =>
    call<Page<Slash>>(get("/v1/slashes", ["owner", "cursor", "limit"]), input),
  getSecurity: () => call<Security>(get("/v1/security"), {}),
  listSecurityEvents: (input: { cursor?: string | undefined; limit?: number }) =>
    call<Page<SecurityEvent>>(get("/v1/security/events", ["cursor", "limit"]), input),
};

/** True when this server has no such route at all, which is another thing than having nothing to tell. */
export const isUnserved = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 404 && error.code === "http.not_found";
