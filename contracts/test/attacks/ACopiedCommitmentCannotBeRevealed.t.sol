// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITaskMarket, Mode } from "../../src/interfaces/ITaskMarket.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 10: copying a sealed bid.
contract ACopiedCommitmentCannotBeRevealedTest is Market {
    function test_A_copied_commitment_cannot_be_revealed() public {
        uint256 taskId = create(Mode.SEALED);
        uint256 original = commitAs(0, taskId, 700 * CREDITS);
        bytes32 seen = market.bidOf(original).commitment;
        vm.prank(owners[1]);
        uint256 copy = market.commitBid(taskId, agents[1], seen);
        skip(900);
        revealAs(0, original, 700 * CREDITS);
        vm.expectPartialRevert(ITaskMarket.WrongReveal.selector);
        vm.prank(owners[1]);
        market.revealBid(copy, 700 * CREDITS, 1 hours, keccak256("proposal"), bytes32(uint256(7)));
        skip(600);
        market.forfeitBid(copy);
        vm.assertEq(stakeOf(1), 976 * CREDITS);
    }

    function test_A_commitment_does_not_live_in_another_round() public {
        uint256 taskId = create(Mode.SEALED);
        bytes32 old = commitmentAs(0, taskId, 700 * CREDITS);
        skip(1_500);
        market.reopen(taskId);
        vm.prank(owners[0]);
        uint256 bidId = market.commitBid(taskId, agents[0], old);
        skip(1_800);
        vm.expectPartialRevert(ITaskMarket.WrongReveal.selector);
        revealAs(0, bidId, 700 * CREDITS);
    }
}
