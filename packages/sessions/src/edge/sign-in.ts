import { signerOf } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { hashMessage } from "viem";
import type { z } from "zod";
import { readSignIn, SessionError, type wireSignIn } from "../core/index.ts";
import { type Deps, serverTime } from "./deps.ts";
import { openSession, type Session, takeNonce } from "./store.ts";

type SignInDeps = Pick<Deps, "store"> & { hub: Pick<Deps["hub"], "definition" | "client"> };

/**
 * Opens a session for the wallet that signed. @throws session.bad_message, session.stale_nonce, session.bad_signature,
 * chain.rpc_unreachable
 */
export async function signIn(
  { store, hub }: SignInDeps,
  { message, signature }: z.infer<typeof wireSignIn>,
  origin: string,
): Promise<Session & { token: string }> {
  const now = serverTime();
  const read = readSignIn(message, { origin, chainId: hub.definition.id, now });
  if ("wrong" in read) throw SessionError.bad_message({ what: read.wrong });
  // Before the signature is looked at: asking a contract for its word costs a node's time, and one nonce buys it once.
  if (!(await takeNonce(store.db, read.nonce, now))) throw SessionError.stale_nonce({});
  if (!(await isSigned(hub, read.address, message, signature as Hex)))
    throw SessionError.bad_signature({ address: read.address });
  return openSession(store, read.address, now);
}

/** By the wallet's own key, else by the word of the contract that it is or will be (ERC-1271, ERC-6492). */
async function isSigned(
  hub: SignInDeps["hub"],
  address: Hex,
  message: string,
  signature: Hex,
): Promise<boolean> {
  if (signerOf(hashMessage(message), signature) === address.toLowerCase()) return true;
  return hub.client.verifySiweMessage({ address, message, signature });
}
