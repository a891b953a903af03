import { writeFileSync } from "node:fs";
import type { Reporter, Vitest } from "vitest/node";

/**
 * Writes what nobody caught, a line each, to the file that `--outputFile.stray` names. Such an error fails a run and stands in
 * no report: without this, a run that failed by it as well would pass with the second try of another file.
 */
// oxlint-disable-next-line import/no-default-export -- vitest takes a reporter in no other way
export default class StrayErrors implements Reporter {
  #file: string | undefined;

  onInit({ config }: Vitest): void {
    const files = config.outputFile;
    this.#file = typeof files === "object" ? files["stray"] : undefined;
  }

  onTestRunEnd(_modules: unknown, errors: readonly { message: string }[]): void {
    if (this.#file === undefined || errors.length === 0) return;
    writeFileSync(this.#file, errors.map(({ message }) => message.split("\n", 1)[0]).join("\n"));
  }
}
