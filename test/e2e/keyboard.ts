import type { Locator, Page } from "playwright-core";

/** More controls than any page has between two of its parts. */
const MOST_STEPS = 90;

/**
 * Goes to `target` as somebody without a mouse does, and fails where it cannot be reached, where nobody sees that the focus is on
 * it, or where it lies beyond the screen or under something else.
 */
export async function tabTo(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await target.waitFor();
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await page.keyboard.press(key);
    if (!(await target.evaluate((element) => element === document.activeElement))) continue;
    const faults = await target.evaluate(unseen);
    if (faults.length > 0) throw new Error(`${String(target)}: ${faults.join(", ")}`);
    return;
  }
  throw new Error(`${String(target)} was not reached in ${MOST_STEPS} steps`);
}

/** Goes there and presses it. */
export async function press(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await tabTo(page, target, key);
  await page.keyboard.press("Enter");
}

/** Goes to a field and puts this text in the place of its own. */
export async function typeInto(
  page: Page,
  target: Locator,
  text: string,
  key: "Tab" | "Shift+Tab" = "Tab",
): Promise<void> {
  await tabTo(page, target, key);
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(text);
}

// Runs inside the page: it may use nothing from this module.
function unseen(element: Element): string[] {
  const faults: string[] = [];
  const style = getComputedStyle(element);
  const isRinged = style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 1;
  if (!element.matches(":focus-visible") || !(isRinged || style.boxShadow !== "none"))
    faults.push("nobody sees that it has the focus");
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  if (x < 0 || x > window.innerWidth || y < 0 || y > window.innerHeight)
    faults.push(`it lies beyond the screen, at ${Math.round(x)}, ${Math.round(y)}`);
  else {
    const seen = document.elementFromPoint(x, y);
    if (!seen || !(element.contains(seen) || seen.contains(element))) faults.push("something lies over it");
  }
  return faults;
}
