import {
  type Addresses,
  computeAddresses,
  type Deployment,
  deploymentText,
  parseDeployment,
  readDeployment,
} from "@sooth/chain";
import { sameAddress } from "@sooth/kernel";
import { LOG_FORMAT, type LogFile, type Note, parseLogFile } from "@sooth/oracle/core";
import { readFile } from "node:fs/promises";
import { BaseError, createPublicClient, http, HttpRequestError, TimeoutError } from "viem";
import { fetchRawLogs } from "../audit/read-logs.ts";
import { OpsError } from "../ops-error.ts";

/** @throws ops.unreadable */
export const readText = (file: string): Promise<string> =>
  readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw OpsError.unreadable({ file, why: error.code ?? error.message }, { cause: error });
  });

/** @throws ops.unreadable, oracle.bad_log_file */
export const logsOfFile = async (file: string): Promise<LogFile> => parseLogFile(await readText(file));

/** All logs of the deployment up to the node's head. Nothing but the node is asked. @throws ops.no_deployment, ops.no_node */
export const logsOfNode = (rpcUrl: string, given: Deployment | undefined): Promise<LogFile> =>
  askNode(rpcUrl, () => readNode(rpcUrl, given));

/** @throws ops.no_node where it does not answer */
export async function askNode<T>(rpcUrl: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const away = error instanceof BaseError ? error.walk((each) => isAway(each)) : null;
    if (!away) throw error;
    throw OpsError.no_node({ node: hostOf(rpcUrl), why: whyOf(away) }, { cause: error });
  }
}

const isAway = (error: unknown): boolean =>
  error instanceof HttpRequestError || error instanceof TimeoutError;

/** Keys often stand in the path of such an address: only its host is told. */
const hostOf = (rpcUrl: string): string =>
  URL.canParse(rpcUrl) ? new URL(rpcUrl).host : "what is no address";

function whyOf(error: Error): string {
  if (error instanceof TimeoutError) return "it did not answer in time";
  if (error instanceof HttpRequestError && error.status !== undefined) return `HTTP ${error.status}`;
  return "nothing listens there";
}

async function readNode(rpcUrl: string, given: Deployment | undefined): Promise<LogFile> {
  const client = createPublicClient({ transport: http(rpcUrl) });
  const chainId = await client.getChainId();
  const deployment = given ?? (await readDeployment(chainId));
  if (!deployment) throw OpsError.no_deployment({ chainId });
  const head = await client.getBlock();
  const { addresses, startBlock = 0 } = deployment;
  return {
    header: {
      format: LOG_FORMAT,
      deployment: JSON.parse(deploymentText(deployment)) as unknown,
      head: { block: Number(head.number), at: Number(head.timestamp) },
    },
    logs: await fetchRawLogs(client, addresses, startBlock, Number(head.number)),
  };
}

/**
 * The deployment that the logs are said to be of, held against what this source code deploys and against what is known
 * of the chain (`given`, else the file in deployments/): logs of other contracts prove nothing.
 */
export async function checkDeployment(
  { header }: { header: Pick<LogFile["header"], "deployment"> },
  given: Deployment | undefined,
  note: Note,
): Promise<Deployment> {
  const deployment = parseDeployment(JSON.stringify(header.deployment));
  const { chainId, params } = deployment;
  const known = given ?? (await readDeployment(chainId));
  const names = Object.keys(deployment.addresses) as (keyof Addresses)[];
  const differing = (other: Addresses) =>
    names.filter((name) => !sameAddress(other[name] ?? "", deployment.addresses[name] ?? ""));
  const built = differing(computeAddresses(params));
  if (built.length === 0)
    note.tell(`${names.length} addresses follow from this source code and the parameters that are given`);
  else note.differ(`not what this source code deploys with these parameters: ${built.join(", ")}`);
  if (!known) note.tell(`nothing is known here of chain ${chainId}: the addresses are the log file's own`);
  else if (known.chainId !== chainId || differing(known.addresses).length > 0)
    note.differ(
      `the log file is of other contracts than the known ones: ${differing(known.addresses).join(", ")}`,
    );
  else note.tell(`they are the known contracts of chain ${chainId}`);
  return deployment;
}
