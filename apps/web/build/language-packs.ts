import type { Plugin, Rolldown } from "vite";

const SCRIPT = 'src="/first-paint.js"';
const PACK = /\/src\/languages\/packs\/(\w+)\.po$/;

/** The chunk of each language pack, by its language. */
export function packChunks(bundle: Rolldown.OutputBundle): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const file of Object.values(bundle)) {
    const language = file.type === "chunk" ? PACK.exec(file.facadeModuleId ?? "")?.[1] : undefined;
    if (language !== undefined) found.set(language, file.fileName);
  }
  return found;
}

/** Tells the script that knows the language first where its pack is, so that it comes beside the page's own scripts. */
export function languagePacks(): Plugin {
  return {
    name: "sooth:language-packs",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        if (!html.includes(SCRIPT)) throw new Error(`index.html has no ${SCRIPT}`);
        const named = [...packChunks(bundle ?? {})].map(([language, file]) => ` data-${language}="/${file}"`);
        return html.replace(SCRIPT, () => SCRIPT + named.join(""));
      },
    },
  };
}
