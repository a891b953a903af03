import type { Logger } from "@sooth/runtime";

/** All steps, one after another: one that fails holds up none behind it. @throws what the first of those that failed threw, at the end */
export async function eachOf(
  log: Pick<Logger, "warn">,
  steps: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  const failed: { error: unknown }[] = [];
  for (const [step, take] of Object.entries(steps)) {
    try {
      await take();
    } catch (error) {
      log.warn({ err: error, step }, "a step failed, the next follows");
      failed.push({ error });
    }
  }
  if (failed[0]) throw failed[0].error;
}
