import {
  bundleToWire,
  bundleTypedData,
  type WireBundleCall,
  wireBundleId,
  type WirePrepareBundle,
} from "@sooth/bundles/core";
import { AppError, type Hex } from "@sooth/kernel";
import { setTimeout as delay } from "node:timers/promises";
import type { LocalAccount } from "viem";
import type { Terminal } from "../cli/command.ts";
import { OpsError } from "../ops-error.ts";
import { time } from "../verify/verify-question.ts";
import { NOTHING_SENT } from "./arguments.ts";
import { creditOf } from "./credit.ts";
import { detailOf } from "./look.ts";
import { type ChainAt, ifNode, type Server } from "./network.ts";
import { paymentsIn, type Plan, planBundle, refuseWithoutTokens } from "./plan.ts";
import { sendAll, sentLines } from "./send.ts";
import { callLines } from "./show-call.ts";
import { legLines } from "./show-legs.ts";
import { weiText } from "./words.ts";

type With = { server: Server; account: LocalAccount; chainAt: ChainAt };
/** `pay`: by a transaction of one's own; else the credit at the hub pays. */
type How = { pay: boolean; send: boolean; json: boolean };

/**
 * Shows what would be signed, promised and sent for a bundle; with `send` opens it, and pays in what is this account's to pay.
 * @returns its id
 * @throws ops.no_credit, ops.no_tokens, ops.opened_only, and what planning, the server and the chains refuse
 */
export async function openAsked(
  { server, account, chainAt }: With,
  asked: WirePrepareBundle,
  { pay, send, json }: How,
  terminal: Terminal,
): Promise<Hex> {
  const plan = await planBundle(server, chainAt, asked, send);
  const { bundle, id, legs, isPrivate } = plan;
  const opening = plan.calls.filter(({ what }) => pay && what === "open");
  const calls = [...opening, ...(await paymentsIn(plan, account.address, server.addresses.escrow, chainAt))];
  if (!send) {
    const header = bundleToWire(bundle);
    if (json)
      terminal.result({ id, bundle: header, quote: plan.quote, pledges: plan.pledges, calls, sent: [] });
    else for (const line of await planLines(server, plan, calls, chainAt)) terminal.line(line);
    return id;
  }
  await refuseWithoutTokens(account.address, legs, server.addresses.escrow, chainAt);
  const handed = { bundle: bundleToWire(bundle), legs: plan.asked.legs };
  if (!pay) {
    await refuseWithoutCredit(server, plan, chainAt);
    const signature = await account.signTypedData(bundleTypedData(server.hub, bundle));
    await server.api.post("/v1/bundles", { ...handed, signature, private: isPrivate }, wireBundleId);
  } else if (isPrivate) await server.api.post(`/v1/bundles/${id}/legs`, handed, wireBundleId);
  // What pays for it comes after it is open, and may be refused still.
  const opened = pay ? await sendAll(opening, account, chainAt) : [];
  const paid = await sendAll(calls.slice(opening.length), account, chainAt).catch((error: unknown) => {
    throw OpsError.opened_only(
      { id, error: error instanceof Error ? error.message : String(error) },
      { cause: error },
    );
  });
  const sent = [...opened, ...paid];
  await untilKnown(server, id);
  if (json) terminal.result({ id, sent });
  else {
    for (const line of [`bundle ${id}`, ...sentLines(sent)]) terminal.line(line);
    const held = legs.some(({ kind }) => kind === "escrow");
    terminal.line(
      `next: npx sooth bundle status ${id}${held ? `; who else pays a leg: npx sooth bundle pay ${id} --send` : ""}`,
    );
  }
  return id;
}

const KNOWN_WITHIN_MS = 20_000;
const ASK_AGAIN_MS = 500;

/** Until the server has read of it, so that the command that comes next finds it. One that does not in time is not waited for. */
async function untilKnown(server: Server, id: string): Promise<void> {
  const until = performance.now() + KNOWN_WITHIN_MS;
  while (performance.now() < until) {
    try {
      await detailOf(server, id);
      return;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "bundles.unknown") throw error;
      await delay(ASK_AGAIN_MS);
    }
  }
}

/** What would be signed, in words; and what would be sent. */
async function planLines(
  server: Server,
  { id, bundle, asked, quote, pledges }: Plan,
  calls: readonly WireBundleCall[],
  chainAt: ChainAt,
): Promise<string[]> {
  const isPaid = calls.some(({ what }) => what === "open");
  const credit = isPaid ? undefined : await ifNode(() => creditOf(server, bundle.owner, chainAt));
  const takes =
    quote === null ? "" : `; relaying costs about ${weiText(quote.cost)} and takes ${quote.seconds} s`;
  return [
    `bundle    ${id}`,
    `owner     ${bundle.owner}, ${bundle.mode}`,
    `deadline  ${time(bundle.deadline)}`,
    `fee       ${weiText(bundle.fee)}${takes}`,
    ...asked.legs.flatMap((leg, place) => legLines(leg, place, quote?.legs[place]?.fails ?? null)),
    ...pledges.map(({ kept, says }) => `${kept ? "promised " : "NOT promised "} ${says}`),
    ...(isPaid
      ? []
      : [
          `would sign it and hand it over; the owner's credit at the hub${credit === undefined ? "" : `, ${weiText(credit)},`} pays the fee`,
        ]),
    ...callLines(calls, server.addresses),
    NOTHING_SENT,
  ];
}

/** Said before anything is signed; the server would say it after. @throws ops.no_credit */
async function refuseWithoutCredit(server: Server, { bundle }: Plan, chainAt: ChainAt): Promise<void> {
  const credit = await ifNode(() => creditOf(server, bundle.owner, chainAt));
  if (credit === undefined || credit >= bundle.fee) return;
  throw OpsError.no_credit({
    owner: bundle.owner,
    credit: String(credit),
    fee: String(bundle.fee),
    lacking: String(bundle.fee - credit),
  });
}
