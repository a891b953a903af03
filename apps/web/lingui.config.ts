import { defineConfig } from "@lingui/conf";
import { formatter } from "@lingui/format-po";
import { createSwcExtractor } from "@lingui/native-tools";
import { PACKS } from "./src/languages/packs.ts";

/** English stands in the source; each pack is a file of what it says instead. `npm run gen` writes new messages into all of them. */
export default defineConfig({
  sourceLocale: "en",
  locales: [...PACKS],
  catalogs: [
    { path: "<rootDir>/src/languages/packs/{locale}", include: ["<rootDir>/src"], exclude: ["**/*.test.ts"] },
  ],
  extractors: [createSwcExtractor()],
  // Line numbers would change the packs whenever code moves.
  format: formatter({ lineNumbers: false, customHeaderAttributes: { "POT-Creation-Date": "" } }),
  orderBy: "origin",
});
