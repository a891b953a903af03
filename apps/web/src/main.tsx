import "@fontsource-variable/hanken-grotesk";
import "@fontsource-variable/newsreader";
import "./styles.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { need } from "@sooth/kernel";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { followLive } from "./live.ts";
import { queryClient } from "./queries.ts";
import { router } from "./router.tsx";

void followLive(queryClient);

createRoot(need(document.querySelector("#root"), "#root in index.html")).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
