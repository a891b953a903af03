import { canonicalJson } from "@sooth/kernel";
import type { FastifySerializerCompiler } from "fastify/types/schema.js";
import { z } from "zod";
import type { Logger } from "../logger.ts";
import { alert, counter } from "../metrics.ts";
import { HttpError } from "./errors.ts";

const wrongAnswers = counter("http_wrong_answers_total", "Answers that were not what their schema says", [
  "route",
]);
export const wrongAnswersAlert = alert({
  id: "http.wrong_answers",
  severity: "ticket",
  forSeconds: 0,
  when: `increase(${wrongAnswers.metric}[10m]) > 0`,
  runbook: "docs/runbooks/http.md#wrong-answers",
});

/** How many answers of a route go unchecked after one that was checked, where not all are. */
const UNCHECKED = 255;

/**
 * Writes answers as JSON, and checks them as the client will read them: each must be exactly what its schema makes of
 * it, so a member that the schema does not name is a fault as much as one that is missing. A response schema therefore
 * neither transforms nor fills in defaults.
 *
 * Checking a page of twenty markets costs as much as everything else that its request needs. So tests check all answers
 * and refuse the wrong; a server checks the first of each route and then one in 256, and tells of the wrong by log and
 * metric.
 */
export const serializerCompiler =
  (check: "all" | "some", log: Logger): FastifySerializerCompiler<z.ZodType> =>
  ({ schema, method, url, httpStatus }) => {
    let unchecked = UNCHECKED;
    return (data) => {
      const text = JSON.stringify(data);
      if (check === "some" && (unchecked += 1) <= UNCHECKED) return text;
      unchecked = 0;
      const problem = difference(schema, text);
      if (problem === undefined) return text;
      wrongAnswers.inc({ route: url });
      log.error({ method, url, status: httpStatus, problem }, "an answer is not what its schema says");
      if (check === "all") throw HttpError.internal({}, { cause: problem });
      return text;
    };
  };

function difference(schema: z.ZodType, text: string): string | undefined {
  const sent: unknown = JSON.parse(text);
  const read = schema.safeParse(sent);
  if (!read.success) return z.prettifyError(read.error);
  if (canonicalJson(read.data) === canonicalJson(sent)) return undefined;
  return "it has members that the schema does not name, or lacks some that the schema would fill in";
}
