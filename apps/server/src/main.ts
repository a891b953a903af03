import { AppError } from "@sooth/kernel";
import { isLocal } from "@sooth/chain";
import { configureLogs, createLifecycle, logger } from "@sooth/runtime";
import path from "node:path";
import { readArguments } from "./arguments.ts";
import { besideWhom, whoSigns } from "./beside.ts";
import { loadEnvironment, ROLE_NAMES } from "./config.ts";
import { buildWeb } from "./laptop/web-build.ts";
import { startStack } from "./stack.ts";
import { failed, nodeReady, progress, ready, stopped } from "./terminal.ts";

const USAGE = `Sooth answers questions with staked providers, and settles money on the answers.

  npm start                         everything, on this machine: database, three chains, four providers, web app
  npm start -- --roles api,worker   only these roles (${ROLE_NAMES.join(", ")})
  npm start -- --join URL --settings FILE
                                    a provider's node beside the server at URL; FILE holds PROVIDER_KEY=0x...
  npm start -- --fresh              forget the last run's data and start over
  npm start -- --port 3001          another port for the web app and the API
  npm start -- --data-dir DIR       another folder for the embedded engines' data

Settings come from the environment; docs/config.md lists them all.`;

const root = path.resolve(import.meta.dirname, "../../..");
/** Somebody waits at the terminal of a laptop; elsewhere requests in flight get their 30 s. */
const STOP_WITHIN_MS = 5_000;

async function main(): Promise<void> {
  const { help, fresh, join, settings } = readArguments(process.argv.slice(2));
  if (help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const config = loadEnvironment(settings);
  const beside = besideWhom(join, config);
  configureLogs({ level: config.LOG_LEVEL ?? (isLocal(config.HUB_CHAIN_ID) ? "warn" : "info") });
  const lifecycle = createLifecycle(logger("server"));
  const onSignal = stopOnSignal(() =>
    lifecycle.stop(isLocal(config.HUB_CHAIN_ID) ? STOP_WITHIN_MS : undefined),
  );
  const started = Date.now();
  const stack = await startStack({
    config,
    beside,
    lifecycle,
    fresh,
    starters: true,
    onStep: progress,
    onRepair: (what) => progress(`repaired: ${what}`),
    webFolder: () => buildWeb(root, progress),
  });
  onSignal.started();
  if (beside !== undefined) {
    // A sentence for the terminal: the node runs with it or without.
    nodeReady(await whoSigns(stack.config, beside).catch((error: Error) => error.message));
    return;
  }
  ready({ url: stack.url, local: stack.accounts !== undefined, ms: Date.now() - started });
}

/** The first signal stops in order, the second one at once. */
function stopOnSignal(stop: () => Promise<void>) {
  let stopping = false;
  let running = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(130);
    stopping = true;
    const code = signal === "SIGINT" ? 130 : 143;
    void finish(stop, running ? 0 : code);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  // The launcher holds the other end of this channel: when it is gone, so is the terminal that started us.
  process.on("disconnect", () => {
    // Where the launcher sends a signal too, that signal is the first one already.
    if (!stopping) onSignal("SIGTERM");
  });
  return { started: () => void (running = true) };
}

async function finish(stop: () => Promise<void>, code: number): Promise<never> {
  try {
    await stop();
    stopped();
    process.exit(code);
  } catch (error) {
    failed(error);
    process.exit(1);
  }
}

main().catch((error: unknown) => {
  failed(error);
  process.exit(error instanceof AppError ? 1 : 70);
});
