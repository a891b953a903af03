import { LinkButton } from "../components/button.tsx";
import { PageHead, useTitle } from "../components/page.tsx";

export function NotFoundPage() {
  useTitle("Nothing here");
  return (
    <>
      <PageHead title="Nothing here">
        This address leads to no page. The market or question may be on another network, or the link may be
        cut off.
      </PageHead>
      <LinkButton to="/" look="primary">
        All markets
      </LinkButton>
    </>
  );
}
