import { parseDeployment } from "@sooth/chain";
import { AppError, type Hex } from "@sooth/kernel";
import { type EvidenceBody, logFileText } from "@sooth/oracle/core";
import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { hubUrl } from "../checks/target.ts";
import { command } from "../cli/command.ts";
import { OpsError } from "../ops-error.ts";
import { logsOfFile, logsOfNode, readText } from "../verify/log-source.ts";
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
    deployment: z
      .string()
      .optional()
      .describe("the contracts to believe in; else deployments/<chainId>.json"),
    dataDir: z.string().default(".sooth").describe("data folder of the network on this machine"),
    json: z.boolean().default(false).describe("one JSON object, nothing else"),
  }),
  positional: ["id"],
  run: async ({ id, logs, rpc, saveLogs, evidence, items, deployment, dataDir, json }, terminal) => {
    const known = deployment === undefined ? undefined : parseDeployment(await readText(deployment));
    const file =
      logs === undefined ? await logsOfNode(rpc ?? nodeHere(dataDir), known) : await logsOfFile(logs);
    if (saveLogs !== undefined) await writeFile(saveLogs, logFileText(file));
    const bodies = evidence === undefined ? null : await bodiesIn(evidence);
    const verified = await verifyQuestion(file, id.toLowerCase() as Hex, {
      deployment: known,
      evidence: bodies,
      items: items === undefined ? null : itemsOf(items, await readText(items)),
    });
    if (json) terminal.result(verified);
    else for (const line of verifiedText(verified)) terminal.line(line);
    return verified.findings.length === 0 ? 0 : 1;
  },
});

/** @throws ops.no_node */
function nodeHere(dataDir: string): string {
  try {
    return hubUrl(dataDir);
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
