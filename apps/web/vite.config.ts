import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { firstPages } from "./build/first-pages.ts";
import { precompress } from "./build/precompress.ts";
import { preloadFonts } from "./build/preload-fonts.ts";
import { serviceWorker } from "./build/service-worker.ts";

// Under another name, a test's for example, React's own checks are built in, and a page weighs half as much again.
if (process.argv.includes("build")) process.env["NODE_ENV"] = "production";

export default defineConfig({
  plugins: [react(), tailwindcss(), preloadFonts(), serviceWorker(), firstPages(), precompress()],
  // `npx vite` serves the pages; the API comes from a server started with `npm start`.
  server: { proxy: { "/v1": "http://127.0.0.1:3000" } },
  // A data: URL would need an exception in the content security policy.
  build: {
    outDir: "dist",
    assetsInlineLimit: 0,
    target: "es2023",
    rolldownOptions: {
      treeshake: {
        // Our own packages do nothing but define when they load, so what a page does not use is left out of it.
        moduleSideEffects: (id) => !/\/packages\/\w+\/src\//.test(id),
      },
    },
  },
});
