import { scheduler } from "node:timers/promises";
import { type BlockRef, followedHead } from "@sooth/chain";
import { AppError, type Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { type Executor, sql } from "@sooth/store";
import { LRUCache } from "lru-cache";
import type { LocalAccount } from "viem";
import {
  type Answer,
  answerTypedData,
  GatewayError,
  OracleError,
  type SignedAnswer,
  wireHex32,
} from "../../core/index.ts";
import type { ApiDeps } from "../deps.ts";
import { questionsByIds, toWireQuestion, type WireQuestion } from "../questions.ts";

const signed = counter("gateway_signed_total", "Statements that the gateway's key signed", ["what"]);
const lookups = counter("gateway_cache_total", "Looks into the cache of signed answers", ["outcome"]);

/** All of a statement that follows from the chain. Two with one state mean the same. */
type KeyedAnswer = { state: string; signed: SignedAnswer };
type BatchItem = { question: string; signed: SignedAnswer | null; error: AppError | null };

const CACHED = 10_000;
/** A statement that is final stays true; it is signed anew so often that nobody takes it for an old one. */
const FINAL_SECONDS = 60;
/** Signing takes a third of a millisecond, in which nobody else is served. */
const SIGN_AT_ONCE = 8;

/**
 * Answers as the gateway says them. The tables are asked every time, so a reopened or disputed answer is never told from
 * memory; what the cache saves is the signature. An entry's key holds question, round and everything else that the
 * statement says of it, and, unless it is final, the block: what changes has another key.
 */
export function signedAnswers(deps: Pick<ApiDeps, "store" | "hub" | "addresses">, account: LocalAccount) {
  const cache = new LRUCache<string, SignedAnswer>({ max: CACHED });
  const domain = { chainId: deps.hub.definition.id, oracle: deps.addresses.oracle };

  const sign = async (question: WireQuestion, head: BlockRef, now: number): Promise<KeyedAnswer> => {
    const state = stateOf(question);
    const over = isOver(question);
    const key = over ? state : `${state}:${head.hash}`;
    const held = cache.get(key);
    const tooOld = held !== undefined && over && head.timestamp - held.answer.block.time > FINAL_SECONDS;
    if (held && !tooOld) {
      lookups.inc({ outcome: "hit" });
      return { state, signed: held };
    }
    lookups.inc({ outcome: "miss" });
    const answer = statement(domain, question, head, now);
    const signature = await account.signTypedData(answerTypedData(answer));
    signed.inc({ what: "answer" });
    const fresh: SignedAnswer = { answer, signer: account.address, signature };
    cache.set(key, fresh);
    return { state, signed: fresh };
  };

  const many = async (ids: readonly string[], now: number): Promise<Map<string, KeyedAnswer>> => {
    const { head, questions } = await readTogether(deps, ids);
    const found = new Map<string, KeyedAnswer>();
    for (const [index, question] of questions.entries()) {
      if (index % SIGN_AT_ONCE === SIGN_AT_ONCE - 1) await scheduler.yield();
      found.set(question.id, await sign(question, head, now));
    }
    return found;
  };

  return {
    /** @throws oracle.unknown_question, gateway.not_following */
    one: async (id: string, now: number): Promise<KeyedAnswer> => {
      const found = (await many([id], now)).get(id);
      if (!found) throw OracleError.unknown_question({ question: id });
      return found;
    },
    /** One item for each id, in their order; what is wrong with one is told there. @throws gateway.not_following */
    batch: async (ids: readonly string[], now: number): Promise<BatchItem[]> => {
      const found = await many(
        ids.filter((id) => wireHex32.safeParse(id).success),
        now,
      );
      return ids.map((id) => {
        const signed = found.get(id)?.signed ?? null;
        const error = wireHex32.safeParse(id).success
          ? OracleError.unknown_question({ question: id })
          : GatewayError.bad_id(undefined);
        return { question: id, signed, error: signed ? null : error };
      });
    },
  };
}
const isOver = ({ status }: WireQuestion): boolean => status === "final" || status === "invalid";

/** Everything that the statement tells of the question, in one line. */
const stateOf = ({ id, round, status, value, confidence, finalizeAt }: WireQuestion): string =>
  [id, round, status, value, confidence, finalizeAt].join(":");

function statement(
  domain: { chainId: number; oracle: Hex },
  question: WireQuestion,
  head: BlockRef,
  now: number,
): Answer {
  const { id, status, value, confidence, round, finalizeAt } = question;
  const block = { number: head.number, hash: head.hash, time: head.timestamp };
  return { ...domain, question: id, status, value, confidence, round, finalizeAt, block, signedAt: now };
}

/** The questions as they stood at one block, by that block's time: both come from one snapshot of the tables. */
async function readTogether(
  { store, hub }: Pick<ApiDeps, "store" | "hub">,
  ids: readonly string[],
): Promise<{ head: BlockRef; questions: WireQuestion[] }> {
  return store.transaction(async (tx: Executor) => {
    await sql`set transaction isolation level repeatable read, read only`.execute(tx);
    const head = await followedHead(tx, hub.definition.id);
    if (!head) throw GatewayError.not_following(undefined);
    const found = await questionsByIds(tx, ids);
    return { head, questions: found.map((question) => toWireQuestion(question, head.timestamp)) };
  });
}
