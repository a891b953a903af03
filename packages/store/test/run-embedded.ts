import { startEmbeddedPostgres } from "../src/embedded/index.ts";

// A process of its own for tests that kill it or run it as another user: starts a database, says where, and waits for
// the end of its input.
const [dataDir = ""] = process.argv.slice(2);
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

try {
  const server = await startEmbeddedPostgres({
    dataDir,
    durable: false,
    onRepair: (repaired) => say({ repaired }),
  });
  say({ url: server.url });
  process.stdin.resume().once("end", () => void server.stop().then(() => say({ stopped: true })));
} catch (error) {
  say({ code: (error as { code?: string }).code, message: (error as Error).message });
  process.exitCode = 1;
}
