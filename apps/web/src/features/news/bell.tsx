import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BellIcon } from "../../components/icons.tsx";
import { unreadQuery } from "../../queries.ts";
import { useSession } from "../session/use-session.ts";

/** As many as are counted. */
const MANY = 100;

/** Head of the page, once a wallet is connected: the way to its notifications, and how many it has not read. */
export function Bell() {
  const { account, address } = useSession();
  const unread = useQuery(unreadQuery(address)).data ?? 0;
  if (!account) return null;
  const shown = unread >= MANY ? `${MANY - 1}+` : String(unread);
  return (
    <Link
      to="/notifications"
      className="relative grid size-10 shrink-0 place-items-center rounded-md text-xl text-ink-2 hover:bg-sunken hover:text-ink"
      activeProps={{ className: "text-accent!" }}
    >
      <BellIcon />
      <span className="sr-only">{unread === 0 ? t`Notifications` : t`Notifications, ${shown} new`}</span>
      {unread > 0 && (
        <span
          aria-hidden="true"
          className="num absolute top-0.5 right-0 min-w-4.5 rounded-full bg-accent px-1 text-center text-[0.7rem] leading-4.5 font-semibold text-on-accent"
        >
          {shown}
        </span>
      )}
    </Link>
  );
}
