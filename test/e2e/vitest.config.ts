import { defineConfig } from "vitest/config";
import { messages } from "../../apps/web/build/messages.ts";

/** Browser tests: one whole stack, one real browser, minutes instead of milliseconds. Run by `npm run e2e`. */
export default defineConfig({
  plugins: [messages()],
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    // What hangs is ended; what is slow because others hold both cores is not.
    testTimeout: 480_000,
    hookTimeout: 480_000,
    // Vitest's own second is too short for whatever a block, a provider or a busy machine brings.
    expect: { poll: { timeout: 60_000 } },
    // One stack and one browser have the machine's two cores to themselves.
    fileParallelism: false,
    setupFiles: ["one-path.ts"],
  },
});
