import type { App } from "@sooth/runtime";
import { wireCommitteeSeats, wirePropose, wireReplace, wireReplacement } from "../../../core/index.ts";
import type { Deps } from "../../deps.ts";
import { handOverReplacement, prepareReplacement, viewSeats } from "./replacements.ts";

/** Who approves results, and how members seat five others. Nothing here is needed for it: the contract takes three signatures from anybody. */
export function committeeRoutes(app: App, deps: Deps): void {
  const tags = ["opinions"];
  app.get(
    "/v1/committee",
    {
      schema: {
        operationId: "getCommittee",
        tags,
        summary: "Who sits in the committee, and the changes that members have signed",
        response: { 200: wireCommitteeSeats },
      },
    },
    () => viewSeats(deps),
  );

  app.post(
    "/v1/committee/replacements/prepare",
    {
      schema: {
        operationId: "prepareReplacement",
        tags,
        summary:
          "What members sign who want five others to sit; the open change with the same five, if there is one",
        body: wirePropose,
        response: { 200: wireReplacement },
      },
    },
    ({ body }) => prepareReplacement(deps, body),
  );

  app.post(
    "/v1/committee/replacements",
    {
      schema: {
        operationId: "signReplacement",
        tags,
        summary: "Hands over a member's signature over five others; the first one proposes them",
        body: wireReplace,
        response: { 201: wireReplacement },
      },
    },
    async ({ body }, reply) => reply.code(201).send(await handOverReplacement(deps, body)),
  );
}
