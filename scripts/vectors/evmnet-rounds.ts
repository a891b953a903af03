import type { Hex } from "viem";

/** drand evmnet's public key, as https://api.drand.sh/v2/beacons/evmnet/info gives it. */
export const EVMNET_KEY: Hex =
  "0x07e1d1d335df83fa98462005690372c643340060d205306a9aa8106b6bd0b3820557ec32c2ad488e4d4f6008f89a346f18492092ccc0d594610de2732c8b808f0095685ae3a85ba243747b1b2f426049010f6b73a0cf1d389351d5aaaa1047f6297d3a4f9749b33eb2d904c9d9ebf17224150ddd7abd7567a9bec6c74480ee0b";

/** Rounds that drand's evmnet published between September 2024 and September 2026; each says so itself by its signature. */
export const EVMNET_ROUNDS: readonly { round: bigint; signature: string }[] = [
  {
    round: 1n,
    signature:
      "11f812d738a36b2210dc88c2d635ad8039588205f42445d6de09e6530165c3462a23aca348c84badcf8df5321ac24577b7963d5b0d780bc4626baedb45cde373",
  },
  {
    round: 1_000n,
    signature:
      "06fd5996329504d3a56b482d9222bf7205857d0a9559ddd216ca31a286f6a8cc0a120f021aac2f13553fb164f62bc3a5ca32c76dea88a777b39bcf3cac5fdbd6",
  },
  {
    round: 9_337_227n,
    signature:
      "01d65d6128f4b2df3d08de85543d8efe06b0281d0770246ae3672e8ddd3efda0269373123458f0b5c0073eeed1c816a06809e127421513e34ee07df6987910b3",
  },
  {
    round: 10_000_000n,
    signature:
      "2c7b65b5acfe55256910ca71cf0a0fa71ac34c2a1167f86a22930a03e70ebec00f7a530796e7ee38600b06da0390634a9b154e3eebc3b323dde2111e1c8ebdf3",
  },
  {
    round: 10_000_001n,
    signature:
      "0d23588d3b2457cf1e7a823d0781c3cf67216f7e2500e0048dd82d88b5dbe6c5227d5ed98879a9abd1dda134cb4cc8240284429913029ce22de1a6aa9d548ea9",
  },
  {
    round: 10_000_002n,
    signature:
      "04edcf1080e8c3c542251b0439384fb67fdf559813fbfa9a14a3a49a63e8f3af17e79ae47a98f834043501463cf3676d0c681031d62d8204b635095590258ef5",
  },
  {
    round: 10_000_003n,
    signature:
      "00a6811e9880bc99c3f130140f332ca0e4faade2d187896c0272b7d05d27271d2997197cf37eed8d84fc5293f80a2d0c56e1fc2285317db33d1671f86e7c4d22",
  },
  {
    round: 10_000_013n,
    signature:
      "13d1b70855d04ea9af3efc4a03378f655459da97819ca4c63427104cf20bd7242c4116eba1899aefcc969a160faa09d164ef5c2dbcef91ad7455ad7c0457d37c",
  },
  {
    round: 18_710_192n,
    signature:
      "174c481ee5453aa002b6a5e4e4b3bad70c62933a286285b5c22e1d6b9304b4d40720072ba15a5c6dfe9f271bd48fd36b9d488334da388da85e45451f95ad1427",
  },
  {
    round: 20_000_000n,
    signature:
      "1ad7a10ece71f082a5c931983eca674ecb297b22f9396cde3a5015b9d91795411f11d5de506f74f17645ac04a2fe6b53458a123f66e2fcb1e2ab86cb8c2d5409",
  },
  {
    round: 20_555_219n,
    signature:
      "04f261d0bf2f7532b25f2ccc042c093f3e7c8edde5db96e67738ed123466256e0ddc80f9dd0cd9481cd9381ecde4df1ff924d2e0bdb426492b9d49cc46ec58b1",
  },
  {
    round: 21_116_623n,
    signature:
      "174c208235f51e5241fb6bf4587153b797843ff90b90995a3c421e246c953a7123b27d9b5a751c5551a02af528d89c8e2bdcabe1af8f12f591bdfd9edc03c807",
  },
  {
    round: 21_117_623n,
    signature:
      "0483a5cb0fe7410c1ba94be5cac58d541d3a0c1e22d1e3654ff1e69eeca6b6ef2e6939797dd326921725ea4d1989c0150c01d748bc07df66968e26bc62caacf6",
  },
  {
    round: 21_118_623n,
    signature:
      "0c55ba05af855fedde9430997cdbc2a6c4b5436b8f9ec2c34049a0faad07a303013932fa39a24bfe504dbc203141e795eb76e74b68287b6442932fdae3027f19",
  },
];
