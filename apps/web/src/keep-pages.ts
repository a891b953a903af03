/** Has the browser keep the pages for when there is no network. Last of all: what is on the screen comes first. */
export function keepPages(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  addEventListener("load", () => {
    // A browser that forbids it shows the same pages, with a network only.
    navigator.serviceWorker.register("/service-worker.js").catch(reportError);
  });
}
