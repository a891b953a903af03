import type { Address } from "@sooth/kernel";
import { createSiweMessage, parseSiweMessage } from "viem/siwe";

/** How long a nonce, and a message with it, is good for, in seconds. Long enough for a wallet with several signers. */
export const NONCE_SECONDS = 600;
/** Then one signs in again, in seconds: a week. */
export const SESSION_SECONDS = 604_800;
/** Of one wallet, at once; one more ends the oldest. */
export const MOST_SESSIONS = 10;
/** What clocks may differ by, in seconds. */
const CLOCK_SECONDS = 60;
export const MOST_MESSAGE = 2_000;

const STATEMENT =
  "Sign in to Sooth. This shows that the wallet is yours. It sends no transaction and costs nothing.";

export type SignIn = {
  address: Address;
  chainId: number;
  /** Where the page stands: `https://host`. */
  origin: string;
  nonce: string;
  /** Unix seconds, by the server's clock. */
  issuedAt: number;
};

/** The text that a wallet signs, as EIP-4361 writes it. */
export function signInMessage({ address, chainId, origin, nonce, issuedAt }: SignIn): string {
  const { host, protocol } = new URL(origin);
  return createSiweMessage({
    address,
    chainId,
    domain: host,
    scheme: protocol.slice(0, -1),
    uri: origin,
    version: "1",
    statement: STATEMENT,
    nonce,
    issuedAt: new Date(issuedAt * 1000),
    expirationTime: new Date((issuedAt + NONCE_SECONDS) * 1000),
  });
}

/**
 * Reads a message that signs somebody in at `origin` on `chainId` at `now` (unix seconds), or says what is wrong with it.
 * A wallet shows its user where he signs in, so the place must be ours; its signature and its nonce are the caller's to check.
 */
export function readSignIn(
  text: string,
  { origin, chainId, now }: { origin: string; chainId: number; now: number },
): { address: Address; nonce: string } | { wrong: string } {
  const fields = parseSiweMessage(text);
  const { address, nonce, issuedAt, expirationTime, notBefore, uri } = fields;
  if (address === undefined || nonce === undefined || uri === undefined || issuedAt === undefined)
    return { wrong: "it is no EIP-4361 message" };
  // What a parser skips a person may have read: only the one text that these fields make is taken.
  if (rewritten(fields) !== text) return { wrong: "it is not written as EIP-4361 says" };
  const { host, protocol } = new URL(origin);
  if (fields.domain !== host) return { wrong: `it is for ${fields.domain}, and this is ${host}` };
  if (fields.scheme !== undefined && `${fields.scheme}:` !== protocol)
    return { wrong: `it is for ${fields.scheme}, and this is ${protocol.slice(0, -1)}` };
  if (!URL.canParse(uri) || new URL(uri).origin !== origin) return { wrong: `its URI is not ${origin}` };
  if (fields.chainId !== chainId)
    return { wrong: `it is for chain ${fields.chainId}, and this is chain ${chainId}` };
  const issued = issuedAt.getTime() / 1000;
  if (issued > now + CLOCK_SECONDS) return { wrong: "it was issued in the future" };
  if (issued < now - NONCE_SECONDS) return { wrong: "it was issued too long ago" };
  if (expirationTime && expirationTime.getTime() / 1000 <= now) return { wrong: "it has expired" };
  if (notBefore && notBefore.getTime() / 1000 > now) return { wrong: "it is not good yet" };
  return { address, nonce };
}

function rewritten(fields: ReturnType<typeof parseSiweMessage>): string | undefined {
  try {
    return createSiweMessage(fields as Parameters<typeof createSiweMessage>[0]);
  } catch {
    return undefined; // a field that the standard does not allow: no text is written with it
  }
}
