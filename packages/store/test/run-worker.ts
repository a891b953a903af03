import { openQueue, openStore } from "../src/index.ts";

// A worker in a process of its own, for the test that kills it: takes a job, says so, and never ends it.
const [url = ""] = process.argv.slice(2);
const queue = await openQueue(openStore({ url }), { jobs: ["sweep"] });
await queue.work("sweep", () => {
  process.stdout.write("taken\n");
  return new Promise(() => {});
});
