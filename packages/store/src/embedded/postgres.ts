import { type ChildProcess, spawn } from "node:child_process";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "../store-error.ts";
import { postgresBinaries } from "./binaries.ts";
import { failure, lockDataDir, POSTGRES_USER, prepareDataDir } from "./data-dir.ts";
import { endLeftover } from "./leftover.ts";
import { diesWithParent, type Unprivileged, unprivileged } from "./unprivileged.ts";

export type EmbeddedPostgres = { url: string; port: number; stop(): Promise<void> };
export type EmbeddedOptions = {
  dataDir: string;
  /** A free one when not given. */
  port?: number;
  /** False trades safety after a power cut for speed: tests only. */
  durable?: boolean;
  /** Told in one sentence what a killed run had left and what was done about it. */
  onRepair?: (what: string) => void;
};

type Server = { child: ChildProcess; ended: Promise<string> };
type Plan = Required<EmbeddedOptions> & { binaries: string; as: Unprivileged; leash: readonly string[] };

// A clean shutdown writes everything out. After this we cut it short: nothing is lost, the next start replays the log.
const STOP_SECONDS = 4;
// The children of a killed server need a moment to notice that it is gone.
const RELEASE_SECONDS = 15;
const PORT_ATTEMPTS = 5;
const READY = "database system is ready to accept connections";

/**
 * Starts the Postgres that came with npm on `dataDir`, which it makes when it is not there. The server ends with this
 * process, however that ends; if the server itself ends unasked, it is started again.
 * @throws store.port_busy, store.disk_full, store.data_corrupt, store.folder_denied, store.folder_in_use,
 * store.no_binaries, store.start_failed
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const binaries = postgresBinaries();
  const dataDir = path.resolve(options.dataDir);
  const unlock = await lockDataDir(dataDir);
  try {
    const port = options.port ?? 0;
    if (port !== 0 && !(await isFree(port))) throw StoreError.port_busy({ port });
    const as = unprivileged();
    const durable = options.durable ?? true;
    const onRepair = options.onRepair ?? (() => {});
    const password = await prepareDataDir({ dataDir, binaries, as, durable });
    await endLeftover(dataDir, onRepair);
    const plan = { dataDir, port, durable, onRepair, binaries, as, leash: diesWithParent() };
    const running = await startOnAPort(plan);
    const stop = supervise({ ...plan, port: running.port }, running.server);
    const url = `postgres://${POSTGRES_USER}:${password}@127.0.0.1:${running.port}/postgres`;
    return {
      url,
      port: running.port,
      stop: async () => {
        await stop();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function startOnAPort(plan: Plan): Promise<{ server: Server; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = plan.port === 0 ? await freePort() : plan.port;
    try {
      return { server: await startServer({ ...plan, port }), port };
    } catch (error) {
      // Another program took the free port between the look and the start.
      const mayRetry = plan.port === 0 && attempt < PORT_ATTEMPTS && isRow(error, "store.port_busy");
      if (!mayRetry) throw error;
    }
  }
}

/** Resolves once the server takes connections. */
async function startServer(plan: Plan): Promise<Server> {
  for (const giveUp = Date.now() + RELEASE_SECONDS * 1000; ; await sleep(100)) {
    const server = spawnServer(plan);
    const output = await Promise.race([server.ready, server.ended]);
    if (output === undefined) return server;
    if (/could not bind|Address already in use/.test(output)) throw StoreError.port_busy({ port: plan.port });
    const heldByChildren = /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(
      output,
    );
    if (!heldByChildren || Date.now() > giveUp) throw failure(plan.dataDir, output);
  }
}

function spawnServer(plan: Plan): Server & { ready: Promise<undefined> } {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    timezone: "UTC",
    log_timezone: "UTC",
    // Short queries gain nothing from compiling, and the first one pays for it.
    jit: "off",
    // Commits still reach the operating system one by one: a killed server loses nothing even so.
    ...(plan.durable ? {} : { fsync: "off", full_page_writes: "off" }),
  };
  const command = [
    ...plan.as.prefix,
    ...plan.leash,
    path.join(plan.binaries, "postgres"),
    "-D",
    plan.dataDir,
  ];
  command.push(
    "-p",
    String(plan.port),
    ...Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]),
  );
  // Detached: Ctrl-C in a terminal reaches the whole foreground group, and the database must outlive the others' drain.
  const child = spawn(command[0] ?? "", command.slice(1), {
    stdio: ["ignore", "ignore", "pipe"],
    cwd: "/",
    detached: true,
  });
  let tail = "";
  const ready = new Promise<undefined>((resolve) => {
    child.stderr.on("data", (chunk: Buffer) => {
      const text = chunk.toString();
      tail = (tail + text).slice(-8000);
      if (text.includes("not properly shut down"))
        plan.onRepair("the database had been cut off: replayed its log, nothing that was committed is lost");
      if (tail.includes(READY)) resolve(undefined);
    });
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.on("error", (error) => reject(StoreError.start_failed({ found: error.message }, { cause: error })));
    child.on("close", () => resolve(tail));
  });
  return { child, ready, ended };
}

/** Starts the server again when it ends unasked. Returns the function that ends it for good. */
function supervise(plan: Plan, first: Server): () => Promise<void> {
  let stopping = false;
  let server = first;
  const loop = async (): Promise<void> => {
    for (;;) {
      await server.ended;
      if (stopping) return;
      plan.onRepair("the database ended unexpectedly: starting it again");
      const next = await restart(plan, () => stopping);
      if (!next) return;
      server = next;
    }
  };
  const over = loop();
  return async () => {
    stopping = true;
    await endServer(server);
    await over;
    // A restart that was under way when we were told to stop.
    await endServer(server);
  };
}

async function restart(plan: Plan, stopping: () => boolean): Promise<Server | undefined> {
  for (let waitMs = 200; !stopping(); waitMs = Math.min(waitMs * 2, 10_000)) {
    try {
      return await startServer(plan);
    } catch (error) {
      plan.onRepair(`the database did not start again: ${(error as Error).message}`);
      await sleep(waitMs, undefined, { ref: false });
    }
  }
  return undefined;
}

async function endServer({ child, ended }: Server): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGINT");
  const inTime = await Promise.race([
    ended.then(() => true),
    sleep(STOP_SECONDS * 1000, false, { ref: false }),
  ]);
  if (!inTime) child.kill("SIGQUIT");
  await ended;
}

const isRow = (error: unknown, code: string): boolean => (error as { code?: string }).code === code;

/** Opens and closes a listener to see whether `port` could be had; 0 asks for any. */
function probe(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const { port: got } = server.address() as net.AddressInfo;
      server.close(() => resolve(got));
    });
  });
}

const isFree = async (port: number): Promise<boolean> => (await probe(port)) !== undefined;

async function freePort(): Promise<number> {
  const port = await probe(0);
  if (port === undefined) throw StoreError.start_failed({ found: "no port is free on 127.0.0.1" });
  return port;
}
