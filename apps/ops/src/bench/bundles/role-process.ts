import { Session } from "node:inspector/promises";
import { createLifecycle, logger, runUntilSignal } from "@sooth/runtime";
import { loadEnvironment, startStack } from "@sooth/server";
import { type Profile, splitProfile } from "./cost-parts.ts";
import type { Answer, Question } from "./role.ts";

/** Roles of a server in a process of their own, on external engines, that tells what it costs. role.ts sets the environment. */
const lifecycle = createLifecycle(logger("server"));
/** Often enough for minutes, and so seldom that looking costs next to nothing. */
const SAMPLE_MICROSECONDS = 2_000;
const inspector = new Session();
inspector.connect();
let isWatched = false;
// Loading the program is no part of any leg.
const atStart = process.cpuUsage();
await watchFromNowOn();

process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.on("message", (question: Question) => {
  void answer(question).then((said) => process.send?.(said));
});
await startStack({ config: loadEnvironment(), lifecycle, exchanges: false });
process.send?.("started");
await runUntilSignal(lifecycle);
process.exit(0);

async function answer({ id, ask }: Question): Promise<Answer> {
  const { user, system } = process.cpuUsage(atStart);
  const cpuMs = (user + system) / 1_000;
  if (ask === "cpu") return { id, cpuMs, parts: {} };
  if (ask === "watch") {
    await watchFromNowOn();
    return { id, cpuMs, parts: {} };
  }
  const { profile } = await inspector.post("Profiler.stop");
  isWatched = false;
  return { id, cpuMs, parts: splitProfile(profile as Profile) };
}

async function watchFromNowOn(): Promise<void> {
  if (isWatched) await inspector.post("Profiler.stop");
  await inspector.post("Profiler.enable");
  await inspector.post("Profiler.setSamplingInterval", { interval: SAMPLE_MICROSECONDS });
  await inspector.post("Profiler.start");
  isWatched = true;
}
