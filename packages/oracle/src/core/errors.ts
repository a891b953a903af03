import { defineErrors, sayingValues, type Address, type Hex } from "@sooth/kernel";

/**
 * The oracle's errors. Rows of the first group pair with the Solidity error of the same name (`oracle.not_open` is
 * `Oracle_NotOpen`); a test pairs them all. The data is what the contract's error carries, or what the API knows.
 */
export const OracleError = defineErrors("oracle", {
  already_asked: { status: 409, text: (d: { question: Hex }) => `question ${d.question} was asked already` },
  not_asker: {
    status: 403,
    text: (d: { asker: Address; caller: Address }) => `only ${d.asker} may ask this, not ${d.caller}`,
  },
  bad_terms: { status: 400, text: (d: { what: string }) => `the question's terms do not hold: ${d.what}` },
  schema_mismatch: {
    status: 400,
    text: (d: { wanted: Hex; got: Hex }) => `the schema hashes to ${d.got}, the terms name ${d.wanted}`,
  },
  not_open: {
    status: 409,
    text: (d: { question: Hex; status: string }) =>
      `question ${d.question} takes no reports: it is ${d.status}`,
  },
  not_watcher: {
    status: 403,
    text: (d: { question: Hex; caller: Address }) =>
      `${d.caller} may not veto the answer of question ${d.question}`,
  },
  too_early: {
    status: 409,
    retry: true,
    text: (d: { question: Hex; opensAt: number }) =>
      `question ${d.question} takes reports from ${d.opensAt} on`,
  },
  deadline_passed: {
    status: 409,
    text: (d: { question: Hex; deadline: number }) =>
      `question ${d.question} took reports until ${d.deadline}`,
  },
  out_of_bounds: {
    status: 400,
    text: (d: { question: Hex; value: bigint | string }) =>
      `${d.value} lies outside the bounds of question ${d.question}`,
  },
  bad_report: {
    status: 400,
    text: (d: { question: Hex; what: string }) => `the report on ${d.question} does not hold: ${d.what}`,
  },
  bad_signature: {
    status: 400,
    text: (d: { question: Hex; seat: number | string }) =>
      `the signature of ${typeof d.seat === "number" ? `seat ${d.seat}` : d.seat} does not fit the report on ${d.question}`,
  },
  paused: {
    status: 503,
    retry: true,
    text: (d: { question: Hex; until: number }) => `no report on ${d.question} is taken until ${d.until}`,
  },
  stale_epoch: {
    status: 409,
    text: (d: { signed: number; current: number }) =>
      `signed for epoch ${d.signed}, the current is ${d.current}`,
  },
  no_quorum: {
    status: 409,
    text: (d: { question: Hex; weight: bigint; totalWeight: bigint }) =>
      `${d.weight} of ${d.totalWeight} weight is no quorum for ${d.question}`,
  },
  not_settleable: {
    status: 409,
    text: (d: { question: Hex; status: string }) =>
      `the reward of ${d.question} cannot be settled while it is ${d.status}`,
  },
  reward_already_settled: {
    status: 409,
    text: (d: { question: Hex }) => `the reward of ${d.question} was settled already`,
  },
  insufficient_credit: {
    status: 409,
    text: (d: { account: Address; credit: bigint; wanted: bigint }) =>
      `${d.account} has ${d.credit} credit, not ${d.wanted}`,
  },

  bad_clarification: {
    status: 400,
    text: (d: { question: Hex; what: string }) => `${d.question} cannot be clarified so: ${d.what}`,
  },
  undersecured: {
    status: 409,
    text: (d: { question: Hex; weight: bigint; wanted: bigint }) =>
      `${d.weight} weight signed ${d.question}, which secures so much that it takes ${d.wanted}`,
  },
  commit_first: {
    status: 409,
    text: (d: { question: Hex }) =>
      `${d.question} secures so much that its reports must be committed before they are shown`,
  },
  not_committed: {
    status: 409,
    text: (d: { question: Hex; chained: Hex }) => `${d.chained} was not committed in time for ${d.question}`,
  },
  wrong_phase: {
    status: 409,
    retry: true,
    text: (d: { question: Hex; until: bigint }) =>
      `it is the other phase's time for ${d.question} until ${d.until}`,
  },
  not_disputable: {
    status: 409,
    text: (d: { question: Hex; status: string }) =>
      `${d.question} is ${d.status}: there is nothing to object to`,
  },
  bad_claim: {
    status: 400,
    text: (d: { question: Hex; claim: bigint }) =>
      `${d.claim} is no claim against the answer of ${d.question}`,
  },
  not_the_answer: {
    status: 409,
    text: (d: { question: Hex }) => `what was given is not the answer of ${d.question}`,
  },
  not_the_dispute: {
    status: 409,
    text: (d: { question: Hex; dispute: Hex }) =>
      `${d.dispute} is not the dispute that is open on ${d.question}`,
  },
  not_allowed: { status: 403, text: (d: { caller: Address }) => `${d.caller} may not do that` },

  // Without a counterpart on chain.
  nothing_to_commit: {
    status: 409,
    text: (d: { question: Hex }) =>
      `${d.question} secures so little, or asks for so much at once, that reports on it need no commitment`,
  },
  beyond_all_weight: {
    status: 409,
    text: (d: { question: Hex; totalWeight: bigint; wanted: bigint }) =>
      `${d.question} secures so much that an answer takes ${d.wanted} weight, and all who may sign have ${d.totalWeight}`,
  },
  committed_otherwise: {
    status: 409,
    text: (d: { question: Hex; signer: Hex; phase: number }) =>
      `${d.signer} committed to something else in phase ${d.phase} of ${d.question}, and that stands`,
  },
  not_committed_here: {
    status: 409,
    text: (d: { question: Hex; signer: Hex; phase: number }) =>
      `${d.signer} handed no commitment for phase ${d.phase} of ${d.question} over to this server`,
  },
  bad_batch: {
    status: 400,
    text: (d: { question: Hex; chained: Hex; what: string }) =>
      `${d.chained} is no batch of commitments to ${d.question}: ${d.what}`,
  },
  opens_nothing: {
    status: 400,
    text: (d: { question: Hex; signer: Hex }) =>
      `the value, the secret, the evidence and the clarifications do not open the commitment of ${d.signer} to ${d.question}`,
  },
  not_a_number: { status: 400, text: (d: { text: string }) => `"${d.text}" is not a decimal number` },
  bad_schema: { status: 400, text: (d: { what: string }) => `the question does not hold: ${d.what}` },
  window_too_short: {
    status: 400,
    text: (d: { liveness: number; least: number; secures: bigint | string }) =>
      `an answer that secures ${d.secures} must be open to objection for ${d.least} seconds, not ${d.liveness}`,
  },
  reward_too_small: {
    status: 400,
    text: (d: { reward: bigint; least: bigint }) =>
      `this server answers questions with a reward of ${d.least} or more, not ${d.reward}`,
  },
  bad_template: {
    status: 400,
    text: (d: { url: string; what: string }) => `the url ${d.url} does not hold: ${d.what}`,
  },
  unknown_question: { status: 404, text: (d: { question: string }) => `no question ${d.question}` },
  unknown_item: {
    status: 404,
    text: (d: { question: string; index: number }) =>
      `question ${d.question} has no answer ${d.index}, or nobody handed its values over here`,
  },
  unknown_period: {
    status: 404,
    text: (d: { domain: number; number: number }) =>
      `period ${d.number} of domain ${d.domain} is not over, or nothing was worked out for it`,
  },
  unknown_provider: { status: 404, text: (d: { owner: string }) => `no provider ${d.owner}` },
  unknown_evidence: {
    status: 404,
    text: (d: { hash: string }) => `no evidence ${d.hash}, or its question is still open`,
  },
  no_signer_set: { status: 503, retry: true, text: () => "no signer set has been formed yet" },
  not_seated: {
    status: 403,
    text: (d: { signer: Address; epoch: number }) => `${d.signer} holds no seat in epoch ${d.epoch}`,
  },
  wrong_chain: {
    status: 400,
    text: (d: { signed: number; here: number }) =>
      `signed for chain ${d.signed}, this oracle lives on ${d.here}`,
  },
  stale_round: {
    status: 409,
    text: (d: { signed: number; current: number }) =>
      `signed for round ${d.signed}, the current is ${d.current}`,
  },
  equivocation: {
    status: 409,
    text: (d: { question: Hex; signer: Address; first: string; second: string }) =>
      `${d.signer} signed ${d.first} for ${d.question} before and ${d.second} now; both signatures are kept`,
  },
  bad_evidence: { status: 400, text: (d: { what: string }) => `the evidence does not hold: ${d.what}` },
  transaction_reverted: {
    status: 502,
    text: (d: { hash: Hex }) => `transaction ${d.hash} was mined and reverted`,
  },
  bad_journal: {
    status: 500,
    text: (d: { file: string; line: number }) =>
      `line ${d.line} cannot be read in ${d.file}, which tells what this provider has signed; restore it or move it away`,
  },
  bad_ledger: {
    status: 500,
    text: (d: { file: string }) =>
      `${d.file}, which tells what the witness has cost today, cannot be read; restore it or move it away`,
  },
  bad_log_file: {
    status: 400,
    text: (d: { line: number; what: string }) => `line ${d.line} of the log file does not hold: ${d.what}`,
  },
  unknown_event: { status: 404, text: (d: { id: string }) => `no security event ${d.id}` },
  unknown_watcher: {
    status: 403,
    text: (d: { signer: string }) =>
      `${d.signer} is neither a provider's key nor one of this server's watchers`,
  },
  finding_refused: {
    status: 502,
    retry: true,
    text: (d: { question: Hex; status: number; body: string }) =>
      `the finding on ${d.question} was answered with ${d.status}: ${d.body}`,
  },
  answer_not_followed: {
    status: 503,
    retry: true,
    text: (d: { question: Hex; round: number }) =>
      `no answer of ${d.question} in round ${d.round} has been followed here yet`,
  },
  no_contradiction: {
    status: 409,
    text: (d: { question: Hex; what: string }) => `the finding on ${d.question} is none: ${d.what}`,
  },
  event_not_movable: {
    status: 409,
    text: (d: { id: Hex; from: string; to: string }) =>
      `security event ${d.id} is ${d.from} and cannot become ${d.to}`,
  },
  event_without_reason: {
    status: 400,
    text: (d: { id: Hex }) => `who moves security event ${d.id} says who he is and why`,
  },
  bad_cursor: { status: 400, text: (d: { cursor: string }) => `"${d.cursor}" is not a cursor of this list` },
  counted_twice: {
    status: 500,
    text: (d: { question: Hex }) =>
      `${d.question}, or a provider in it, is there twice: an epoch counts it once`,
  },
});

/** The stake manager's errors: each pairs with the Solidity error of the same name. */
export const StakeManagerError = defineErrors("stake_manager", {
  already_joined: { status: 409, text: sayingValues("this owner has joined already") },
  signer_taken: {
    status: 409,
    text: sayingValues("this signing key serves another provider"),
  },
  not_allowed: { status: 403, text: sayingValues("only a contract of the wiring may") },
  banned: { status: 403, text: sayingValues("this owner is banned for ever") },
  not_trusted: {
    status: 403,
    text: sayingValues("the domain seats trusted providers only"),
  },
  frozen: { status: 409, retry: true, text: sayingValues("a case keeps the stake") },
  not_bonded: { status: 409, text: sayingValues("the stake is bonded no more") },
  bad_limits: { status: 500, text: sayingValues("it cannot be deployed so") },
  no_possession: {
    status: 403,
    text: sayingValues("the signing key has not signed for this owner"),
  },
  unknown_domain: { status: 400, text: sayingValues("there is no such domain") },
  not_served: { status: 409, text: sayingValues("this owner does not serve the domain") },
  seat_not_beaten: {
    status: 409,
    text: sayingValues("the seat goes to a larger stake only"),
  },
  not_active: { status: 409, text: sayingValues("this owner is no active provider") },
  stake_too_small: { status: 400, text: sayingValues("the stake is too small") },
  full: { status: 409, retry: true, text: sayingValues("all seats are taken") },
  not_unbonding: { status: 409, text: sayingValues("this owner has not left") },
  still_bonded: { status: 409, retry: true, text: sayingValues("the stake is bonded still") },
  still_seated: {
    status: 409,
    retry: true,
    text: sayingValues("the seat ends with the next epoch"),
  },
  epoch_too_young: {
    status: 409,
    retry: true,
    text: sayingValues("the epoch may not end yet"),
  },
  unchanged: { status: 409, text: sayingValues("the next signer set equals the current one") },
});
