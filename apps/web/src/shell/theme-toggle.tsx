import { t } from "@lingui/core/macro";
import { useState } from "react";
import { browserStore } from "../browser-store.ts";
import { MoonIcon, SunIcon } from "../components/icons.tsx";

const STORED = "sooth.theme";
const isDark = () =>
  (document.documentElement.dataset["theme"] ??
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

/** Follows the system until it is pressed. */
export function ThemeToggle() {
  const [dark, setDark] = useState(isDark);
  const toggle = () => {
    const next = dark ? "light" : "dark";
    document.documentElement.dataset["theme"] = next;
    browserStore()?.setItem(STORED, next);
    setDark(!dark);
  };
  return (
    <button
      type="button"
      onClick={toggle}
      className="grid size-9 place-items-center rounded-md text-ink-2 hover:bg-sunken hover:text-ink"
    >
      {dark ? <SunIcon className="text-lg" /> : <MoonIcon className="text-lg" />}
      <span className="sr-only">{dark ? t`Switch to light` : t`Switch to dark`}</span>
    </button>
  );
}
