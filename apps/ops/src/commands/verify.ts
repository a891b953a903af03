import { parseDeployment } from "@sooth/chain";
import { AppError, type Hex } from "@sooth/kernel";
import { offlineAnalyst } from "@sooth/markets";
import { type EvidenceBody, logFileText } from "@sooth/oracle/core";
import { commaList } from "@sooth/runtime";
import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { hubUrl, relaysHere } from "../checks/target.ts";
import { command } from "../cli/command.ts";
import { OpsError } from "../ops-error.ts";
import { beaconRounds } from "../verify/beacon-rounds.ts";
import { contentAt, evidenceOfServer, isServer } from "../verify/content-source.ts";
import { booksOfNode } from "../verify/contract-books.ts";
import { logsOfFile, logsOfNode, readText } from "../verify/log-source.ts";
import { reasonTexts } from "../verify/reason-texts.ts";
import { verifiedMarketText, verifyMarket } from "../verify/verify-market.ts";
import { verifiedText, verifyQuestion } from "../verify/verify-question.ts";

export const verifyCommand = command({
  name: "verify question",
  about:
    "recomputes a question from chain logs alone: signatures, weights, answer, finality, money; ends with 1 where it differs, 3 where nobody asked it, 4 without a node",
  args: z.object({
    id: z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, "wants 0x and 64 digits")
      .describe("the question, as the chain names it"),
    logs: z.string().optional().describe("a file of --save-logs: then nobody is asked anything"),
    rpc: z.string().optional().describe("a node; else HUB_RPC_URLS, else the network on this machine"),
    saveLogs: z.string().optional().describe("where to keep the logs that were read"),
    evidence: z.string().optional().describe("a folder of bodies, each named by its sha256: 0x….json"),
    items: z.string().optional().describe("a JSON list of the integers that stand under a vector's root"),
    reasons: z
      .string()
      .optional()
      .describe("texts of objections: a folder of them, each named by its hash, 0x….txt, or a server's URL"),
    deployment: z
      .string()
      .optional()
      .describe("the contracts to believe in; else deployments/<chainId>.json"),
    dataDir: z.string().default(".sooth").describe("data folder of the network on this machine"),
    json: z.boolean().default(false).describe("one JSON object, nothing else"),
  }),
  positional: ["id"],
  run: async ({ id, logs, rpc, saveLogs, evidence, items, reasons, deployment, dataDir, json }, terminal) => {
    const known = deployment === undefined ? undefined : parseDeployment(await readText(deployment));
    const file =
      logs === undefined ? await logsOfNode(rpc ?? nodeHere(dataDir), known) : await logsOfFile(logs);
    if (saveLogs !== undefined) await writeFile(saveLogs, logFileText(file));
    const bodies = evidence === undefined ? null : await bodiesIn(evidence);
    const verified = await verifyQuestion(file, id.toLowerCase() as Hex, {
      deployment: known,
      evidence: bodies,
      items: items === undefined ? null : itemsOf(items, await readText(items)),
      reasons: reasons === undefined ? null : reasonTexts(reasons),
    });
    if (json) terminal.result(verified);
    else for (const line of verifiedText(verified)) terminal.line(line);
    return verified.findings.length === 0 ? 0 : 1;
  },
});

export const verifyMarketCommand = command({
  name: "verify market",
  about:
    "recomputes a market from chain logs and content hashes alone: answer, score, weights, draw, every pay-out; ends as verify question does",
  args: z.object({
    id: z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, "wants 0x and 64 digits")
      .describe("the market, of opinions or of pools, as the chain names it"),
    logs: z.string().optional().describe("a file of --save-logs: then no node is asked anything"),
    rpc: z.string().optional().describe("a node; else HUB_RPC_URLS, else the network on this machine"),
    saveLogs: z.string().optional().describe("where to keep the logs that were read"),
    evidence: z
      .string()
      .optional()
      .describe(
        "what providers read: a folder of bodies, each named by its sha256, 0x….json, or a server's URL",
      ),
    content: z
      .string()
      .optional()
      .describe(
        "label sheets and opinions: a folder of files, each named by its sha256 or CID, or a server's URL",
      ),
    relabel: z
      .boolean()
      .default(false)
      .describe(
        "labels all opinions again with the analyst of this repository, and compares: wants --content",
      ),
    beacon: z
      .string()
      .optional()
      .describe(
        "relays of the beacon, a comma list, for signatures that open hidden stances and stand in no log; else BEACON_URLS, else this machine's, else drand's; with --logs nobody is asked unasked",
      ),
    deployment: z
      .string()
      .optional()
      .describe("the contracts to believe in; else deployments/<chainId>.json"),
    dataDir: z.string().default(".sooth").describe("data folder of the network on this machine"),
    json: z.boolean().default(false).describe("one JSON object, nothing else"),
  }),
  positional: ["id"],
  run: async (
    { id, logs, rpc, saveLogs, evidence, content, relabel, beacon, deployment, dataDir, json },
    terminal,
  ) => {
    if (relabel && content === undefined)
      throw OpsError.bad_argument({
        command: "verify market",
        argument: "--relabel",
        wrong: "wants --content too, where the texts are",
      });
    const known = deployment === undefined ? undefined : parseDeployment(await readText(deployment));
    const market = id.toLowerCase() as Hex;
    const node = logs === undefined ? (rpc ?? nodeHere(dataDir)) : null;
    const file = node === null ? await logsOfFile(logs ?? "") : await logsOfNode(node, known);
    if (saveLogs !== undefined) await writeFile(saveLogs, logFileText(file));
    const relays =
      beacon === undefined ? (node === null ? [] : relaysHere(dataDir)) : commaList.parse(beacon);
    const rounds = beaconRounds(file.header.rounds ?? [], relays);
    const verified = await verifyMarket(file, market, {
      deployment: known,
      evidence: async (question) => {
        if (evidence === undefined) return null;
        return isServer(evidence) ? evidenceOfServer(evidence, question) : bodiesIn(evidence);
      },
      contents: content === undefined ? null : (hashes) => contentAt(content, hashes),
      analyst: relabel ? offlineAnalyst() : null,
      books:
        node === null ? null : (addresses) => booksOfNode(node, addresses, market, file.header.head.block),
      rounds,
    });
    // What opened hidden stances is kept too, so that the file opens them without asking anybody.
    if (saveLogs !== undefined && rounds.given().length > 0)
      await writeFile(saveLogs, logFileText({ ...file, header: { ...file.header, rounds: rounds.given() } }));
    if (json) terminal.result(verified);
    else for (const line of verifiedMarketText(verified)) terminal.line(line);
    return verified.findings.length === 0 ? 0 : 1;
  },
});

const nodeHere = (dataDir: string): string => foundHere(dataDir, hubUrl);

/** What the environment names, else what runs on this machine. @throws ops.no_node */
export function foundHere<T>(dataDir: string, find: (dataDir: string) => T): T {
  try {
    return find(dataDir);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw OpsError.no_node(
      { node: "this machine", why: `nothing runs with its data in ${dataDir}` },
      { cause },
    );
  }
}

/** @throws ops.unreadable */
function itemsOf(file: string, text: string): bigint[] {
  try {
    return z
      .array(z.union([z.number().int(), z.string().regex(/^-?\d+$/)]))
      .parse(JSON.parse(text))
      .map(BigInt);
  } catch (cause) {
    throw OpsError.unreadable({ file, why: "it is no JSON list of integers" }, { cause });
  }
}

/**
 * Bodies `<sha256>.json` and, beside them, what their providers signed, `<sha256>.sig`, and with what they hid it where values
 * are committed first, `<sha256>.secret`. @throws ops.unreadable
 */
async function bodiesIn(folder: string): Promise<EvidenceBody[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw OpsError.unreadable({ file: folder, why: error.code ?? error.message }, { cause: error });
  });
  const names = files.filter((file) => file.endsWith(".json")).map((file) => path.basename(file, ".json"));
  const besides = async (file: string) =>
    files.includes(file) ? ((await readText(path.join(folder, file))).trim() as Hex) : undefined;
  return Promise.all(
    names.map(async (name) => {
      const [text, signature, secret] = await Promise.all([
        readText(path.join(folder, `${name}.json`)),
        besides(`${name}.sig`),
        besides(`${name}.secret`),
      ]);
      return { name, text, ...(signature && { signature }), ...(secret && { secret }) };
    }),
  );
}
