import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startEmbeddedPostgres } from "@sooth/store/embedded";
import type { TestProject } from "vitest/node";

const PREFIX = "sooth-test-postgres-";

/** One Postgres for the run's database and chain tests; each test asks it for a database of its own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const folder = await mkdtemp(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`));
  // Where Postgres has to run as another user, that user must be able to pass through.
  await chmod(folder, 0o711);
  const server = await startEmbeddedPostgres({ dataDir: path.join(folder, "data"), durable: false });
  project.provide("postgresUrl", server.url);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

// A run that was killed could not remove its folder of 40 MB.
async function removeLeftovers(): Promise<void> {
  const names = await readdir(os.tmpdir());
  await Promise.all(
    names
      .filter(
        (name) => name.startsWith(PREFIX) && !existsSync(`/proc/${name.slice(PREFIX.length).split("-")[0]}`),
      )
      .map((name) => rm(path.join(os.tmpdir(), name), { recursive: true, force: true })),
  );
}
