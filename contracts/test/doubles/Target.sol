// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev What legs call in tests: remembers who called and with what, and fails, returns or burns as it is told.
contract Target {
    uint256 public calls;
    address public caller;
    uint256 public value;
    uint256 public gasSeen;
    bytes32 public dataHash;
    bool public broken;
    mapping(uint256 word => uint256) public times;

    error Target_Failed(uint256 why);

    function receiveWord(uint256 word) external payable returns (uint256) {
        _seen();
        ++times[word];
        return word + 1;
    }

    function receiveBytes(bytes calldata) external payable {
        _seen();
    }

    function setBroken(bool broken_) external {
        broken = broken_;
    }

    function failIfBroken() external payable {
        require(!broken, Target_Failed(7));
        _seen();
    }

    function fail(uint256 why) external payable {
        revert Target_Failed(why);
    }

    function returnMany(uint256 size, bool failing) external pure {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, not(0))
            if failing { revert(free, size) }
            return(free, size)
        }
    }

    /// @dev Fails when it is given too little, but leaves some of it: who only looks at what is left would not notice.
    function needGas(uint256 least) external payable {
        uint256 had = gasleft();
        require(had >= least, Target_Failed(had));
        gasSeen = had;
        ++calls;
    }

    /// @dev Calls on, and is content whatever comes of it.
    function callOn(address to, bytes calldata data) external payable {
        _seen();
        (bool done,) = to.call(data);
        done;
    }

    function _seen() private {
        ++calls;
        (caller, value, dataHash) = (msg.sender, msg.value, keccak256(msg.data));
    }
}
