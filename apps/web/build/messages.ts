import path from "node:path";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import { lingui } from "@lingui/vite-plugin";
import type { Plugin } from "vite";

/** Reads the app's messages: English stays in the code that shows it, since it needs no pack; a pack must say everything. */
export const messages = (): Plugin[] => [
  ...lingui({
    configPath: path.resolve(import.meta.dirname, "../lingui.config.ts"),
    macroTransform: { macro: { descriptorFields: "message" } },
    failOnMissing: true,
    failOnCompileError: true,
  }),
  compileInPlace(),
];

const MARK = "/*i18n*/";
const MESSAGE = /(?<=\n\s*message: )"(?:[^"\\\n]|\\.)*"(?=,?\n)/g;

/** Messages in the code are taken apart when it is built, as those of packs are, so that pages load nothing that reads them. */
function compileInPlace(): Plugin {
  return {
    name: "sooth:compile-messages",
    apply: "build",
    enforce: "pre",
    transform(code) {
      if (!code.includes(MARK)) return null;
      return {
        code: code.replaceAll(MESSAGE, (text) => compiled(JSON.parse(text) as string)),
        map: null,
      };
    },
  };
}

/** A list of texts and holes, or the text alone where it has no hole. */
function compiled(message: string): string {
  const parts = compileMessage(message);
  return JSON.stringify(parts.length === 1 && typeof parts[0] === "string" ? parts[0] : parts);
}
