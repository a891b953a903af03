import type { App } from "@sooth/runtime";
import { z } from "zod";
import {
  DisputeError,
  disputeStage,
  page,
  wireAddress,
  wireAppealReason,
  wireBatch,
  wireCommitment,
  wireDispute,
  wireHex32,
  wireJurorReceipt,
  wireJury,
  wireOpening,
  wirePrepareAppeal,
  wirePreparedAppeal,
  wirePreparedDispute,
  wirePrepareDispute,
  wireReason,
  wireReasonText,
  wireSlash,
} from "../core/index.ts";
import { receiveAppealReason } from "./appeal-reasons.ts";
import { chainTime } from "./clock.ts";
import { receiveCommitment, receiveOpening } from "./collect.ts";
import { readCursor } from "./cursor.ts";
import type { ApiDeps } from "./deps.ts";
import { momentOf, toWireDispute, toWireJury } from "./dispute-view.ts";
import { disputeWindows } from "./dispute-windows.ts";
import { disputeById, listDisputes, pausesOf, type StoredDispute } from "./disputes.ts";
import { batchesOf, juriesByIds, juryById, listJuries } from "./juries.ts";
import { prepareAppeal, prepareDispute } from "./prepare-dispute.ts";
import { questionsByIds } from "./questions.ts";
import { keepReason, reasonText } from "./reasons.ts";
import { listSlashes } from "./slashes.ts";

const tags = ["disputes"];
const params = z.object({ id: wireHex32 });
const paging = {
  cursor: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
};

/** Disputes, juries and slashes, below /v1. */
export function disputeRoutes(app: App, deps: ApiDeps): void {
  disputeReads(app, deps);
  juryRoutes(app, deps);
  reasonRoutes(app, deps);
  app.post(
    "/v1/questions/:id/disputes/prepare",
    {
      schema: {
        operationId: "prepareDispute",
        tags,
        summary: "What objecting to an answer, or to silence, costs and can bring, and the calls that do it",
        params,
        body: wirePrepareDispute,
        response: { 200: wirePreparedDispute },
      },
    },
    ({ params: { id }, body }) => prepareDispute(deps, id, body),
  );
  app.post(
    "/v1/disputes/:id/appeals/prepare",
    {
      schema: {
        operationId: "prepareAppeal",
        tags,
        summary: "What an appeal to the next jury costs and can bring, and the calls that make it",
        params,
        body: wirePrepareAppeal,
        response: { 200: wirePreparedAppeal },
      },
    },
    ({ params: { id }, body }) => prepareAppeal(deps, id, body),
  );
  app.get(
    "/v1/slashes",
    {
      schema: {
        operationId: "listSlashes",
        tags,
        summary: "Stakes that were slashed and why, newest first",
        querystring: z.object({ owner: wireAddress.optional(), ...paging }),
        response: { 200: page(wireSlash) },
      },
    },
    async ({ query: { cursor, limit, owner } }) => {
      const found = await listSlashes(deps.store.db, { owner, before: placeOf(cursor), limit: limit + 1 });
      const { items, next } = paged(found, limit, ({ place }) => place);
      return { items: items.map(({ slash }) => slash), next };
    },
  );
}

const placeOf = (cursor: string | undefined) => (cursor === undefined ? undefined : readCursor(cursor));

/** One more than asked for was read: it tells whether there is a next page. */
function paged<T>(found: readonly T[], limit: number, placed: (item: T) => string) {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: last !== undefined && found.length > limit ? placed(last) : null };
}

async function momentNow(deps: ApiDeps) {
  const [now, pauses, windows] = await Promise.all([
    chainTime(deps.hub),
    pausesOf(deps.store.db),
    disputeWindows(deps.hub, deps.addresses),
  ]);
  return momentOf(now, pauses, windows);
}

async function told(deps: ApiDeps, found: readonly StoredDispute[]) {
  const { db } = deps.store;
  const [moment, questions, juries] = await Promise.all([
    momentNow(deps),
    questionsByIds(
      db,
      found.map(({ dispute }) => dispute.question),
    ),
    juriesByIds(
      db,
      found.flatMap(({ jury }) => (jury === null ? [] : [jury])),
    ),
  ]);
  return found.flatMap((stored) => {
    const question = questions.find(({ id }) => id === stored.dispute.question);
    const jury = juries.find(({ id }) => id === stored.jury);
    return question ? [toWireDispute(stored, question, jury, moment)] : [];
  });
}

function disputeReads(app: App, deps: ApiDeps): void {
  const { db } = deps.store;
  app.get(
    "/v1/disputes",
    {
      schema: {
        operationId: "listDisputes",
        tags,
        summary: "Disputes, newest first",
        querystring: z.object({
          question: wireHex32.optional(),
          stage: disputeStage.optional(),
          disputer: wireAddress.optional(),
          ...paging,
        }),
        response: { 200: page(wireDispute) },
      },
    },
    async ({ query: { cursor, limit, ...filter } }) => {
      const found = await listDisputes(db, { ...filter, before: placeOf(cursor), limit: limit + 1 });
      const { items, next } = paged(found, limit, (each) => `${each.openedBlock}:${each.openedLog}`);
      return { items: await told(deps, items), next };
    },
  );
  app.get(
    "/v1/disputes/:id",
    {
      schema: {
        operationId: "getDispute",
        tags,
        summary: "A dispute, its deposits and its way up the ladder",
        params,
        response: { 200: wireDispute },
      },
    },
    async ({ params: { id } }) => {
      const stored = await disputeById(db, id);
      const [found] = stored ? await told(deps, [stored]) : [];
      if (!found) throw DisputeError.unknown_dispute({ dispute: id });
      return found;
    },
  );
}

function reasonRoutes(app: App, deps: ApiDeps): void {
  const { db } = deps.store;
  app.post(
    "/v1/disputes/:id/appeal-reasons",
    {
      schema: {
        operationId: "handOverAppealReason",
        tags,
        summary: "Hand over the text that says why one appealed, signed, once the appeal is on the chain",
        params,
        body: wireAppealReason,
        response: { 200: wireReason },
      },
    },
    ({ params: { id }, body }) => receiveAppealReason(deps, id, body),
  );
  app.post(
    "/v1/reasons",
    {
      schema: {
        operationId: "handOverReason",
        tags,
        summary: "Hand over the text that says why one objects; its hash goes with the objection",
        body: wireReasonText,
        response: { 200: wireReason },
      },
    },
    async ({ body: { text } }) => ({ hash: await keepReason(db, text), text }),
  );
  app.get(
    "/v1/reasons/:id",
    {
      schema: {
        operationId: "getReason",
        tags,
        summary: "The text with this hash, if it was handed over here and not erased",
        params,
        response: { 200: wireReason },
      },
    },
    async ({ params: { id } }) => ({ hash: id, text: await reasonText(db, id) }),
  );
}

function juryRoutes(app: App, deps: ApiDeps): void {
  const { db } = deps.store;
  app.get(
    "/v1/juries",
    {
      schema: {
        operationId: "listJuries",
        tags,
        summary: "Juries, newest first",
        querystring: z.object(paging),
        response: { 200: page(wireJury) },
      },
    },
    async ({ query: { cursor, limit } }) => {
      const [moment, found] = await Promise.all([
        momentNow(deps),
        listJuries(db, { before: placeOf(cursor), limit: limit + 1 }),
      ]);
      const { items, next } = paged(found, limit, (each) => `${each.openedBlock}:${each.openedLog}`);
      return { items: await Promise.all(items.map((each) => toWireJury(db, each, moment))), next };
    },
  );
  app.get(
    "/v1/juries/:id",
    {
      schema: {
        operationId: "getJury",
        tags,
        summary: "A jury, who was drawn, and what was opened of their votes",
        params,
        response: { 200: wireJury },
      },
    },
    async ({ params: { id } }) => {
      const [moment, stored] = await Promise.all([momentNow(deps), juryById(db, id)]);
      if (!stored) throw DisputeError.unknown_jury({ jury: id });
      return toWireJury(db, stored, moment);
    },
  );
  app.get(
    "/v1/juries/:id/batches",
    {
      schema: {
        operationId: "listBatches",
        tags,
        summary: "The collector's batches of commitments, each whole and in the order of its hash",
        params,
        response: { 200: z.object({ items: z.array(wireBatch) }) },
      },
    },
    async ({ params: { id } }) => ({
      items: (await batchesOf(db, id as `0x${string}`)).map((batch) => ({
        ...batch,
        commitments: [...batch.commitments],
      })),
    }),
  );
  app.post(
    "/v1/juries/:id/commitments",
    {
      schema: {
        operationId: "handOverCommitment",
        tags,
        summary: "Hand over a drawn juror's signed commitment, in the commit window",
        params,
        body: wireCommitment,
        response: { 200: wireJurorReceipt },
      },
    },
    ({ params: { id }, body }) => receiveCommitment(deps, id, body),
  );
  app.post(
    "/v1/juries/:id/openings",
    {
      schema: {
        operationId: "handOverOpening",
        tags,
        summary: "Hand over what opens a juror's commitment, in the reveal window and not before",
        params,
        body: wireOpening,
        response: { 200: wireJurorReceipt },
      },
    },
    ({ params: { id }, body }) => receiveOpening(deps, id, body),
  );
}
