import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { at } from "@sooth/kernel";
import { endProcess } from "../server/launch.ts";
import type { Random } from "./random.ts";

/** A kill comes this long after its checkpoint at most, so that it hits the middle of something. */
const LATEST_MS = 400;

/** Something that goes on by itself, such as a settlement. */
export type Course = {
  /** How long after its beginning it may be hit, in milliseconds. */
  latestMs: number;
  isOver(): Promise<boolean>;
};

/** A process that is killed now and then. */
export type Victim = { name: string; launch(): Promise<ChildProcess> };

export type KilledServer = {
  kills(): number;
  /** Of them those that hit a course which was not over. */
  amid(): number;
  /** Something may be killed now, and this is what it would hit. */
  checkpoint(course?: Course): void;
  /** Resolves once every kill that was planned has happened and all are back. */
  settled(): Promise<void>;
  stop(): Promise<void>;
};

/** Processes of their own, one of which is killed with -9 at `kills` random ones of so many checkpoints and started again each time. */
export async function startKilledServer(o: {
  victims: readonly Victim[];
  kills: number;
  checkpoints: number;
  random: Random;
  onStep(text: string): void;
}): Promise<KilledServer> {
  const moments = o.random.pick(
    Array.from({ length: o.checkpoints }, (_, index) => index + 1),
    o.kills,
  );
  let passed = 0;
  let kills = 0;
  let amid = 0;
  const children = new Map<Victim, ChildProcess>();
  const stopAll = async () => {
    await Promise.all([...children.values()].map((child) => endProcess(child)));
  };
  try {
    for (const victim of o.victims) children.set(victim, await victim.launch());
  } catch (error) {
    await stopAll();
    throw error;
  }
  let work: Promise<void> = Promise.resolve();

  const killOnce = async (victim: Victim, afterMs: number, course: Course | undefined) => {
    await delay(afterMs);
    const child = children.get(victim);
    if (child) await endProcess(child, "SIGKILL");
    kills += 1;
    if (course && !(await course.isOver())) amid += 1;
    o.onStep(`${victim.name} was killed with -9 (${kills} of ${o.kills}) and starts again`);
    children.set(victim, await victim.launch());
  };

  return {
    kills: () => kills,
    amid: () => amid,
    checkpoint: (course) => {
      passed += 1;
      if (!moments.includes(passed)) return;
      const afterMs = o.random.between(0, course?.latestMs ?? LATEST_MS);
      const victim = at(o.victims, o.victims.length > 1 ? o.random.between(0, o.victims.length - 1) : 0);
      // One after the other; an error waits for whoever waits for the end.
      work = work.then(() => killOnce(victim, afterMs, course));
      work.catch(() => {});
    },
    settled: () => work,
    stop: async () => {
      await work.catch(() => {});
      await stopAll();
    },
  };
}
