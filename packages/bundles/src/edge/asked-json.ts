import { AppError } from "@sooth/kernel";
import type { HttpAnswer, HttpAsked } from "@sooth/runtime";
import { BundlesError } from "../core/index.ts";

/**
 * What an address answers, as JSON, of so many bytes at most: whoever is asked is believed nothing, not that he ends either.
 * @throws bundles.answer_too_long, runtime.answer_too_late
 */
export async function askedJson(
  ask: (asked: HttpAsked) => Promise<HttpAnswer>,
  asked: HttpAsked,
): Promise<{ isOk: boolean; body: unknown }> {
  const { status, text } = await ask(asked).catch((error: unknown) => {
    const isLong = error instanceof AppError && error.code === "runtime.answer_too_long";
    throw isLong ? BundlesError.answer_too_long({ most: asked.most }) : error;
  });
  return { isOk: status >= 200 && status <= 299, body: JSON.parse(text) as unknown };
}
