import { defineConfig } from "vitest/config";

const SOURCES = ["packages/*/{src,test}", "apps/{server,ops}/{src,test}", "scripts", "test"];
const named = (kinds: string): string[] => SOURCES.map((folder) => `${folder}/**/*.${kinds}.ts`);
const NOT_HERE = ["**/node_modules/**", "test/e2e/**"];

/**
 * Three groups. `unit` needs nothing. `engines` is given a real Postgres, started only when one of its files runs;
 * such a file starts its own chain nodes. `web` is the web app's logic; its pages are tested in a real browser, by
 * `npm run e2e` alone.
 */
export default defineConfig({
  test: {
    // A busy machine of two cores must not fail a test that is right.
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 15_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: named("test"),
          exclude: [...NOT_HERE, ...named("{db,chain}.test")],
          // Files share a process: loading the libraries anew for each costs seven times the tests themselves.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "engines",
          include: named("{db,chain}.test"),
          exclude: NOT_HERE,
          globalSetup: ["test/global-setup.ts"],
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        extends: "apps/web/vite.config.ts",
        test: {
          name: "web",
          include: ["apps/web/{src,test}/**/*.test.{ts,tsx}"],
          exclude: NOT_HERE,
        },
      },
    ],
  },
});
