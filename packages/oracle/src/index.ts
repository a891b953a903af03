export { type ActivityFilter, type OracleActivity, recentOracleActivity } from "./edge/activity.ts";
export { chainTime } from "./edge/clock.ts";
export { type OracleConfig, oracleConfig } from "./edge/config.ts";
export { commitLimits, depositLimits, type OracleLimits, oracleLimits } from "./edge/contract.ts";
export { countUnheld, unheldAnswers } from "./edge/dispute-sweep.ts";
export type { ApiDeps, WorkerDeps } from "./edge/deps.ts";
export { apiCallers, serverTime } from "./edge/gateway/callers.ts";
export {
  type ApiKey,
  createKey,
  type IssuedKey,
  listKeys,
  openKey,
  revokeKey,
  rotateKey,
} from "./edge/gateway/keys.ts";
export { judgeIn, judgingAccounts, sweepPositions } from "./edge/positions.ts";
export { creditOf, listProviders } from "./edge/providers.ts";
export { questionDetail } from "./edge/question-detail.ts";
export {
  listQuestions,
  questionById,
  questionsByIds,
  type StoredQuestion,
  toWireQuestion,
  type WireQuestion,
} from "./edge/questions.ts";
export { type ReadFrom, readFrom } from "./edge/read-from.ts";
export { isStaker } from "./edge/is-staker.ts";
export { jurySeatsOf, type NewsPlace, questionNews } from "./edge/question-news.ts";
export { signerSet } from "./edge/signer-sets.ts";
export { oracle } from "./edge/slice.ts";
export { advanceEpoch, ensureJoined, ensureJuror } from "./edge/provider/join.ts";
export { type OwnPositions, ownPositions, type Recusal } from "./edge/provider/own-positions.ts";
export { type ProviderOptions, runProvider } from "./edge/provider/run-provider.ts";
export type { Spoken } from "./edge/take-up.ts";
export { readAtMost } from "./edge/provider/sources/fetch-text.ts";
export type {
  Assessment,
  OpinionAnalyst,
  ReadMarket,
  ReadPosition,
} from "./edge/provider/opinions/analyst.ts";
export {
  type Batch,
  type MessagesClient,
  type MessagesOptions,
  openMessages,
  type Testimony,
} from "./edge/provider/messages/messages-client.ts";
export { remember } from "./edge/provider/messages/remember.ts";
export { bothLedgers, type Ledger, openLedger } from "./edge/provider/witness/ledger.ts";
export { openWitness, type WitnessModel } from "./edge/provider/witness/witness-model.ts";
export { eraseReason } from "./edge/reasons.ts";
export { type SecurityConfig, securityConfig } from "./edge/security/config.ts";
export { eventRecord, listEvents, stepEvent } from "./edge/security/events.ts";
export { brakeLimits, disputedQuestions, securingAnswers } from "./edge/security/brakes.ts";
export { COOL_DOWN, type GuardState, guardState } from "./edge/security/overview.ts";
export { tripValueCall } from "./edge/security/trip-sweep.ts";
export { answersOnChain } from "./edge/watch/answers-on-chain.ts";
export { runWatcher, type WatchedAnswer, type WatcherOptions } from "./edge/watch/run-watcher.ts";
export { type WatchOptions, watchAndTell } from "./edge/watch/watch-and-tell.ts";
