import { afterAll, beforeAll, expect, test } from "vitest";
import { createLifecycle } from "./lifecycle.ts";
import { configureLogs, logger } from "./logger.ts";

const lines: string[] = [];
const log = logger("test");
beforeAll(() => configureLogs({ sink: { write: (line) => lines.push(line) } }));
afterAll(() => configureLogs({ sink: process.stdout }));

const part = (name: string, did: string[], stop: () => Promise<void> = async () => {}) =>
  [
    name,
    async () => {
      did.push(`start ${name}`);
      return async () => {
        did.push(`stop ${name}`);
        await stop();
      };
    },
  ] as const;

test("stops in reverse, once", async () => {
  const did: string[] = [];
  const lifecycle = createLifecycle(log);
  await lifecycle.add(...part("a", did));
  await lifecycle.add(...part("b", did));
  await Promise.all([lifecycle.stop(), lifecycle.stop()]);
  expect(did).toEqual(["start a", "start b", "stop b", "stop a"]);
});

test("a part that fails to stop, or hangs, does not keep the others", async () => {
  const did: string[] = [];
  const lifecycle = createLifecycle(log);
  await lifecycle.add(...part("a", did));
  await lifecycle.add(...part("hangs", did, () => new Promise(() => {})));
  await lifecycle.add(
    ...part("fails", did, async () => {
      throw new Error("stuck");
    }),
  );
  await lifecycle.stop(50);
  expect(did.slice(3)).toEqual(["stop fails", "stop hangs", "stop a"]);
  expect(lines.map((line) => (JSON.parse(line) as { part: string }).part)).toEqual(["fails", "hangs"]);
});

test("a part that was starting during the stop is stopped as well", async () => {
  const did: string[] = [];
  const lifecycle = createLifecycle(log);
  const started = Promise.withResolvers<void>();
  const adding = lifecycle.add("slow", async () => {
    await started.promise;
    return async () => {
      did.push("stop slow");
    };
  });
  await lifecycle.stop();
  started.resolve();
  await adding;
  expect(did).toEqual(["stop slow"]);
});

test("a part that fails to start tells its caller", async () => {
  const lifecycle = createLifecycle(log);
  const failing = lifecycle.add("bad", async () => {
    throw new Error("port is taken");
  });
  await expect(failing).rejects.toThrow("port is taken");
});
