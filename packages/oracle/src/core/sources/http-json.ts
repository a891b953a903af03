import { z } from "zod";
import { fillUrl } from "../url-template.ts";
import { named, type SourceType } from "./source-type.ts";

/** One place to read from. `path` walks the JSON answer, for example `0.4` or `result.XETHZUSD.0.4`. */
export const httpJsonSource = z.object({
  type: z.literal("http-json").default("http-json"),
  ...named,
  url: z.url().max(500),
  path: z.string().min(1).max(200),
});

export const httpJsonType: SourceType<z.infer<typeof httpJsonSource>> = {
  complaint: ({ url }, { observeAt }) => {
    fillUrl(url, observeAt);
    return null;
  },
  where: ({ url }, observeAt) => fillUrl(url, observeAt).href,
};
