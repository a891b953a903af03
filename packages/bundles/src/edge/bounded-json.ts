import { BundlesError } from "../core/index.ts";

/** The JSON of an answer, of so many bytes at most: whoever is asked is believed nothing, not that he ends either. @throws bundles.answer_too_long */
export async function boundedJson(response: Response, most: number): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the rest.
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > most) throw BundlesError.answer_too_long({ most });
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString()) as unknown;
}
