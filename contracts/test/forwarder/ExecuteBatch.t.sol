// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ERC2771Forwarder } from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { vm } from "../Vm.sol";
import { Relaying } from "./Relaying.sol";

contract ForwarderExecuteBatchTest is Relaying {
    uint256 private constant ONE = 0xA6E;
    uint256 private constant OTHER = 0xA6F;

    function withdrawal(uint256 key, uint256 amount) private view returns (ERC2771Forwarder.ForwardRequestData memory) {
        return request(key, wiring.vault, abi.encodeCall(IVault.withdraw, (amount, vm.addr(key))));
    }

    function both() private view returns (ERC2771Forwarder.ForwardRequestData[] memory asked) {
        asked = new ERC2771Forwarder.ForwardRequestData[](2);
        asked[0] = withdrawal(ONE, 40);
        asked[1] = withdrawal(OTHER, 30);
    }

    function test_A_batch_acts_for_each_of_its_signers() public {
        fund(vm.addr(ONE), 100);
        fund(vm.addr(OTHER), 100);
        ERC2771Forwarder.ForwardRequestData[] memory asked = both();
        for (uint256 i; i < 2; ++i) {
            vm.expectEmit(wiring.forwarder);
            emit ERC2771Forwarder.ExecutedForwardRequest(asked[i].from, 0, true);
        }
        ERC2771Forwarder(wiring.forwarder).executeBatch(asked, payable(address(0)));
        vm.assertEq(creditOf(vm.addr(ONE)), 60);
        vm.assertEq(creditOf(vm.addr(OTHER)), 70);
        vm.assertEq(ERC2771Forwarder(wiring.forwarder).nonces(vm.addr(ONE)), 1);
    }

    /// @dev All or nothing, when nobody is named who takes back what a skipped request brought.
    function test_A_stale_request_fails_the_batch() public {
        fund(vm.addr(ONE), 100);
        fund(vm.addr(OTHER), 100);
        ERC2771Forwarder.ForwardRequestData[] memory asked = both();
        ERC2771Forwarder(wiring.forwarder).execute(asked[0]);
        vm.expectPartialRevert(ERC2771Forwarder.ERC2771ForwarderInvalidSigner.selector);
        ERC2771Forwarder(wiring.forwarder).executeBatch(asked, payable(address(0)));
        vm.assertEq(creditOf(vm.addr(OTHER)), 100);
    }

    function test_A_call_that_fails_is_told_and_its_request_is_used() public {
        fund(vm.addr(ONE), 100);
        vm.expectEmit(wiring.forwarder);
        emit ERC2771Forwarder.ExecutedForwardRequest(vm.addr(OTHER), 0, false);
        ERC2771Forwarder(wiring.forwarder).executeBatch(both(), payable(address(0)));
        vm.assertEq(creditOf(vm.addr(ONE)), 60);
        vm.assertEq(ERC2771Forwarder(wiring.forwarder).nonces(vm.addr(OTHER)), 1);
    }

    function test_With_a_receiver_named_a_stale_request_is_skipped() public {
        fund(vm.addr(ONE), 100);
        fund(vm.addr(OTHER), 100);
        ERC2771Forwarder.ForwardRequestData[] memory asked = both();
        ERC2771Forwarder(wiring.forwarder).execute(asked[0]);
        ERC2771Forwarder(wiring.forwarder).executeBatch(asked, payable(address(this)));
        vm.assertEq(creditOf(vm.addr(ONE)), 60);
        vm.assertEq(creditOf(vm.addr(OTHER)), 70);
    }
}
