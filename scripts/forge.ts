/** Runs forge inside contracts/ with the binary and the compiler that npm installed: `node scripts/forge.ts test`. */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

export const contractsFolder = path.resolve(import.meta.dirname, "../contracts");

/** Path of forge's binary for this machine. The package's own launcher is passed by: it wants its install script run. */
function forgeBinary(): string {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const name = `@foundry-rs/forge-${process.platform}-${architecture}`;
  const require = createRequire(createRequire(import.meta.url).resolve("@foundry-rs/forge/package.json"));
  try {
    return require.resolve(`${name}/bin/forge`);
  } catch (error) {
    throw new Error(`forge is not installed for ${process.platform} ${process.arch} (${name})`, {
      cause: error,
    });
  }
}

export type ForgeResult = { status: number; stdout: string };

/** Runs forge and waits. With `capture` its standard output is returned, otherwise it goes to the terminal. */
export function forge(
  args: readonly string[],
  options: { capture?: boolean; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): ForgeResult {
  const PATH = `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ""}`;
  const ended = spawnSync(forgeBinary(), args, {
    cwd: options.cwd ?? contractsFolder,
    env: { ...process.env, ...options.env, PATH, FOUNDRY_DISABLE_NIGHTLY_WARNING: "1" },
    stdio: ["ignore", options.capture ? "pipe" : "inherit", "inherit"],
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  if (ended.error) throw ended.error;
  return { status: ended.status ?? 1, stdout: ended.stdout ?? "" };
}

/**
 * Where fuzzing begins: in CI at the hash of the contracts' folder, so that what fails there fails anywhere at that commit, and
 * no change of something else can fail by it. Elsewhere by chance, so that every run looks at something new.
 */
function fuzzSeed(): { FOUNDRY_FUZZ_SEED?: string } {
  if (!process.env.CI || process.env.FOUNDRY_FUZZ_SEED) return {};
  const tree = spawnSync("git", ["rev-parse", "HEAD:contracts"], {
    cwd: contractsFolder,
    encoding: "utf8",
  }).stdout?.trim();
  if (!tree) return {};
  console.log(`fuzzing begins at the hash of contracts/: FOUNDRY_FUZZ_SEED=0x${tree} repeats it`);
  return { FOUNDRY_FUZZ_SEED: `0x${tree}` };
}

if (import.meta.main) {
  const args = process.argv.slice(2);
  // Tests take the oracle and the ladder from what is built; of a few tests forge would build only what they import.
  const built = args[0] === "test" ? forge(["build", "--quiet", "src"]).status : 0;
  process.exitCode = built || forge(args, { env: args[0] === "test" ? fuzzSeed() : {} }).status;
}
