import { canonicalJson } from "@sooth/kernel";
import { sha256, stringToHex } from "viem";

/** JSON on one line that holds no mark: brackets and separators are written as escapes, which mean the same. */
export const plainLine = (value: Parameters<typeof canonicalJson>[0]): string =>
  canonicalJson(value).replace(
    /[<>&\u2028\u2029\u0085]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/**
 * What strangers wrote, between marks: lines of {plainLine}, which can neither end a line nor write a mark. The marks' code is a
 * hash of all lines of a prompt, so that who writes one would have to write its own hash into it. `parts`: what each is called,
 * how it is announced to the model, and its lines.
 */
export function fenced(parts: readonly { name: string; intro: string; lines: readonly string[] }[]): string {
  const code = sha256(stringToHex(parts.flatMap(({ lines }) => lines).join("\n"))).slice(2, 34);
  return parts
    .flatMap(({ name, intro, lines }) => [intro, `<${name}-${code}>`, ...lines, `</${name}-${code}>`])
    .join("\n");
}
