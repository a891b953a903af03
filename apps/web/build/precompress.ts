import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(?:js|css|svg|webmanifest)$/;
/** Below this a compressed file saves less than its headers cost. */
const WORTH_BYTES = 512;

/** Writes `x.br` and `x.gz` beside every text file of the build; the server hands out what the browser takes. */
export function precompress(): Plugin {
  let folder = "";
  return {
    name: "sooth:precompress",
    apply: "build",
    configResolved(config) {
      folder = path.resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        if (!TEXT.test(file)) continue;
        const at = path.join(folder, file);
        const content = readFileSync(at);
        if (content.length < WORTH_BYTES) continue;
        writeFileSync(`${at}.br`, brotliCompressSync(content));
        writeFileSync(`${at}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}
