/** What others pay for the same, in gas of whole transactions unless the row says otherwise. */
export type PeerRow = {
  /** Name of the figure in contracts/snapshots/gas.json. */
  snapshot: string;
  /** Name in the bench's output. */
  key: string;
  /** Our own ceiling; the contracts' tests fail above it. */
  target: number;
  /** Best peer on like terms first. */
  peers: readonly { name: string; gas: number }[];
};

/**
 * Peers' figures, measured by running their own contracts with their own compiler settings: one question or position,
 * undisputed, collateral a plain ERC-20, question text of 300 bytes.
 */
export const PEERS: readonly PeerRow[] = [
  {
    snapshot: "new answer, 3 of 4, own values",
    key: "answer_3_of_4",
    target: 72_000,
    peers: [
      { name: "Reality.eth 3.0, one answerer's bond", gas: 102_886 },
      { name: "Chainlink workflow forwarder, 2 signatures", gas: 104_815 },
      { name: "UMA OOv2", gas: 159_541 },
      { name: "Tellor Flex", gas: 184_291 },
    ],
  },
  {
    snapshot: "new answer, 3 of 4, co-signed",
    key: "answer_3_of_4_agreed",
    target: 72_000,
    peers: [
      { name: "Reality.eth 3.0, one answerer's bond", gas: 102_886 },
      { name: "Chainlink workflow forwarder, 2 signatures", gas: 104_815 },
    ],
  },
  {
    snapshot: "ask + answer + final",
    key: "ask_answer_final",
    target: 138_000,
    peers: [
      { name: "UMA Skinny OOv2", gas: 217_302 },
      { name: "UMA OOv3", gas: 256_517 },
      { name: "Reality.eth 3.0", gas: 262_836 },
      { name: "UMA OOv2", gas: 413_318 },
      { name: "UMA Managed OOv2", gas: 472_640 },
      { name: "Polymarket adapter, OOv2 and CTF", gas: 1_055_372 },
    ],
  },
  {
    snapshot: "consumer read, cold, call included",
    key: "consumer_read",
    target: 5_800,
    peers: [
      { name: "Chainlink OCR2 aggregator", gas: 7_672 },
      { name: "Reality.eth", gas: 9_879 },
      { name: "Pyth", gas: 10_840 },
      { name: "Tellor", gas: 21_829 },
      { name: "UMA OOv3", gas: 22_835 },
    ],
  },
  {
    snapshot: "stake, new staker, allowance there",
    key: "stake",
    target: 72_000,
    peers: [
      { name: "CTF split, holder known", gas: 87_668 },
      { name: "CTF split, new holder", gas: 121_868 },
      { name: "Pancake prediction v3", gas: 135_101 },
      { name: "FPMM buy", gas: 155_034 },
    ],
  },
  {
    snapshot: "claim",
    key: "claim",
    target: 50_000,
    peers: [
      { name: "CTF redeem, one side", gas: 68_359 },
      { name: "CTF redeem, both sides", gas: 83_436 },
      { name: "Pancake prediction v3", gas: 103_433 },
    ],
  },
  {
    snapshot: "open a market, 2 outcomes",
    key: "open_market",
    target: 71_111,
    peers: [
      { name: "CTF condition, without a market on it", gas: 51_854 },
      { name: "FPMM create and fund", gas: 761_801 },
    ],
  },
  {
    snapshot: "settle a market",
    key: "settle_market",
    target: 33_000,
    peers: [
      { name: "CTF report", gas: 76_716 },
      { name: "Polymarket adapter resolve", gas: 210_246 },
      { name: "Pancake executeRound", gas: 352_364 },
    ],
  },
];
