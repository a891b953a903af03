import { spawnSync } from "node:child_process";
import os from "node:os";

/** How to run Postgres, which refuses to run as root. `owner` is set when files must belong to another user. */
export type Unprivileged = { prefix: readonly string[]; owner?: { uid: number; gid: number } };

const NOBODY = 65534;
const runs = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, [...args, "true"], { stdio: "ignore" }).status === 0;

const NAMESPACE = ["--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, "--"];
const SET_USER = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--"];

/**
 * An ordinary user runs Postgres as himself. Root, and a user without an entry in /etc/passwd, look like `nobody` inside
 * a user namespace: no account is made and files keep their owner. Where namespaces are forbidden (some containers)
 * root becomes `nobody` for real, and the data folder must belong to it.
 */
export function unprivileged(): Unprivileged {
  const root = process.getuid?.() === 0;
  if (!root && hasAccount()) return { prefix: [] };
  if (runs("unshare", NAMESPACE)) return { prefix: ["unshare", ...NAMESPACE] };
  if (root && runs("setpriv", SET_USER))
    return { prefix: ["setpriv", ...SET_USER], owner: { uid: NOBODY, gid: NOBODY } };
  return { prefix: [] };
}

function hasAccount(): boolean {
  try {
    os.userInfo();
    return true;
  } catch {
    return false;
  }
}

/** Prefix that ends the command when this process ends, however it ends; nothing where setpriv is missing. */
export function diesWithParent(): readonly string[] {
  return runs("setpriv", ["--pdeathsig", "INT", "--"]) ? ["setpriv", "--pdeathsig", "INT", "--"] : [];
}
