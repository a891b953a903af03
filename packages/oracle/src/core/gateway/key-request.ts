import type { Address, Hex } from "@sooth/kernel";
import { z } from "zod";
import { wireAddress, wireHex32, wireSeconds } from "../wire.ts";
import { keyName, OWN_SCOPES, wireKeyId } from "./api-key.ts";

/** What a wallet signs to have, change or see its keys. Members that an action has no use for are empty. */
export const wireKeyRequest = z.object({
  action: z.enum(["create", "rotate", "revoke", "list"]),
  owner: wireAddress,
  /** Of the key to rotate or revoke. */
  key: wireKeyId.or(z.literal("")),
  name: keyName.or(z.literal("")),
  scopes: z.array(z.enum(OWN_SCOPES)).max(OWN_SCOPES.length),
  /** Unix seconds; 0: as long as is usual. */
  expiresAt: wireSeconds,
  /** Unix seconds by the wallet's clock; good for five minutes. */
  issuedAt: wireSeconds,
  /** Random: a request is carried out once. */
  nonce: wireHex32,
});
export type KeyRequest = z.infer<typeof wireKeyRequest>;

export const wireApiKey = z.object({
  id: wireKeyId,
  owner: wireAddress.nullable(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: wireSeconds,
  expiresAt: wireSeconds,
  revokedAt: wireSeconds.nullable(),
  replacedBy: wireKeyId.nullable(),
  lastUsedAt: wireSeconds.nullable(),
});
export const wireKeysAnswer = z.object({
  keys: z.array(wireApiKey),
  /** The key itself, after `create` and `rotate`. It is shown this once. */
  secret: z.string().nullable(),
});

/** How far a request's time may lie from ours. */
export const REQUEST_SECONDS = 300;

/** EIP-712 of a request. A signature for one deployment means nothing to another. */
export const keyRequestTypedData = (domain: { chainId: number; oracle: Address }, request: KeyRequest) =>
  ({
    domain: {
      name: "Sooth gateway",
      version: "1",
      chainId: domain.chainId,
      verifyingContract: domain.oracle,
    },
    types: {
      KeyRequest: [
        { name: "action", type: "string" },
        { name: "owner", type: "address" },
        { name: "key", type: "string" },
        { name: "name", type: "string" },
        { name: "scopes", type: "string" },
        { name: "expiresAt", type: "uint64" },
        { name: "issuedAt", type: "uint64" },
        { name: "nonce", type: "bytes32" },
      ],
    },
    primaryType: "KeyRequest",
    message: {
      ...request,
      owner: request.owner as Address,
      scopes: request.scopes.join(","),
      expiresAt: BigInt(request.expiresAt),
      issuedAt: BigInt(request.issuedAt),
      nonce: request.nonce as Hex,
    },
  }) as const;
