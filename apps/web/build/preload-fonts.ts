import type { Plugin } from "vite";

/** The two fonts of every page, in the alphabet of its own texts. */
const EVERYWHERE = /(?:hanken-grotesk|newsreader)-latin-wght-normal-[^.]+\.woff2$/;
const FONT_FACES = /@fontsource-variable\/[^/]+\/index\.css$/;

/**
 * Has the browser fetch the fonts beside the scripts: found through the style sheet they come after the first paint. Whose line
 * is so slow that they come late all the same reads this page in a font of his own, and the next one in ours: text that is
 * painted twice is text that moves.
 */
export function preloadFonts(): Plugin {
  return {
    name: "sooth:preload-fonts",
    apply: "build",
    transform(code, id) {
      if (!FONT_FACES.test(id)) return null;
      if (!code.includes("font-display: swap")) throw new Error(`${id} says nothing of late fonts`);
      return { code: code.replaceAll("font-display: swap", "font-display: optional"), map: null };
    },
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        const fonts = Object.keys(bundle ?? {}).filter((file) => EVERYWHERE.test(file));
        if (fonts.length !== 2) throw new Error(`two fonts are preloaded, not ${fonts.length}`);
        return fonts.map((file) => ({
          tag: "link",
          attrs: { rel: "preload", as: "font", type: "font/woff2", crossorigin: true, href: `/${file}` },
          injectTo: "head" as const,
        }));
      },
    },
  };
}
