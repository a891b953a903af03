import type { ReactNode, SVGProps } from "react";

type IconProps = Omit<SVGProps<SVGSVGElement>, "children">;

const icon = (name: string, drawing: ReactNode) => {
  const Icon = (props: IconProps) => (
    <svg
      viewBox="0 0 20 20"
      width="1em"
      height="1em"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      {...props}
    >
      {drawing}
    </svg>
  );
  Icon.displayName = name;
  return Icon;
};

export const CheckIcon = icon("CheckIcon", <path d="m4 10.5 4 4 8-9" />);
export const CrossIcon = icon("CrossIcon", <path d="m5 5 10 10M15 5 5 15" />);
export const CopyIcon = icon("CopyIcon", <path d="M7.5 7.5h9v9h-9zM3.5 12.5v-9h9" />);
export const ChevronIcon = icon("ChevronIcon", <path d="m6 8 4 4 4-4" />);
export const SearchIcon = icon(
  "SearchIcon",
  <path d="M8.8 14a5.2 5.2 0 1 0 0-10.4 5.2 5.2 0 0 0 0 10.4ZM13 13l4 4" />,
);
export const FilterIcon = icon("FilterIcon", <path d="M3 5.5h14M5.8 10h8.4M8.4 14.5h3.2" />);
export const PlusIcon = icon("PlusIcon", <path d="M10 4v12M4 10h12" />);
export const SunIcon = icon(
  "SunIcon",
  <path d="M10 13.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM10 2v1.6M10 16.4V18M2 10h1.6M16.4 10H18M4.4 4.4l1.1 1.1M14.5 14.5l1.1 1.1M15.6 4.4l-1.1 1.1M5.5 14.5l-1.1 1.1" />,
);
export const MoonIcon = icon("MoonIcon", <path d="M16.5 11.6A7 7 0 0 1 8.4 3.5a7 7 0 1 0 8.1 8.1Z" />);
export const BellIcon = icon(
  "BellIcon",
  <path d="M5 13.8V9a5 5 0 0 1 10 0v4.8l1.4 1.4H3.6L5 13.8ZM8.4 17.2a1.8 1.8 0 0 0 3.2 0" />,
);
export const WalletIcon = icon(
  "WalletIcon",
  <path d="M3 6.2h12.6a1.4 1.4 0 0 1 1.4 1.4v7a1.4 1.4 0 0 1-1.4 1.4H4.4A1.4 1.4 0 0 1 3 14.6V5.4A1.4 1.4 0 0 1 4.4 4H14M13.6 11h.01" />,
);
export const AlertIcon = icon("AlertIcon", <path d="M10 3 2.5 16.5h15L10 3ZM10 8.5v3.6M10 14.3h.01" />);
