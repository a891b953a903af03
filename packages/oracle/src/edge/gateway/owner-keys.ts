import { signerOf } from "@sooth/chain";
import { randomBytes } from "node:crypto";
import { type Address, type Hex, never } from "@sooth/kernel";
import { type Executor, one, sql } from "@sooth/store";
import { hashTypedData } from "viem";
import type { z } from "zod";
import {
  GatewayError,
  keyFault,
  type KeyRequest,
  keyRequestTypedData,
  MOST_OWN_KEYS,
  REQUEST_SECONDS,
  type wireKeysAnswer,
  type wireTypedData,
} from "../../core/index.ts";
import type { ApiDeps } from "../deps.ts";
import { createKey, listKeys, revokeKey, rotateKey } from "./keys.ts";

type KeysAnswer = z.infer<typeof wireKeysAnswer>;

/** What a wallet signs for `wanted`: the request itself, with its time and its nonce filled in. */
export function prepareKeyRequest(
  deps: Pick<ApiDeps, "hub" | "addresses">,
  wanted: Omit<KeyRequest, "issuedAt" | "nonce">,
  now: number,
): { request: KeyRequest; typedData: z.infer<typeof wireTypedData> } {
  const nonce: Hex = `0x${randomBytes(32).toString("hex")}`;
  const request: KeyRequest = { ...wanted, issuedAt: now, nonce };
  const data = keyRequestTypedData(domainOf(deps), request);
  const { expiresAt, issuedAt, ...message } = data.message;
  return {
    request,
    typedData: {
      purpose: `${request.action} an API key`,
      domain: data.domain,
      types: { KeyRequest: [...data.types.KeyRequest] },
      primaryType: data.primaryType,
      message: { ...message, expiresAt: String(expiresAt), issuedAt: String(issuedAt) },
    },
  };
}

/**
 * Does what a wallet signed, once. @throws gateway.not_owner, gateway.stale_request, gateway.repeated_request,
 * gateway.unknown_key, gateway.too_many_keys, gateway.bad_key_terms
 */
export async function carryOut(
  deps: Pick<ApiDeps, "store" | "hub" | "addresses">,
  request: KeyRequest,
  signature: Hex,
  now: number,
): Promise<KeysAnswer> {
  if (Math.abs(now - request.issuedAt) > REQUEST_SECONDS)
    throw GatewayError.stale_request({ issuedAt: request.issuedAt, now });
  if (!(await isSignedBy(deps, request, signature))) throw GatewayError.not_owner({ owner: request.owner });
  return deps.store.transaction(async (tx) => {
    await useNonce(tx, request, now);
    return act(tx, request, now);
  });
}

async function act(tx: Executor, request: KeyRequest, now: number): Promise<KeysAnswer> {
  const { action, owner, key: id } = request;
  switch (action) {
    case "list":
      return { keys: await listKeys(tx, owner), secret: null };
    case "revoke":
      return { keys: [await revokeKey(tx, { id, owner }, now)], secret: null };
    case "rotate": {
      const { text, key } = await rotateKey(tx, { id, owner }, now);
      return { keys: [key], secret: text };
    }
    case "create": {
      // One after the other for one owner, or several at once would each find room.
      await sql`select pg_advisory_xact_lock(hashtext(${`keys of ${owner.toLowerCase()}`}))`.execute(tx);
      const good = (await listKeys(tx, owner)).filter((each) => keyFault(each, now) === null);
      if (good.length >= MOST_OWN_KEYS) throw GatewayError.too_many_keys({ owner, most: MOST_OWN_KEYS });
      const expiresAt = request.expiresAt === 0 ? undefined : request.expiresAt;
      const wanted = { owner, name: request.name || "my key", scopes: request.scopes, expiresAt };
      const { text, key } = await createKey(tx, wanted, now);
      return { keys: [key], secret: text };
    }
    default:
      return never(action);
  }
}

const domainOf = ({ hub, addresses }: Pick<ApiDeps, "hub" | "addresses">) => ({
  chainId: hub.definition.id,
  oracle: addresses.oracle,
});

/** By the owner's own key, or by the word of the contract that the owner is (EIP-1271, EIP-6492). */
async function isSignedBy(
  deps: Pick<ApiDeps, "hub" | "addresses">,
  request: KeyRequest,
  signature: Hex,
): Promise<boolean> {
  const data = keyRequestTypedData(domainOf(deps), request);
  const owner = request.owner as Address;
  if (signerOf(hashTypedData(data), signature) === owner.toLowerCase()) return true;
  return deps.hub.client.verifyTypedData({ ...data, address: owner, signature });
}

async function useNonce(tx: Executor, { nonce, owner }: KeyRequest, now: number): Promise<void> {
  // What is older would be refused for its age.
  await sql`delete from oracle.key_requests where used_at < ${now - 3 * REQUEST_SECONDS}`.execute(tx);
  const fresh = await one(
    tx,
    sql`insert into oracle.key_requests (nonce, owner, used_at) values (${nonce}, ${owner.toLowerCase()}, ${now})
      on conflict do nothing returning nonce`,
  );
  if (!fresh) throw GatewayError.repeated_request(undefined);
}
