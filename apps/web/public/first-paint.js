// Runs before the first paint, so that a chosen theme or language never flashes the other one. A file, because the content
// security policy allows no inline script.
(() => {
  const root = document.documentElement;
  const languages = new Set(["en", "de", "es"]);
  let chosen;
  try {
    const theme = localStorage.getItem("sooth.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    chosen = localStorage.getItem("sooth.language");
  } catch {
    // The browser keeps nothing for this site, so nothing was chosen.
  }
  const wanted = [chosen, ...navigator.languages.map((one) => one.slice(0, 2).toLowerCase())];
  root.lang = wanted.find((one) => languages.has(one)) ?? "en";
  // Its words, and those of the page where the build names it, are asked for beside the scripts.
  const { words, page } = document.currentScript?.dataset ?? {};
  if (!words || root.lang === "en") return;
  for (const part of page ? ["frame", page] : ["frame"]) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = `/assets/words-${root.lang}-${part}-${words}.js`;
    document.head.append(link);
  }
})();
