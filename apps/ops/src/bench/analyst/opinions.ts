import { readFileSync } from "node:fs";
import { z } from "zod";
import { OpsError } from "../../ops-error.ts";

const discussion = z.object({
  statement: z.string().min(1),
  opinions: z.array(
    z.object({ text: z.string(), stance: z.number().min(-1).max(1), quality: z.number().min(0).max(1) }),
  ),
});
/** A statement with opinions that people labelled; `stance` 1 is for it, -1 against it, `quality` from 0 to 1. */
export type Discussion = z.infer<typeof discussion>;

/** One statement a line, as JSON. @throws ops.unreadable */
export function readDiscussions(file: string): Discussion[] {
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    return lines.filter((line) => line.trim() !== "").map((line) => discussion.parse(JSON.parse(line)));
  } catch (error) {
    throw OpsError.unreadable({ file, why: error instanceof Error ? error.message : String(error) });
  }
}
