import { oracleAbi } from "@sooth/abi";
import { type Hex, sameAddress } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import { z } from "zod";
import { OracleError, termsToChain, wireAddress, type wireCall, withoutHidden } from "../core/index.ts";
import { chainTime } from "./clock.ts";
import type { ApiDeps } from "./deps.ts";
import { clarificationsOf, questionById } from "./questions.ts";

/** Limits of Asking.sol: bytes of UTF-8 in a text, and texts of a question. */
const MAX_BYTES = 4_096;
const MOST = 16;
/** Until the asker's wallet has sent it, the question must still be closed. */
const MARGIN_SECONDS = 10;

export const wirePrepareClarification = z.object({
  asker: wireAddress,
  /** Part of the question from then on, for good. */
  text: z.string().min(1).max(MAX_BYTES),
});

/**
 * The call by which an asker says how his question is to be read, before it opens. What was signed before it counts no
 * more. @throws oracle.unknown_question, oracle.not_asker, oracle.not_open, oracle.bad_clarification
 */
export async function prepareClarification(
  deps: Pick<ApiDeps, "store" | "hub" | "addresses">,
  id: Hex,
  { asker, text }: z.infer<typeof wirePrepareClarification>,
): Promise<{ calls: z.infer<typeof wireCall>[] }> {
  const [question, now] = await Promise.all([questionById(deps.store.db, id), chainTime(deps.hub)]);
  if (!question) throw OracleError.unknown_question({ question: id });
  const { terms, word } = question;
  const refuse = (what: string) => OracleError.bad_clarification({ question: id, what });
  if (!sameAddress(terms.asker, asker as Hex))
    throw OracleError.not_asker({ asker: terms.asker, caller: asker as Hex });
  if (word.state !== "open") throw OracleError.not_open({ question: id, status: word.state });
  if (now + MARGIN_SECONDS >= terms.opensAt) throw refuse("it opens now, or is open already");
  if ((await clarificationsOf(deps.store.db, id)).length >= MOST)
    throw refuse(`it has ${MOST} clarifications`);
  if (new TextEncoder().encode(text).length > MAX_BYTES) throw refuse(`it is longer than ${MAX_BYTES} bytes`);
  if (withoutHidden(text) !== text || !text.isWellFormed())
    throw refuse("it holds control characters or half a character");
  const data = encodeFunctionData({
    abi: oracleAbi,
    functionName: "clarify",
    args: [termsToChain(terms), text],
  });
  const chainId = deps.hub.definition.id;
  return {
    calls: [{ chainId, to: deps.addresses.oracle, data, value: "0", purpose: "Clarify the question" }],
  };
}
