import { t } from "@lingui/core/macro";
import type { ReactNode } from "react";
import { Button } from "../../components/button.tsx";
import { useCopied } from "../../components/use-copied.ts";

/**
 * Hands the page's address to the device's own way to share, or copies it; beside it the picture that goes with the link,
 * and the frame that other sites may show. `frame`: path of the page without a script.
 */
export function Share({
  title,
  picture,
  frame,
  children,
}: {
  title: string;
  picture: string;
  frame: string;
  /** What else may be done with it. */
  children?: ReactNode;
}) {
  const url = `${location.origin}${location.pathname}`;
  const { copied, copy } = useCopied(url);
  const embed = useCopied(
    `<iframe src="${location.origin}${frame}" width="480" height="260" style="border:0" loading="lazy" title="A market on Sooth"></iframe>`,
  );
  const share = () => {
    if (typeof navigator.share !== "function") return copy();
    // Whoever closes the device's dialog has changed his mind; whose device cannot share it gets it copied.
    navigator.share({ title, url }).catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === "AbortError")) copy();
    });
  };
  return (
    <p className="mt-4 flex flex-wrap items-center gap-3">
      <Button size="small" onClick={share}>
        {copied ? t`Link copied` : t`Share`}
      </Button>
      <Button size="small" onClick={embed.copy}>
        {embed.copied ? t`HTML copied` : t`Embed`}
      </Button>
      <a
        href={picture}
        className="text-sm text-ink-2 underline underline-offset-4"
        target="_blank"
        rel="noreferrer"
      >
        {t`Picture`}
      </a>
      {children}
    </p>
  );
}
