import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { leash } from "./leash.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
// Ctrl-C reaches us from the terminal and once more from npm. It must count as one: a second signal means "at once".
const SAME_SIGNAL_MILLISECONDS = 1_000;
const WATCH_MILLISECONDS = 500;

/**
 * Runs `target` under `node`, hands it our signals, and ends as it ends. It does not outlive us, nor we npm, which is
 * `parent`.
 */
export function run({ node, target, args, parent }) {
  const tie = leash("TERM");
  const [command, ...first] = [...tie, node, path.join(root, target)];
  const child = spawn(command, [...first, ...args], {
    cwd: root,
    // A group of its own: the terminal's signals come through us, once, and not past us.
    detached: true,
    // Where nothing ties the child to us, it can tell by this channel that we are gone.
    stdio: tie.length > 0 ? "inherit" : ["inherit", "inherit", "inherit", "ipc"],
    env: {
      ...process.env,
      PATH: [path.dirname(node), path.join(root, "node_modules/.bin"), process.env.PATH].join(path.delimiter),
      NODE: node,
      npm_node_execpath: node,
      // Compiled code is kept between starts: about a quarter of a second each time.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? path.join(root, "node_modules/.cache/compile"),
    },
  });

  let forwardedAt = 0;
  const forward = (signal) => {
    if (Date.now() - forwardedAt < SAME_SIGNAL_MILLISECONDS) return;
    forwardedAt = Date.now();
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forward);

  if (process.env.npm_lifecycle_event) watch(parent, () => forwardedAt === 0 && forward("SIGTERM"));

  child.on("error", (error) => {
    console.error(`[setup] ${target} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    for (const each of SIGNALS) process.removeAllListeners(each);
    process.kill(process.pid, signal);
  });
}

// npm that is killed cannot tell us; our parent changes then.
function watch(parent, onGone) {
  setInterval(() => process.ppid !== parent && onGone(), WATCH_MILLISECONDS).unref();
}
