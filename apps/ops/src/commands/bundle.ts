import {
  bundleToWire,
  bundleTypedData,
  type WireBundleCall,
  type WireBundleQuote,
  wireBundleId,
  wireBundleQuote,
} from "@sooth/bundles/core";
import { type Address, AppError, sameAddress } from "@sooth/kernel";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { columns } from "../bench/table.ts";
import { file, keys, NOTHING_SENT, send, shared } from "../bundle/arguments.ts";
import { creditOf } from "../bundle/credit.ts";
import { readLegs } from "../bundle/legs-file.ts";
import { detailOf } from "../bundle/look.ts";
import { type ChainAt, ifNode, openServer, type Server, signerFor, withChains } from "../bundle/network.ts";
import { paymentsIn, type Plan, planBundle, refuseWithoutTokens } from "../bundle/plan.ts";
import { sendAll, sentLines } from "../bundle/send.ts";
import { callLines } from "../bundle/show-call.ts";
import { legLines } from "../bundle/show-legs.ts";
import { weiText } from "../bundle/words.ts";
import { command } from "../cli/command.ts";
import { OpsError } from "../ops-error.ts";
import { time } from "../verify/verify-question.ts";

export const bundleQuote = command({
  name: "bundle quote",
  about: "tries the legs of a file as things stand, and says what relaying them would cost and take",
  args: z.object({
    file,
    owner: z.string().optional().describe("where the file names none; else whoever would sign"),
    as: keys.as,
    ...shared,
  }),
  positional: ["file"],
  run: async ({ file: from, owner, as, url, deployment, json }, terminal) => {
    const server = await openServer(url, { signs: false, deployment });
    const asked = await readLegs(from, owner ?? (await mayBeSigner(server, as)), server.now());
    const quote = await server.api.post("/v1/bundles/quote", asked, wireBundleQuote);
    if (json) terminal.result(quote);
    else for (const line of quoteLines(quote)) terminal.line(line);
    return quote.legs.some(({ fails }) => fails !== null) ? 1 : 0;
  },
});

const quoteLines = ({ legs, cost, fee, seconds, leastSeconds, waits }: WireBundleQuote): string[] => [
  ...columns(
    [
      ["leg", "chain", "call gas", "all gas", "as things stand it fails"],
      ...legs.map(({ place, chainId, callGas, gasAlone, fails }) => [
        String(place + 1),
        String(chainId),
        callGas ?? "?",
        gasAlone,
        fails ?? "",
      ]),
    ],
    [2, 3],
  ).split("\n"),
  `costs ${weiText(cost)} of the hub to relay; fee ${weiText(fee)}; about ${seconds} s, and never in less than ${leastSeconds} s`,
  `attesters wait ${waits.map(({ chainId, until, blocks, seconds: takes }) => `for ${until === "blocks" ? `${blocks} blocks` : `"${until}"`} of chain ${chainId} (about ${takes} s)`).join(", ")}`,
];

/** Whoever would sign, where somebody would: to ask for a price nobody needs a key. */
const mayBeSigner = (server: Server, as: string | undefined): Promise<Address | undefined> =>
  ifNode(() => signerFor(server, { as }).then(({ address }) => address));

export const bundleOpen = command({
  name: "bundle open",
  about:
    "signs a bundle of a file's legs and hands it over to be opened and relayed; --pay opens it with a transaction of one's own",
  args: z.object({
    file,
    pay: z
      .boolean()
      .default(false)
      .describe("opens it itself and pays the fee; else the credit at the hub does"),
    fee: z
      .string()
      .regex(/^\d+$/, "wants wei, a whole number")
      .optional()
      .describe("wei of the hub, where the file names none; else what relaying is likely to cost"),
    send,
    ...keys,
    ...shared,
  }),
  positional: ["file"],
  run: async ({ file: from, pay, fee, send: really, url, deployment, json, ...own }, terminal) => {
    const server = await openServer(url, { signs: true, deployment });
    const account = await signerFor(server, own);
    const read = await readLegs(from, account.address, server.now());
    if (!sameAddress(read.owner, account.address))
      throw OpsError.not_owner({ account: account.address, owner: read.owner });
    const asked = fee === undefined || read.fee !== undefined ? read : { ...read, fee };
    return withChains(server, async (chainAt) => {
      const plan = await planBundle(server, chainAt, asked, really);
      const { bundle, id, legs, isPrivate } = plan;
      const opening = plan.calls.filter(({ what }) => pay && what === "open");
      const calls = [
        ...opening,
        ...(await paymentsIn(plan, account.address, server.addresses.escrow, chainAt)),
      ];
      if (!really) {
        const header = bundleToWire(bundle);
        if (json)
          terminal.result({ id, bundle: header, quote: plan.quote, pledges: plan.pledges, calls, sent: [] });
        else for (const line of await planLines(server, plan, calls, chainAt)) terminal.line(line);
        return 0;
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
      return 0;
    });
  },
});

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
