import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { OpsError } from "../../ops-error.ts";
import { endProcess } from "../../server/launch.ts";
import { waitFor } from "../../waiting.ts";

/** `parts` says where the time went since it was watched, and ends that; `watch` begins anew. A role that starts is watched. */
export type Question = { id: number; ask: "cpu" | "watch" | "parts" };
/** Processor time since the program was loaded, and shares of it by part since it was watched; both in milliseconds. */
export type Answer = { id: number; cpuMs: number; parts: Record<string, number> };

/** A process that does some roles of a server. */
export type Role = {
  ask(what: Question["ask"]): Promise<Answer>;
  stop(): Promise<void>;
};

const PROGRAM = path.join(import.meta.dirname, "role-process.ts");
const READY_SECONDS = 120;
const KEPT = 4_000;

/** @param folder where it is started: paths of deployments are looked up from there. @throws ops.child_failed, ops.not_in_time */
export async function startRole(what: string, env: Record<string, string>, folder: string): Promise<Role> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", PROGRAM], {
    env: { LOG_LEVEL: "error", ...env },
    cwd: folder,
    // The channel ends with us, and the child ends with the channel.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let said = "";
  const hear = (chunk: Buffer) => (said = (said + chunk.toString()).slice(-KEPT));
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  let started = false;
  child.once("message", () => (started = true));
  await waitFor(
    `${what} to run`,
    async () => {
      if (child.exitCode !== null) throw OpsError.child_failed({ what, code: String(child.exitCode), said });
      return started || undefined;
    },
    { seconds: READY_SECONDS, saw: () => said },
  );
  return { ask: asker(what, child, () => said), stop: () => endProcess(child) };
}

const IDLE_SHARE = 0.15;
const IDLE_LOOK_MS = 1_000;

/** Resolves once it works less than a seventh of the time: what it had to do still is done. @throws ops.not_in_time */
export async function untilIdle(role: Role, seconds: number): Promise<void> {
  let last = await role.ask("cpu");
  await waitFor(
    "a role to have done what it had to",
    async () => {
      const now = await role.ask("cpu");
      const share = (now.cpuMs - last.cpuMs) / IDLE_LOOK_MS;
      last = now;
      return share < IDLE_SHARE || undefined;
    },
    { seconds, everyMs: IDLE_LOOK_MS },
  );
}

/** @throws ops.child_failed for what is asked of a process that has ended, or ends before it answers */
function asker(what: string, child: ChildProcess, saw: () => string): Role["ask"] {
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  child.on("message", (answer: Answer) => {
    waiting.get(answer.id)?.resolve(answer);
    waiting.delete(answer.id);
  });
  const hasEnded = () => OpsError.child_failed({ what, code: String(child.exitCode), said: saw() });
  child.once("exit", () => {
    for (const { reject } of waiting.values()) reject(hasEnded());
  });
  let next = 0;
  return (ask) =>
    new Promise((resolve, reject) => {
      if (child.exitCode !== null || child.signalCode !== null) return reject(hasEnded());
      const id = next++;
      waiting.set(id, { resolve, reject });
      child.send({ id, ask } satisfies Question);
    });
}
