import { type Address, defineErrors } from "@sooth/kernel";

/** Texts that are found by their hash. None of these has a counterpart on chain, where there are hashes alone. */
export const ContentError = defineErrors("content", {
  bad_name: {
    status: 400,
    text: (d: { name: string }) => `"${d.name}" names no text: a CID of raw SHA-256, or that hash`,
  },
  bad_text: { status: 400, text: (d: { what: string }) => `the text is not taken: ${d.what}` },
  unknown: { status: 404, text: (d: { cid: string }) => `no text ${d.cid} is kept here` },
  erased: {
    status: 451,
    text: (d: { cid: string }) => `the text ${d.cid} was erased on request; its hash stays on the chain`,
  },
  not_yours: {
    status: 403,
    text: (d: { owner: Address; cid: string }) => `${d.owner} staked on no market with the text ${d.cid}`,
  },
  shared: {
    status: 409,
    text: (d: { cid: string }) =>
      `somebody else staked with the text ${d.cid} first, and who did has it erased: ask the operator`,
  },
  too_young: {
    status: 409,
    text: (d: { cid: string; wait: number }) =>
      `the text ${d.cid} came lately, and who brought it may be about to stake with it: ask again in ${d.wait} s`,
  },
  not_asked: {
    status: 404,
    text: (d: { owner: Address; cid: string }) =>
      `${d.owner} did not ask to have the text ${d.cid} erased, or it is erased already`,
  },
  request_expired: {
    status: 409,
    text: (d: { deadline: number }) =>
      `the request is good until ${d.deadline}: that is over, or more than an hour away; sign it anew`,
  },
  bad_signature: { status: 400, text: (d: { owner: Address }) => `the signature is not ${d.owner}'s` },
  broken: {
    status: 500,
    text: (d: { cid: string }) =>
      `what is kept as ${d.cid} has another hash: the disk or somebody changed it`,
  },
  no_provider: {
    status: 403,
    text: (d: { signer: Address }) =>
      `no provider or watcher known here signs with ${d.signer}: label sheets are theirs`,
  },
  too_many: {
    status: 429,
    retry: true,
    text: (d: { retryAfterSeconds: number }) =>
      `this address brought or asked for much within an hour; try again in ${d.retryAfterSeconds} s`,
  },
  full: {
    status: 429,
    retry: true,
    text: (d: { retryAfterSeconds: number }) =>
      `many texts came in today; try again in ${d.retryAfterSeconds} s, or hand yours to another store`,
  },
});
