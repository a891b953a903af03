// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {Attesters} from "../../../src/bundles/Attesters.sol";
import {BundleHub} from "../../../src/bundles/BundleHub.sol";
import {Bundle, Leg, LegStatus} from "../../../src/bundles/BundleTypes.sol";
import {Facts} from "../../../src/bundles/Facts.sol";
import {AttesterLimits} from "../../../src/bundles/IAttesters.sol";
import {HubLimits, LegResult, Settlement} from "../../../src/bundles/IBundleHub.sol";
import {MessageGateway} from "../../../src/bundles/views/MessageGateway.sol";
import {TestRecipient} from "../../doubles/Recipient.sol";
import {Vm} from "../../Test.sol";
import {SettlerStage} from "../SettlerStage.sol";

/// @dev A real hub on chain 7, a real settler on the tests' chain, and what is opened there runs here, as the hub logged it.
abstract contract GatewayStage is SettlerStage {
    uint256 internal constant HUB_CHAIN = 7;
    uint256 internal constant OUR_CHAIN = 31_337;

    struct Opened {
        bytes32 id;
        bytes32 receiveId;
        uint64 base;
        Bundle bundle;
        Leg leg;
    }

    BundleHub internal hub;
    MessageGateway internal gateway;
    TestRecipient internal recipient;

    function setUp() public virtual override {
        super.setUp();
        vm.chainId(HUB_CHAIN);
        // Nobody sits in it, so none of a share is theirs.
        Attesters attesters = new Attesters(
            AttesterLimits({
                hubChainId: HUB_CHAIN,
                stakeManager: address(1),
                domain: 0,
                quorumBps: 6_000,
                longestValidity: 10 minutes,
                longestAge: 7 days,
                deployer: address(this)
            })
        );
        hub = new BundleHub(
            HubLimits({
                verifier: address(verifier),
                attesters: address(attesters),
                stakeManager: address(1),
                guardian: guardian,
                longestWindow: 7 days,
                graceSeconds: 12 hours,
                reclaimSeconds: 14 days,
                attesterBps: 0
            })
        );
        gateway = new MessageGateway(hub);
        recipient = new TestRecipient(settler.accountOf(address(gateway)));
    }

    function _recipient() internal view returns (bytes memory) {
        return InteroperableAddress.formatEvmV1(OUR_CHAIN, address(recipient));
    }

    /// @dev What the hub logged of it.
    function _sendWith(address sender, bytes memory payload, bytes[] memory attributes, uint256 fee)
        internal
        returns (Opened memory opened)
    {
        vm.chainId(HUB_CHAIN);
        vm.deal(sender, sender.balance + fee);
        bytes memory to = _recipient();
        vm.recordLogs();
        vm.prank(sender);
        vm.assertEq(gateway.sendMessage{value: fee}(to, payload, attributes), 0);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bytes memory legs;
        (opened.id, opened.receiveId) = (logs[0].topics[1], logs[1].topics[1]);
        (opened.base, opened.bundle, legs) = abi.decode(logs[0].data, (uint64, Bundle, bytes));
        opened.leg = abi.decode(legs, (Leg[]))[0];
        vm.assertEq(logs[1].topics[2], opened.id);
        vm.assertEq(logs[2].topics[0], IERC7786GatewaySource.MessageSent.selector);
    }

    /// @dev By a stranger, who shows the receipt.
    function _settle(Bundle memory bundle, uint64 base, LegStatus status, address named) internal {
        Settlement[] memory one = new Settlement[](1);
        one[0] = Settlement(bundle, new LegResult[](1));
        one[0].results[0] = LegResult(0, status, 0, named);
        verifier.say(Facts.receipt(base, status, 0, named));
        vm.prank(bob);
        hub.settle(one, "");
    }
}
