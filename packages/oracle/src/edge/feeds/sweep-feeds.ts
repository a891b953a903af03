import { feedsAbi } from "@sooth/abi";
import type { BlockRef } from "@sooth/chain";
import { rows, sql } from "@sooth/store";
import { type Hex, need } from "@sooth/kernel";
import { encodeFunctionData, parseSignature, signatureToCompactSignature } from "viem";
import {
  feedFields,
  feedUpdate,
  FIRST_PARTY_EPOCH,
  firstPartyUpdate,
  NOBODY,
  type OwnReport,
  type SignerSet,
} from "../../core/index.ts";
import type { WorkerDeps } from "../deps.ts";
import { send } from "../send.ts";
import { toldFeeds } from "./feeds.ts";
import { feedReportsSince, forgetFeedReports } from "./reports.ts";

/** For so long what was handed over is shown, seconds of chain time. */
const KEPT_SECONDS = 86_400;

/**
 * Puts into the outbox the newest update of every told feed that the contract would take. One for each moment, and
 * another where 90 % of all weight came together after a quorum's was refused as a jump.
 */
export async function sweepFeeds(
  deps: WorkerDeps,
  sets: ReadonlyMap<number, SignerSet>,
  { timestamp: now }: BlockRef,
): Promise<void> {
  const { db } = deps.store;
  const told = await toldFeeds(db, deps.config);
  if (told.length === 0) return;
  const paused = await rows<{ domain: number }>(
    db,
    sql`select domain from oracle.domain_pauses where until > ${now}`,
  );
  const longest = Math.max(...told.map(({ id }) => feedFields(id).heartbeat));
  const held = await feedReportsSince(
    db,
    told.map(({ id }) => id),
    now - longest - 1,
  );
  for (const { id, schema, last, owner, refusedAt } of told) {
    const { domain, heartbeat } = feedFields(id);
    if (owner) {
      // A pause of the domain holds up providers, and not the owner of a source.
      const { deviationBps } = need(schema, "the schema of a told feed");
      const own = firstPartyUpdate({ heartbeat, deviationBps, last, reports: held.get(id) ?? [], now });
      await forgetFeedReports(db, id, now - KEPT_SECONDS);
      if (own) await send(deps, firstPartyCall(deps, { id, template: owner.template }, own));
      continue;
    }
    if (paused.some((each) => each.domain === domain)) continue;
    const signers = sets.get(domain) ?? NOBODY;
    const update = feedUpdate({ heartbeat, last, signers, reports: held.get(id) ?? [], now });
    await forgetFeedReports(db, id, now - KEPT_SECONDS);
    if (update === null) continue;
    // Nothing was taken yet, and what was told is too far from the second opinion: the contract would refuse each once more.
    if (last === null && refusedAt !== null && now < refusedAt + heartbeat) continue;
    const { observedAt, entries, neededMore } = update;
    await send(deps, {
      key: `oracle:feed:${id}:${observedAt}:${signers.epoch}${neededMore ? ":strong" : ""}`,
      to: deps.addresses.feeds,
      data: encodeFunctionData({
        abi: feedsAbi,
        functionName: "updateValues",
        args: [id, observedAt, signers.epoch, entries],
      }),
      purpose: "feed",
    });
  }
}

function firstPartyCall(
  { addresses }: Pick<WorkerDeps, "addresses">,
  { id, template }: { id: Hex; template: Hex },
  { value, observedAt, signature }: OwnReport,
) {
  const { r, yParityAndS } = signatureToCompactSignature(parseSignature(signature));
  return {
    key: `oracle:feed:${id}:${observedAt}:${FIRST_PARTY_EPOCH}`,
    to: addresses.feeds,
    data: encodeFunctionData({
      abi: feedsAbi,
      functionName: "updateFirstParty",
      args: [template, value, observedAt, r, yParityAndS],
    }),
    purpose: "feed",
  };
}
