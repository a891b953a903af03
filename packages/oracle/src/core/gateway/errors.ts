import { defineErrors } from "@sooth/kernel";

export const GatewayError = defineErrors("gateway", {
  bad_key: { status: 401, text: () => "no key like this was issued" },
  key_expired: {
    status: 401,
    text: (d: { key: string; expiredAt: number }) => `key ${d.key} expired at ${d.expiredAt}`,
  },
  key_revoked: {
    status: 401,
    text: (d: { key: string; revokedAt: number }) => `key ${d.key} was revoked at ${d.revokedAt}`,
  },
  unknown_key: { status: 404, text: (d: { key: string }) => `there is no key ${d.key} to do this with` },
  bad_key_terms: { status: 400, text: (d: { what: string }) => `such a key cannot be had: ${d.what}` },
  too_many_keys: {
    status: 409,
    text: (d: { owner: string; most: number }) =>
      `${d.owner} holds ${d.most} keys that are good; revoke one first`,
  },
  not_owner: { status: 401, text: (d: { owner: string }) => `${d.owner} did not sign this request` },
  stale_request: {
    status: 400,
    text: (d: { issuedAt: number; now: number }) =>
      `the request was signed for ${d.issuedAt}, which is too far from now, ${d.now}`,
  },
  repeated_request: { status: 409, text: () => "this request was carried out already; sign a new one" },
  not_signing: { status: 404, text: () => "this server has no gateway key, so it signs nothing" },
  not_following: {
    status: 503,
    retry: true,
    text: () => "no block of the chain has been read yet",
  },
  bad_id: { status: 400, text: () => "a question's id is 0x and 64 hex digits" },
  unknown_receipt: { status: 404, text: (d: { receipt: string }) => `no receipt ${d.receipt}` },
  bad_ask: {
    status: 400,
    text: (d: { what: string }) => `this is no question that could be asked: ${d.what}`,
  },
  not_mined: {
    status: 404,
    retry: true,
    text: (d: { transaction: string }) => `transaction ${d.transaction} is not on the chain yet`,
  },
  other_handover: {
    status: 400,
    text: (d: { key: string; expected: string }) =>
      `the Idempotency-Key ${d.key} belongs to another report; this one's is ${d.expected}`,
  },
});
