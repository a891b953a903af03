import { spawnSync } from "node:child_process";

/** A command prefix by which the system sends `signal` to the command once we are gone; empty where there is none. */
export function leash(signal) {
  const prefix = ["setpriv", "--pdeathsig", signal, "--"];
  const works = spawnSync(prefix[0], [...prefix.slice(1), "true"], { stdio: "ignore" }).status === 0;
  return works ? prefix : [];
}
