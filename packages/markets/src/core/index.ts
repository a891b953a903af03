export * from "./advice/index.ts";
export * from "./analyst/index.ts";
export * from "./card.ts";
export * from "./claim-plan.ts";
export * from "./comments/index.ts";
export * from "./content/index.ts";
export * from "./contract-error.ts";
export * from "./digest/index.ts";
export * from "./errors.ts";
export * from "./intent.ts";
export * from "./labels.ts";
export * from "./lots.ts";
export * from "./news/index.ts";
export * from "./opinions/index.ts";
export * from "./outcome-sets.ts";
export * from "./orders/index.ts";
export {
  nettingOf,
  ONE,
  type OutcomeSide,
  outcomesOf,
  redeemed,
  settledAs,
  type Share,
  shareBps,
  SIDES,
} from "./outcomes.ts";
export * from "./phase-plan.ts";
export {
  dueNow,
  moneyOf,
  type OpinionLedger,
  prizesOf,
  type ProvenOpinion,
  type ProvenOpinions,
  type ProvenPrize,
} from "./proof/opinion-ledger.ts";
export * from "./proof/opinion-log.ts";
export * from "./proof/opinions-moved.ts";
export { concludeOpinions, type OpinionRow, opinionRows } from "./proof/opinions-paid.ts";
export * from "./proof/opinions-sealed.ts";
export * from "./proof/opinions-sheets.ts";
export {
  type AskedOutcomes,
  checkSets,
  type MatchedOrders,
  type OutcomeLog,
  outcomeName,
  type ReplayedOutcomes,
  replayOutcomes,
} from "./proof/outcomes-replay.ts";
export * from "./proof/proof-log.ts";
export * from "./proof/recompute.ts";
export * from "./records/index.ts";
export * from "./rules/bands.ts";
export * from "./rules/parimutuel.ts";
export * from "./search.ts";
export * from "./status.ts";
export * from "./terms.ts";
export * from "./wire.ts";
