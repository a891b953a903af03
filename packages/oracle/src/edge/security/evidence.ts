import { canonicalJson, type Hex } from "@sooth/kernel";
import { type Executor, one, sql } from "@sooth/store";
import { keccak256, stringToHex } from "viem";
import type { SecurityEvent } from "../../core/index.ts";

/** A text and what it is found by. */
export type Body = { hash: Hex; text: string };

/** What is kept of an event that has no evidence of its own: itself, in canonical JSON. */
export function bodyOf(event: SecurityEvent, chainId: number): Body {
  const text = canonicalJson({ version: 1, kind: "event", chainId, ...event });
  return { hash: keccak256(stringToHex(text)), text };
}

/** A name has one text, so that storing it again changes nothing. */
export const keepBody = async (tx: Executor, { hash, text }: Body): Promise<void> => {
  await sql`insert into oracle.security_evidence (hash, body) values (${hash}, ${text}) on conflict do nothing`.execute(
    tx,
  );
};

export const bodyByHash = async (db: Executor, hash: string): Promise<string | undefined> =>
  (
    await one<{ body: string }>(
      db,
      sql`select body from oracle.security_evidence where hash = ${hash.toLowerCase()}`,
    )
  )?.body;
