import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { ChainError } from "../chain-error.ts";

const ARCH: Record<string, string> = { x64: "amd64", arm64: "arm64" };

/** The program inside the npm package of this platform: its launcher script would stand between us and signals. @throws chain.no_binary */
export function anvilBinary(): string {
  const platform = `${process.platform}-${ARCH[process.arch] ?? process.arch}`;
  const name = process.platform === "win32" ? "anvil.exe" : "anvil";
  const { resolve } = createRequire(import.meta.url);
  try {
    const file = path.join(path.dirname(resolve(`@foundry-rs/anvil-${platform}/package.json`)), "bin", name);
    if (existsSync(file)) return file;
  } catch (error) {
    throw ChainError.no_binary({ platform }, { cause: error });
  }
  throw ChainError.no_binary({ platform });
}
