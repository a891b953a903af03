import { expect, test } from "vitest";
import { launchProviders, launchServer } from "./launch.ts";

/** No port: the process refuses its settings, and ends. */
const env = { SOOTH_PORT: "none" };
const refused = (what: string) => ({
  code: "ops.child_failed",
  data: { what, code: "1", said: expect.stringContaining("SOOTH_PORT") },
});

/** Less than a start may take: who waited for it would be late. */
const TIMEOUT_MS = 150_000;

test(
  "what ends before it is ready is told with what it said, and not waited for",
  { timeout: TIMEOUT_MS },
  async () => {
    await expect(launchServer({ env, url: "http://127.0.0.1:1" })).rejects.toMatchObject(
      refused("the server"),
    );
    await expect(launchProviders(env, [0])).rejects.toMatchObject(refused("the process of the providers"));
  },
);
