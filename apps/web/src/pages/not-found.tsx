import type { ReactNode } from "react";
import { LinkButton } from "../components/button.tsx";
import { PageHead, useTitle } from "../components/page.tsx";

/** `what` the address should have named, and where all of its kind are listed. */
export function NotFoundPage({
  what = "page",
  back,
}: {
  what?: "page" | "market" | "statement" | "question" | "provider" | "jury" | "bundle";
  back?: ReactNode;
}) {
  useTitle("Nothing here");
  return (
    <>
      <PageHead title="Nothing here">
        {what === "page"
          ? "This address leads to no page. The link may be cut off."
          : `There is no such ${what} here. It may be on another network, or the link may be cut off.`}
      </PageHead>
      {back ?? (
        <LinkButton to="/" look="primary">
          All markets
        </LinkButton>
      )}
    </>
  );
}
