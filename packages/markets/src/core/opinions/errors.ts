import { type Address, defineErrors, type Hex } from "@sooth/kernel";

/**
 * The opinion markets' errors. Rows of the first group pair with the Solidity error of the same name (`opinions.bad_nonce` is
 * `Opinions_BadNonce`); a test pairs them all, by name and by the names of their data.
 */
export const OpinionsError = defineErrors("opinions", {
  bad_terms: { status: 400, text: (d: { what: string }) => `the market's terms do not hold: ${d.what}` },
  bad_limits: {
    status: 500,
    text: (d: { what: string }) => `the contract cannot be built with these limits: ${d.what}`,
  },
  not_asker: {
    status: 403,
    text: (d: { asker: Address; caller: Address }) =>
      `${d.asker} asked the question, so ${d.caller} announces no market on it`,
  },
  already_announced: {
    status: 409,
    text: (d: { question: Hex; market: Hex }) => `question ${d.question} has its market: ${d.market}`,
  },
  not_announced: { status: 404, text: (d: { market: Hex }) => `no opinion market ${d.market}` },
  closed: {
    status: 409,
    text: (d: { market: Hex; closesAt: number }) => `market ${d.market} was open until ${d.closesAt}`,
  },
  not_closed: {
    status: 409,
    text: (d: { market: Hex; until: number }) => `market ${d.market} takes opinions until ${d.until}`,
  },
  no_such_band: {
    status: 400,
    text: (d: { band: number }) => `there is no band ${d.band}: they go from 0 to 20`,
  },
  stake_out_of_bounds: {
    status: 400,
    text: (d: { amount: bigint; least: bigint; most: bigint }) =>
      `a stake is ${d.least} to ${d.most} now, not ${d.amount}`,
  },
  already_staked: {
    status: 409,
    text: (d: { market: Hex; owner: Address }) => `${d.owner} has an opinion in market ${d.market} already`,
  },
  band_full: {
    status: 409,
    text: (d: { market: Hex; band: bigint }) => `band ${d.band} of market ${d.market} cannot hold this stake`,
  },
  wrong_stance: {
    status: 400,
    text: (d: { market: Hex }) => `market ${d.market} wants stances told, or hidden, and this one is not`,
  },
  bad_reveal: {
    status: 400,
    text: (d: { market: Hex; owner: Address }) =>
      `band and salt are not what ${d.owner} hid in market ${d.market}`,
  },
  not_final: {
    status: 409,
    retry: true,
    text: (d: { market: Hex }) => `market ${d.market} waits for a final answer`,
  },
  already_scored: { status: 409, text: (d: { market: Hex }) => `market ${d.market} has ended already` },
  not_scored: {
    status: 409,
    retry: true,
    text: (d: { market: Hex; ending: number }) => `market ${d.market} is not scored, or void (${d.ending})`,
  },
  not_yet: {
    status: 409,
    retry: true,
    text: (d: { market: Hex; from: bigint }) => `too early for market ${d.market}: from ${d.from} on`,
  },
  nothing_to_claim: {
    status: 409,
    text: (d: { market: Hex; owner: Address }) => `${d.owner} has nothing to claim in market ${d.market}`,
  },
  not_the_winner: {
    status: 409,
    text: (d: { market: Hex; prize: bigint; owner: Address }) =>
      `prize ${d.prize} of market ${d.market} did not fall on ${d.owner}`,
  },
  no_prize: {
    status: 409,
    text: (d: { market: Hex; prize: bigint }) => `market ${d.market} has no prize ${d.prize} to pay`,
  },
  no_fee: { status: 409, text: (d: { market: Hex }) => `market ${d.market} has no fee to collect` },
  intent_expired: {
    status: 409,
    text: (d: { deadline: number }) => `the intent was good until ${d.deadline}: sign it anew`,
  },
  bad_nonce: {
    status: 409,
    text: (d: { owner: Address; expected: bigint; got: bigint }) =>
      `the next nonce of ${d.owner} is ${d.expected}, not ${d.got}: sign the intent anew`,
  },
  bad_signature: {
    status: 400,
    text: (d: { owner: Address }) => `the signature over the intent is not ${d.owner}'s`,
  },

  // Without a counterpart on chain.
  unknown: { status: 404, retry: true, text: (d: { market: string }) => `no opinion market ${d.market}` },
  too_few_families: {
    status: 409,
    text: (d: { question: Hex; wants: number; least: number }) =>
      `question ${d.question} is answered on labels of ${d.wants} families of models, and markets here want ${d.least}: name them in its source of opinions (families)`,
  },
  already_told: {
    status: 409,
    text: (d: { market: Hex; owner: Address }) =>
      `the stance of ${d.owner} in market ${d.market} is told already`,
  },
  nobody_tells: {
    status: 409,
    text: (d: { market: Hex }) =>
      `nobody here would tell a hidden stance of market ${d.market}, and one that is not told costs the whole stake: this deployment takes none (MARKETS_KEEPER is off)`,
  },
  read_elsewhere: {
    status: 409,
    text: (d: { question: Hex; why: string }) =>
      `question ${d.question} is not answered by the opinions of its market alone, so nobody should stake on it: ${d.why}`,
  },
  undersecured: {
    status: 409,
    text: (d: { question: Hex; why: string }) =>
      `no stake should rest on what question ${d.question} is answered: ${d.why}`,
  },
  beyond_secured: {
    status: 409,
    text: (d: { market: Hex; amount: bigint; secures: bigint; room: bigint }) =>
      `the answer of market ${d.market} secures ${d.secures}, stakes under way included there is room for ${d.room} more, not for ${d.amount}`,
  },
  text_erased_soon: {
    status: 409,
    text: (d: { opinion: Hex }) =>
      `the text ${d.opinion} is going to be erased on request, and a stake with it would lose its weight: say it in other words`,
  },
  bad_seal: {
    status: 400,
    text: (d: { market: Hex; round: bigint; fault: string }) =>
      `stances of market ${d.market} are locked until round ${d.round} of the beacon, and this one is not: ${d.fault}`,
  },
  no_approval_asked: {
    status: 409,
    text: (d: { market: Hex }) => `nobody has to approve what market ${d.market} comes to`,
  },
  no_members: {
    status: 503,
    retry: true,
    text: (d: { committee: Address }) => `nobody is known here yet who sits in the committee ${d.committee}`,
  },
  void_without_approval: {
    status: 409,
    text: (d: { market: Hex; why: string }) => `market ${d.market} is void (${d.why}), which nobody approves`,
  },
  not_a_member: {
    status: 403,
    text: (d: { member: Address; committee: Address }) =>
      `${d.member} does not sit in the committee ${d.committee}`,
  },
  approval_expired: {
    status: 409,
    text: (d: { market: Hex; expiresAt: number }) =>
      `approvals of market ${d.market} are good until ${d.expiresAt} now: sign anew`,
  },
  wrong_result: {
    status: 409,
    text: (d: { market: Hex; digest: Hex }) =>
      `market ${d.market} comes to something else than was signed: approve ${d.digest}`,
  },
  bad_approval: {
    status: 400,
    text: (d: { market: Hex; member: Address }) =>
      `the committee does not take this signature as ${d.member}'s over the result of market ${d.market}`,
  },
  already_approved: {
    status: 409,
    text: (d: { market: Hex; member: Address }) =>
      `${d.member} has approved the result of market ${d.market}`,
  },
  no_committee: {
    status: 404,
    text: () => "this deployment asks no committee for approvals",
  },
  no_analysts: {
    status: 409,
    text: () => "this deployment labels nothing itself: no analysts run here (PROVIDER_ANALYSTS)",
  },
  relabelling: {
    status: 409,
    retry: true,
    text: (d: { market: Hex }) => `the opinions of market ${d.market} are being labelled again already`,
  },
  too_many_to_relabel: {
    status: 409,
    text: (d: { market: Hex; opinions: number; most: number }) =>
      `market ${d.market} has ${d.opinions} opinions, and no more than ${d.most} are labelled again here: sooth verify market --relabel does`,
  },
  texts_missing: {
    status: 409,
    text: (d: { market: Hex; missing: number; opinions: number }) =>
      `texts of ${d.missing} of ${d.opinions} opinions of market ${d.market} are not kept here, with most of its stake: labels of the rest would say nothing`,
  },
  analyst_spent: {
    status: 503,
    text: (d: { why: string }) => `what an analyst may spend does not hold all opinions (${d.why})`,
  },
  analyst_away: {
    status: 503,
    retry: true,
    text: (d: { why: string }) => `an analyst did not label all opinions (${d.why})`,
  },
  labels_score_nothing: {
    status: 409,
    text: (d: { why: string }) => `the labels that were made come to no score: ${d.why}`,
  },
  advice_off: {
    status: 409,
    text: () => "no language model gives advice here: the operator named no key for one (MARKETS_DIGEST_KEY)",
  },
  advice_spent: {
    status: 429,
    retry: true,
    text: (d: { signedIn: boolean }) =>
      d.signedIn
        ? "no more advice for now: a day's calls are used up, or yours of this hour"
        : "no more advice for now: the calls of a day for who is not signed in are used up",
  },
  advice_away: {
    status: 503,
    retry: true,
    text: (d: { why: string }) => `there is no advice now: ${d.why}`,
  },
  bad_members: {
    status: 400,
    text: (d: { seats: number }) => `a committee is ${d.seats} different accounts, none of them zero`,
  },
  stale_replacement: {
    status: 409,
    text: (d: { number: number; replacements: number }) =>
      `this is replacement ${d.number}, and the members were replaced ${d.replacements} times: sign anew`,
  },
  replacement_time: {
    status: 400,
    text: (d: { expiresAt: number; now: number }) =>
      `signatures may count for a year from ${d.now} on at most, not until ${d.expiresAt}`,
  },
  bad_replacement: {
    status: 400,
    text: (d: { member: Address }) =>
      `the committee does not take this signature as ${d.member}'s over these five`,
  },
  too_many_replacements: {
    status: 409,
    text: (d: { member: Address; most: number }) =>
      `${d.member} has signed ${d.most} other changes that are not over`,
  },
});
