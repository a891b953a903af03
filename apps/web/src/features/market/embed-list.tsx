import { t } from "@lingui/core/macro";
import { Button } from "../../components/button.tsx";
import { useCopied } from "../../components/use-copied.ts";

/** More than a frame holds belongs on a page. */
const SHOWN = 6;

/** Below a list: copies the HTML of a frame in which other sites show what is listed. `path`: of that page without a script. */
export function EmbedList({
  path,
  filters,
}: {
  path: "/embed/markets" | "/embed/opinions";
  filters: Readonly<Record<string, string | undefined>>;
}) {
  const asked = new URLSearchParams({ limit: String(SHOWN) });
  for (const [name, value] of Object.entries(filters)) if (value !== undefined) asked.set(name, value);
  const source = `${location.origin}${path}?${asked.toString()}`.replaceAll("&", "&amp;");
  const { copied, copy } = useCopied(
    `<iframe src="${source}" width="480" height="640" style="border:0" loading="lazy" title="Markets on Sooth"></iframe>`,
  );
  return (
    <p className="mt-6 flex flex-wrap items-center gap-3 text-sm text-ink-2">
      <Button size="small" onClick={copy}>
        {copied ? t`HTML copied` : t`Embed this list`}
      </Button>
      {t`The first ${SHOWN} of what is listed here, on your own site, without a script.`}
    </p>
  );
}
