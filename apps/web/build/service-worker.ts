import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Plugin, Rolldown } from "vite";
import { FRAME_WORDS } from "./words.ts";

/** What the worker's source calls the list of files that this plugin puts in its place. */
const PLACE = "__SHELL__";
/** Beside the scripts: fonts of other alphabets are fetched by the pages that need them, and kept then. */
const SHELL = /\.(?:css|html|svg|webmanifest)$|^first-paint\.js$|-latin-wght-normal-[^.]+\.woff2$/;

/**
 * Builds `src/service-worker.ts` to `/service-worker.js`, with the files of this build that pages need to open without
 * a network: what every page loads first, and what they all say in every language. What one page alone needs is kept when it was there once. The worker must not
 * share code with the pages: one that imports is refused by some browsers.
 */
export function serviceWorker(): Plugin {
  let publicDir = "";
  return {
    name: "sooth:service-worker",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      publicDir = config.publicDir;
    },
    buildStart() {
      this.emitFile({ type: "chunk", id: "src/service-worker.ts", fileName: "service-worker.js" });
    },
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const worker = bundle["service-worker.js"];
        if (worker?.type !== "chunk") this.error("the service worker was not built");
        if (worker.imports.length > 0) this.error(`the service worker imports ${worker.imports.join(", ")}`);
        const first = loadedFirst(bundle, worker);
        const built = Object.values(bundle)
          .filter(({ fileName }) => first.has(fileName) || FRAME_WORDS.test(fileName) || SHELL.test(fileName))
          .map((file) => [file.fileName, file.type === "chunk" ? file.code : file.source] as const);
        const given = readdirSync(publicDir)
          .filter((file) => SHELL.test(file))
          .map((file) => [file, readFileSync(path.join(publicDir, file))] as const);
        const shell = [...built, ...given]
          .map(([file, content]) => ({
            url: `/${file}`,
            // What carries a hash in its name is known by it.
            revision: file.startsWith("assets/")
              ? null
              : createHash("sha256").update(content).digest("hex").slice(0, 16),
          }))
          .toSorted((a, b) => (a.url < b.url ? -1 : 1));
        if (!worker.code.includes(PLACE)) this.error(`the service worker does not name ${PLACE}`);
        worker.code = worker.code.replaceAll(PLACE, JSON.stringify(shell));
      },
    },
  };
}

/** The pages' entry and all that it imports before it runs. */
function loadedFirst(bundle: Rolldown.OutputBundle, worker: Rolldown.OutputChunk): Set<string> {
  const first = new Set<string>();
  const follow = (fileName: string) => {
    const file = bundle[fileName];
    if (file?.type !== "chunk" || first.has(fileName)) return;
    first.add(fileName);
    for (const imported of file.imports) follow(imported);
  };
  for (const file of Object.values(bundle))
    if (file.type === "chunk" && file.isEntry && file !== worker) follow(file.fileName);
  return first;
}
