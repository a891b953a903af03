import { setTimeout as delay } from "node:timers/promises";
import { endProcess, launchServer, type ServerSettings } from "../server/launch.ts";
import type { Random } from "./random.ts";

/** Checkpoints of a whole demo, roughly: 10 while opening, 30 while staking, 15 while settling. Kills are spread over them. */
const CHECKPOINTS = 54;
/** A kill comes this long after its checkpoint at most, so that it hits the middle of something. */
const LATEST_MS = 400;

export type KilledServer = {
  kills(): number;
  checkpoint(): void;
  /** Resolves once every kill that was planned has happened and the server is back. */
  settled(): Promise<void>;
  stop(): Promise<void>;
};

/** The server as a process of its own, killed with -9 at `kills` random moments and started again each time. */
export async function startKilledServer(o: {
  settings: ServerSettings;
  kills: number;
  random: Random;
  onStep(text: string): void;
}): Promise<KilledServer> {
  const moments = o.random.pick(
    Array.from({ length: CHECKPOINTS }, (_, index) => index + 1),
    o.kills,
  );
  let passed = 0;
  let kills = 0;
  let child = await launchServer(o.settings);
  let work: Promise<void> = Promise.resolve();

  const killOnce = async (afterMs: number) => {
    await delay(afterMs);
    await endProcess(child, "SIGKILL");
    kills += 1;
    o.onStep(`the server was killed with -9 (${kills} of ${o.kills}) and starts again`);
    child = await launchServer(o.settings);
  };

  return {
    kills: () => kills,
    checkpoint: () => {
      passed += 1;
      if (!moments.includes(passed)) return;
      const afterMs = o.random.between(0, LATEST_MS);
      // One after the other; an error waits for whoever waits for the end.
      work = work.then(() => killOnce(afterMs));
      work.catch(() => {});
    },
    settled: () => work,
    stop: async () => {
      await work.catch(() => {});
      await endProcess(child);
    },
  };
}
