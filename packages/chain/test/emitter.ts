/**
 * A contract for tests, built by solc 0.8.37 with 200 optimiser runs from:
 *
 * contract Emitter {
 *     event Counted(uint256 indexed id, address indexed by, uint256 value, string text);
 *     event Marked(uint256 indexed id, bytes32 mark);
 *     event Effected(bytes32 indexed key, uint256 times);
 *     error Emitter_Refused(uint256 code);
 *     uint256 public count;
 *     mapping(bytes32 => uint256) public times;
 *     function emitMany(uint256 n, uint256 value) external {
 *         for (uint256 i; i < n; ++i) {
 *             uint256 id = ++count;
 *             emit Counted(id, msg.sender, value + i, "counted");
 *             if (id % 5 == 0) emit Marked(id, keccak256(abi.encode(id, value)));
 *         }
 *     }
 *     function effect(bytes32 key) external { emit Effected(key, ++times[key]); }
 *     function once(bytes32 key) external { require(times[key] == 0, Emitter_Refused(times[key])); emit Effected(key, ++times[key]); }
 *     function refuse(uint256 code) external pure { revert Emitter_Refused(code); }
 * }
 *
 */
export const emitterAbi = [
  {
    inputs: [
      {
        name: "code",
        type: "uint256",
      },
    ],
    name: "Emitter_Refused",
    type: "error",
  },
  {
    inputs: [
      {
        indexed: true,
        name: "id",
        type: "uint256",
      },
      {
        indexed: true,
        name: "by",
        type: "address",
      },
      {
        indexed: false,
        name: "value",
        type: "uint256",
      },
      {
        indexed: false,
        name: "text",
        type: "string",
      },
    ],
    name: "Counted",
    type: "event",
  },
  {
    inputs: [
      {
        indexed: true,
        name: "key",
        type: "bytes32",
      },
      {
        indexed: false,
        name: "times",
        type: "uint256",
      },
    ],
    name: "Effected",
    type: "event",
  },
  {
    inputs: [
      {
        indexed: true,
        name: "id",
        type: "uint256",
      },
      {
        indexed: false,
        name: "mark",
        type: "bytes32",
      },
    ],
    name: "Marked",
    type: "event",
  },
  {
    inputs: [],
    name: "count",
    outputs: [
      {
        name: "",
        type: "uint256",
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      {
        name: "key",
        type: "bytes32",
      },
    ],
    name: "effect",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      {
        name: "n",
        type: "uint256",
      },
      {
        name: "value",
        type: "uint256",
      },
    ],
    name: "emitMany",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      {
        name: "key",
        type: "bytes32",
      },
    ],
    name: "once",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      {
        name: "code",
        type: "uint256",
      },
    ],
    name: "refuse",
    outputs: [],
    stateMutability: "pure",
    type: "function",
  },
  {
    inputs: [
      {
        name: "",
        type: "bytes32",
      },
    ],
    name: "times",
    outputs: [
      {
        name: "",
        type: "uint256",
      },
    ],
    stateMutability: "view",
    type: "function",
  },
] as const;

export const emitterBytecode =
  "0x6080604052348015600e575f5ffd5b5061039e8061001c5f395ff3fe608060405234801561000f575f5ffd5b5060043610610060575f3560e01c806306661abd1461006457806313008b751461007e5780633d23178e14610093578063a60a07b2146100a6578063ca5d7610146100b9578063efb30851146100d8575b5f5ffd5b61006c5f5481565b60405190815260200160405180910390f35b61009161008c3660046102cd565b6100eb565b005b6100916100a13660046102e4565b610141565b6100916100b43660046102cd565b61023e565b61006c6100c73660046102cd565b60016020525f908152604090205481565b6100916100e63660046102cd565b61025f565b5f818152600160205260408120805483927f1391e5cafb2455aa34bdba251d08e4e57b4139463f445307b8c1efd29ca9b01a929161012890610318565b918290555060405190815260200160405180910390a250565b5f5b82811015610239575f5f5f815461015990610318565b9182905550905033817f1c5dcb0ffe2087412d3100791088261f43d5e1fb4a72509ecc29fb84ee852dac61018d8587610330565b60408051918252602082018190526007908201526618dbdd5b9d195960ca1b606082015260800160405180910390a36101c7600582610349565b5f0361023057807f7a49dba3cb9cff9e32867289d1d6d62d11378e336c653a7e72c9623f20c87937828560405160200161020b929190918252602082015260400190565b60408051601f1981840301815290829052805160209182012082520160405180910390a25b50600101610143565b505050565b60405163d00f31c960e01b8152600481018290526024015b60405180910390fd5b5f81815260016020526040902054801561028f5760405163d00f31c960e01b815260040161025691815260200190565b505f818152600160205260408120805483927f1391e5cafb2455aa34bdba251d08e4e57b4139463f445307b8c1efd29ca9b01a929161012890610318565b5f602082840312156102dd575f5ffd5b5035919050565b5f5f604083850312156102f5575f5ffd5b50508035926020909101359150565b634e487b7160e01b5f52601160045260245ffd5b5f6001820161032957610329610304565b5060010190565b8082018082111561034357610343610304565b92915050565b5f8261036357634e487b7160e01b5f52601260045260245ffd5b50069056fea264697066735822122003f17b0160e93d6bf44cb54de42d63bce24aaf65d7c0238dd9b13d2529740c1064736f6c63430008250033";
