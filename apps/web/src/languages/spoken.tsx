import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { Fragment, type ReactNode, useSyncExternalStore } from "react";

/** Draws all below it anew when another language is chosen: words are read where they are drawn, not followed one by one. */
export function Spoken({ children }: { children: ReactNode }) {
  const locale = useSyncExternalStore(
    (changed) => i18n.on("change", changed),
    () => i18n.locale,
  );
  return (
    <I18nProvider i18n={i18n}>
      <Fragment key={locale}>{children}</Fragment>
    </I18nProvider>
  );
}
