type TypedData = {
  domain: object;
  types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>;
  primaryType: string;
  message: object;
};

/** In the shape that eth_signTypedData_v4 takes: numbers too large for JSON are decimal strings, the domain is typed. */
export function inJson({ domain, types, primaryType, message }: TypedData) {
  const entries = Object.entries(message).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === "bigint" ? String(value) : value,
  ]);
  return {
    domain: { ...domain },
    types: { EIP712Domain: DOMAIN_FIELDS, ...types },
    primaryType,
    message: Object.fromEntries(entries) as Record<string, unknown>,
  };
}

const DOMAIN_FIELDS = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
];
