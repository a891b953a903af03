import type { Plugin } from "vite";

/** The two fonts of every page, in the alphabet of its own texts. */
const EVERYWHERE = /(?:hanken-grotesk|newsreader)-latin-wght-normal-[^.]+\.woff2$/;

/** Has the browser fetch the fonts beside the scripts: found through the style sheet they come after the first paint. */
export function preloadFonts(): Plugin {
  return {
    name: "sooth:preload-fonts",
    apply: "build",
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
