import { defineErrors, type Hex } from "@sooth/kernel";

/** The bundles' errors. Those of a leg name it by its place, from 0. */
export const BundlesError = defineErrors("bundles", {
  bad_leg_count: {
    status: 400,
    text: (d: { count: number; most: number }) => `a bundle has 1 to ${d.most} legs, not ${d.count}`,
  },
  bad_log_file: {
    status: 400,
    text: (d: { line: number; what: string }) => `line ${d.line} of the file of logs: ${d.what}`,
  },
  wrong_legs: {
    status: 400,
    text: (d: { wanted: Hex; found: Hex }) =>
      `the header commits to other legs: ${d.wanted}, and these are ${d.found}`,
  },
  wrong_id: {
    status: 400,
    text: (d: { wanted: Hex; found: Hex }) => `this header is of bundle ${d.found}, not of ${d.wanted}`,
  },
  bad_window: {
    status: 400,
    text: (d: { deadline: number; earliest: number; latest: number }) =>
      `the deadline must be from ${d.earliest} to ${d.latest}, and is ${d.deadline}`,
  },
  deadline_too_near: {
    status: 400,
    text: (d: { deadline: number; earliest: number; seconds: number }) =>
      `attesters wait ${d.seconds} s at least before all of it can be known, so the deadline must be ${d.earliest} or later, and is ${d.deadline}`,
  },
  not_before: {
    status: 400,
    text: (d: { leg: number; field: string; place: number }) =>
      `leg ${d.leg} names leg ${d.place} in ${d.field}, and may only name legs before it`,
  },
  names_twice: {
    status: 400,
    text: (d: { leg: number; place: number }) =>
      `leg ${d.leg} wants leg ${d.place} both to run well and to fail`,
  },
  payload_too_big: {
    status: 400,
    text: (d: { leg: number; bytes: number; most: number }) =>
      `leg ${d.leg} has ${d.bytes} bytes of calldata, and ${d.most} are the most`,
  },
  no_target: { status: 400, text: (d: { leg: number }) => `leg ${d.leg} has no target` },
  bad_gas: {
    status: 400,
    text: (d: { leg: number; gas: number; most: number }) =>
      `leg ${d.leg} asks for ${d.gas} gas, and 1 to ${d.most} can be given`,
  },
  too_much_finish_gas: {
    status: 400,
    text: (d: { leg: number; gas: number; most: number }) =>
      `leg ${d.leg} asks for ${d.gas} gas to finish, and a participant can be given ${d.most} at most`,
  },
  value_with_data: {
    status: 400,
    text: (d: { leg: number }) =>
      `leg ${d.leg} sends value alone, so it has no calldata and takes no results`,
  },
  held_in_ordered: {
    status: 400,
    text: (d: { leg: number }) =>
      `leg ${d.leg} is held until the decision, which only an escrowed bundle does`,
  },
  called_in_escrowed: {
    status: 400,
    text: (d: { leg: number }) =>
      `leg ${d.leg} is a call, which nobody can hold and give back: an escrowed bundle has only escrows and participants`,
  },
  depends_in_escrowed: {
    status: 400,
    text: (d: { leg: number }) =>
      `leg ${d.leg} depends on others, and in an escrowed bundle all are held at once and decided together`,
  },
  bad_escrow: {
    status: 400,
    text: (d: { leg: number; why: string }) => `leg ${d.leg} cannot be held: ${d.why}`,
  },
  input_not_needed: {
    status: 400,
    text: (d: { leg: number; from: number }) =>
      `leg ${d.leg} reads what leg ${d.from} returned, and must need that it ran`,
  },
  input_out_of_bounds: {
    status: 400,
    text: (d: { leg: number; what: string; end: number; most: number }) =>
      `leg ${d.leg} reaches to byte ${d.end} of ${d.what}, which has ${d.most}`,
  },
  inputs_overlap: {
    status: 400,
    text: (d: { leg: number; byte: number }) =>
      `leg ${d.leg} puts two results on byte ${d.byte} of its calldata`,
  },
  never_commits: {
    status: 400,
    text: (d: { leg: number; place: number }) =>
      `leg ${d.leg} runs only after leg ${d.place} failed or was undone, and then the bundle is aborted`,
  },
  undoes_compensation: {
    status: 400,
    text: (d: { leg: number; place: number }) =>
      `leg ${d.leg} undoes leg ${d.place}, which is a compensation itself`,
  },
  conditional_compensation: {
    status: 400,
    text: (d: { leg: number }) =>
      `leg ${d.leg} is a compensation, and waits for something beside what it undoes that may never come: it could stay owed for ever`,
  },
  allowance_of_all: {
    status: 400,
    text: (d: { leg: number }) =>
      `leg ${d.leg} gives an allowance from the contract that everybody's legs are called from, which anybody could use: make it a leg of the owner's account`,
  },

  // Of building one.
  dynamic_result: {
    status: 400,
    text: (d: { what: string; type: string }) =>
      `${d.what} is a ${d.type}, which has no place of its own in what is returned: only static types can be handed on`,
  },
  result_in_dynamic: {
    status: 400,
    text: (d: { leg: number; from: number; type: string }) =>
      `leg ${d.leg} puts a result of leg ${d.from} into a ${d.type}, which has no place of its own in calldata`,
  },
  result_of_other_type: {
    status: 400,
    text: (d: { leg: number; from: number; wanted: string; found: string }) =>
      `leg ${d.leg} wants a ${d.wanted}, and what leg ${d.from} returns is a ${d.found}`,
  },
  bad_demand: {
    status: 400,
    text: (d: { comparison: string; type: string }) =>
      `a ${d.type} cannot be held against a value (${d.comparison}): words are compared as unsigned numbers`,
  },
  unknown_method: {
    status: 400,
    text: (d: { leg: number; method: string; found: number }) =>
      `the ABI of leg ${d.leg} has ${d.found} methods ${d.method} with as many arguments; there must be one`,
  },
  no_such_result: {
    status: 400,
    text: (d: { leg: number; index: number; count: number }) =>
      `leg ${d.leg} returns ${d.count} values, so there is no number ${d.index}`,
  },
  undone_twice: { status: 400, text: (d: { leg: number }) => `leg ${d.leg} has its compensation already` },

  // Of asking the API.
  unknown: { status: 404, text: (d: { bundle: string }) => `no bundle ${d.bundle} is known here` },
  legs_unknown: {
    status: 404,
    text: (d: { bundle: string }) => `nobody has handed over the legs of bundle ${d.bundle}`,
  },
  bad_cursor: { status: 400, text: (d: { cursor: string }) => `${d.cursor} is no place in a list` },
  no_such_chain: {
    status: 400,
    text: (d: { leg: number; chain: number; known: readonly number[] }) =>
      `leg ${d.leg} is on chain ${d.chain}, and legs run on ${d.known.join(", ")}`,
  },
  not_followed: {
    status: 503,
    retry: true,
    text: (d: { chain: number }) => `no block of chain ${d.chain} has been followed yet`,
  },
  other_id: {
    status: 400,
    text: (d: { wanted: string; found: string }) => `this header is of bundle ${d.found}, not ${d.wanted}`,
  },
  bad_signature: {
    status: 400,
    text: (d: { signer: string }) => `the signature over the bundle's id is not ${d.signer}'s`,
  },
  open_already: {
    status: 409,
    text: (d: { bundle: string }) => `bundle ${d.bundle} is open already, or decided`,
  },
  no_credit: {
    status: 409,
    text: (d: { owner: string; credit: bigint; fee: bigint }) =>
      `${d.owner} has ${d.credit} wei of credit at the hub, and the fee is ${d.fee}: deposit first, or open it yourself`,
  },
  no_such_leg: {
    status: 400,
    text: (d: { leg: number; count: number }) => `there is no leg ${d.leg}: the bundle has ${d.count}`,
  },
  not_the_payer: {
    status: 400,
    text: (d: { leg: number; payer: string }) => `${d.payer} does not pay leg ${d.leg}`,
  },
  not_held: {
    status: 400,
    text: (d: { leg: number }) => `leg ${d.leg} is a call, which nobody has to pay in`,
  },
  lane_rests: {
    status: 503,
    retry: true,
    text: (d: { leg: number; chain: number; other: number; until: number }) =>
      `leg ${d.leg}: of bundles with legs on chain ${d.other} the escrow on chain ${d.chain} gave back more than it paid, and takes no more of this token until ${d.until}`,
  },
  lane_full: {
    status: 503,
    retry: true,
    text: (d: { leg: number; chain: number; other: number; room: bigint; wanted: bigint }) =>
      `leg ${d.leg}: for bundles with legs on chain ${d.other} the escrow on chain ${d.chain} takes ${d.room} of this token now, and ${d.wanted} are wanted; an hour empties what is full`,
  },
  payloads_full: {
    status: 503,
    retry: true,
    text: (d: { most: number }) => `${d.most} bytes of legs were taken in the last day; no more are kept now`,
  },
  owner_payloads_full: {
    status: 503,
    retry: true,
    text: (d: { owner: string; most: number }) =>
      `others need the room that is left: of legs that ${d.owner} signed, no more than ${d.most} bytes of a day are kept now`,
  },
  fee_too_large: {
    status: 400,
    text: (d: { fee: bigint }) => `a fee of ${d.fee} wei is more than a bundle can hold`,
  },

  // Of orders and swaps.
  bad_part: { status: 400, text: (d: { why: string }) => `that part of the order cannot be taken: ${d.why}` },
  bad_swap: { status: 400, text: (d: { why: string }) => `nobody should lock for that swap: ${d.why}` },

  bad_permit: {
    status: 400,
    text: (d: { token: string; payer: string }) =>
      `${d.token} does not take this permit of ${d.payer} for the escrow: it is another's, of another nonce, or over`,
  },

  // Of attesting.
  journal_broken: {
    status: 503,
    text: (d: { file: string }) =>
      `${d.file} could not be written, so nothing more is signed until it is opened anew: is the disk full?`,
  },
  no_policy: {
    status: 500,
    text: (d: { value: bigint }) => `no tier of the finality policy reaches ${d.value}`,
  },
  bad_policy: {
    status: 500,
    text: (d: { entry: string; why: string }) => `the finality policy ${d.entry} is no use: ${d.why}`,
  },
  answer_too_long: {
    status: 502,
    text: (d: { most: number }) => `the answer has more than ${d.most} bytes, and is not read to its end`,
  },
  bad_journal: {
    status: 500,
    text: (d: { file: string; line: number }) =>
      `line ${d.line} of ${d.file} cannot be read; going on without it could say a second thing of one subject`,
  },
  said_otherwise: {
    status: 409,
    text: (d: { subject: string }) => `of "${d.subject}" something else has been said, and that stands`,
  },
  long_over: {
    status: 409,
    text: (d: { subject: string }) =>
      `nothing is said of "${d.subject}" any more: its bundle ended, and what was said of it is kept no longer`,
  },
  wrong_root: {
    status: 400,
    text: (d: { root: Hex }) => `there is no batch ${d.root} that anybody asked for`,
  },
  not_seated: {
    status: 400,
    text: (d: { signer: string; epoch: number }) => `${d.signer} does not sit in epoch ${d.epoch}`,
  },
  bad_attestation: {
    status: 400,
    text: (d: { signer: string }) => `this is not what ${d.signer} signs for the batch`,
  },
  unknown_destination: {
    status: 400,
    text: (d: { chainId: number }) => `no attesters are asked for chain ${d.chainId} here`,
  },
  not_attested: {
    status: 409,
    retry: true,
    text: (d: {
      weight: bigint;
      needed: bigint;
      answered: number;
      missing: readonly number[];
      why: string;
    }) => `attesters with ${d.weight} of the weight signed, and ${d.needed} is needed: ${d.why}`,
  },
  faults_unknown: {
    status: 502,
    retry: true,
    text: (d: { url: string; status: number }) =>
      `${d.url} does not say what is known against attesters: it answered with ${d.status}`,
  },
  too_many_batches: {
    status: 503,
    retry: true,
    text: (d: { most: number }) => `${d.most} batches are being signed already`,
  },
});
