import type { Page } from "playwright-core";

/** Everything on the page that a person with a small screen, a keyboard or a screen reader would stumble over. */
export async function findFaults(page: Page): Promise<string[]> {
  await untilDrawn(page);
  return page.evaluate(inspect);
}

/** Until the scripts have drawn the page in the place of what the server sent of it. */
export const untilDrawn = (page: Page): Promise<void> =>
  page.locator("main:not([aria-busy])").waitFor({ state: "attached" });

// Runs inside the page: it may use nothing from this module, so what it needs stands inside of it.
// oxlint-disable unicorn/consistent-function-scoping
function inspect(): string[] {
  const faults: string[] = [];
  const all = <T extends Element = HTMLElement>(selector: string) => [
    ...document.querySelectorAll<T>(selector),
  ];
  const visible = (element: Element) => element.getClientRects().length > 0;
  const tell = (element: Element) => element.outerHTML.slice(0, 120);
  const nameOf = (element: Element): string => {
    const by = element.getAttribute("aria-labelledby");
    if (by !== null)
      return by
        .split(" ")
        .map((id) => document.querySelector(`#${CSS.escape(id)}`)?.textContent ?? "")
        .join(" ");
    const label = element.getAttribute("aria-label");
    if (label !== null) return label;
    const labels = (element as HTMLInputElement).labels;
    if (labels && labels.length > 0) return [...labels].map((found) => found.textContent).join(" ");
    return `${element.textContent}${[...element.querySelectorAll("img")].map((image) => image.alt).join("")}`;
  };

  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide > 0) faults.push(`scrolls sideways by ${wide} px`);
  for (const dialog of all("dialog[open]")) {
    const beyond = dialog.scrollWidth - dialog.clientWidth;
    if (beyond > 0) faults.push(`the dialog scrolls sideways by ${beyond} px`);
  }
  if (document.documentElement.lang === "") faults.push("the page names no language");
  if (document.title.trim() === "") faults.push("the page has no title");
  for (const landmark of ["header", "nav", "main", "footer"])
    if (all(landmark).length === 0) faults.push(`no ${landmark}`);

  const headings = all("h1,h2,h3,h4,h5,h6").filter(visible);
  if (headings.filter(({ tagName }) => tagName === "H1").length !== 1) faults.push("not exactly one h1");
  let level = 0;
  for (const heading of headings) {
    const next = Number(heading.tagName.slice(1));
    if (next > level + 1) faults.push(`heading jumps from ${level} to ${next}: ${heading.textContent}`);
    level = next;
  }

  for (const control of all("input,select,textarea").filter(visible))
    if (nameOf(control).trim() === "") faults.push(`field without a label: ${tell(control)}`);
  for (const control of all("button,a[href],summary,[role=button]").filter(visible)) {
    if (nameOf(control).trim() === "") faults.push(`control without a name: ${tell(control)}`);
    const { width, height } = control.getBoundingClientRect();
    if (control.tagName === "BUTTON" && (width < 16 || height < 16))
      faults.push(`too small to hit: ${tell(control)}`);
  }
  for (const image of all<HTMLImageElement>("img"))
    if (!image.hasAttribute("alt")) faults.push(`image without alt: ${tell(image)}`);
  for (const drawing of all<SVGElement>("svg"))
    if (drawing.getAttribute("aria-hidden") !== "true" && drawing.getAttribute("role") !== "img")
      faults.push(`drawing that is neither described nor hidden: ${tell(drawing)}`);
  const ids = all("[id]").map(({ id }) => id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index)))
    faults.push(`id twice: ${id}`);
  for (const element of all("[aria-describedby],[aria-controls]"))
    for (const id of `${element.getAttribute("aria-describedby") ?? ""} ${element.getAttribute("aria-controls") ?? ""}`
      .trim()
      .split(/\s+/))
      if (!document.querySelector(`#${CSS.escape(id)}`))
        faults.push(`${tell(element)} points at ${id}, which is not there`);

  // WCAG 2.2, 1.4.3: 4.5 to 1, and 3 to 1 for large text.
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const rgba = (color: string): [number, number, number, number] => {
    if (!pen) return [0, 0, 0, 1];
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, a = 0] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top: number[], alpha: number, below: number[]) =>
    top.slice(0, 3).map((part, index) => part * alpha + (below[index] ?? 0) * (1 - alpha));
  const backOf = (element: Element): number[] => {
    const own = rgba(getComputedStyle(element).backgroundColor);
    if (own[3] === 1) return own.slice(0, 3);
    const below = element.parentElement ? backOf(element.parentElement) : [255, 255, 255];
    return over(own, own[3], below);
  };
  const opacityOf = (element: Element | null): number =>
    element === null ? 1 : Number(getComputedStyle(element).opacity) * opacityOf(element.parentElement);
  const light = (color: number[]) => {
    const [r = 0, g = 0, b = 0] = color.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent?.trim() ?? "";
    const holder = walker.currentNode.parentElement;
    if (
      text === "" ||
      !holder ||
      !visible(holder) ||
      holder.closest(".sr-only,noscript,option,svg,[aria-disabled],:disabled")
    )
      continue;
    const style = getComputedStyle(holder);
    const back = backOf(holder);
    const ink = rgba(style.color);
    const [a, b] = [light(over(ink, ink[3] * opacityOf(holder), back)), light(back)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (large ? 3 : 4.5))
      faults.push(`contrast ${contrast.toFixed(2)} of “${text.slice(0, 40)}”`);
  }
  return faults;
}
