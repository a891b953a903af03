import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createTestClient, http, publicActions } from "viem";
import { ChainError } from "../chain-error.ts";
import { anvilBinary } from "./anvil-binary.ts";
import { DEV_ACCOUNTS, DEV_MNEMONIC } from "./dev-accounts.ts";
import { openStateFile, type StateFile } from "./state-file.ts";

export type AnvilOptions = {
  chainId: number;
  /** 0 or not given: a free one. */
  port?: number;
  /** Not given: a block for each transaction, at once. */
  blockSeconds?: number;
  /** Where the chain is kept between runs; not given: the chain ends with the process. */
  stateFile?: string;
  /** Unix seconds of the first block of a new chain. */
  timestamp?: number;
  /** False: anvil's own output goes to this process's output. */
  quiet?: boolean;
  /** Called with a sentence for people when the state file had to be repaired. */
  onRepair?: (found: string) => void;
};
export type Anvil = { rpcUrl: string; port: number; pid: number; stop(): Promise<void> };

const START_MS = 15_000;
/** Stopping writes the whole state; 100,000 blocks take about a second. */
const STOP_MS = 4_000;
const STARTS = 5;

/**
 * Starts a local node and waits until it answers. It ends with this process, also when that is killed.
 * @throws chain.port_busy, chain.no_binary, chain.node_failed
 */
export async function startAnvil(o: AnvilOptions): Promise<Anvil> {
  const state = o.stateFile ? await openStateFile(o.stateFile, o.onRepair ?? (() => {})) : null;
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(o.port ?? 0);
    const node = spawnAnvil(o, port, state);
    const failure = await Promise.race([ready(node.child, port, o.chainId), node.ended]);
    if (failure === null) {
      await state?.hold(node.child.pid ?? 0);
      if (state) await keepClock(port);
      return running(node, port, state);
    }
    node.child.kill("SIGKILL");
    if (/address already in use/i.test(failure)) {
      // Somebody else took the free port between our look and anvil's: look again.
      if (!o.port && attempt < STARTS) continue;
      throw ChainError.port_busy({ port });
    }
    if (state && (await state.goBack(failure))) continue;
    throw ChainError.node_failed({ chainId: o.chainId, output: failure.trim().slice(-500) });
  }
}

const clientOf = (port: number) =>
  createTestClient({
    mode: "anvil",
    transport: http(`http://127.0.0.1:${port}`, { retryCount: 0, timeout: 2_000 }),
  }).extend(publicActions);

/**
 * A node that starts from a file takes this machine's clock again, give or take a second, so a chain whose time was moved
 * ahead would run backwards. Sets the clock by the last block: what is added to a clock inherits what that lags.
 */
async function keepClock(port: number): Promise<void> {
  const client = clientOf(port);
  const { timestamp } = await client.getBlock();
  if (timestamp >= BigInt(Math.floor(Date.now() / 1000)))
    await client.setNextBlockTimestamp({ timestamp: timestamp + 1n });
}

type Node = { child: ChildProcess; ended: Promise<string> };

function spawnAnvil(o: AnvilOptions, port: number, state: StateFile | null): Node {
  const options: Record<string, string | number | undefined> = {
    "chain-id": o.chainId,
    host: "127.0.0.1",
    port,
    mnemonic: DEV_MNEMONIC,
    accounts: DEV_ACCOUNTS,
    // States in memory; blocks and logs all stay. Calls to older blocks fail, and test reorgs go as deep as this.
    // Each state holds all block hashes: 128 states of 20,000 blocks took 480 MB, 16 take 38 MB.
    "prune-history": o.stateFile ? 16 : 64,
    "block-time": o.blockSeconds,
    timestamp: o.timestamp,
    state: state?.path,
    "state-interval": state?.intervalSeconds,
  };
  const args = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
  if (o.quiet !== false) args.push("--quiet");
  const [program, before] = withParentDeathSignal(anvilBinary());
  const child = spawn(program, [...before, ...args], {
    stdio: ["ignore", o.quiet === false ? "inherit" : "ignore", "pipe"],
    // Ctrl-C in a terminal reaches a whole process group; ours decides when the node ends.
    detached: true,
  });
  let output = "";
  child.stderr?.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000)));
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(`${output} (ended with ${signal ?? code})`));
  });
  return { child, ended };
}

/** Resolves to null once the node answers with the right chain id. */
async function ready(child: ChildProcess, port: number, chainId: number): Promise<string | null> {
  const client = clientOf(port);
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline && child.exitCode === null) {
    const found = await client.getChainId().catch(() => null);
    // Another node on this port: anvil itself will say so and end.
    if (found === chainId && child.exitCode === null) return null;
    await sleep(20);
  }
  return `no answer on port ${port} within ${START_MS / 1000} s`;
}

function running(node: Node, port: number, state: StateFile | null): Anvil {
  return {
    rpcUrl: `http://127.0.0.1:${port}`,
    port,
    pid: node.child.pid ?? 0,
    stop: async () => {
      node.child.kill("SIGINT");
      const late = setTimeout(() => node.child.kill("SIGKILL"), STOP_MS);
      await node.ended;
      clearTimeout(late);
      await state?.close();
    },
  };
}

let setprivWorks: boolean | undefined;

function withParentDeathSignal(binary: string): [string, string[]] {
  setprivWorks ??= spawnSync("setpriv", ["--pdeathsig", "INT", "true"]).status === 0;
  return setprivWorks ? ["setpriv", ["--pdeathsig", "INT", "--", binary]] : [binary, []];
}

/** Looks before anvil does: a node of the same chain on that port would answer in its place. @throws chain.port_busy */
async function freePort(wanted: number): Promise<number> {
  const server = net.createServer().listen(wanted, "127.0.0.1");
  await once(server, "listening").catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EADDRINUSE" ? ChainError.port_busy({ port: wanted }) : error;
  });
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
