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
 *     function multicall(bytes[] calldata calls) external {
 *         for (uint256 i; i < calls.length; ++i) {
 *             (bool done, bytes memory why) = address(this).delegatecall(calls[i]);
 *             if (!done) assembly { revert(add(why, 32), mload(why)) }
 *         }
 *     }
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
  "0x6080604052348015600e575f5ffd5b506105418061001c5f395ff3fe608060405234801561000f575f5ffd5b506004361061007a575f3560e01c8063a60a07b211610058578063a60a07b2146100c0578063ac9650d8146100d3578063ca5d7610146100e6578063efb3085114610105575f5ffd5b806306661abd1461007e57806313008b75146100985780633d23178e146100ad575b5f5ffd5b6100865f5481565b60405190815260200160405180910390f35b6100ab6100a6366004610392565b610118565b005b6100ab6100bb3660046103a9565b61016e565b6100ab6100ce366004610392565b61026b565b6100ab6100e13660046103c9565b61028c565b6100866100f4366004610392565b60016020525f908152604090205481565b6100ab610113366004610392565b610324565b5f818152600160205260408120805483927f1391e5cafb2455aa34bdba251d08e4e57b4139463f445307b8c1efd29ca9b01a92916101559061044e565b918290555060405190815260200160405180910390a250565b5f5b82811015610266575f5f5f81546101869061044e565b9182905550905033817f1c5dcb0ffe2087412d3100791088261f43d5e1fb4a72509ecc29fb84ee852dac6101ba8587610466565b60408051918252602082018190526007908201526618dbdd5b9d195960ca1b606082015260800160405180910390a36101f460058261047f565b5f0361025d57807f7a49dba3cb9cff9e32867289d1d6d62d11378e336c653a7e72c9623f20c879378285604051602001610238929190918252602082015260400190565b60408051601f1981840301815290829052805160209182012082520160405180910390a25b50600101610170565b505050565b60405163d00f31c960e01b8152600481018290526024015b60405180910390fd5b5f5b81811015610266575f80308585858181106102ab576102ab61049e565b90506020028101906102bd91906104b2565b6040516102cb9291906104fc565b5f60405180830381855af49150503d805f8114610303576040519150601f19603f3d011682016040523d82523d5f602084013e610308565b606091505b50915091508161031a57805160208201fd5b505060010161028e565b5f8181526001602052604090205480156103545760405163d00f31c960e01b815260040161028391815260200190565b505f818152600160205260408120805483927f1391e5cafb2455aa34bdba251d08e4e57b4139463f445307b8c1efd29ca9b01a92916101559061044e565b5f602082840312156103a2575f5ffd5b5035919050565b5f5f604083850312156103ba575f5ffd5b50508035926020909101359150565b5f5f602083850312156103da575f5ffd5b823567ffffffffffffffff8111156103f0575f5ffd5b8301601f81018513610400575f5ffd5b803567ffffffffffffffff811115610416575f5ffd5b8560208260051b840101111561042a575f5ffd5b6020919091019590945092505050565b634e487b7160e01b5f52601160045260245ffd5b5f6001820161045f5761045f61043a565b5060010190565b808201808211156104795761047961043a565b92915050565b5f8261049957634e487b7160e01b5f52601260045260245ffd5b500690565b634e487b7160e01b5f52603260045260245ffd5b5f5f8335601e198436030181126104c7575f5ffd5b83018035915067ffffffffffffffff8211156104e1575f5ffd5b6020019150368190038213156104f5575f5ffd5b9250929050565b818382375f910190815291905056fea2646970667358221220fa03a3d7443fdd72061d59e598207dc31ad87ffeb08eca71c6f1aa8abe745d3964736f6c63430008250033";
