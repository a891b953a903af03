/** After the page has loaded its parts, until the worker loads all of them once more: on a slow phone what is read is drawn by then. */
const KEEP_AFTER_MS = 4_000;

/** Has the browser keep the pages for when there is no network. Last of all: what is on the screen comes first. */
export function keepPages(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  addEventListener("load", () => setTimeout(keep, KEEP_AFTER_MS));
}

function keep(): void {
  // A browser that forbids it shows the same pages, with a network only.
  navigator.serviceWorker.register("/service-worker.js").catch(reportError);
}
