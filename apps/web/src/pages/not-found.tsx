import { i18n } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import type { ReactNode } from "react";
import { LinkButton } from "../components/button.tsx";
import { PageHead, useTitle } from "../components/page.tsx";

const NAMES = {
  market: msg`market`,
  statement: msg`statement`,
  question: msg`question`,
  provider: msg`provider`,
  jury: msg`jury`,
  bundle: msg`bundle`,
} as const;

/** `what` the address should have named, and where all of its kind are listed. */
export function NotFoundPage({
  what = "page",
  back,
}: {
  what?: "page" | "market" | "statement" | "question" | "provider" | "jury" | "bundle";
  back?: ReactNode;
}) {
  useTitle(t`Nothing here`);
  return (
    <>
      <PageHead title={t`Nothing here`}>
        {what === "page"
          ? t`This address leads to no page. The link may be cut off.`
          : t`There is no such ${i18n._(NAMES[what])} here. It may be on another network, or the link may be cut off.`}
      </PageHead>
      {back ?? (
        <LinkButton to="/" look="primary">
          {t`All markets`}
        </LinkButton>
      )}
    </>
  );
}
