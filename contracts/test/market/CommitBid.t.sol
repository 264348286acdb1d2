// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { BidState, ITaskMarket, Mode } from "../../src/interfaces/ITaskMarket.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract CommitBidTest is Market {
    function test_A_commitment_locks_the_bond() public {
        uint256 taskId = create(Mode.SEALED);
        bytes32 commitment = commitmentAs(0, taskId, PRICE);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.BidCommitted(taskId, 1, agents[0], commitment);
        vm.assertEq(commitAs(0, taskId, PRICE), 1);
        vm.assertEq(lockOf(0, taskId, 1), BOND);
        vm.assertEq(market.bidOf(1).commitment, commitment);
        vm.assertEq(uint256(market.bidOf(1).state), uint256(BidState.COMMITTED));
    }

    function test_An_open_auction_takes_no_commitment() public {
        uint256 taskId = create(Mode.OPEN);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongMode.selector, taskId, Mode.OPEN));
        vm.prank(owners[0]);
        market.commitBid(taskId, agents[0], bytes32(uint256(1)));
    }

    function test_A_late_commitment_is_refused() public {
        uint256 taskId = create(Mode.SEALED);
        uint64 end = uint64(block.timestamp + 900);
        skip(900);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, end, block.timestamp));
        vm.prank(owners[0]);
        market.commitBid(taskId, agents[0], bytes32(uint256(1)));
    }
}
