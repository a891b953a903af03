import { AppError } from "@sooth/kernel";
import { fillUrl, momentOf, parseDecimal } from "../../../core/index.ts";
import { fetchText, type Fetched } from "./fetch-text.ts";
import { parseDocument, readAt } from "./json-path.ts";
import { originRefusal, readingOf, type Said, type SourcePlugin } from "./source-plugin.ts";

/** HTTP answers by which sources say that they have nothing for that moment. */
const NOTHING_THERE = new Set([204, 404, 425]);

/** A number at a path of a JSON answer. */
export const httpJson: SourcePlugin<"http-json"> = {
  refusal: ({ url }, { schema }, tools) => originRefusal(fillUrl(url, schema.observeAt), tools),
  read: async ({ url, path, timePath }, { schema }, tools) => {
    const fetched = await fetchText(fillUrl(url, schema.observeAt), tools);
    const says = numberIn(fetched, path);
    const dated = says.said === "number" && timePath !== undefined;
    return readingOf(fetched, dated ? withTime(says, fetched, timePath) : says);
  },
};

/** A figure whose time cannot be read could be of any time, so it is none. */
function withTime(says: Extract<Said, { said: "number" }>, fetched: Fetched, timePath: string): Said {
  const at = readAt(documentOf(fetched), timePath);
  const publicAt = at.found === "number" ? momentOf(at.text) : null;
  return publicAt === null
    ? { said: "nothing", why: "does not tell when its figure became public" }
    : { ...says, publicAt };
}

/** Items of a vector read one answer at many paths. */
const documents = new WeakMap<Fetched, unknown>();
function documentOf(fetched: Fetched): unknown {
  if (!documents.has(fetched)) documents.set(fetched, parseDocument(fetched.body));
  return documents.get(fetched);
}

function numberIn(fetched: Fetched, path: string): Said {
  if (fetched.status !== null && NOTHING_THERE.has(fetched.status)) return { said: "silent" };
  if (!fetched.ok) return { said: "nothing", why: fetched.failed };
  const at = readAt(documentOf(fetched), path);
  if (at.found === "nothing") return { said: "silent" };
  if (at.found === "other") return { said: "nothing", why: `has ${at.what} where a number should be` };
  try {
    return { said: "number", number: parseDecimal(at.text) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { said: "nothing", why: error.message };
  }
}
