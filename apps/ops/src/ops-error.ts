import { defineErrors } from "@sooth/kernel";

export const OpsError = defineErrors("ops", {
  unknown_command: {
    status: 400,
    text: (d: { said: string; near?: string }) =>
      `there is no command "${d.said}"${d.near === undefined ? "" : `; did you mean "${d.near}"?`} (help lists them all)`,
  },
  unknown_flag: {
    status: 400,
    text: (d: { command: string; said: string; near?: string }) =>
      `${d.command} has no ${d.said}${d.near === undefined ? "" : `; did you mean ${d.near}?`} (${d.command} --help lists them)`,
  },
  bad_argument: {
    status: 400,
    text: (d: { command: string; argument: string; wrong: string }) =>
      `${d.command}: ${d.argument}: ${d.wrong}`,
  },
  unreadable: { status: 400, text: (d: { file: string; why: string }) => `cannot read ${d.file}: ${d.why}` },
  unwritable: { status: 400, text: (d: { file: string; why: string }) => `cannot write ${d.file}: ${d.why}` },
  not_in_time: {
    status: 504,
    text: (d: { waitedFor: string; seconds: number; saw: string }) =>
      `waited ${d.seconds} s for ${d.waitedFor} and it did not come; last seen: ${d.saw}`,
  },
  api_refused: {
    status: 502,
    text: (d: { call: string; status: number; body: string }) =>
      d.status === 0
        ? `${d.call} got no answer: ${d.body}`
        : `${d.call} was answered with ${d.status}: ${d.body}`,
  },
  other_bundle: {
    status: 502,
    text: (d: { differs: string }) =>
      `the server speaks of another bundle than was asked for (${d.differs}), so nothing was signed or sent`,
  },
  other_question: {
    status: 502,
    text: (d: { question: string }) =>
      `the server's terms, or what it says is asked, are not those that ${d.question} is the id of, so nothing was signed or sent`,
  },
  little_money: {
    status: 409,
    text: (d: { owner: string; balance: string; wanted: string; committed: string | null }) =>
      `you (${d.owner}) have ${d.balance}, and this wants ${d.wanted}${d.committed === null ? "" : ` beside ${d.committed} that your orders may take`}: nothing was signed or sent`,
  },
  few_outcome_tokens: {
    status: 409,
    text: (d: { owner: string; what: string; balance: string; wanted: string; committed: string | null }) =>
      `you (${d.owner}) hold ${d.balance} ${d.what}, and this wants ${d.wanted}${d.committed === null ? "" : ` beside ${d.committed} that your orders sell`}: nothing was signed or sent`,
  },
  no_test_account: {
    status: 400,
    text: (d: { said: string; names: string }) =>
      d.names === ""
        ? `no test account is called ${d.said}: there are none on this network`
        : `no test account is called ${d.said}: there are ${d.names}`,
  },
  bad_tokens: {
    status: 400,
    text: (d: { said: string; decimals: number }) =>
      `${d.said} has more places than the ${d.decimals} that the collateral has`,
  },
  other_contracts: {
    status: 502,
    text: (d: { chainId: number; differs: string }) =>
      `the server names other contracts than those known of chain ${d.chainId} (${d.differs}), so nothing was signed or sent. On a laptop give LAPTOP_COMMITTEE as npm start had it; contracts of one's own are named with --deployment`,
  },
  other_network: {
    status: 502,
    text: (d: { chainId: number; hub: number }) =>
      `the server says that its hub is chain ${d.hub}, and has chain ${d.chainId} in its bundle: one is of a laptop, the other is not, so nothing was signed or sent`,
  },
  no_fee: {
    status: 400,
    text: (d: { fee: string }) =>
      `the file names no fee, and there is no node here to work it out: the server asks for ${d.fee} wei. --fee ${d.fee} agrees to that; HUB_RPC_URLS and ROLLUPS name nodes`,
  },
  no_credit: {
    status: 409,
    text: (d: { owner: string; credit: string; fee: string; lacking: string }) =>
      `${d.owner} has ${d.credit} wei of credit at the hub, and the fee is ${d.fee}: npx sooth bundle credit deposit ${d.lacking}wei --send pays it in, or --pay opens the bundle with a transaction that pays it. Nothing was signed`,
  },
  not_owner: {
    status: 403,
    text: (d: { account: string; owner: string }) =>
      `the key is of ${d.account}, and the bundle's owner is ${d.owner}: nothing was signed or sent`,
  },
  other_order: {
    status: 502,
    text: (d: { order: string; told: string }) =>
      `the server tells of ${d.told} where it was asked for the order ${d.order}: nothing was signed or sent`,
  },
  reverted: {
    status: 502,
    text: (d: { purpose: string; transaction: string }) => `${d.purpose}: reverted in ${d.transaction}`,
  },
  child_failed: {
    status: 500,
    text: (d: { what: string; code: string; said: string }) => `${d.what} ended with ${d.code}: ${d.said}`,
  },
  no_deployment: {
    status: 400,
    text: (d: { chainId: number }) =>
      `deployments/ has no file for chain ${d.chainId}: name one with --deployment`,
  },
  no_question: {
    status: 404,
    text: (d: { question: string; chainId: number; block: number }) =>
      `no such question was asked on chain ${d.chainId} up to block ${d.block}: ${d.question}. Is it of another chain, or of contracts that --deployment names?`,
  },
  no_market: {
    status: 404,
    text: (d: { market: string; chainId: number; block: number }) =>
      `no log of chain ${d.chainId} up to block ${d.block} speaks of such a market: ${d.market}. Is it of another chain, or of contracts that --deployment names?`,
  },
  no_bundle: {
    status: 404,
    text: (d: { bundle: string; chainId: number; block: number }) =>
      `no log of chain ${d.chainId} up to block ${d.block} opens such a bundle: ${d.bundle}. Is its hub another, or are its contracts those that --deployment names?`,
  },
  no_node: {
    status: 503,
    text: (d: { node: string; why: string }) =>
      `no node answers at ${d.node} (${d.why}): start one (npm start brings one), name another with --rpc URL or HUB_RPC_URLS, or read a file with --logs FILE`,
  },
  no_key: { status: 400, text: (d: { key: string; why: string }) => `${d.key} is not set: ${d.why}` },
  wrong_chain: {
    status: 409,
    text: (d: { wanted: number; found: number }) =>
      `the node is of chain ${d.found}, the deployment of chain ${d.wanted}: nothing was sent`,
  },
  no_brake: {
    status: 500,
    text: (d: { chainId: number; name: string; address: string }) =>
      `chain ${d.chainId} has no ${d.name} of bundles at ${d.address}: the deployment file is another's, or nothing is deployed there`,
  },
  no_guard: {
    status: 409,
    text: (d: { chainId: number; guard: string }) =>
      `chain ${d.chainId} has no contract at ${d.guard}, where the guard should be: nothing was sent`,
  },
  not_guardian: {
    status: 403,
    text: (d: { account: string; guardian: string }) =>
      `the guardian is ${d.guardian}, not ${d.account}: nothing was sent`,
  },
  not_governor: {
    status: 403,
    text: (d: { account: string; governor: string }) =>
      `the governor of that escrow is ${d.governor}, not ${d.account}: nothing was sent`,
  },
  refused: {
    status: 409,
    text: (d: { action: string; error: string; sent: readonly string[] }) =>
      `${d.action} was not sent, for it would be refused: ${d.error}${d.sent.length === 0 ? ". Nothing was sent" : `. Sent before it, and done: ${d.sent.join("; ")}`}`,
  },
  opened_only: {
    status: 409,
    text: (d: { id: string; error: string }) =>
      `the bundle ${d.id} is handed over or open, and its fee is on its way: npx sooth bundle status ${d.id} shows it, npx sooth bundle pay ${d.id} --send puts in what is missing. What was to follow did not: ${d.error}`,
  },
  no_tokens: {
    status: 409,
    text: (d: { owner: string; token: string; chainId: number; balance: string; wanted: string }) =>
      `${d.owner} holds ${d.balance} of the token ${d.token} on chain ${d.chainId}, and these legs take ${d.wanted}. Nothing was signed or sent`,
  },
  little_credit: {
    status: 409,
    text: (d: { owner: string; credit: string; wanted: string }) =>
      `${d.owner} has ${d.credit} of credit at the hub, and ${d.wanted} were to be paid out. Nothing was sent`,
  },
  no_payment: {
    status: 404,
    text: (d: { said: string }) =>
      `no payment or phase that failed, and no market with one, is called ${d.said}: npx sooth payment list shows them`,
  },
  no_committee: {
    status: 409,
    text: (d: { chainId: number }) =>
      `no committee approves results on chain ${d.chainId}: none is part of this deployment, or its contract is not there. On a laptop give LAPTOP_COMMITTEE as npm start had it`,
  },
  bad_members: {
    status: 400,
    text: (d: { seats: number }) => `a committee are ${d.seats} different addresses, none of them zero`,
  },
  stale_proposal: {
    status: 409,
    text: (d: { why: string }) => `that proposal counts for nothing now: ${d.why}`,
  },
  bad_signature: {
    status: 403,
    text: (d: { member: string; why: string }) =>
      `the committee does not take a signature of ${d.member}: ${d.why}`,
  },
  too_few_signed: {
    status: 409,
    text: (d: { signed: number; needed: number }) =>
      `${d.signed} members signed, ${d.needed} have to: nothing was sent`,
  },
  no_fault: {
    status: 404,
    text: (d: { attester: string }) => `nothing is known against ${d.attester}: it signed nothing false here`,
  },
  unproven: {
    status: 409,
    text: (d: { attester: string }) =>
      `what is known against ${d.attester} no contract can see: a jury may judge it, or his own word once he signs the truth as well`,
  },
  not_his_signature: {
    status: 502,
    text: (d: { attester: string; url: string }) =>
      `${d.url} shows a proof against ${d.attester} that this key did not sign, or that is for another contract`,
  },
  proof_refused: {
    status: 409,
    text: (d: { attester: string; why: string }) =>
      `the slasher does not take the stake of ${d.attester} by it: ${d.why}`,
  },
  not_due: { status: 409, text: (d: { what: string }) => `nothing to send: ${d.what}` },
  bad_keystore: {
    status: 400,
    text: (d: { file: string; why: string }) => `cannot open the keystore ${d.file}: ${d.why}`,
  },
  open_to_others: {
    status: 400,
    text: (d: { file: string }) => `${d.file} may be read by others: chmod 600 it first`,
  },
});
