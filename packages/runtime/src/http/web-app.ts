import { readdirSync, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import serveStatic from "@fastify/static";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "../logger.ts";
import { HttpError } from "./errors.ts";
import { escapeHtml } from "./escape-html.ts";
import { FIRST, firstPage } from "./first-pages.ts";
import { originOf } from "./origin-of.ts";
import type { App, HttpOptions, PreviewTags } from "./options.ts";
import { finisher } from "./request-log.ts";
import { pageHeaders } from "./security.ts";

/** A file whose name carries a hash of its content (`index-Bx3kd92a.js`) never changes. */
const HASHED = /[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;
const YEAR_SECONDS = 31_536_000;
/** A preview must not hold up the page, and neither must its first rows. */
const IN_TIME_MS = 1000;
const NOT_BUILT =
  "The web app is not built yet. Build it with\n\n  npx vite build apps/web\n\nand reload this page. The API works without it: see /docs\n";

type Build = {
  changed: number;
  index: string;
  /** By their names in the folder of first pages. */
  firsts: ReadonlyMap<string, string>;
  files: ReadonlySet<string>;
};

/** Answers what no route answers: files of the web app, its index.html for pages, and JSON 404 for all else. */
export async function serveWebApp(
  app: App,
  options: HttpOptions,
  methodsAt: (path: string) => readonly string[],
): Promise<void> {
  const web = options.webApp;
  const notFound = (request: FastifyRequest): never => refuse(request, methodsAt);
  if (!web) {
    app.setNotFoundHandler(notFound);
    return;
  }
  const headers = pageHeaders(options.connectSources ?? []);
  const build = currentBuild(web.folder);
  const finish = finisher("GET", "page", options);
  await app.register(serveStatic, {
    root: path.resolve(web.folder),
    serve: false,
    cacheControl: false,
    preCompressed: true,
  });

  app.setNotFoundHandler(async (request, reply) => {
    const where = pathOf(request.url);
    if (
      (request.method !== "GET" && request.method !== "HEAD") ||
      where === undefined ||
      /^\/v\d+(\/|$)/.test(where)
    )
      return notFound(request);
    reply.headers(headers);
    const now = await build();
    if (!now)
      return reply.code(503).header("retry-after", "5").type("text/plain; charset=utf-8").send(NOT_BUILT);
    const file = where.slice(1);
    if (file !== "index.html" && now.files.has(file)) return sendFile(reply, file);
    // A file that is not there must not be answered with a page: the browser would run it as a script.
    if (/\.[a-z0-9]{2,5}$/i.test(where) && where !== "/index.html") return notFound(request);
    const asks = request.url.includes("?");
    const [tags, rows] = await Promise.all([
      inTime("preview tags", () => web.tags?.(where), where, options.log),
      asks ? null : inTime("first rows", () => web.rows?.(where), where, options.log),
    ]);
    reply.type("text/html; charset=utf-8");
    const first = firstPage(now.firsts, where, { title: tags?.title, asks, rows: rows ?? [] }) ?? now.index;
    const page = tags ? withTags(first, tags, originOf(request)) : first;
    return reply.send(finish(request, reply, page));
  });
}

/** @throws http.method_not_allowed, http.not_found */
function refuse(request: FastifyRequest, methodsAt: (path: string) => readonly string[]): never {
  const where = request.url.split("?", 1)[0] ?? "";
  const shown = where.slice(0, 200);
  const allowed = methodsAt(where);
  if (allowed.length > 0 && !allowed.includes(request.method))
    throw HttpError.method_not_allowed({ path: shown, method: request.method, allowed: allowed.join(", ") });
  throw HttpError.not_found({ path: shown });
}

function sendFile(reply: FastifyReply, file: string): FastifyReply {
  reply.header(
    "cache-control",
    HASHED.test(file) ? `public, max-age=${YEAR_SECONDS}, immutable` : "no-cache",
  );
  return reply.sendFile(file);
}

/** The decoded path, or undefined where it cannot be decoded. */
function pathOf(url: string): string | undefined {
  try {
    return decodeURIComponent(url.split("?", 1)[0] ?? "/");
  } catch {
    return undefined;
  }
}

/** What is in the folder now: read when index.html changes, so that a new build shows without a restart. */
function currentBuild(folder: string): () => Promise<Build | undefined> {
  let known: Build | undefined;
  return async () => {
    const index = path.join(folder, "index.html");
    const changed = await stat(index).then(
      (found) => found.mtimeMs,
      () => undefined,
    );
    if (changed === undefined) return undefined;
    if (known?.changed !== changed) known = read(folder, index, changed);
    return known;
  };
}

function read(folder: string, index: string, changed: number): Build {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"));
  const firsts = files.filter((file) => file.startsWith(FIRST));
  return {
    changed,
    index: readFileSync(index, "utf8"),
    firsts: new Map(
      firsts.map((file) => [file.slice(FIRST.length), readFileSync(path.join(folder, file), "utf8")]),
    ),
    // First pages stand at the paths of their pages alone.
    files: new Set(files.filter((file) => !file.startsWith(FIRST))),
  };
}

/** What the page at `where` is to show; without it in time, or at all, the page goes out as it was built. */
async function inTime<T>(
  what: string,
  read: () => Promise<T | null> | null | undefined,
  where: string,
  log: Logger,
): Promise<T | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), IN_TIME_MS);
  try {
    return await Promise.race([read() ?? null, late.promise]);
  } catch (error) {
    log.warn({ err: error, path: where }, `no ${what}`);
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Puts title and preview into the head of `index`. Everything is escaped: titles are written by strangers. Networks take
 * a picture by its whole address only, so there is none without an `origin`.
 */
export function withTags(index: string, tags: PreviewTags, origin?: string): string {
  const title = escapeHtml(tags.title);
  const description = escapeHtml(tags.description);
  const head = [
    `<title>${title}</title>`,
    `<meta name="description" content="${description}">`,
    `<meta property="og:title" content="${title}">`,
    `<meta property="og:description" content="${description}">`,
    `<meta property="og:type" content="website">`,
    ...pictureTags(tags, origin),
  ].join("");
  return index
    .replace(/<title>[^<]*<\/title>/i, "")
    .replace(/<meta\s+name="description"[^>]*>/i, "")
    .replace(/<head[^>]*>/i, (open) => open + head);
}

function pictureTags({ image }: PreviewTags, origin: string | undefined): string[] {
  if (image === undefined || origin === undefined) return [`<meta name="twitter:card" content="summary">`];
  return [
    `<meta property="og:image" content="${escapeHtml(origin + image)}">`,
    `<meta property="og:image:width" content="1200">`,
    `<meta property="og:image:height" content="630">`,
    `<meta name="twitter:card" content="summary_large_image">`,
  ];
}
