import { createLifecycle, logger, runUntilSignal } from "@sooth/runtime";
import { loadEnvironment, startStack } from "@sooth/server";

/** The server on external engines, as production runs it, without the web app. launch.ts sets the environment. */
const lifecycle = createLifecycle(logger("server"));
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
await startStack({ config: loadEnvironment(), lifecycle, exchanges: false });
await runUntilSignal(lifecycle);
process.exit(0);
