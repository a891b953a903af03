import { spawn } from "node:child_process";
import path from "node:path";
import { leash } from "./leash.mjs";
import { say } from "./say.mjs";
import { sayAndStop, sentenceFor } from "./sentence.mjs";

const STILL_SECONDS = 20;
const ALWAYS = [
  // Not `npm ci`: it refuses a lockfile that lacks optional packages of other platforms, which ours does.
  "install",
  "--no-save",
  // Nothing that we install needs its script, so nobody's script runs.
  "--ignore-scripts",
  "--include=dev",
  "--include=optional",
  "--no-audit",
  "--no-fund",
  "--loglevel=error",
];

/**
 * Installs the packages of `folder`, with npm running under `node`. The user's own npm settings (`npm_config_*`,
 * .npmrc) hold for everything but the options above.
 */
export async function npmInstall({ node, folder, root }) {
  const { status, output } = await runNpm(node, folder);
  if (status === 0) return;
  // 127 is what a leash says of a program that is not there.
  if (status === "ENOENT" || status === 127)
    throw sayAndStop("npm was not found: install Node with npm from https://nodejs.org, then try again.");
  // npm names several codes when one failure leads to another; the first that we know is the cause.
  const codes = [...output.matchAll(/\b(E[A-Z0-9_]{3,}|ERR_SOCKET_TIMEOUT|FETCH_ERROR)\b/g)].map(
    (found) => found[1],
  );
  const sentence = codes.map((code) => sentenceFor(code, root)).find(Boolean);
  if (sentence) throw sayAndStop(sentence);
  throw sayAndStop(`npm install failed in ${folder}:\n${output.trim().split("\n").slice(-25).join("\n")}`);
}

function runNpm(node, folder) {
  const env = { ...process.env, PATH: path.dirname(node) + path.delimiter + process.env.PATH };
  // Said to the npm that started us, about the script to run; here they would leave packages out.
  for (const key of ["npm_config_workspace", "npm_config_workspaces"]) delete env[key];
  // An npm that outlived us would write into a folder that the next start clears.
  const [command, ...first] = [...leash("KILL"), ...npmCommand(node)];
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...ALWAYS], {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (chunk) => (output = (output + chunk).slice(-20_000));
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const began = Date.now();
    const still = setInterval(
      () => say(`still installing (${Math.round((Date.now() - began) / 1000)} s)`),
      STILL_SECONDS * 1000,
    );
    const stop = (signal) => {
      child.kill(signal);
      say("stopped while installing; the next start begins the installation again");
      process.exit(signal === "SIGINT" ? 130 : 143);
    };
    for (const signal of SIGNALS) process.on(signal, stop);
    const end = (result) => {
      clearInterval(still);
      for (const signal of SIGNALS) process.removeListener(signal, stop);
      resolve({ output, ...result });
    };
    child.on("error", (error) => end({ status: error.code }));
    child.on("close", (status) => end({ status: status ?? 1 }));
  });
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** The npm that started us, under the given Node; another package manager's or none: the one on the PATH. */
function npmCommand(node) {
  const cli = process.env.npm_execpath;
  return cli && path.basename(cli) === "npm-cli.js" ? [node, cli] : ["npm"];
}
