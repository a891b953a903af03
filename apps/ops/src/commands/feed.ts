import { readFile } from "node:fs/promises";
import { chainlinkFeedAbi, chainlinkFeedBytecode } from "@sooth/abi";
import { type Chain, walletOf } from "@sooth/chain";
import { at, type Hex } from "@sooth/kernel";
import { feedSchema, wirePreparedFeed } from "@sooth/oracle/core";
import { encodeDeployData } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { apiClient } from "../api-client.ts";
import { command } from "../cli/command.ts";
import { namedChain } from "../deploy/plan.ts";
import { OpsError } from "../ops-error.ts";

const whole = z.coerce.number().int();
const PATIENCE_SECONDS = 5;

export const feedCreate = command({
  name: "feed create",
  about: "builds a feed of a schema file (docs/feeds.md); with --send its terms are logged with DEPLOYER_KEY",
  args: z.object({
    file: z.string().describe("JSON of the schema: what is told, of which sources"),
    heartbeat: whole.min(1).describe("seconds: a value is told at least so often"),
    domain: whole.min(0).max(15).default(0).describe("whose signer set tells it"),
    firstParty: z
      .string()
      .regex(/^0x[0-9a-fA-F]{40}$/, "must be an address")
      .optional()
      .describe("address of the key that alone tells it, of whoever owns the source; else providers do"),
    jump: whole
      .min(0)
      .max(255)
      .optional()
      .describe("times the mean step that is a jump; 0: nothing is; 10 when not given, 0 with --first-party"),
    bandBps: whole
      .min(0)
      .max(10_000)
      .default(500)
      .describe("within these basis points of the last value nothing is a jump"),
    secondary: z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, "must be the id of a feed")
      .optional()
      .describe("feed of the same decimals that it is held against while that is fresh"),
    apartBps: whole
      .min(20)
      .max(5_100)
      .multipleOf(20)
      .default(500)
      .describe("further from the secondary feed a value needs nine tenths of all weight"),
    nonce: z.string().regex(/^\d+$/).default("0").describe("tells feeds of the same terms apart"),
    url: z.url().default("http://127.0.0.1:3000").describe("the API that prepares it"),
    send: z.boolean().default(false).describe("sends it to HUB_RPC_URLS with DEPLOYER_KEY"),
    adapter: z
      .boolean()
      .default(false)
      .describe("with --send: deploys an AggregatorV3 that reads it as well"),
    json: z.boolean().default(false).describe("one JSON value, nothing else"),
  }),
  positional: ["file"],
  run: async ({ file, url, send, adapter, json, firstParty: signer, ...terms }, terminal) => {
    const schema = await readSchema(file);
    const api = apiClient(url, PATIENCE_SECONDS);
    const prepared = await api.post("/v1/feeds/prepare", { ...terms, signer, schema }, wirePreparedFeed);
    const call = at(prepared.calls, 0);
    const done = send
      ? await sendIt(
          { feed: prepared.id as Hex, to: call.to as Hex, data: call.data as Hex },
          schema,
          adapter,
        )
      : null;
    if (json) {
      terminal.result({ ...prepared, ...done });
      return 0;
    }
    terminal.line(`feed     ${prepared.id}`);
    if (done === null)
      terminal.line(`to       ${call.to}\ndata     ${call.data}\n\nNothing was sent: --send does.`);
    else terminal.line(`created  ${done.transaction}`);
    if (done?.adapter) terminal.line(`adapter  ${done.adapter}`);
    terminal.line("\nIt is told by servers whose ORACLE_FEEDS names it.");
    if (signer !== undefined)
      terminal.line(
        `Its values come from a node with the key of ${signer} and PROVIDER_FIRST_PARTY_FEEDS=${prepared.id}.`,
      );
    return 0;
  },
});

async function readSchema(file: string): Promise<z.infer<typeof feedSchema>> {
  try {
    return feedSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    throw OpsError.unreadable({ file, why: error instanceof Error ? error.message : String(error) });
  }
}

type Creation = { feed: Hex; to: Hex; data: Hex };

/** @throws ops.no_key, ops.wrong_chain, ops.reverted */
async function sendIt(
  { feed, to, data }: Creation,
  { text }: { text: string },
  adapter: boolean,
): Promise<{ transaction: Hex; adapter: Hex | null }> {
  const { chain, deployerKey } = namedChain();
  if (!chain) throw OpsError.no_key({ key: "HUB_RPC_URLS", why: "no chain to send to" });
  try {
    if (deployerKey === undefined)
      throw OpsError.no_key({ key: "DEPLOYER_KEY", why: "somebody has to pay the gas" });
    const created = await sent(chain, deployerKey as Hex, { to, data }, "creating the feed");
    if (!adapter) return { transaction: created.transactionHash, adapter: null };
    const code = encodeDeployData({
      abi: chainlinkFeedAbi,
      bytecode: chainlinkFeedBytecode,
      args: [to, feed, text],
    });
    const { contractAddress } = await sent(
      chain,
      deployerKey as Hex,
      { data: code },
      "deploying its adapter",
    );
    return { transaction: created.transactionHash, adapter: contractAddress ?? null };
  } finally {
    await chain.close();
  }
}

async function sent(chain: Chain, key: Hex, call: { to?: Hex; data: Hex }, purpose: string) {
  const { client, definition } = chain;
  const found = await client.getChainId();
  if (found !== definition.id) throw OpsError.wrong_chain({ wanted: definition.id, found });
  const transaction = await walletOf(chain, privateKeyToAccount(key)).sendTransaction(call);
  const receipt = await client.waitForTransactionReceipt({ hash: transaction });
  if (receipt.status !== "success") throw OpsError.reverted({ purpose, transaction });
  return receipt;
}
