import { defineConfig } from "vitest/config";

/** Browser tests: one whole stack, one real browser, minutes instead of milliseconds. Run by `npm run e2e`. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Vitest's own second is too short for whatever a block, a provider or a busy machine brings.
    expect: { poll: { timeout: 60_000 } },
    // One stack and one browser have the machine's two cores to themselves.
    fileParallelism: false,
    setupFiles: ["one-path.ts"],
  },
});
