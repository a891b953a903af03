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
  // Asked for beside the scripts of the page, where the build names it.
  const pack = document.currentScript?.getAttribute(`data-${root.lang}`);
  if (pack) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = pack;
    document.head.append(link);
  }
})();
