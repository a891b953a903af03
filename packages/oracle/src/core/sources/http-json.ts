import { z } from "zod";
import { TEXT_ROOM } from "../text-room.ts";
import { fillUrl, namesThePast } from "../url-template.ts";
import { named, type SourceType } from "./source-type.ts";

/** One place to read from. `path` walks the JSON answer, for example `0.4` or `result.XETHZUSD.0.4`. */
export const httpJsonSource = z.object({
  type: z.literal("http-json").default("http-json"),
  ...named,
  url: z.url().max(TEXT_ROOM.url),
  path: z.string().min(1).max(TEXT_ROOM.path),
  /** Where the answer tells when its figure became public: unix seconds or milliseconds, or ISO 8601 in UTC. */
  timePath: z.string().min(1).max(TEXT_ROOM.path).optional(),
});

export const httpJsonType: SourceType<z.infer<typeof httpJsonSource>> = {
  complaint: ({ url }, { observeAt }) => {
    fillUrl(url, observeAt);
    return null;
  },
  where: ({ url }, observeAt) => fillUrl(url, observeAt).href,
  isFixed: ({ url }, observeAt, by) => namesThePast(url, observeAt, by),
  forItem: (source, fill) => ({
    ...source,
    url: fill(source.url, "url"),
    path: fill(source.path, "text"),
    ...(source.timePath === undefined ? {} : { timePath: fill(source.timePath, "text") }),
  }),
};

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|\+00:00)$/;
const UNIX = /^\d{1,15}(\.\d{1,9})?$/;
/** A number above this is milliseconds: in seconds it would lie beyond the year 5000. */
const MILLISECONDS = 100_000_000_000;

/** The moment that a source names, unix seconds rounded up, so that nothing counts as earlier than it was; or null. */
export function momentOf(text: string): number | null {
  if (ISO.test(text)) {
    const at = Date.parse(text);
    return Number.isNaN(at) ? null : Math.ceil(at / 1000);
  }
  if (!UNIX.test(text)) return null;
  const number = Number(text);
  return Math.ceil(number > MILLISECONDS ? number / 1000 : number);
}
