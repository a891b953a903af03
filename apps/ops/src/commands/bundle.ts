import { type WireBundleQuote, wireBundleQuote } from "@sooth/bundles/core";
import { type Address, sameAddress } from "@sooth/kernel";
import { z } from "zod";
import { columns } from "../bench/table.ts";
import { file, keys, send, shared } from "../bundle/arguments.ts";
import { readLegs } from "../bundle/legs-file.ts";
import { ifNode, openServer, type Server, signerFor, withChains } from "../bundle/network.ts";
import { openAsked } from "../bundle/open.ts";
import { weiText } from "../bundle/words.ts";
import { command } from "../cli/command.ts";
import { OpsError } from "../ops-error.ts";

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
      await openAsked({ server, account, chainAt }, asked, { pay, send: really, json }, terminal);
      return 0;
    });
  },
});
