import "@fontsource-variable/hanken-grotesk";
import "@fontsource-variable/newsreader";
import "./styles.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { need } from "@sooth/kernel";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { keepPages } from "./keep-pages.ts";
import { pageLanguage, speak } from "./languages/choose.ts";
import { Spoken } from "./languages/spoken.tsx";
import { followLive } from "./live.ts";
import { networkQuery, queryClient } from "./queries.ts";
import { router } from "./router.tsx";

/** A server that is slower than this is not waited for with an empty page. */
const NETWORK_WITHIN_MS = 2_000;

void followLive(queryClient);
keepPages();
void show();

/**
 * Head, foot and the offer to newcomers speak of the network, and the page's own scripts come as late: both are asked for at once,
 * and known before the first paint they never move the page. Until then what the server sent stands there.
 */
async function show(): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, NETWORK_WITHIN_MS));
  // Waited for however long it takes: a page in one language that becomes another's is worse than a late one.
  const spoken = speak(pageLanguage());
  await Promise.race([Promise.allSettled([queryClient.prefetchQuery(networkQuery), router.load()]), late]);
  await spoken;
  createRoot(need(document.querySelector("#root"), "#root in index.html")).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <Spoken>
          <RouterProvider router={router} />
        </Spoken>
      </QueryClientProvider>
    </StrictMode>,
  );
}
