import { createLifecycle, logger, runUntilSignal } from "@sooth/runtime";
import { loadEnvironment, startStack } from "@sooth/server";

/**
 * The server on external engines, as production runs it, without the web app. launch.ts sets the environment, and may name which
 * of a laptop's providers run: "0,1,2".
 */
const lifecycle = createLifecycle(logger("server"));
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
const providers = process.argv[2]?.split(",").map(Number);
await startStack({ config: loadEnvironment(), lifecycle, exchanges: false, providers });
process.send?.("started");
await runUntilSignal(lifecycle);
process.exit(0);
