import { defineConfig } from "vitest/config";
import { messages } from "./apps/web/build/messages.ts";

const SOURCES = ["packages/*/{src,test}", "apps/*/{src,test}", "scripts", "test"];
const named = (kinds: string): string[] => SOURCES.map((folder) => `${folder}/**/*.${kinds}.ts`);
const NOT_HERE = ["**/node_modules/**", "test/e2e/**"];

/**
 * Two groups. `unit` needs nothing. `engines` is given a real Postgres, started only when one of its files runs; such a
 * file starts its own chain nodes. Browser tests have a configuration of their own: `npm run e2e`.
 */
export default defineConfig({
  // Tests of the web app read its messages as its build does.
  plugins: [messages()],
  test: {
    // Files share a process: loading the libraries anew for each costs seven times the tests themselves.
    isolate: false,
    setupFiles: ["test/fresh-logs.ts", "apps/web/src/languages/english.ts"],
    // Vitest leaves one core to others, but tests with engines mostly wait.
    maxWorkers: 3,
    // A busy machine of two cores must not fail a test that is right.
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 15_000,
    // What is polled becomes true in milliseconds, unless other tests hold both cores: Vitest's own second is too short.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: named("test"),
          exclude: [...NOT_HERE, ...named("{db,chain}.test")],
        },
      },
      {
        extends: true,
        test: {
          name: "engines",
          include: named("{db,chain}.test"),
          exclude: NOT_HERE,
          globalSetup: ["test/global-setup.ts"],
          // What hangs is ended; what is slow because others hold both cores is not.
          testTimeout: 240_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
