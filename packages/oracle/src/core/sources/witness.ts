import { z } from "zod";
import { fillUrl, namesThePast } from "../url-template.ts";
import { named, type SourceType } from "./source-type.ts";

/**
 * A language model that reads documents and says what they say. It answers with literal quotes or abstains; which
 * model is the provider's choice, and what it costs is his too.
 */
export const witnessSource = z.object({
  type: z.literal("witness"),
  ...named,
  /** Documents that it is given; it reads nothing else. Placeholders as in every url. */
  urls: z.array(z.url().max(500)).min(1).max(6),
});
export type WitnessSource = z.infer<typeof witnessSource>;

export const witnessType: SourceType<WitnessSource> = {
  complaint: ({ urls }, { observeAt }) => {
    for (const url of urls) fillUrl(url, observeAt);
    return null;
  },
  where: ({ urls }, observeAt) => urls.map((url) => fillUrl(url, observeAt).href).join(" "),
  isFixed: ({ urls }, observeAt, by) => urls.every((url) => namesThePast(url, observeAt, by)),
  forItem: (source, fill) => ({ ...source, urls: source.urls.map((url) => fill(url, "url")) }),
};
