import type { Hex } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import { reasonHash } from "../../core/index.ts";
import type { ApiClient } from "./api-client.ts";

/**
 * Objects with a reason: its text is handed over first, so that it is there when people see the objection, and once more
 * afterwards where that failed. Without the server the objection is made all the same, and the log keeps the text.
 * @param object sends the objection with the hash of the text. @throws what it throws
 */
export async function sayWhy<T>(
  api: Pick<ApiClient, "handOverReason">,
  text: string,
  object: (reason: Hex) => Promise<T>,
  log: Logger,
): Promise<T> {
  const reason = reasonHash(text);
  const tell = async (): Promise<boolean> => {
    try {
      const told = await api.handOverReason(text);
      if (told.outcome === "accepted") return true;
      log.warn({ reason, code: told.code, text }, `the text of a reason was refused: ${told.message}`);
    } catch (error) {
      log.warn({ err: error, reason, text }, "the text of a reason could not be handed over");
    }
    return false;
  };
  const isKept = await tell();
  const done = await object(reason);
  if (!isKept) await tell();
  return done;
}
