import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { firstPages } from "./build/first-pages.ts";
import { messages } from "./build/messages.ts";
import { precompress } from "./build/precompress.ts";
import { preloadFonts } from "./build/preload-fonts.ts";
import { serviceWorker } from "./build/service-worker.ts";
import { words } from "./build/words.ts";

// Under another name, a test's for example, React's own checks are built in, and a page weighs half as much again.
if (process.argv.includes("build")) process.env["NODE_ENV"] = "production";

/** What is loaded first, and stays out of the frame: the worker's, which shares nothing with pages, and what the build puts in. */
const APART = /\/src\/(?:service-worker|renew-push)\.ts$|\/node_modules\/(?:workbox-|idb\/)|\0/;

export default defineConfig({
  plugins: [
    messages(),
    react(),
    tailwindcss(),
    words(),
    preloadFonts(),
    serviceWorker(),
    firstPages(),
    precompress(),
  ],
  // `npx vite` serves the pages; the API comes from a server started with `npm start`.
  server: { proxy: { "/v1": "http://127.0.0.1:3000" } },
  // A data: URL would need an exception in the content security policy.
  build: {
    outDir: "dist",
    assetsInlineLimit: 0,
    target: "es2023",
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          // What every page loads is one file: cut up by who shares what it is a score of them, each with a head of its own.
          groups: [{ name: "frame", tags: ["$initial"], test: (id) => !APART.test(id) }],
        },
      },
      treeshake: {
        // Our own packages do nothing but define when they load, so what a page does not use is left out of it.
        moduleSideEffects: (id) => !/\/packages\/\w+\/src\//.test(id),
      },
    },
  },
});
