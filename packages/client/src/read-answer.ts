import { ApiError } from "./api-error.ts";
import type { Answer, SignedAnswer } from "./generated/types.ts";
import { SeenAnswers } from "./seen-answers.ts";
import type { CallOptions } from "./transport.ts";
import { type Trust, verifyAnswer, type VerifyOptions } from "./verify.ts";
import { wait } from "./wait.ts";

/** The one call of the client that reading needs. */
type Reader = { getAnswer(input: { question: string }, options?: CallOptions): Promise<SignedAnswer> };

/** Only then may money move on it. */
export const isOver = ({ status }: Pick<Answer, "status">): boolean =>
  status === "final" || status === "invalid";

/** How a question stands, by a statement that was verified. @throws StatementError, ApiError */
export async function readAnswer(
  client: Reader,
  question: string,
  trust: Trust,
  options: VerifyOptions & CallOptions = {},
): Promise<Answer> {
  const { signal, ...verify } = options;
  return verifyAnswer(await client.getAnswer({ question }, { signal }), question, trust, verify);
}

const POLL_MS = 1000;

/**
 * The verified answer once it is final or invalid; nothing before. A question that was just asked may not be known yet
 * for `patientSeconds`. Rejects when `signal` aborts. @throws StatementError, ApiError
 */
export async function waitForAnswer(
  client: Reader,
  question: string,
  trust: Trust,
  options: VerifyOptions & CallOptions & { pollMs?: number; patientSeconds?: number } = {},
): Promise<Answer> {
  const { pollMs = POLL_MS, patientSeconds = 0, ...read } = options;
  const patientUntil = performance.now() + patientSeconds * 1000;
  const seen = options.seen ?? new SeenAnswers();
  for (;;) {
    try {
      const answer = await readAnswer(client, question, trust, { ...read, seen });
      if (isOver(answer)) return answer;
    } catch (error) {
      const isUnknown = error instanceof ApiError && error.code === "oracle.unknown_question";
      if (!isUnknown || performance.now() > patientUntil) throw error;
    }
    await wait(pollMs, options.signal);
  }
}
